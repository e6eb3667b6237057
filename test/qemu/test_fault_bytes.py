# SPDX-License-Identifier: BSD-2-Clause
"""Bytes come that no key sends: marks of an overrun, answers that nobody asked for, prefixes without
their code, packets that are none, and the reports of devices that are plugged in. What may be missing
is told, nothing stays held, and the next key and the next step of the mouse arrive."""
from guest import expect_running
from injector import configure, send
from test_asked import stats

MACHINES = ["pc", "q35"]
LIMIT = 60
APPEND = "trace=input"
SETUPS_MOST = 3  # that a keyboard may ask for in ten seconds
DEVICE_LIVE = 2


def counted(vm):
    return {name: int(value) for name, value in stats(vm, "ps2kbd")[0] if value.isdigit()}


def grown(vm, before):
    """What has been counted since, without what was not."""
    return {name: value - before[name] for name, value in counted(vm).items()
            if value != before[name]}


def holds(vm, *names):
    for name in names:
        vm.key(name, True)


def lets_go(vm, *names):
    """Of keys that are up already, for whoever listens."""
    for name in names:
        vm.key(name, False, report=False)


def works(vm):
    """The next key comes, the next step and the next click."""
    vm.press("w")
    vm.qmp("input-send-event", events=[{"type": "rel", "data": {"axis": "x", "value": 5}}])
    vm.expect(r"input: rel x 5\n")
    for down in (True, False):
        vm.qmp("input-send-event", events=[
            {"type": "btn", "data": {"button": "left", "down": down}}])
        vm.expect(rf"input: key btn_left {'down' if down else 'up'}\n")


def an_overrun_mark_releases_all_and_is_told(vm):
    for mark in (0xff, 0x00):
        before = counted(vm)
        holds(vm, "leftshift", "a")
        send(vm, mark)
        vm.expect(r"input: lost\n")
        for name in ("a", "leftshift"):
            vm.expect(rf"input: key {name} up\n")
        lets_go(vm, "leftshift", "a")
        works(vm)
        assert grown(vm, before)["overruns"] == 1


def an_answer_that_nobody_asked_for_is_counted(vm):
    before = counted(vm)
    holds(vm, "leftshift")
    send(vm, 0xfa, 0xfe, 0xee)
    vm.key("leftshift", False)
    works(vm)
    assert grown(vm, before)["stray_acks"] == 3


def an_answer_inside_a_code_is_not_of_it(vm):
    send(vm, 0xe0, 0xfa, 0x48)
    vm.expect(r"input: key up down\n")
    send(vm, 0xe0, 0xfe, 0xc8)
    vm.expect(r"input: key up up\n")
    works(vm)


def a_prefix_without_its_code_changes_no_other_key(vm):
    before = counted(vm)
    send(vm, 0xe0, 0x1e)  # of no key
    send(vm, 0xe1, 0x1e)
    works(vm)
    assert grown(vm, before)["unknown_scancodes"] == 2


def a_keyboard_that_is_plugged_in_is_set_up(vm):
    before = counted(vm)
    holds(vm, "leftctrl")
    send(vm, 0xaa)
    vm.expect(r"input: key leftctrl up\n")
    vm.expect(r"input: lost\n")  # what was typed meanwhile
    lets_go(vm, "leftctrl")
    works(vm)
    since = grown(vm, before)
    assert (since["hotplugs"], since["inits"], since["resets"]) == (1, 1, 1), since


def the_release_of_left_shift_is_no_report(vm):
    before = counted(vm)
    for _ in range(3):
        vm.press("leftshift")
    assert "hotplugs" not in grown(vm, before)


def a_keyboard_that_reports_without_end_is_not_set_up_without_end(vm):
    before = counted(vm)
    for _ in range(3 * SETUPS_MOST):
        send(vm, 0xaa)
        vm.press("w")
    since = grown(vm, before)
    assert since["hotplugs"] == 3 * SETUPS_MOST, since
    assert since["inits"] <= SETUPS_MOST, since


def a_mouse_that_is_plugged_in_is_set_up(vm):
    before = counted(vm)
    vm.qmp("input-send-event", events=[
        {"type": "btn", "data": {"button": "right", "down": True}}])
    vm.expect(r"input: key btn_right down\n")
    send(vm, 0xaa, 0x00, mouse=True)
    vm.expect(r"input: key btn_right up\n")
    vm.qmp("input-send-event", events=[
        {"type": "btn", "data": {"button": "right", "down": False}}])
    vm.poll(lambda: counted(vm)["mouse_state"] == DEVICE_LIVE or None, "the mouse")
    works(vm)
    since = grown(vm, before)
    assert (since["hotplugs"], since["inits"]) == (1, 1), since
    assert counted(vm)["mouse_id"] == 4


def bytes_that_are_no_packet_are_dropped(vm):
    before = counted(vm)
    send(vm, 0x00, 0x00, 0x00, mouse=True)  # none of these begins one
    vm.poll(lambda: grown(vm, before).get("mouse_sync_errors") or None, "the bytes")
    works(vm)
    since = grown(vm, before)
    assert since["mouse_discarded"] == since["mouse_sync_errors"] == 3, since


def a_configuration_that_somebody_wrote_is_mended(vm):
    """Interrupts are off: bytes are looked for, and it is written again."""
    before = counted(vm)
    configure(vm, 0x44)
    works(vm)
    since = grown(vm, before)
    assert since["lost"] >= 1 and since["repairs"] >= 1, since
    before = counted(vm)
    works(vm)
    assert "lost" not in grown(vm, before)


def translation_that_is_lost_is_noticed(vm):
    before = counted(vm)
    configure(vm, 0x07)
    vm.press("w", report=False)  # 1D F0 1D
    vm.expect(r"input: lost\n")
    vm.poll(lambda: grown(vm, before).get("inits") or None, "the set-up")
    works(vm)
    assert grown(vm, before)["repairs"] >= 1


def test(vm):
    expect_running(vm)
    vm.expect(r"castellan> ")
    works(vm)
    an_overrun_mark_releases_all_and_is_told(vm)
    an_answer_that_nobody_asked_for_is_counted(vm)
    an_answer_inside_a_code_is_not_of_it(vm)
    a_prefix_without_its_code_changes_no_other_key(vm)
    a_keyboard_that_is_plugged_in_is_set_up(vm)
    the_release_of_left_shift_is_no_report(vm)
    a_mouse_that_is_plugged_in_is_set_up(vm)
    bytes_that_are_no_packet_are_dropped(vm)
    a_configuration_that_somebody_wrote_is_mended(vm)
    translation_that_is_lost_is_noticed(vm)
    a_keyboard_that_reports_without_end_is_not_set_up_without_end(vm)
    vm.reboot()
