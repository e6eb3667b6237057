# SPDX-License-Identifier: BSD-2-Clause
"""A driver sends another one all that it can: its capability of the manager, and its connection to
the screen. What it was allowed, that one is allowed, too, while it lives; not when it has ended,
by whatever end, and its next instance lends anew."""
from guest import RELEASE_DRIVERS, expect_running, make_archive

LIMIT = 60
BOTH, GONE = "manager: 0, screen: 0", "manager: -9, screen: -9"  # DRV_OK, DRV_EBADCAP


def archive(build_dir, path):
    make_archive(build_dir, path, {
        "keeper": {"image": "keeper.elf"},
        "lender": {"image": "lender.elf", "requires": ["keeper"], "uses": ["screen"],
                   "restart": "on-failure"}})


def test(vm):
    expect_running(vm, *RELEASE_DRIVERS, "keeper", "lender")
    vm.expect(r"keeper: took 2\n")
    vm.expect(rf"keeper: {BOTH}\n")
    vm.command("kill lender")
    vm.expect(rf"keeper: {GONE}\n")
    vm.reboot()
