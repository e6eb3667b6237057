# SPDX-License-Identifier: BSD-2-Clause
"""Crashes, exits, errors and answers that never come, in every step of a driver's life."""
from guest import assert_equal_audits, assert_release_rows, audit, make_archive, ps

APPEND = "trace=input"
LIMIT = 60
ONCE = {"restart": "on-failure", "memory_kib": 128}
# What happens the first time; the second time all goes well.
STARTING = {
    "crash-probe-1": r"failed in Probing, generation 1: invalid instruction",
    "crash-init-1": r"failed in Initialising, generation 1: invalid instruction",
    "crash-recover-2": r"failed in Initialising, generation 2: invalid instruction",
    "exit-probe-1": r"failed in Probing, generation 1: exit with code 0",
    "exit-init-1": r"failed in Initialising, generation 1: exit with code 0",
    "quit-init-1": r"failed in Initialising, generation 1: exit with code 7",
    "error-probe-1": r"failed in Probing, generation 1: answered DRV_EIO",
    "error-init-1": r"failed in Initialising, generation 1: answered DRV_EIO",
    "error-run-1": r"failed in Running, generation 1: answered DRV_EIO",
    "fail-init-1": r"failed in Initialising, generation 1: gave up: DRV_EIO",
    "fail-run-1": r"failed in Running, generation 1: gave up: DRV_EIO",
    "again-probe-1": r"Probing took longer than its limit of 500 ms",
    "again-init-1": r"Initialising took longer than its limit of 2000 ms",
}
# What happens when it is told to stop, and what it becomes.
STOPPING = {
    "crash-quiesce": r"failed in Quiescing, generation 1: invalid instruction",
    "crash-stop": r"failed in Stopping, generation 1: invalid instruction",
    "exit-quiesce": r"Quiescing -> Stopped \(clean exit\)",
    "exit-stop": r"Stopping -> Stopped \(clean exit\)",
    "quit-stop": r"failed in Stopping, generation 1: exit with code 7",
    "fail-quiesce": r"failed in Quiescing, generation 1: gave up: DRV_EIO",
    "error-quiesce": r"Quiescing -> Stopping \(drained\)",
    "again-quiesce": r"Quiescing took longer than its limit of 500 ms",
    "wait-stop": r"Stopping took longer than its limit of 500 ms",
}


def archive(build_dir, path):
    drivers = {name: ONCE for name in [*STARTING, *STOPPING]}
    drivers["crash-recover-2"] = {**ONCE, "restart": {"policy": "always", "burst": 4}}
    make_archive(build_dir, path, drivers)


def test(vm):
    vm.expect(r"again-init-1: Initialising took longer")
    vm.expect(r"drvmgr: again-init-1: Initialising -> Running")
    vm.command("kill crash-recover-2")  # which recovers for the first time, and dies of it
    vm.expect(r"crash-recover-2: failed in Initialising, generation 2: invalid instruction")
    vm.expect(r"drvmgr: crash-recover-2: Initialising -> Running")
    for name, pattern in STARTING.items():
        assert len(vm.said(rf"drvmgr: {name}: {pattern}")) == 1, f"{name}: {pattern}"
    rows = ps(vm)
    for name in STARTING:
        restarts = 2 if name == "crash-recover-2" else 1
        assert rows[name] == ("Running", restarts + 1, restarts), f"{name}: {rows[name]}"
    before = audit(vm)
    for name, pattern in STOPPING.items():
        vm.command(f"stop {name}")
        vm.expect(rf"drvmgr: {name}: {pattern}")
        if "Stopped" not in pattern:
            vm.expect(rf"drvmgr: {name}: \w+ -> Stopped \(")
    rows = ps(vm)
    for name in STOPPING:
        assert rows[name] == ("Stopped", 1, 0), f"{name}: {rows[name]}"
    # They come back as if they had gone quietly, and hold what they held.
    for name in STOPPING:
        vm.command(f"start {name}")
        vm.expect(rf"drvmgr: {name}: Initialising -> Running")
    assert_equal_audits(before, audit(vm))
    vm.press("a")
    assert_release_rows(ps(vm), others=True)
    vm.reboot()
