# SPDX-License-Identifier: BSD-2-Clause
"""The manager dies at any instruction, and that is nothing: no driver notices, no key is lost, and
no byte. test_manager_killed_long.py does it a thousand times."""
from killing import kill

APPEND = "trace=input"
LIMIT = 120
SEED = 20261129
DEATHS = 20


def archive(build_dir, path):
    path.write_bytes((build_dir / "boot.tar").read_bytes())


def test(vm):
    kill(vm, SEED, DEATHS)
