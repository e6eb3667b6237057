# SPDX-License-Identifier: BSD-2-Clause
"""A driver sends another one all that it can: its capability of the manager, its connection to
the screen, and the frame of its kept page. What it was allowed, that one is allowed, too, while it
lives; not when it has ended, by whatever end, and its next instance lends anew."""
from guest import RELEASE_DRIVERS, expect_running, make_archive

LIMIT = 60
ALL = "manager: 0, screen: 0, frame: 0"  # DRV_OK
GONE = "manager: -9, screen: -9, frame: -9"  # DRV_EBADCAP


def port(number):
    return {"pio": [{"start": number, "end": number}]}


def archive(build_dir, path):
    make_archive(build_dir, path, {
        "keeper": {"image": "keeper.elf", "caps": port(0x300)},
        "lender": {"image": "lender.elf", "requires": ["keeper"], "uses": ["screen"],
                   "caps": port(0x301), "restart": "on-failure"}})


def test(vm):
    expect_running(vm, *RELEASE_DRIVERS, "keeper", "lender")
    vm.expect(r"keeper: took 3\n")
    vm.expect(rf"keeper: {ALL}\n")
    vm.command("kill lender")
    vm.expect(rf"keeper: {GONE}\n")
    vm.reboot()
