# SPDX-License-Identifier: BSD-2-Clause
"""5,000 keystrokes and 500 deaths, for which CASTELLAN_STROKES, CASTELLAN_DEATHS and CASTELLAN_SEED say others."""
import os

import deaths
import unbroken

LABEL = "long"
APPEND = "trace=input"
QEMU = deaths.QEMU
LIMIT = 7200
VARIANTS = {"at-once": {}, "delays": {}}
SEED = int(os.environ.get("CASTELLAN_SEED", "1"))
STROKES = int(os.environ.get("CASTELLAN_STROKES", "5000"))
DEATHS = int(os.environ.get("CASTELLAN_DEATHS", "500"))


def archive(build_dir, path, variant):
    deaths.archive_with(build_dir, path, unbroken.POLICIES[variant])


def test(vm):
    unbroken.die(vm, SEED, STROKES, DEATHS)
