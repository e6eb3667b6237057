# SPDX-License-Identifier: BSD-2-Clause
"""Keys are typed without a pause, the mouse moves, and all on their way die: what was typed comes, once and in
order. test_typing_long.py does more of it."""
import deaths
import unbroken

APPEND = "trace=input"
QEMU = deaths.QEMU
LIMIT = 100
COST = 6
VARIANTS = {"at-once": {}, "delays": {}}
SEED = 20261130
STROKES, DEATHS = 90, 24


def archive(build_dir, path, variant):
    deaths.archive_with(build_dir, path, unbroken.POLICIES[variant])


def test(vm):
    unbroken.die(vm, SEED, STROKES, DEATHS)
