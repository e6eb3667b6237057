# SPDX-License-Identifier: BSD-2-Clause
"""10,000 stops, for which CASTELLAN_STOPS says another number; CASTELLAN_SEED chooses the keys."""
import os

import deaths
import unbroken

LABEL = "long"
APPEND = "trace=input"
QEMU = deaths.QEMU
LIMIT = 7200
SEED = int(os.environ.get("CASTELLAN_SEED", "1"))
TIMES = int(os.environ.get("CASTELLAN_STOPS", "10000"))
archive = deaths.archive_at_once


def test(vm):
    unbroken.turn_off_and_on(vm, SEED, TIMES)
