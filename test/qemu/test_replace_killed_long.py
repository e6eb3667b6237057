# SPDX-License-Identifier: BSD-2-Clause
"""test_replace_killed.py, at each instruction of what replaces."""
import sys

import test_replace_killed

LABEL = "long"
LIMIT = 7200
archive = test_replace_killed.archive


def test(vm):
    test_replace_killed.kill(vm, sys.maxsize)
    test_replace_killed.check(vm)
    vm.reboot()
