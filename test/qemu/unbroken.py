# SPDX-License-Identifier: BSD-2-Clause
"""Who types notices nothing while the keyboard's driver, the console and the manager die, in the midst
of their work and in each step of a driver's life, or while the driver is stopped and started. What
comes is what was typed, exactly once and in order. What the device has no room for while nobody reads
it is told as lost, and only that."""
import functools
import random

from deaths import AT_ONCE, CONSOLE, DRIVER, MANAGER, Reaper
from guest import expect_running, ps
from typist import CHUNK, Typist

DELAYS = {"policy": "on-failure", "base_ms": 10, "max_ms": 320, "burst": 25, "window_ms": 10000,
          "reset_ms": 1500}
POLICIES = {"at-once": AT_ONCE, "delays": DELAYS}
PACES_MS = (100, 30, 10)
ALONE, ALL = (DRIVER,), (DRIVER,) * 6 + (CONSOLE, MANAGER)
WHO = {100: ALONE, 30: ALL, 10: ALL}
# Where a driver dies in a step, and what has it take that step.
STEPS = (("ps2kbd_recover", f"kill {DRIVER}\n"), ("ps2kbd_probe", f"kill {DRIVER}\n"),
         ("ps2kbd_init", f"kill {DRIVER}\n"),
         ("ps2kbd_quiesce", f"quiesce {DRIVER}\nrelease {DRIVER}\n"),
         ("ps2kbd_stop", f"stop {DRIVER}\nstart {DRIVER}\n"))
TIMES = 4  # at each stop of the debugger some of the guest's time passes
# Deaths in a row, with delays of 0, 10, 20, 40, 80, 160, 320 ms: 7, 6 and 64 bytes at such a pace.
CLUSTERS, OVERRUN = ((100, 7), (30, 5)), (10, 7)
CLUSTER = sum(number for _, number in (*CLUSTERS, OVERRUN))
# The manager has served for 100 ms, which ends a row of its deaths, when so many events came since the
# last one; the eleventh in a row is made to wait: servers/init/judge.h.
ROW, SERVED = 9, 24
TRIES = 10  # what was put into QEMU's queue can be over before the last of them


