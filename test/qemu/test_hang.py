# SPDX-License-Identifier: BSD-2-Clause
"""Drivers that hang: they spin, or they wait for ever. The watchdog notices each; it is
restarted, and the others, keys and prompt among them, go on."""
from guest import expect_states, make_archive, ps

APPEND = "trace=input"
LIMIT = 30
RESTART = ["Recovering", "Backoff", "Probing", "Initialising", "Running"]


def archive(build_dir, path):
    make_archive(build_dir, path, {
        # Below the console, so that keys and prompt are served while it spins.
        "spin-run-1": {"priority": 4, "restart": "on-failure"},
        "wait-run-1": {"restart": "on-failure"},
        "wait-timer-1": {"restart": "on-failure", "heartbeat": {"period_ms": 500,
                                                               "misses": 4}},
        # Above all other drivers: nobody but the manager runs until it is noticed.
        "spin-timer-1": {"priority": 20, "restart": "on-failure"},
        "spin-init-1": {"priority": 4, "restart": "on-failure"},
        "wait-probe-1": {"restart": "on-failure"},
    })


def test(vm):
    vm.expect(r"drvmgr: wait-probe-1: Probing took longer than its limit of 500 ms")
    vm.press("a")  # some are spinning now
    vm.press("b")
    vm.expect(r"drvmgr: spin-init-1: Initialising took longer than its limit of 2000 ms")
    vm.expect(r"drvmgr: spin-timer-1: failed in Running, generation 1: "
              r"spins: it ran and did not come back to its event loop; \d+ ms")
    expect_states(vm, "spin-timer-1", *RESTART)
    vm.expect(r"drvmgr: wait-timer-1: failed in Running, generation 1: (?:waits|spins)")
    expect_states(vm, "wait-timer-1", *RESTART)
    # Three periods of 250 ms of its own time, and a look each 100 ms.
    for name, kind in (("wait-run-1", "waits"), ("spin-run-1", "spins")):
        silence = vm.said(rf"{name}: failed in Running, generation 1: {kind}.*?; (\d+) ms")
        assert len(silence) == 1, f"{name} was noticed {len(silence)} times"
        assert 750 <= int(silence[0][1]) <= 1000, silence[0][0]
    vm.press("c")
    # The driver of the highest priority kept all others from running while it spun. Nobody
    # else was blamed for that.
    rows = ps(vm)
    for name in rows:
        hung = name in ("spin-run-1", "wait-run-1", "spin-timer-1", "wait-timer-1",
                        "spin-init-1", "wait-probe-1")
        assert rows[name] == (("Running", 2, 1) if hung else ("Running", 1, 0)), rows
    vm.reboot()
