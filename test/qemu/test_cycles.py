# SPDX-License-Identifier: BSD-2-Clause
"""A driver is started and stopped 1,000 times: nothing is leaked, nothing hangs, and the
machine is usable after it. test_cycles_long.py does it 10,000 times."""
import cycling

APPEND = "trace=input"
LIMIT = 120
COST = 5
CYCLES = 1000


def archive(build_dir, path):
    cycling.archive(build_dir, path, CYCLES)


def test(vm):
    cycling.run(vm, CYCLES)
