# SPDX-License-Identifier: BSD-2-Clause
"""Drivers that wait for each other in as dear a way as they can cost the manager little: a chain
that waits for a port at its end, a circle that claims another one, and those that may have that,
since a circle never runs. Who dies beside them as often as a policy allows is given up in time,
and the prompt answers."""
from guest import RELEASE_DRIVERS, SECOND_LINE, expect_running, make_archive, ps

LIMIT = 60
COST = 5
CHAIN, CIRCLE, WAITERS = 7, 8, 8
SERVICES = [f"s{k}" for k in range(7)]
CLAIMED = {"pio": [{"start": "0x300", "end": "0x300"}]}
TAKEN = {"pio": [{"start": "0x301", "end": "0x301"}]}


def archive(build_dir, path):
    drivers = {"a": {"provides": SERVICES, "caps": TAKEN}}
    for k in range(CHAIN):
        behind = [f"c{k + 1}"] if k + 1 < CHAIN else []
        drivers[f"c{k}"] = {"requires": SERVICES + behind, "caps": TAKEN}
    for k in range(CIRCLE):
        drivers[f"r{k}"] = {"requires": SERVICES + [f"r{(k + 1) % CIRCLE}"], "caps": CLAIMED}
    for k in range(WAITERS):
        drivers[f"w{k}"] = {"requires": SERVICES, "caps": CLAIMED}
    drivers["crash-run"] = {"restart": {"policy": "always", "base_ms": 10, "factor_pct": 100,
                                        "max_ms": 10, "burst": 20, "window_ms": 1000}}
    make_archive(build_dir, path, drivers)


def test(vm):
    expect_running(vm, "console")
    vm.expect(r"drvmgr: crash-run: given up after 20 restarts")
    rows = ps(vm)
    running = [name for name, row in rows.items()
               if row[0] == "Running" and name not in SECOND_LINE]
    assert running == [*RELEASE_DRIVERS, "a", "w0"], rows
    vm.quit()
