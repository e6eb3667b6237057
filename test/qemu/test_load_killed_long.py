# SPDX-License-Identifier: BSD-2-Clause
"""test_load_killed.py, more often."""
import test_load_killed

LABEL = "long"
LIMIT = 3600
DEATHS = 300
TIMES = 1500


def archive(build_dir, path):
    test_load_killed.make(build_dir, path, TIMES)


def test(vm):
    test_load_killed.kill(vm, DEATHS, TIMES)
