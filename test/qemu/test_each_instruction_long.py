# SPDX-License-Identifier: BSD-2-Clause
"""The keyboard's driver, the console and the manager die at each instruction of a keystroke's way, from
the interrupt to the line of the trace, and the keystroke comes, once. CASTELLAN_DEATHS says how many
chance chooses of them, CASTELLAN_SEED how."""
import os

import deaths
from instructions import die_at_instructions

LABEL = "long"
APPEND = "trace=input"
QEMU = deaths.QEMU
LIMIT = 36000
SEED = int(os.environ.get("CASTELLAN_SEED", "1"))
SOME = int(os.environ.get("CASTELLAN_DEATHS", "0"))  # 0: all
archive = deaths.archive_at_once


def test(vm):
    die_at_instructions(vm, SEED, SOME)
