# SPDX-License-Identifier: BSD-2-Clause
"""Every driver of boot.tar runs, or is Absent where it has no device, and comes back when it is killed,
whatever else is shipped."""
from guest import RELEASE_DRIVERS, expect_running, ps


def test(vm):
    expect_running(vm)
    for name in RELEASE_DRIVERS:
        generation = ps(vm)[name][1]
        vm.command(f"kill {name}")
        vm.expect(rf"drvmgr: {name}: killed by the operator in Running, generation {generation}\n")
        vm.poll(lambda: all(row[0] in ("Running", "Absent") for row in ps(vm).values()) or None,
                "all drivers to run")
        assert ps(vm)[name][1] > generation, f"{name} is the old one"
    vm.reboot()
