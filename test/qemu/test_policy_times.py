# SPDX-License-Identifier: BSD-2-Clause
"""A driver that fails at once each time is started again when `drvctl policy --simulate` says so: the
manager decides for the same millisecond, and begins with the first tick of the clock behind it, never
before it. What the simulation leaves out is taking it apart and making it: a few turns, between two of which others have the
processor for up to two ticks. It is an essential driver, so that it goes on when its policy gives
up."""
import json
import re
import subprocess

from archive import read_archive
from guest import make_archive

LIMIT = 60
LATE_MS = 4  # a tick, and two ends of a turn; and the start
POLICIES = {
    "time-run": {"policy": "always", "first_ms": 20, "base_ms": 50, "factor_pct": 150,
                 "max_ms": 300, "burst": 8},
    "time-run-b": {"policy": "on-failure"},
}
PLANS = {}  # {name: delays in milliseconds, as simulated}
VARIANTS = {name: {} for name in POLICIES}


def simulate(build_dir, path, policy):
    path.write_text(json.dumps({"name": "simulated", "abi": 1, "restart": policy}))
    said = subprocess.run([build_dir / "drvctl", "policy", path, "--simulate"], check=True,
                          text=True, stdout=subprocess.PIPE).stdout
    runs = said.split("Never reaches Running")[0]
    return [int(delay) for delay in re.findall(r"restart \d+ after (\d+) ms", runs)]


def archive(build_dir, path, variant):
    policy = POLICIES[variant]
    PLANS[variant] = simulate(build_dir, path.with_name("simulated.drv.json"), policy)
    essential = read_archive(build_dir / "boot.tar")["boot.list"] + f"{variant} 24\n".encode()
    make_archive(build_dir, path, {variant: {"restart": policy}}, members={"boot.list": essential})


def test(vm):
    plan = PLANS[vm.variant]
    assert len(plan) >= 5, plan
    said = [vm.expect(rf"{vm.variant}: crashes at (\d+) ms\n") for _ in range(len(plan) + 1)]
    decided = [int(found[1]) for found in vm.said(rf"drvmgr: {vm.variant}: restart \d+ in (\d+) ms\n")]
    assert decided[:len(plan)] == plan, f"decided {decided} instead of {plan}"
    times = [int(found[1]) for found in said]
    delays = [after - before for before, after in zip(times, times[1:])]
    assert all(0 <= delay - planned <= LATE_MS for delay, planned in zip(delays, plan)), \
        f"{delays} instead of {plan}"
    vm.reboot()
