# SPDX-License-Identifier: BSD-2-Clause
"""The manager dies at any instruction, and that is nothing: no driver notices, no client, no key is lost,
and no byte. test_manager_killed_long.py does it a thousand times."""
from killing import archive, kill  # noqa: F401

APPEND = "trace=input"
LIMIT = 120
COST = 4
SEED = 2
DEATHS = 20


def test(vm):
    kill(vm, SEED, DEATHS)
