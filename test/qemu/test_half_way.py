# SPDX-License-Identifier: BSD-2-Clause
"""The manager dies at each millisecond of a large driver's restart: the next incarnation goes on,
whether that was being ended or made, and nothing is lost. One that dies with the manager each time
is given up as soon as any other: its failures outlive all of that, and so does its state."""
import elf
from archive import read_archive
from guest import (TEST_DRIVERS, assert_equal_audits, audit, expect_running, expect_step,
                   make_archive, manifest, ps)

MEMORY = "32M"
LIMIT = 60
VAST_KIB, VAST = 8192, 7400000
DATA = 1  # the order of segments in every image of the build
RUNNING = 7
SLAYER, BURST = "slay-run-2-99", 2
DEATHS = 12


def archive(build_dir, path):
    images = read_archive(build_dir / TEST_DRIVERS)
    make_archive(build_dir, path, {}, members={
        "ender.elf": images["ender.elf"],
        "vast.elf": elf.set_segment(images["actor.elf"], DATA, memsz=VAST),
        f"{SLAYER}.drv.json": manifest(SLAYER, uses=["operator"], restart={
            "policy": "on-failure", "burst": BURST, "window_ms": 10000}),
        "actor.elf": images["actor.elf"],
        "vast.drv.json": manifest("vast", "vast.elf", memory_kib=VAST_KIB),
        "ender.drv.json": manifest("ender", "ender.elf", uses=["operator"], priority=20,
                                   restart="on-failure"),
    })


def check_failures(vm):
    """Its second instance, after one without a fault, and all that follow kill the manager and crash."""
    vm.command(f"kill {SLAYER}")
    expect_step(vm, SLAYER, "Quarantined")
    vm.command("kill drvmgr")
    vm.expect(rf"drvmgr: \d+ drivers are as they were, {RUNNING - 1} of them live")
    assert ps(vm)[SLAYER] == ("Quarantined", 2 + BURST, 1 + BURST)
    assert len(vm.said(r"init: drvmgr died: ")) >= DEATHS + 1 + BURST + 1


def test(vm):
    expect_running(vm, "vast", "ender", "console", SLAYER)
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
    check_failures(vm)
    vm.reboot()
