# SPDX-License-Identifier: BSD-2-Clause
"""Keys and a button are held while their driver is stopped or reset: the client reads their releases
before the driver is gone, though it may be busy with the very command, and none stays down."""
from guest import expect_running, expect_states, expect_step, ps

MACHINES = ["pc", "q35"]
APPEND = "trace=input"
LIMIT = 60
KEYS = [*"asdfghjkl", "shift", "ctrl", "up", "down", "f1"]
NAMES = {"shift": "leftshift", "ctrl": "leftctrl"}
FEW = 4  # that are let go of at once: the keyboard's queue has room for their codes and more
ROUNDS = 10


def event(key, down):
    return {"type": "key", "data": {"down": down, "key": {"type": "qcode", "data": key}}}


def button(down):
    return {"type": "btn", "data": {"button": "left", "down": down}}


def send(vm, events):
    for one in events:
        vm.qmp("input-send-event", events=[one])


def count(vm, way):
    return len(vm.said(rf"input: key \w+ {way}\n"))


def hold(vm, keys):
    """Each key is there before the next one: the keyboard's queue is short."""
    for key in keys:
        send(vm, [event(key, True)])
        vm.expect(f"input: key {NAMES.get(key, key)} down\n")
    send(vm, [button(True)])
    vm.expect("input: key btn_left down\n")


def let_go(vm, keys):
    send(vm, [*(event(key, False) for key in keys), button(False)])


def expect_released(vm, before, keys):
    """All that was held, each once, before the driver is gone."""
    said = vm.said(r"input: key \w+ up\n")[before:]
    wanted = sorted(f"input: key {NAMES.get(key, key)} up\n" for key in [*keys, "btn_left"])
    assert sorted(line[0] for line in said) == wanted, f"{[line[0] for line in said]}"


def stopped(vm, keys):
    before = count(vm, "up")
    hold(vm, keys)
    vm.command("stop ps2kbd")
    expect_step(vm, "ps2kbd", "Stopped")
    assert ps(vm)["ps2kbd"][0] == "Stopped"
    expect_released(vm, before, keys)
    let_go(vm, keys)
    vm.command("start ps2kbd")
    expect_step(vm, "ps2kbd", "Running")
    assert count(vm, "up") == before + len(keys) + 1, "what came up before comes up again"


def is_reset(vm, keys):
    before = count(vm, "up")
    hold(vm, keys)
    vm.command("reset ps2kbd")
    expect_states(vm, "ps2kbd", "Quiescing", "Initialising", "Running")
    let_go(vm, keys)
    for down, way in ((True, "down"), (False, "up")):
        send(vm, [event("z", down)])
        vm.expect(f"input: key z {way}\n")
    assert count(vm, "up") == before + len(keys) + 2


def test(vm):
    expect_running(vm, "serial", "ps2kbd", "screen", "console")
    for number in range(ROUNDS):
        stopped(vm, KEYS[:1 + number % 2 * len(KEYS)])
    is_reset(vm, KEYS[:FEW])
    vm.reboot()
