# SPDX-License-Identifier: BSD-2-Clause
"""A line is typed on the serial line while its driver and the console die, at instructions on the way
of a byte: what is entered is what was typed, each byte once and in order, and is done once."""
import random
import string

import deaths
from guest import expect_running

APPEND = "trace=input"
QEMU = deaths.QEMU
LIMIT = 200
COST = 8
SEED = 20261201
SERIAL = "serial"
NAMES = (SERIAL, deaths.CONSOLE)
LINES, DEATHS = 5, 10  # of each line
PIECE = 3  # letters from one death to the next
AGAIN = "\x15"  # Ctrl-U: what stands in the line is gone


def archive(build_dir, path):
    deaths.archive_with(build_dir, path, deaths.AT_ONCE, SERIAL)


def type_a_line(vm, reaper, places, chance):
    """How many died: who types faster than the place is come to has typed on."""
    typed, died = "", 0
    vm.type(f"{AGAIN}why ")
    for _ in range(DEATHS):
        place = chance.choice(places[chance.choice(NAMES)])
        piece = "".join(chance.sample(string.ascii_lowercase, PIECE))
        typed += piece
        lives = len(vm.said(f"drvmgr: {place[0]}: Initialising -> Running"))
        if reaper.die(place, lambda: vm.said(typed) or None, commands=piece):
            died += 1
            vm.poll(lambda: len(vm.said(f"drvmgr: {place[0]}: Initialising -> Running")) > lives or None,
                    f"{place[0]} runs again")
    vm.type("\n")
    vm.expect(rf"^why {typed}: ")
    assert len(vm.said(rf"^why {typed}: ")) == 1
    return died


def test(vm):
    expect_running(vm, SERIAL, "ps2kbd", "screen", "console")
    reaper, chance = deaths.Reaper(vm, NAMES, deaths.SERIAL_INTERRUPT), random.Random(SEED)
    vm.expect("castellan> ")
    recorded = reaper.record(lambda: vm.type("q"), lambda: vm.expect("q"))
    places = {name: [place for place in recorded if place[0] == name and place[2] <= 2] for name in NAMES}
    died = sum(type_a_line(vm, reaper, places, chance) for _ in range(LINES))
    print(f"{len(recorded)} instructions, {died} deaths")
    assert died >= LINES * DEATHS * 3 // 4, f"{died} deaths"
    reaper.leave()
    vm.reboot()
