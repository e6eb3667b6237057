# SPDX-License-Identifier: BSD-2-Clause
"""Calls between processes: a client gets the right answer from a server that is alive, dies
under the call, comes back, never answers, was given up or is absent; and may ask no more than
its manifest says. Calls that wait while a server dies are answered by the next instance, or, where
the server does not hold them, told at once."""
from guest import expect_states, make_archive, ps

LIMIT = 20
APPEND = "trace=input"
SESSIONS = 9  # clients of one driver
HASTY = 2  # and of one that does not hold their calls
SPINS = {"restart": "on-failure", "heartbeat": {"period_ms": 50, "misses": 2}}
KILLS = 20  # of one of them
LEAST = 60  # checks that the client makes
PATIENT = {"period_ms": 10000, "misses": 10}


def archive(build_dir, path):
    drivers = {
        "server": {"heartbeat": PATIENT, "restart": "on-failure"},
        # Each dies in its first instance before it takes a call, and serves in its second.
        "spin-run-1": {"provides": ["host"], **SPINS},
        "spin-run-01": {"provides": ["hasty"], "hold": False, **SPINS},
        "crash-init": {"restart": "never"},
        "absent-probe": {"restart": "never"},
        "exit-run": {"restart": "on-failure"},
        "client": {"image": "client.elf", "heartbeat": PATIENT, "restart": "never",
                   "uses": ["server", "crash-init", "absent-probe", "exit-run", "ghost"]},
    }
    for number in range(1, SESSIONS + HASTY + 1):
        server = "host" if number <= SESSIONS else "hasty"
        drivers[f"session-{number}"] = {"image": "client.elf", "uses": [server],
                                        "memory_kib": 128}
    make_archive(build_dir, path, drivers)


def check_waiting(vm):
    def opened():
        found = {int(match[1]): match[2] for match in vm.said(r"session-(\d+): open: (\w+)\n")}
        return found if len(found) == SESSIONS + HASTY else None

    found = vm.poll(opened, "all sessions to be answered")
    expected = {number: "DRV_OK" if number <= SESSIONS else "DRV_EGONE" for number in found}
    assert found == expected, found
    rows = ps(vm)
    assert rows["spin-run-1"] == rows["spin-run-01"] == ("Running", 2, 1), rows


def test(vm):
    found = vm.expect(r"client: calls: (\d+) passed, (\d+) failed\n")
    wrong = "".join(match[0] for match in vm.said(r"client: .* instead of .*"))
    assert found[2] == "0", wrong
    assert int(found[1]) >= LEAST, f"{found[1]} checks only"
    check_waiting(vm)
    for _ in range(KILLS):
        vm.command("kill session-1")
        assert vm.expect(r"session-1: open: (\w+)\n")[1] == "DRV_OK"
    # The server still waits for ever, and is ended by force none the less.
    vm.command("kill server")
    expect_states(vm, "server", "Recovering", "Backoff", "Probing", "Initialising", "Running")
    vm.press("a")
    rows = ps(vm)
    assert rows["client"][0] == "Running" and rows["ps2kbd"] == ("Running", 1, 0), rows
    assert rows["crash-init"][0] == "Quarantined" and rows["absent-probe"][0] == "Absent", rows
    assert rows["exit-run"][0] == "Stopped", rows
    vm.reboot()
