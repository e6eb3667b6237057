# SPDX-License-Identifier: BSD-2-Clause
"""How much of what is typed and clicked while the keyboard's driver is away arrives: sixteen bytes of
each device, eight plain taps or four clicks. From the one with which the queue may have been full it
is told that something may be missing, once, right behind it; before that nothing is."""
from guest import expect_running, expect_states
from typist import tap

MACHINES = ["pc", "q35"]
LIMIT = 60
APPEND = "trace=input"
LETTERS = "abcdefghijkl"
MARK = "z"
BYTES = 16
LOST = "lost"


def away(vm, act):
    """The driver is stopped, act() happens to its devices, and it is started."""
    vm.command("stop ps2kbd")
    expect_states(vm, "ps2kbd", "Quiescing", "Stopping", "Stopped")
    act()
    vm.command("start ps2kbd")
    expect_states(vm, "ps2kbd", "Loaded", "Probing", "Initialising", "Running")


def came(vm, act):
    """What the trace says of what happened while the driver was away: (key, way), or LOST."""
    before = len(vm.said(r"input: "))
    away(vm, act)
    vm.press(MARK)
    found = [LOST if line[1] == LOST else (line[2], line[3])
             for line in vm.said(r"input: (?:(lost)|key (\S+) (down|up))\n")][before:]
    assert found[-2:] == [(MARK, "down"), (MARK, "up")], found
    return found[:-2]


def taps(names):
    return [(name, way) for name in names for way in ("down", "up")]


def plain_keys(vm, count):
    """A byte for each way."""
    found = came(vm, lambda: [tap(vm, letter) for letter in LETTERS[:count]])
    fit = BYTES // 2
    assert found == taps(LETTERS[:min(count, fit)]) + [LOST] * (count >= fit), (count, found)


def grey_keys(vm, count):
    """Two bytes for each way."""
    names = ["up", "down", "left", "right", "home"][:count]
    found = came(vm, lambda: [tap(vm, name) for name in names])
    fit = BYTES // 4
    assert found == taps(names[:fit]) + [LOST] * (count >= fit), (count, found)


def half_a_code(vm):
    """Of the last release only the prefix has room: it is no key, and the key does not stay down."""
    names = [*LETTERS[:7], "up"]
    found = came(vm, lambda: [tap(vm, name) for name in (*LETTERS[:7], "up")])
    assert found == [*taps(names)[:-1], LOST, ("up", "up")], found
    found = came(vm, lambda: [vm.key(name, way, report=False) for name, way in
                              (*((letter, way) for letter in LETTERS[:7] for way in (True, False)),
                               ("a", True), ("up", True), ("up", False), ("a", False))])
    assert found == [*taps(LETTERS[:7]), ("a", "down"), LOST, ("a", "up")], found


def clicks(vm, count):
    """A packet of four bytes for each way."""
    def click():
        for number in range(count):
            vm.qmp("input-send-event", events=[
                {"type": "btn", "data": {"button": "left", "down": number % 2 == 0}}])

    found = came(vm, click)
    fit = BYTES // 4
    ways = [("btn_left", "up" if number % 2 else "down") for number in range(min(count, fit))]
    assert found == ways + [LOST] * (count >= fit), (count, found)


def test(vm):
    expect_running(vm)
    for count in (7, 8, 9, 12):
        plain_keys(vm, count)
    for count in (3, 4, 5):
        grey_keys(vm, count)
    half_a_code(vm)
    for count in (2, 4, 6):
        clicks(vm, count)
    vm.reboot()
