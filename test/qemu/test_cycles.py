# SPDX-License-Identifier: BSD-2-Clause
"""A driver is started and stopped 10,000 times: nothing is leaked, nothing hangs, and the
machine is usable after it."""
from guest import make_archive, ps

APPEND = "trace=input"
LIMIT = 300
PATIENT = {"period_ms": 10000, "misses": 10}


def archive(build_dir, path):
    make_archive(build_dir, path, {
        "cycled": {"priority": 3, "caps": {
            "pio": [{"start": "0x300", "end": "0x303"}], "irq": [5],
            "mmio": [{"base": "0xa0000", "size": "0x1000"}]}},
        "stress": {"image": "stress.elf", "priority": 2, "heartbeat": PATIENT,
                   # A user of the serial driver: with the console, which it stops for the
                   # time of counting, the last one would be gone, and the driver with it.
                   "uses": ["operator", "serial"]}})


def test(vm):
    vm.expect(r"drvmgr: cycled: Stopped -> Loaded \(start\)")
    vm.press("a")
    vm.never(r"stress: .*(different|failed|before)")
    vm.expect(r"drvmgr: console: Running -> Quiescing")
    vm.expect(r"stress: 10000 cycles, audit equal\n")
    vm.press("b")
    rows = ps(vm)
    assert rows["console"] == ("Running", 2, 0), rows
    assert rows["cycled"] == ("Running", 10101, 0), rows
    assert rows["ps2kbd"] == ("Running", 1, 0), rows
    vm.reboot()
