# SPDX-License-Identifier: BSD-2-Clause
"""As many drivers as there can be all run, with the least memory that a driver can have."""
from guest import DRIVERS_MAX, RELEASE_DRIVERS, expect_running, make_archive, ps

LIMIT = 60
NAMES = [f"n{i:02}" for i in range(DRIVERS_MAX - len(RELEASE_DRIVERS))]


def archive(build_dir, path):
    make_archive(build_dir, path, {name: {"memory_kib": 128} for name in NAMES})


def test(vm):
    expect_running(vm, *NAMES)
    rows = ps(vm)
    assert len(rows) == DRIVERS_MAX, f"{len(rows)} rows"
    assert all(row == ("Running", 1, 0) for row in rows.values()), rows
    vm.reboot()
