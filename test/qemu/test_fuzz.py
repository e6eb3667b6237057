# SPDX-License-Identifier: BSD-2-Clause
"""Three drivers make a million random system calls: the kernel does not panic, no other driver
notices, keys and prompt go on, and when they are stopped all is as it was before. The seeds are
in the drivers' names and so in the log; CASTELLAN_FUZZ_SEED sets the first of them,
CASTELLAN_FUZZ_CALLS another number of calls."""
import os

from archive import read_archive, write_archive
from guest import (RELEASE_DRIVERS, assert_equal_audits, assert_release_rows, audit,
                   expect_running, expect_step, manifest, ps)

APPEND = "trace=input"
LIMIT = 240
COST = 6
CALLS = int(os.environ.get("CASTELLAN_FUZZ_CALLS", "500000"))
FIRST_SEED = int(os.environ.get("CASTELLAN_FUZZ_SEED", "0x1001"), 0)
NAMES = [f"fuzz-{FIRST_SEED + number:08x}" for number in range(3)]
POLICY = {"policy": "always", "first_ms": 0, "base_ms": 10, "factor_pct": 100, "max_ms": 10,
          "burst": 100, "window_ms": 5000, "reset_ms": 100}


def archive(build_dir, path):
    content = read_archive(build_dir / "boot.tar")
    content["fuzzer.elf"] = read_archive(build_dir / "test/fuzzer.tar")["fuzzer.elf"]
    for number, name in enumerate(NAMES):
        content[f"{name}.drv.json"] = manifest(
            name, "fuzzer.elf", priority=2, uses=["screen"], restart=POLICY, memory_kib=256,
            heartbeat={"period_ms": 1000, "misses": 5}, lifecycle={"stop": 5000},
            caps={"pio": [{"start": 0x300 + 16 * number, "end": 0x303 + 16 * number}],
                  "irq": [(5, 10, 11)[number]],
                  "mmio": [{"base": 0xA0000 + 0x1000 * number, "size": 0x1000}]})
    write_archive(path, content)


def stop(vm, name):
    """Stops a driver, whatever it does just now."""
    vm.command(f"stop {name}")
    expect_step(vm, name, "Stopped")


def total(vm):
    """The calls that all instances have reported so far."""
    most = {}
    for found in vm.said(r"(fuzz-\w+): (\d+) calls of instance (\d+)"):
        most[found[1], found[3]] = int(found[2])
    return sum(most.values())


def test(vm):
    print("seeds", *NAMES)
    vm.never(r"drvmgr died|fuzz-\w+: connecting")
    expect_running(vm, *RELEASE_DRIVERS, *NAMES)
    for name in NAMES:
        stop(vm, name)
    before = audit(vm)
    for name in NAMES:
        vm.command(f"start {name}")
    keys = "a"
    while total(vm) < CALLS:
        vm.expect(r"fuzz-\w+: \d+0000 calls of instance \d+", "progress of the fuzzers")
        vm.press(keys)
        keys = chr(ord(keys) + 1) if keys != "z" else "a"
    assert_release_rows(ps(vm), others=True)
    for name in NAMES:
        stop(vm, name)
    assert_equal_audits(before, audit(vm))
    vm.press("z")
    rows = ps(vm)
    assert_release_rows(rows, others=True)
    print(f"{total(vm)} calls, instances", *(rows[name][1] for name in NAMES))
    vm.reboot()
