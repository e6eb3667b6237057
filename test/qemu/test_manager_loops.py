# SPDX-License-Identifier: BSD-2-Clause
"""The manager loops in each of its rooms that decide, answer and act, and is ended for it; no driver
dies of it, and a client is served again when it has ended. test_manager_loops_long.py does it many
times."""
from looping import archive, loop

LIMIT = 120
SEED = 20261130


def test(vm):
    loop(vm, SEED, 1)
