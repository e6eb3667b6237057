# SPDX-License-Identifier: BSD-2-Clause
"""The forbidden instructions again, on two CPUs of the other emulator, an early and a late one:
it checks segments, gates and control registers more strictly."""
import bochs
import test_instructions

MACHINES = ["bochs"]
APPEND = test_instructions.APPEND
LIMIT = 120
COST = 8
EARLY, LATE = "pentium", "corei7_icelake_u"
VARIANTS = {name: {"BOCHS": [f"{bochs.CPU}, model={name}"]} for name in (EARLY, LATE)}
archive = test_instructions.archive


def test(vm):
    test_instructions.NO_EXECUTE = vm.variant == LATE
    test_instructions.test(vm)
