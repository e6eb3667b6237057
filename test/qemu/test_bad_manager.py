# SPDX-License-Identifier: BSD-2-Clause
"""An archive whose driver manager is cut short says so and stops in order."""
from archive import read_archive
from guest import make_archive


def archive(build_dir, path):
    good = read_archive(build_dir / "boot.tar")["drvmgr.elf"]
    make_archive(build_dir, path, members={"drvmgr.elf": good[:len(good) // 2]})


def test(vm):
    vm.expect(r"init: drvmgr\.elf: cut short")
    vm.expect(r"init: cannot load drvmgr\.elf: DRV_EFORMAT \(.*\); nothing is running now, "
              r"reset the machine\n")
    vm.quit()
