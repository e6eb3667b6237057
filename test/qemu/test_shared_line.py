# SPDX-License-Identifier: BSD-2-Clause
"""One of three drivers that share an interrupt line has its device keep it up. Each is taken away
in turn, the newest first; the one without which the line is quiet is named and, when it does
not stop, Quarantined. The others run, and no failure counts against them."""
import json

from archive import read_archive
from guest import audit, expect_step, make_archive, ps, release_lines

LIMIT = 60
# A second serial port: ports 0x2f8..0x2ff and line 3.
QEMU = ["-chardev", "null,id=second", "-serial", "chardev:second"]
LINE = [{"line": 3, "trigger": "level", "share": True}]
CULPRIT = {"name": "level-line", "abi": 1, "caps": {"irq": LINE, "pio": [
    {"start": "0x2f8", "end": "0x2ff", "width": [8]}]},
    "safe_state": [{"port": "0x2f9", "value": 0}],  # no interrupts
    "restart": {"policy": "on-failure", "burst": 1}}
# Each failure that counted would be the end of it.
SHARER = {"caps": {"irq": LINE}, "restart": {"policy": "on-failure", "burst": 0}}


def archive(build_dir, path):
    image = read_archive(build_dir / "test/corpus.tar")["level-line.elf"]
    make_archive(build_dir, path, {"sharer": SHARER, "other": SHARER}, members={
        "level-line.elf": image, "level-line.drv.json": json.dumps(CULPRIT).encode()})


def test(vm):
    found = r"drvmgr: (\S+): failed in Running.*: lets its interrupt line storm, line 3: it is quiet"
    for _ in range(2):
        assert vm.expect(found)[1] == "level-line"
    if not vm.said(r"drvmgr: level-line: Recovering -> Quarantined"):
        expect_step(vm, "level-line", "Quarantined")
    assert vm.said(r"drvmgr: \w+: line 3 storms on without it"), "the newest was not tried first"
    rows = ps(vm)
    assert rows["level-line"][0] == "Quarantined", rows
    assert rows["sharer"][0] == rows["other"][0] == "Running", rows
    assert audit(vm)["irq_bound"] == release_lines() | 1 << 3, "the line is nobody's"
    vm.reboot()
