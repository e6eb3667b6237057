# SPDX-License-Identifier: BSD-2-Clause
"""The keyboard driver is stopped and started 200 times. test_kills_long.py does it 10,000 times, and
kills each driver that the system cannot do without as well."""
from test_kills_long import APPEND, QEMU, archive, stops  # noqa: F401

LIMIT = 300
COST = 10
STOPS = 200


def test(vm):
    stops(vm, STOPS)
