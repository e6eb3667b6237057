# SPDX-License-Identifier: BSD-2-Clause
"""Drivers that get too little memory, or ask for more than there is: each fails on its own,
with a clear line, and whatever was made for it is given back."""
import elf
from archive import read_archive
from guest import (TEST_DRIVERS, assert_equal_audits, assert_release_rows, audit, make_archive,
                   manifest, ps)

APPEND = "trace=input"
LIMIT = 60
ROUNDS = 5
LEAST_KIB = 128
DATA = 1  # the order of segments in every image of the build
PAGE = 4096
BESIDE = 12  # pages that the manager counts beside an image (servers/drvmgr/claims/image.c)


def archive(build_dir, path):
    actor = read_archive(build_dir / TEST_DRIVERS)["actor.elf"]
    code = sum(-(-segment["memsz"] // PAGE) for number, segment in enumerate(elf.segments(actor))
               if segment["type"] == elf.LOAD and number != DATA)
    # One page more, and the manager would see without trying that it is too much.
    fits = (LEAST_KIB * 1024 // PAGE - BESIDE - code) * PAGE
    make_archive(build_dir, path, {
        "large-1": {"memory_kib": 16384},
        "large-2": {"memory_kib": 16384},
        "tiny": {"memory_kib": LEAST_KIB - 1},
        "enough": {"memory_kib": LEAST_KIB},
    }, members={
        "bulky.elf": elf.set_segment(actor, DATA, memsz=fits),
        "huge.elf": elf.set_segment(actor, DATA, memsz=fits + 1),
        "huge.drv.json": manifest("huge", "huge.elf", memory_kib=LEAST_KIB),
        "small.drv.json": manifest("small", "bulky.elf", memory_kib=LEAST_KIB,
                                   restart="on-failure"),
    })


def test(vm):
    vm.expect(rf"drvmgr: huge\.drv\.json: memory_kib {LEAST_KIB} is too little: huge\.elf alone "
              rf"takes more than {LEAST_KIB + PAGE // 1024} KiB\n")
    for number in (1, 2):
        vm.expect(rf"drvmgr: large-{number}\.drv\.json: refused: DRV_ENOMEM")
    vm.expect(rf"drvmgr: tiny\.drv\.json:\d+:\d+: memory_kib: {LEAST_KIB - 1} is outside "
              rf"{LEAST_KIB}\.\.16384")
    for number in (1, 2):
        vm.expect(rf"drvmgr: large-{number}\.drv\.json: Loaded -> Rejected")
    vm.expect(r"drvmgr: small: failed in Probing, generation 1: cannot make the process: "
              rf"DRV_ENOMEM .*; memory_kib {LEAST_KIB} is too little for its image and windows")
    vm.expect(r"drvmgr: small: Recovering -> Quarantined")
    vm.expect_screen(r"console +Running")
    vm.press("a")
    rows = ps(vm)
    assert rows["small"] == ("Quarantined", 3, 2), rows
    assert rows["tiny.drv.json"] == ("Rejected", 0, 0), rows
    assert rows["large-1.drv.json"] == rows["large-2.drv.json"] == ("Rejected", 0, 0), rows
    assert rows["enough"] == ("Running", 1, 0), rows
    assert_release_rows(rows, others=True)
    before = audit(vm)
    for _ in range(ROUNDS):
        vm.command("start small")
        vm.expect(r"drvmgr: small: Recovering -> Quarantined")
    assert_equal_audits(before, audit(vm))
    vm.reboot()
