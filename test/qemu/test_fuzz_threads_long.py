# SPDX-License-Identifier: BSD-2-Clause
"""test_fuzz_threads.py with a million calls, or CASTELLAN_FUZZ_CALLS."""
import os

from test_fuzz_threads import ARCHIVE, IMAGE, SEED, check  # noqa: F401

LABEL = "long"
LIMIT = 3600
CALLS = int(os.environ.get("CASTELLAN_FUZZ_CALLS", "1000000"))
APPEND = f"seed={SEED + 1} calls={CALLS}"


def test(vm):
    check(vm, CALLS)
