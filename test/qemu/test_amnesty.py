# SPDX-License-Identifier: BSD-2-Clause
"""A driver fails since another one does not answer it, and has no failure to spare: it is Quarantined.
When the one to blame is found, the victim gets its failure back and runs again."""
from guest import assert_release_rows, expect_running, expect_step, make_archive, ps

APPEND = "trace=input"
LIMIT = 60


def archive(build_dir, path):
    make_archive(build_dir, path, {
        "spin-timer-1": {"provides": ["asked"], "restart": "on-failure"},
        "ask-timer": {"uses": ["asked"], "restart": {"policy": "on-failure", "burst": 0}},
        # Fails at that moment, too, and of its own accord.
        "fail-timer": {"restart": {"policy": "on-failure", "burst": 0}},
    })


def test(vm):
    vm.expect(r"drvmgr: ask-timer: failed in Running, generation 1: gave up: DRV_ETIMEDOUT")
    expect_step(vm, "ask-timer", "Quarantined")
    vm.expect(r"drvmgr: ask-timer: Quarantined -> Loaded \(another one was to blame\)")
    expect_running(vm, "ask-timer", "spin-timer-1")
    assert vm.said(r"drvmgr: spin-timer-1: failed in Running, generation 1: spins")
    vm.press("a")
    rows = ps(vm)
    assert rows["ask-timer"][:2] == ("Running", 2), rows
    assert rows["spin-timer-1"] == ("Running", 2, 1), rows
    assert rows["fail-timer"] == ("Quarantined", 1, 0), rows
    assert_release_rows(rows, others=True)
    vm.reboot()
