# SPDX-License-Identifier: BSD-2-Clause
"""The manager loops a hundred times in each of its rooms."""
from looping import archive, loop

LABEL = "long"
LIMIT = 3600
SEED = 8


def test(vm):
    loop(vm, SEED, 100)
