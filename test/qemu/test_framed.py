# SPDX-License-Identifier: BSD-2-Clause
"""A driver has the line that it shares raised for nothing, but not while the other member is taken
away: that one is not named for it, and nobody else. Beside them a driver acknowledges its interrupts
later than its manifest says and is named; one that does the same and says so in its manifest, and
waits for the same device, is not."""
from guest import make_archive, ps

LIMIT = 60
# A second serial port: ports 0x2f8..0x2ff and line 3.
QEMU = ["-chardev", "null,id=second", "-serial", "chardev:second"]
LINE = [{"line": 3, "trigger": "level", "share": True}]
PORT = [{"start": "0x2f8", "end": "0x2ff", "width": [8]}]
QUIET = [{"port": "0x2f9", "value": 0}]  # no interrupts
CLOCK = [{"start": "0x70", "end": "0x71", "width": [8]}]
# Each failure that counted would be the end of it.
ONCE = {"policy": "on-failure", "burst": 0}


def archive(build_dir, path):
    make_archive(build_dir, path, {
        "framer": {"image": "framer.elf", "caps": {"irq": LINE, "pio": PORT}, "safe_state": QUIET,
                   "uses": ["operator"], "restart": ONCE},
        "framed": {"image": "disowner.elf", "caps": {"irq": LINE}, "restart": ONCE},
        "late": {"image": "dawdler.elf", "caps": {"irq": [8], "pio": CLOCK}, "restart": ONCE},
        "slow": {"image": "dawdler.elf", "caps": {
            "irq": [{"line": 8, "ack_ms": 100}], "pio": CLOCK}, "restart": ONCE}})


def who_is_late_is_named(vm):
    assert vm.said(r"drvmgr: late: failed in Running.*: does no work: an interrupt is not acknowledged")
    assert vm.said(r"drvmgr: late: Recovering -> Quarantined"), "late goes on"
    assert len(vm.said(r"slow: interrupt \d+\n")) > 12, "slow has not been late often"


def test(vm):
    vm.never(r"drvmgr: (framed|framer|slow): failed")
    vm.expect(r"drvmgr: shared interrupt line 3 storms, and which of its drivers does it cannot be told")
    for name in ("framed", "framer"):
        assert len(vm.said(rf"drvmgr: {name}: shared interrupt line 3 storms: is it quiet")) == 2, name
    who_is_late_is_named(vm)
    rows = ps(vm)
    assert all(rows[name][0] == "Running" for name in ("framed", "framer", "slow")), rows
    vm.reboot()
