# SPDX-License-Identifier: BSD-2-Clause
"""test_chaos.py for as long as wanted: CASTELLAN_CHAOS_SECONDS of guest time, 600 otherwise. The
seed is the clock's unless CASTELLAN_CHAOS_SEED says another, and is printed."""
import os
import time

from test_chaos import APPEND, QEMU, archive, chaos  # noqa: F401

LABEL = "long"
LIMIT = 36000
SEED = int(os.environ.get("CASTELLAN_CHAOS_SEED", "0"), 0) or time.time_ns() & 0xffffffff
SECONDS = int(os.environ.get("CASTELLAN_CHAOS_SECONDS", "600"))


def test(vm):
    chaos.run(vm, SEED, SECONDS)
