# SPDX-License-Identifier: BSD-2-Clause
"""A console that is away for long, or for good, leaves the serial driver with nobody to read the
log through it. The machine is not mute: the manager says why, stops that driver, writes the log
itself, and starts the driver again with the console."""
import json

import gdbstub
from archive import read_archive
from guest import expect_running, expect_states, make_archive

LIMIT = 60
DELAY_MS = 8000
EXPLAINED = "drvmgr: no driver has the serial line, so there is no prompt; the log goes on here\n"


def archive(build_dir, path):
    fields = json.loads(read_archive(build_dir / "boot.tar")["console.drv.json"])
    fields["restart"] = {"policy": "always", "first_ms": DELAY_MS, "burst": 1}
    # In boot.list it would never be given up.
    make_archive(build_dir, path, members={"console.drv.json": json.dumps(fields).encode(),
                                           "boot.list": b"# nobody\n"})


def expect_taken(vm):
    vm.expect("drvmgr: serial: is stopped: it has the serial line, no driver that uses it runs")
    vm.expect("drvmgr: serial: starts again with the first that uses it")
    expect_states(vm, "serial", "Quiescing", "Stopping", "Stopped")
    vm.expect(EXPLAINED)


def test(vm):
    expect_running(vm)
    # A kill by the operator would start it again at once.
    image = read_archive(vm.log_dir / "archive.tar")["console.elf"]
    stub = gdbstub.Stub(vm, vm.log_dir.resolve() / "gdb")
    stub.ruin(vm, image)
    stub.resume()
    vm.type("\n")
    vm.expect(f"drvmgr: console: restart 1 in {DELAY_MS} ms")
    expect_taken(vm)
    vm.expect("drvmgr: console: Backoff -> Probing")
    expect_states(vm, "serial", "Loaded", "Probing", "Initialising", "Running")
    vm.command("ps")
    vm.expect(r"^console +Running +2 +1 ")
    assert len(vm.said("drvmgr: serial: Stopping -> Stopped")) == 1, "a line is there twice"
    stub.stop()
    stub.ruin(vm, image)
    stub.leave()
    vm.type("\n")
    vm.expect("drvmgr: console: given up after 1 restarts; no capability is left")
    vm.expect("drvmgr: console: Recovering -> Quarantined")
    expect_taken(vm)
    vm.quit()
