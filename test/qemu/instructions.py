# SPDX-License-Identifier: BSD-2-Clause
"""Each keystroke comes once, whoever dies at whatever instruction of its way. What was on its way to the
serial line when the console or the manager died can be there twice; the screen tells what came."""
import random

from deaths import PROGRAMS, Reaper
from guest import expect_running, ps
from typist import Trace, find_gaps, keys, tap

LETTERS = "abcdefghijklmnopqrstuvwxyz"
MISSED_OF = 10  # one of so many places may not be on another keystroke's way
LINES = 8  # at the end of the log, of which one tells that a key has come
SEEN = 40  # characters at the end of what was typed are looked for on the screen


def choose(places, chance, count):
    """As many of each program's; without `count` all."""
    if not count:
        return places
    chosen = []
    for name in PROGRAMS:
        own = [place for place in places if place[0] == name]
        chosen += chance.sample(own, min(len(own), count // len(PROGRAMS) + 1))
    return chosen


class Keystrokes:
    def __init__(self, vm):
        self.vm, self.text = vm, ""

    def tap(self):
        """The next letter, if the machine takes it."""
        letter = LETTERS[len(self.text) % len(LETTERS)]
        tap(self.vm, letter)
        self.text += letter

    def come(self):
        """Waits for it."""
        self.vm.expect(rf"input: key {self.text[-1]} up\n")

    def has_come(self):
        return any(f"input: key {self.text[-1]} up" in line for line in self.vm.lines(-LINES))

    def check(self):
        gaps = find_gaps([(key, way) for key in self.text for way in ("down", "up")],
                         keys(Trace(self.vm).look()))
        assert not gaps, f"{len(gaps)} times something is lost"
        tail = self.text[-SEEN:]
        self.vm.poll(lambda: tail in "".join(self.vm.screen()) or None, f"{tail!r} on the screen")


def die_at_instructions(vm, seed, count=None):
    """Each death is of a letter's keystroke; one without a death comes behind it."""
    expect_running(vm)
    reaper, typed, missed = Reaper(vm), Keystrokes(vm), []
    typed.tap()
    typed.come()
    places = reaper.record(typed.tap, typed.come)
    chosen = choose(places, random.Random(seed), count)
    counts = {name: sum(place[0] == name for place in places) for name in PROGRAMS}
    print(f"seed {seed}; instructions of a keystroke: {counts}; deaths at {len(chosen)}")
    for place in chosen:
        if not reaper.die(place, typed.has_come, typed.tap):
            missed.append(place)
        typed.tap()
        typed.come()
    typed.check()
    print(f"{reaper.deaths} deaths, {len(missed)} places were not come to")
    assert len(missed) * MISSED_OF <= len(chosen), missed
    rows = ps(vm)
    assert all(row[0] == "Running" for row in rows.values()), rows
    reaper.leave()
    vm.reboot()
