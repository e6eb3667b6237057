# SPDX-License-Identifier: BSD-2-Clause
"""A driver is started and stopped 10,000 times."""
import cycling

LABEL = "long"
APPEND = "trace=input"
LIMIT = 600
CYCLES = 10000


def archive(build_dir, path):
    cycling.archive(build_dir, path, CYCLES)


def test(vm):
    cycling.run(vm, CYCLES)
