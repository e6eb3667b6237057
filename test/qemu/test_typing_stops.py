# SPDX-License-Identifier: BSD-2-Clause
"""The keyboard's driver is stopped and started 24 times, quiesced, and reset, while keys are tapped: all come,
once and in order, but for what a reset tells as lost. test_typing_stops_long.py does it 10,000 times."""
import deaths
import unbroken

APPEND = "trace=input"
QEMU = deaths.QEMU
LIMIT = 100
COST = 4
SEED = 20261130
TIMES = 24
archive = deaths.archive_at_once


def test(vm):
    unbroken.turn_off_and_on(vm, SEED, TIMES)
