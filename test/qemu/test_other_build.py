# SPDX-License-Identifier: BSD-2-Clause
"""A boot module whose manager asks for more than this kernel has, or does not say what it asks for: init
says so and stops in order."""
import elf
from archive import read_archive
from guest import make_archive

VARIANTS = {"later": {}, "silent": {}}
TOLD = {"later": r"init: drvmgr\.elf is built for kernel ABI 2\.256, and this is 2\.\d+",
        "silent": r"init: drvmgr\.elf is built for kernel ABI 0\.0, and this is 2\.\d+"}


def archive(build_dir, path, variant):
    image = read_archive(build_dir / "boot.tar")["drvmgr.elf"]
    other = elf.set_note(image, 3, 0x20100 if variant == "later" else 0)
    make_archive(build_dir, path, members={"drvmgr.elf": other})


def test(vm):
    vm.expect(TOLD[vm.variant])
    vm.expect("init: kernel and boot module are not of one build.*nothing is running now, reset the machine\n")
    vm.quit()
