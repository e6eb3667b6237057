# SPDX-License-Identifier: BSD-2-Clause
"""The disc boots through GRUB, hands over the archive and the command line, and the system
works as it does without. The notices of what is on it are there too."""
from guest import assert_release_rows, expect_running, ps

MACHINES = ["pc", "q35", "bochs"]
CDROM = True
APPEND = "trace=input"
MEMORY = "32M"
LIMIT = 60


NOTICES = ["Copyright (c) 2026, the Castellan authors", "Copyright (c) 2010 Serge Zaitsev",
           "Version 3, 29 June 2007", "https://ftp.gnu.org/gnu/grub/"]


def assert_notices(vm):
    disc = (vm.log_dir / "boot.iso").read_bytes()
    for notice in NOTICES:
        assert notice.encode() in disc, f"the disc does not say {notice!r}"


def test(vm):
    assert_notices(vm)
    vm.expect(r"castellan: \d+ KiB of memory free, boot module \d+ KiB")
    expect_running(vm)
    assert_release_rows(ps(vm))
    vm.press("a")
    vm.command("kill ps2kbd")
    vm.expect(r"ps2kbd: killed by the operator in Running, generation 1")
    expect_running(vm, "ps2kbd")
    vm.press("b")
    vm.reboot()
