# SPDX-License-Identifier: BSD-2-Clause
"""test_report_killed.py, at each instruction of what takes a report."""
import sys

import test_report_killed

LABEL = "long"
LIMIT = 7200
archive = test_report_killed.archive


def test(vm):
    test_report_killed.kill(vm, sys.maxsize)
