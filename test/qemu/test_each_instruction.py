# SPDX-License-Identifier: BSD-2-Clause
"""The keyboard's driver, the console and the manager die at an instruction of a keystroke's way, from
the interrupt to the line of the trace, at some that chance chooses: the keystroke comes nevertheless, and
once. test_each_instruction_long.py does it at all of them."""
import deaths
from instructions import die_at_instructions

APPEND = "trace=input"
QEMU = deaths.QEMU
LIMIT = 100
COST = 8
SEED = 20261130
SOME = 75
archive = deaths.archive_at_once


def test(vm):
    die_at_instructions(vm, SEED, SOME)
