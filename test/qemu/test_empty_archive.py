# SPDX-License-Identifier: BSD-2-Clause
"""An empty file as the boot module is no boot module."""


def archive(build_dir, path):
    path.write_bytes(b"")


def test(vm):
    vm.expect(r"init: no boot module: give the archive to the boot loader .*"
              r"nothing is running now, reset the machine\n")
    vm.quit()
