# SPDX-License-Identifier: BSD-2-Clause
"""The manager dies at each millisecond of a large driver's restart: the next incarnation goes on,
whether that was being ended or made, and nothing is lost."""
import elf
from archive import read_archive
from guest import (TEST_DRIVERS, assert_equal_audits, audit, expect_running, make_archive, manifest,
                   ps)

MEMORY = "32M"
LIMIT = 60
VAST_KIB, VAST = 8192, 7400000
DATA = 1  # the order of segments in every image of the build
RUNNING = 6
DEATHS = 12


def archive(build_dir, path):
    images = read_archive(build_dir / TEST_DRIVERS)
    make_archive(build_dir, path, {}, members={
        "ender.elf": images["ender.elf"],
        "vast.elf": elf.set_segment(images["actor.elf"], DATA, memsz=VAST),
        "vast.drv.json": manifest("vast", "vast.elf", memory_kib=VAST_KIB),
        "ender.drv.json": manifest("ender", "ender.elf", uses=["operator"], priority=20,
                                   restart="on-failure"),
    })


def test(vm):
    expect_running(vm, "vast", "ender", "console")
    before = audit(vm)
    vm.command("kill ender")
    living = []
    for _ in range(DEATHS):
        found = vm.expect(r"drvmgr: \d+ drivers are as they were, (\d) of them live")
        living.append(int(found[1]))
    assert living.count(RUNNING - 1) >= DEATHS // 2, living
    vm.expect(r"ender: end\n")
    ran = [int(found[1]) for found in vm.said(r"vast: runs, instance (\d+)\n")]
    assert ran == list(range(1, DEATHS + 2)), ran
    assert ps(vm)["vast"][:2] == ("Running", 1 + DEATHS)
    assert_equal_audits(before, audit(vm))
    vm.reboot()
