# SPDX-License-Identifier: BSD-2-Clause
"""The manager writes the log while the serial driver is away for long, or for good, and leaves the
line to a driver that is back: no line is lost, none is there twice."""
import json

import gdbstub
from archive import read_archive
from guest import expect_running, make_archive

LIMIT = 60
DELAY_MS = 8000
RUNNING = ["Probing", "Initialising", "Running"]
EXPLAINED = "drvmgr: no driver has the serial line, so there is no prompt; the log goes on here\n"


def archive(build_dir, path):
    fields = json.loads(read_archive(build_dir / "boot.tar")["serial.drv.json"])
    fields["restart"] = {"policy": "on-failure", "first_ms": DELAY_MS, "burst": 1}
    # In boot.list it would never be given up.
    make_archive(build_dir, path, members={"serial.drv.json": json.dumps(fields).encode(),
                                           "boot.list": b"# nobody\n"})


def states(vm):
    return [found[1] for found in vm.said(r"drvmgr: serial: \w+ -> (\w+) \(")]


def test(vm):
    expect_running(vm)
    # A kill by the operator would start it again at once.
    image = read_archive(vm.log_dir / "archive.tar")["serial.elf"]
    stub = gdbstub.Stub(vm, vm.log_dir.resolve() / "gdb")
    stub.ruin(vm, image)
    stub.resume()
    vm.type("\n")
    vm.expect("drvmgr: serial: failed in Running, generation 1: protection fault")
    vm.expect(f"drvmgr: serial: restart 1 in {DELAY_MS} ms")
    vm.expect(EXPLAINED)
    vm.expect("drvmgr: serial: Backoff -> Probing")
    vm.expect("drvmgr: serial: Initialising -> Running")
    vm.command("ps")
    vm.expect(r"^serial +Running +2 +1 ")
    assert states(vm) == RUNNING + ["Recovering", "Backoff"] + RUNNING, states(vm)
    stub.stop()
    stub.ruin(vm, image)
    stub.leave()
    vm.type("\n")
    vm.expect("drvmgr: serial: given up after 1 restarts; no capability is left")
    vm.expect("drvmgr: serial: Recovering -> Quarantined")
    vm.expect(EXPLAINED)
    assert len(vm.said(EXPLAINED)) == 2
    vm.quit()
