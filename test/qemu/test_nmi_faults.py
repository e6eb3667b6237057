# SPDX-License-Identifier: BSD-2-Clause
"""Non-maskable interrupts while a driver runs every forbidden instruction, dies of each and is
made anew: each interrupt is counted, and every fault is what it is without them."""
import test_instructions
from test_nmi import Storm

APPEND = test_instructions.APPEND
LIMIT = 120
AT_A_TIME = 4
archive = test_instructions.archive


def test(vm):
    vm.expect("driver manager")  # nobody takes interrupts before there is a kernel
    storm = Storm(vm)
    expect = vm.expect

    def inject_and_expect(regex, what=None):
        storm.inject(AT_A_TIME)
        return expect(regex, what)

    vm.expect = inject_and_expect
    test_instructions.test(vm)
    assert storm.sent > 1000, f"only {storm.sent} interrupts"
