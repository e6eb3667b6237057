# SPDX-License-Identifier: BSD-2-Clause
"""A driver that is started and stopped again and again by another one."""
from guest import make_archive, ps

PATIENT = {"period_ms": 10000, "misses": 10}
WARMUP = 100  # cycles before those that count


def archive(build_dir, path, cycles):
    make_archive(build_dir, path, {
        "cycled": {"priority": 3, "caps": {
            "pio": [{"start": "0x300", "end": "0x303"}], "irq": [5],
            "mmio": [{"base": "0xa0000", "size": "0x1000"}]}},
        f"stress-{cycles}": {"image": "stress.elf", "priority": 2, "heartbeat": PATIENT,
                             # A user of the serial driver: with the console, which it stops for the
                             # time of counting, the last one would be gone, and the driver with it.
                             "uses": ["operator", "serial"]}})


def run(vm, cycles):
    """Nothing is held behind them that was not held before; keys and prompt work."""
    vm.expect(r"drvmgr: cycled: Stopped -> Loaded \(start\)")
    vm.press("a")
    vm.never(r"stress-\d+: .*(different|failed|before)")
    vm.expect(rf"stress-{cycles}: {cycles} cycles, audit equal\n")
    vm.press("b")
    rows = ps(vm)
    assert rows["console"] == ("Running", 2, 0), rows
    assert rows["cycled"] == ("Running", cycles + WARMUP + 1, 0), rows
    assert rows["ps2kbd"] == ("Running", 1, 0), rows
    vm.reboot()