class Run:
    def __init__(self, vm, seed):
        expect_running(vm)
        self.vm, self.chance = vm, random.Random(seed)
        self.reaper, self.typist = Reaper(vm), Typist(vm, self.chance)
        self.places = {}
        self.seen = self.runs = 0  # lines, and of them those that tell that the driver runs
        self.row = self.since = 0  # deaths of the manager, and how many events had come at the last of them

    def find_places(self):
        """Where a keystroke leads, which comes behind one that has everybody's first work done."""
        for key in "ab":
            tap = functools.partial(self.typist.tap_now, key)
            come = functools.partial(self.vm.expect, f"input: key {key} up\n")
            if key == "a":
                tap()
                come()
        places = self.reaper.record(tap, come)
        self.places = {name: [place for place in places if place[0] == name and place[2] <= TIMES]
                       for name in set(ALL)}

    def lives(self):
        lines = self.vm.lines(self.seen)
        self.seen += len(lines)
        self.runs += sum(f"{DRIVER}: Initialising -> Running" in line for line in lines)
        return self.runs

    def has_lived(self, lived):
        return self.lives() > lived

    def await_driver(self, lived):
        self.vm.poll(lambda: self.has_lived(lived) or None, "the driver")

    def lose_nothing(self, what):
        gaps = self.typist.finish()
        assert not gaps, f"{what}: {gaps} events lost"

    # --- deaths ---

    def die(self, name):
        """False: all that was typed came before. The driver runs again behind its death: a byte over
        which two of them die is lost, as it should be."""
        lived = self.lives()
        died = self.reaper.die(self.chance.choice(self.places[name]), self.typist.has_come)
        if died and name == DRIVER:
            self.await_driver(lived)
        return died

    def choose(self, names):
        """Who dies next: not the manager again and again, for which init would have it wait."""
        name, came = self.chance.choice(names), len(self.typist.trace.look())
        if name != MANAGER:
            return name
        if came - self.since >= SERVED:
            self.row = 0
        if self.row >= ROW:
            return DRIVER
        self.row, self.since = self.row + 1, came
        return name

    def kill_under_typing(self, key_ms, strokes, deaths):
        """So many of each at least, the deaths among the keystrokes. Nothing is lost."""
        typist, each = self.typist, max(1, deaths * CHUNK // strokes)
        ends = typist.strokes + strokes, self.reaper.deaths + deaths
        while typist.strokes < ends[0] or self.reaper.deaths < ends[1]:
            typist.type(key_ms)
            for _ in range(each):
                typist.move()
                if not self.die(self.choose(WHO[key_ms])):
                    break
        self.lose_nothing(f"deaths at {key_ms} ms a key")

    def die_in_steps(self, key_ms):
        """The same, of the steps of a driver's life."""
        for name, commands in STEPS:
            lived = self.lives()
            self.typist.tap(key_ms)
            place = DRIVER, self.reaper.programs[DRIVER].address(name), 1
            over = functools.partial(self.has_lived, lived)
            assert self.reaper.die(place, over, commands=commands), name
            self.await_driver(lived)
        self.lose_nothing(f"deaths in steps at {key_ms} ms a key")

    def die_in_a_row(self, key_ms, deaths):
        """It dies when it hears of the next key, with delays that grow. How much is lost at each gap that
        is told."""
        place = DRIVER, self.reaper.programs[DRIVER].address("ps2kbd_irq"), 1
        self.typist.tap(key_ms)
        self.reaper.die(place, self.typist.has_come, often=deaths)
        return self.typist.finish()

    def overrun(self):
        """What the device has no room for meanwhile is told."""
        for _ in range(TRIES):
            gaps = self.die_in_a_row(*OVERRUN)
            if sum(gaps):
                print(f"{gaps} events lost")
                return
        raise AssertionError("nothing is lost")

    # --- the operator ---

    def stop_and_start(self, key_ms, times):
        """The driver does nothing for a moment, and then again. Nothing is lost."""
        for _ in range(times):
            self.typist.tap(key_ms)
            lived = self.lives()
            self.vm.type(f"stop {DRIVER}\nstart {DRIVER}\n")
            self.await_driver(lived)
        self.lose_nothing(f"stops at {key_ms} ms a key")

    def set_up_afresh(self, commands, key_ms):
        """The controller is set up from the beginning. What is lost is told."""
        self.typist.tap(key_ms)
        lived = self.lives()
        self.vm.type(commands)
        self.await_driver(lived)
        gaps = self.typist.finish()
        assert gaps, "a cold set-up is not told"
        print(f"{commands!r} at {key_ms} ms a key: {gaps} events lost")

    def end(self):
        rows = ps(self.vm)
        assert all(row[0] == "Running" for row in rows.values()), rows
        print(f"{self.typist.strokes} keystrokes, {len(self.typist.clicks)} moves and clicks, "
              f"{self.reaper.deaths} deaths, {self.lives()} lives of the driver")
        self.reaper.leave()
        self.vm.reboot()


def die(vm, seed, strokes, deaths):
    run = Run(vm, seed)
    print(f"seed {seed}")
    if vm.variant == "at-once":
        run.find_places()
        for key_ms in PACES_MS:
            run.kill_under_typing(key_ms, strokes // len(PACES_MS), deaths // len(PACES_MS))
            run.die_in_steps(key_ms)
    else:
        for _ in range(max(1, deaths // CLUSTER)):
            for key_ms, number in CLUSTERS:
                gaps = run.die_in_a_row(key_ms, number)
                assert not gaps, f"{number} deaths at {key_ms} ms a key: {gaps} events lost"
            run.overrun()
    run.end()


def turn_off_and_on(vm, seed, times):
    run = Run(vm, seed)
    for key_ms in PACES_MS:
        run.stop_and_start(key_ms, times // len(PACES_MS))
        run.set_up_afresh(f"quiesce {DRIVER}\nstart {DRIVER}\n", key_ms)
        run.set_up_afresh(f"reset {DRIVER}\n", key_ms)
    run.end()
