# SPDX-License-Identifier: BSD-2-Clause
"""The disc boots through GRUB, hands over the archive and the command line, and the system
works as it does without."""
from guest import assert_release_rows, expect_running, ps

MACHINES = ["pc", "q35", "bochs"]
CDROM = True
APPEND = "trace=input"
MEMORY = "32M"
LIMIT = 60


def test(vm):
    vm.expect(r"castellan: \d+ KiB of memory free, boot module \d+ KiB")
    expect_running(vm)
    assert_release_rows(ps(vm))
    vm.press("a")
    vm.command("kill ps2kbd")
    vm.expect(r"ps2kbd: killed by the operator in Running, generation 1")
    expect_running(vm, "ps2kbd")
    vm.press("b")
    vm.reboot()
