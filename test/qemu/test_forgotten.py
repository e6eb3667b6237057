# SPDX-License-Identifier: BSD-2-Clause
"""A driver that dies twice in a row before it runs begins without what it kept. Its client is told so
when it connects again, and after other deaths it is not; the death of the manager in between changes
nothing."""
from guest import expect_step, make_archive

LIMIT = 40
NAME = "crash-init-3-4"


def archive(build_dir, path):
    make_archive(build_dir, path, {
        NAME: {"restart": "on-failure"},
        "follower": {"image": "follower.elf", "uses": [NAME]}})


def test(vm):
    vm.expect("follower: session 1, kept")
    vm.command(f"kill {NAME}")
    vm.expect("follower: session 2, kept")
    vm.command(f"kill {NAME}")
    for _ in range(2):
        expect_step(vm, NAME, "Recovering", "Initialising")
    vm.expect("follower: session 3, forgotten")
    vm.command("kill drvmgr")
    vm.expect(r"drvmgr: \d+ drivers are as they were")
    vm.command(f"kill {NAME}")
    vm.expect("follower: session 4, kept")
    vm.reboot()
