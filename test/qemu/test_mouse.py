# SPDX-License-Identifier: BSD-2-Clause
"""The mouse is found and its packets are taken, through deaths of its driver; without its line the
driver serves the keyboard alone; and where no interrupt of either comes, the driver finds what they say
by itself."""
import json

from archive import read_archive
from guest import expect_running, expect_states, make_archive
from test_asked import stats

MACHINES = ["pc", "q35"]
APPEND = "trace=input"
VARIANTS = {"both": {}, "keyboard": {}, "no-interrupts": {}}
LINES = {"keyboard": [1], "no-interrupts": [5, 10]}  # of the last two nobody interrupts


def archive(build_dir, path, variant):
    fields = json.loads(read_archive(build_dir / "boot.tar")["ps2kbd.drv.json"])
    fields["caps"]["irq"] = LINES.get(variant, fields["caps"]["irq"])
    make_archive(build_dir, path, members={"ps2kbd.drv.json": json.dumps(fields).encode()})


def move(vm, times):
    for _ in range(times):
        vm.qmp("input-send-event", events=[{"type": "rel", "data": {"axis": "x", "value": 3}}])
    vm.keys("m")  # behind it


def counted(vm):
    return {name: int(value) for name, value in stats(vm, "ps2kbd")[0] if value.isdigit()}


def test(vm):
    expect_running(vm)
    vm.keys("a")
    rows = counted(vm)
    if vm.variant == "keyboard":
        assert rows["mouse_state"] == rows["rx_mouse"] == rows["tx_mouse"] == 0, rows
        move(vm, 3)
        assert counted(vm)["rx_mouse"] == 0
        vm.reboot()
        return
    assert (rows["mouse_state"], rows["mouse_id"]) == (2, 4), rows
    if vm.variant == "no-interrupts":
        move(vm, 1)
        now = counted(vm)
        assert now["lost"] > rows["lost"] and now["rx_mouse"] == rows["rx_mouse"] + 4, (rows, now)
        vm.reboot()
        return
    for _ in range(2):
        before = counted(vm)["rx_mouse"]
        move(vm, 1)
        rows = counted(vm)
        assert rows["rx_mouse"] == before + 4, (before, rows)
        vm.command("kill ps2kbd")
        expect_states(vm, "ps2kbd", "Recovering", "Backoff", "Probing", "Initialising", "Running")
        vm.keys("c")
    rows = counted(vm)
    assert (rows["mouse_state"], rows["mouse_sync_errors"], rows["resets"]) == (2, 0, 0), rows
    vm.reboot()
