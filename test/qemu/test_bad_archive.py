# SPDX-License-Identifier: BSD-2-Clause
"""A boot module that is no archive says so and stops in order."""


def archive(build_dir, path):
    path.write_bytes(b"This is not an archive.\n" * 1000)


def test(vm):
    vm.expect(r"init: the boot module is no archive with drvmgr\.elf: DRV_EFORMAT \(.*\); "
              r"nothing is running now, reset the machine\n")
    vm.quit()
