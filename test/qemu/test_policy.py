# SPDX-License-Identifier: BSD-2-Clause
"""Crash loops under each restart policy: the right restarts after the right delays, then
quarantine, which a start clears; the others do not notice."""
from guest import assert_release_rows, make_archive, ps

APPEND = "trace=input"
LIMIT = 60
RUNNING = ["Probing", "Initialising", "Running"]
BACKOFF = {"policy": "always", "first_ms": 20, "base_ms": 50, "factor_pct": 200,
           "max_ms": 300, "burst": 6}
# It crashes two seconds after the last time: a failure that comes alone in its window is forgiven.
FORGETS = {"policy": "on-failure", "first_ms": 1100, "base_ms": 1100, "factor_pct": 100,
           "max_ms": 1100, "burst": 1, "window_ms": 1500}
FORGIVEN = 4
DELAYS = [20, 50, 100, 200, 300, 300]


def archive(build_dir, path):
    make_archive(build_dir, path, {
        "crash-timer": {"restart": FORGETS},
        "crash-run-1": {"restart": "never"},
        "quit-run-2": {"restart": {"policy": "on-failure", "burst": 2}},
        "crash-run": {"restart": "on-failure"},
        "touch-run": {"restart": BACKOFF},
        "exit-run-3": {"restart": "always"},
        "exit-run": {"restart": "on-failure"},
        "crash-init": {"restart": "always"},
    })


def history(vm, name, end):
    """What the log says of `name` until it is `end`: states and delays."""
    states, delays = [], []
    while not states or states[-1] != end:
        found = vm.expect(rf"drvmgr: {name}: (?:\w+ -> (\w+) \(|restart (\d+) in (\d+) ms\n)",
                          f"{name} to become {end}")
        if found[1]:
            states.append(found[1])
        else:
            delays.append(int(found[3]))
            assert int(found[2]) == len(delays), found[0]
    return states, delays


def loops(restarts, last, run=RUNNING):
    return (run + ["Recovering", "Backoff"]) * restarts + run + ["Recovering"] + last


def check(lines, name, states, delays):
    """The whole life of `name` in the log so far."""
    got_states = [line[3] for line in lines if line[1] == name and line[3]]
    got_delays = [int(line[5]) for line in lines if line[1] == name and line[5]]
    assert got_states == states, f"{name}: {got_states} instead of {states}"
    assert got_delays == delays, f"{name}: {got_delays} instead of {delays}"


def test(vm):
    vm.never(r"drvmgr: crash-timer: \w+ -> Quarantined")
    # The longest of them ends last: five restarts with growing delays.
    vm.expect(r"drvmgr: crash-run: given up after 5 restarts; no capability is left, "
              r"`start crash-run` clears it")
    vm.expect(r"drvmgr: crash-run: Recovering -> Quarantined \(.*\n")
    lines = vm.said(r"drvmgr: ([\w-]+): (?:(\w+) -> (\w+) \(|restart (\d+) in (\d+) ms\n)")
    quarantined = ["Quarantined"]
    check(lines, "crash-run-1", loops(0, quarantined), [])
    check(lines, "quit-run-2", loops(2, [])[:-1], [0, 100])
    check(lines, "crash-run", loops(5, quarantined), [0, 100, 200, 400, 800])
    check(lines, "touch-run", loops(6, quarantined), DELAYS)
    check(lines, "exit-run-3", loops(3, [])[:-1], [0, 100, 200])
    check(lines, "exit-run", loops(0, ["Stopped"]), [])
    # Never once Running: two restarts, whatever the policy would allow.
    check(lines, "crash-init", loops(2, quarantined, RUNNING[:2]), [0, 100])
    assert vm.said(r"crash-run: failed in Running, generation 6: invalid instruction at eip")
    assert vm.said(r"touch-run: failed in Running, generation 1: page fault .*0xc0000000")
    assert vm.said(r"quit-run-2: failed in Running, generation 1: exit with code 7")
    vm.press("a")
    rows = ps(vm)
    assert rows["crash-run"] == ("Quarantined", 6, 5), rows
    assert rows["crash-run-1"] == ("Quarantined", 1, 0), rows
    assert rows["quit-run-2"] == ("Running", 3, 2), rows
    assert rows["exit-run-3"] == ("Running", 4, 3), rows
    vm.command("caps crash-run")
    vm.expect("crash-run holds no capabilities")
    vm.command("stop crash-run")
    vm.expect("stop crash-run: it is Quarantined; start crash-run starts it")
    # A start clears the quarantine and the history; it may fail as often as before.
    vm.command("start crash-run-1")
    states, _ = history(vm, "crash-run-1", "Running")
    assert states == ["Loaded"] + RUNNING, states
    vm.command("start crash-run")
    states, delays = history(vm, "crash-run", "Quarantined")
    assert states == ["Loaded"] + loops(5, quarantined), states
    assert delays == [0, 100, 200, 400, 800], delays
    vm.press("b")
    rows = ps(vm)
    assert rows["crash-run-1"][0] == "Running", rows
    vm.poll(lambda: vm.said(rf"crash-timer: runs, instance {FORGIVEN + 1}\n") or None,
            "failures to be forgotten")
    assert_release_rows(rows, others=True)
    vm.reboot()
