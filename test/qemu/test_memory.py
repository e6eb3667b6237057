# SPDX-License-Identifier: BSD-2-Clause
"""Drivers that get too little memory, or ask for more than there is: each is refused with the
reason, and whoever fits runs, be it only just or very large; whatever was made for it is given
back."""
import elf
from archive import read_archive
from guest import (TEST_DRIVERS, assert_equal_audits, assert_release_rows, audit, expect_running,
                   make_archive, manifest, ps)

APPEND = "trace=input"
MEMORY = "32M"
LIMIT = 60
ROUNDS = 5
LEAST_KIB = 128
VAST_KIB, VAST = 8192, 7400000
LARGE_KIB, LARGE = 16384, 12 << 20
DATA = 1  # the order of segments in every image of the build
PAGE = 4096
BESIDE = 13  # pages that a driver without devices takes beside its image


def archive(build_dir, path):
    actor = read_archive(build_dir / TEST_DRIVERS)["actor.elf"]
    code = sum(-(-segment["memsz"] // PAGE) for number, segment in enumerate(elf.segments(actor))
               if segment["type"] == elf.LOAD and number != DATA)
    fits = (LEAST_KIB * 1024 // PAGE - BESIDE - code) * PAGE
    sizes = {"fits": fits, "huge": fits + 1, "vast": VAST, "large": LARGE}
    make_archive(build_dir, path, {
        "tiny": {"memory_kib": LEAST_KIB - 1},
        "enough": {"memory_kib": LEAST_KIB},
    }, members={
        **{f"{name}.elf": elf.set_segment(actor, DATA, memsz=size)
           for name, size in sizes.items()},
        **{f"{name}.drv.json": manifest(name, image, memory_kib=kib, restart="on-failure")
           for name, image, kib in (
               ("fits", "fits.elf", LEAST_KIB), ("huge", "huge.elf", LEAST_KIB),
               ("vast", "vast.elf", VAST_KIB), ("large-1", "large.elf", LARGE_KIB),
               ("large-2", "large.elf", LARGE_KIB))},
    })


def test(vm):
    vm.expect(rf"drvmgr: huge\.drv\.json: memory_kib {LEAST_KIB} is too little: with huge\.elf it "
              rf"takes {LEAST_KIB + PAGE // 1024} KiB\n")
    for number in (1, 2):
        vm.expect(rf"drvmgr: large-{number}\.drv\.json: it takes \d+ KiB, and so much memory is "
                  r"not left in one piece\n")
        vm.expect(rf"drvmgr: large-{number}\.drv\.json: refused: DRV_ENOMEM")
    vm.expect(rf"drvmgr: tiny\.drv\.json:\d+:\d+: memory_kib: {LEAST_KIB - 1} is outside "
              rf"{LEAST_KIB}\.\.16384")
    for number in (1, 2):
        vm.expect(rf"drvmgr: large-{number}\.drv\.json: Loaded -> Rejected")
    vm.expect_screen(r"console +Running")
    expect_running(vm, "enough", "fits", "vast")
    vm.press("a")
    rows = ps(vm)
    assert rows["tiny.drv.json"] == ("Rejected", 0, 0), rows
    assert rows["huge.drv.json"] == ("Rejected", 0, 0), rows
    assert rows["large-1.drv.json"] == rows["large-2.drv.json"] == ("Rejected", 0, 0), rows
    for name in ("enough", "fits", "vast"):
        assert rows[name] == ("Running", 1, 0), rows
    assert_release_rows(rows, others=True)
    before = audit(vm)
    for number in range(ROUNDS):
        for name in ("fits", "vast"):
            vm.command(f"kill {name}")
            vm.expect(rf"{name}: runs, instance {number + 2}\n")
    assert_equal_audits(before, audit(vm))
    vm.reboot()
