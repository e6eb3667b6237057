# SPDX-License-Identifier: BSD-2-Clause
"""The kernel boots with a module so large that nothing is left beside it where the first page
tables reach, and on machines whose memory map is cut at another place."""
import re
import shutil

from guest import assert_release_rows, ps

LIMIT = 60
MIB = 1 << 20
I486 = ["-cpu", "486"]  # a page table for each 4 MiB
PENTIUM = ["-cpu", "pentium"]  # large pages
VARIANTS = {
    "16M": {"MEMORY": "512M"},
    "16M-486": {"MEMORY": "512M", "QEMU": I486},
    "16M-pentium": {"MEMORY": "512M", "QEMU": PENTIUM},
    "60M": {"MEMORY": "512M"},
    "60M-486": {"MEMORY": "512M", "QEMU": I486},
    "cut": {"MEMORY": "1G", "QEMU": ["-M", "pc,max-ram-below-4g=24M"]},
    "cut-q35": {"MEMORY": "3G", "QEMU": ["-M", "q35,max-ram-below-4g=1G"]},
}


def size_of(variant):
    found = re.match(r"(\d+)M", variant)
    return int(found.group(1)) * MIB if found else 0


def archive(build_dir, path, variant):
    """The release archive, and zeroes behind it: what ends an archive, many times."""
    shutil.copy(build_dir / "boot.tar", path)
    if size_of(variant):
        with open(path, "r+b") as file:
            file.truncate(size_of(variant))


def test(vm):
    size = size_of(vm.variant)
    free, module = map(int, vm.expect(
        r"castellan: (\d+) KiB of memory free, boot module (\d+) KiB").groups())
    if size:
        assert module == size // 1024, module
        assert 508 * 1024 - module < free < 512 * 1024 - module, free
    assert_release_rows(ps(vm))
    vm.reboot()
