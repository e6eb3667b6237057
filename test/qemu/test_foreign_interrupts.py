# SPDX-License-Identifier: BSD-2-Clause
"""A device raises interrupts on a shared line, some hundred a second, which no member says were its
own. The one without which the line is quiet is named and, when it does not stop, Quarantined; while
one member takes such interrupts for its own nobody is looked for."""
from guest import expect_running, expect_step, make_archive, ps

LIMIT = 60
# A second serial port: ports 0x2f8..0x2ff and line 3.
QEMU = ["-chardev", "null,id=second", "-serial", "chardev:second"]
LINE = [{"line": 3, "trigger": "level", "share": True}]
PORT = [{"start": "0x2f8", "end": "0x2ff", "width": [8]}]
# Each failure that counted would be the end of an honest member.
SHARER = {"image": "disowner.elf", "caps": {"irq": LINE},
          "restart": {"policy": "on-failure", "burst": 0}}
CULPRIT = {"image": "disowner.elf", "caps": {"irq": LINE, "pio": PORT},
           "safe_state": [{"port": "0x2f9", "value": 0}],  # no interrupts
           "restart": {"policy": "on-failure", "burst": 1}}
OWNER = {"caps": {"irq": LINE}}  # an actor: to it all are its own


def archive(build_dir, path):
    make_archive(build_dir, path, {"culprit": CULPRIT, "sharer": SHARER, "other": SHARER,
                                   "owner": OWNER})


def test(vm):
    expect_running(vm, "culprit", "sharer", "other", "owner")
    for _ in range(12):  # longer than it takes to begin with the search
        rows = ps(vm)
        assert rows["culprit"] == ("Running", 1, 0), rows
    vm.command("stop owner")
    expect_step(vm, "owner", "Stopped")
    found = r"drvmgr: (\S+): failed in Running.*: lets its interrupt line storm, line 3: it is quiet"
    for _ in range(2):
        assert vm.expect(found)[1] == "culprit"
    if not vm.said(r"drvmgr: culprit: Recovering -> Quarantined"):
        expect_step(vm, "culprit", "Quarantined")
    rows = ps(vm)
    assert rows["sharer"][0] == rows["other"][0] == "Running", rows
    vm.reboot()
