# SPDX-License-Identifier: BSD-2-Clause
"""The forbidden instructions again, on a CPU that has all that QEMU can emulate: data that is
run is a fault there, and no newer instruction gets further than an old one."""
import test_instructions

APPEND = test_instructions.APPEND
LIMIT = test_instructions.LIMIT
QEMU = ["-cpu", "max"]
# QEMU reads the stack of an iret in user mode as the kernel would, so SMAP comes first.
EITHER = "(protection|page) fault"
archive = test_instructions.archive


def test(vm):
    test_instructions.NO_EXECUTE = True
    test_instructions.KINDS.update(iret_null=EITHER, iret_kernel=EITHER)
    test_instructions.test(vm)
