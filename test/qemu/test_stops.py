# SPDX-License-Identifier: BSD-2-Clause
"""The keyboard driver is stopped and started 100 times. test_kills_long.py does it 10,000 times, and
kills each driver that the system cannot do without as well."""
from test_kills_long import APPEND, QEMU, archive, stops  # noqa: F401

LIMIT = 300
COST = 5
STOPS = 100


def test(vm):
    stops(vm, STOPS)
