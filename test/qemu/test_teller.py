# SPDX-License-Identifier: BSD-2-Clause
"""What stands in the keyboard's place tells the console garbage: events that are none, of any length, at
any place, with bits that are not its own, and answers of that kind. It is the keyboard, so it may type;
but the console runs on, the other prompt answers, and nobody else pays."""
from archive import read_archive
from guest import TEST_DRIVERS, expect_running, make_archive, ps

LIMIT = 60
TOLD = 10  # times a hundred that the console took
STEADY = ("console", "serial", "screen")


def archive(build_dir, path):
    make_archive(build_dir, path, members={"ps2kbd.elf": read_archive(build_dir / TEST_DRIVERS)["teller.elf"]})


def test(vm):
    expect_running(vm, "ps2kbd", *STEADY)
    for _ in range(TOLD):
        vm.expect(r"ps2kbd: told\n")
        rows = ps(vm)
        assert all(rows[name] == ("Running", 1, 0) for name in STEADY), rows
    vm.command("stop ps2kbd")
    vm.expect(r"ps2kbd: Stopping -> Stopped")
    rows = ps(vm)
    assert all(rows[name] == ("Running", 1, 0) for name in STEADY), rows
    vm.quit()
