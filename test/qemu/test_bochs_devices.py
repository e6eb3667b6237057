# SPDX-License-Identifier: BSD-2-Clause
"""Bochs' keyboard and mouse are found and set up, keys arrive over deaths of the driver, and nothing
is lost. Nobody can move the mouse there: Bochs has its motion from a window, and a terminal, where it
draws for tests, has none."""
from guest import expect_running, expect_states
from test_asked import stats

MACHINES = ["bochs"]
APPEND = "trace=input"
LIMIT = 60
BOCHS = ["mouse: type=imps2, enabled=0"]
DEVICE_LIVE = 2
MOUSE_WHEEL = 3


def test(vm):
    expect_running(vm)
    vm.keys("a")
    rows = dict(stats(vm, "ps2kbd")[0])
    assert int(rows["keyboard_state"]) == int(rows["mouse_state"]) == DEVICE_LIVE, rows
    assert int(rows["mouse_id"]) == MOUSE_WHEEL, rows
    for name in ("read_timeouts", "write_timeouts", "unknown_scancodes"):
        assert rows[name] == "0", (name, rows)
    for letter in "bc":
        vm.command("kill ps2kbd")
        expect_states(vm, "ps2kbd", "Recovering", "Backoff", "Probing", "Initialising", "Running")
        vm.keys(letter)
    rows = dict(stats(vm, "ps2kbd")[0])
    assert int(rows["mouse_state"]) == DEVICE_LIVE and rows["resets"] == "0", rows
    vm.never(r"input: lost")
    vm.reboot()
