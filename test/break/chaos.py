# SPDX-License-Identifier: BSD-2-Clause
"""What chance does to a system: drivers and the manager are killed, hostile drivers of all kinds are
started and stopped, keys are typed. The same seed does the same, though not at the same moments.
Afterwards everything runs, and nothing is held that was not held before."""
import random

import arena
import cases
from guest import RELEASE_DRIVERS, assert_equal_audits

HOSTILE = {name: (image, {}, None) for name, image in {
    "level-line": "level-line", "floods-log": "floods-log", "floods-manager": "floods-manager",
    "floods-victim": "floods-victim", "spins-but-beats": "spins-but-beats", "dies": "dies",
    "hangs-in-call": "hangs", "hangs-in-run": "hangs", "hangs-in-init": "hangs",
    "lies": "lies"}.items()}
STEADY = (*RELEASE_DRIVERS, *arena.BYSTANDERS)
MOST_MS = 60  # between two things that happen
SETTLE_MS = 15000  # until all that was killed runs again, and what was stopped has ended


def archive(build_dir, path):
    arena.make_archive(build_dir, path, cases.hostile(build_dir, HOSTILE))


class Chaos:
    def __init__(self, vm, seed):
        self.vm, self.chance = vm, random.Random(seed)
        self.arena = arena.Arena(vm, HOSTILE)
        self.done = {}

    def command(self, verb, name):
        assert self.arena.command(f"{verb} {name}"), f"no prompt after `{verb} {name}`"
        self.done[verb] = self.done.get(verb, 0) + 1

    def once(self):
        choice = self.chance.randrange(10)
        if choice < 3:
            self.command("kill", self.chance.choice(STEADY))
        elif choice < 4:
            self.command("kill", "drvmgr")
        elif choice < 7:
            self.command("start", self.chance.choice(list(HOSTILE)))
        elif choice < 8:
            self.command("stop", self.chance.choice(list(HOSTILE)))
        else:
            self.arena.press(1)
        self.arena.pass_ms(self.chance.randrange(MOST_MS))

    def ask(self):
        assert self.arena.ps(), "the prompt does not answer"
        return self.arena.rows

    def restless(self):
        """The rows of the hostile ones that have not ended and of the others that do not run."""
        rows = self.ask()
        return {name: rows[name] for name in (*HOSTILE, *STEADY)
                if (rows[name][0] not in arena.ENDED if name in HOSTILE
                    else rows[name][0] != "Running")}

    def quiet(self):
        """Stops all that is hostile and waits until the others run. What is held then."""
        for name in HOSTILE:
            self.command("stop", name)
        restless = self.arena.ask_until(self.restless, lambda rows: not rows, SETTLE_MS)
        assert not restless, restless
        return self.arena.audit()

    def settled(self, before):
        """What is held when all is quiet, and clients have opened their sessions again."""
        self.quiet()
        return self.arena.ask_until(self.arena.audit, lambda now: now == before, SETTLE_MS)

    def run(self, seconds):
        assert self.arena.boot(), "there is no prompt"
        self.quiet()
        self.arena.pass_ms(1000)
        before = self.arena.audit()
        end = self.arena.trace.look() + seconds * 1000
        while self.arena.trace.ticks < end:
            self.once()
        assert_equal_audits(before, self.settled(before))
        self.arena.trace.close()


def run(vm, seed, seconds):
    print(f"seed {seed}, {seconds} s")
    chaos = Chaos(vm, seed)
    chaos.run(seconds)
    print(", ".join(f"{count} times {verb}" for verb, count in sorted(chaos.done.items())))
    vm.expect(r"castellan> ")
    vm.quit()
