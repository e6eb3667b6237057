# SPDX-License-Identifier: BSD-2-Clause
"""Twenty seconds of what chance does: kills, hangs, floods, storms, deaths of the manager. All of
it is over afterwards. CASTELLAN_CHAOS_SEED chooses what happens."""
import os
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "break"))

import arena  # noqa: E402
import chaos  # noqa: E402

QEMU, APPEND = arena.QEMU, arena.APPEND
LIMIT = 300
COST = 25
SEED = int(os.environ.get("CASTELLAN_CHAOS_SEED", "1"), 0)
SECONDS = 20  # of guest time


def archive(build_dir, path):
    chaos.archive(build_dir, path)


def test(vm):
    chaos.run(vm, SEED, SECONDS)
