# SPDX-License-Identifier: BSD-2-Clause
"""Booting without a boot module says so and stops in order."""
from guest import kernel_abi

ARCHIVE = None
MACHINES = ["pc", "q35"]


def test(vm):
    vm.expect(kernel_abi())
    vm.expect(r"init: no boot module: give the archive to the boot loader .*"
              r"nothing is running now, reset the machine\n")
    vm.quit()
