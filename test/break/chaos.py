# SPDX-License-Identifier: BSD-2-Clause
"""What chance does to a system: drivers and the manager are killed, hostile drivers of all kinds are
started and stopped, keys are typed. The same seed does the same, though not at the same moments.
Meanwhile the prompt answers, keys arrive but for those that the keyboard driver's own death takes along,
and none twice, and nobody is blamed but who is hostile. Some of the time the asker and its server are
spared, and then the asker is answered. Afterwards everything runs, in the instance that the last kill
left, and nothing is held that was not held before."""
import random

import arena
import cases
import score
from guest import RELEASE_DRIVERS, assert_equal_audits

HOSTILE = {name: (image, {}, None) for name, image in {
    "level-line": "level-line", "floods-log": "floods-log", "floods-manager": "floods-manager",
    "floods-victim": "floods-victim", "spins-but-beats": "spins-but-beats", "dies": "dies",
    "hangs-in-call": "hangs", "hangs-in-run": "hangs", "hangs-in-init": "hangs",
    "lies": "lies"}.items()}
STEADY = (*RELEASE_DRIVERS, *arena.BYSTANDERS)
ANSWER_MS = score.PROMPT_MS
MOST_MS = 60  # between two things that happen
OPERATORS = ("killed by the operator", "restart in 0 ms, which its policy does not count")
BUSY = "uses all of its share"
KEYBOARD, LINE = "ps2kbd", "serial"
TYPED = "castellan> "
RECENT = 3  # so many keys can be on their way when its driver is killed
AHEAD = 2 * len(arena.KEYS) - 2  # events of which no two are the same
SERVED = ("victim", "asker")
# Of each ROUND_MS they are spared for the last SPARED_MS. What is said of the first second and a half
# is not counted: they find each other again.
ROUND_MS, SPARED_MS, AGAIN_MS = 10000, 6000, 1500
TOLD_MS = 2100  # in so long the asker says once, at the least, how it was answered in a whole second
SETTLE_MS = 15000  # until all that was killed runs again, and what was stopped has ended


def archive(build_dir, path):
    arena.make_archive(build_dir, path, cases.hostile(build_dir, HOSTILE))


class Chaos:
    def __init__(self, vm, seed):
        self.vm, self.chance = vm, random.Random(seed)
        self.arena = arena.Arena(vm, HOSTILE)
        self.done, self.kills = {}, dict.fromkeys(STEADY, 0)
        self.steps, self.asked = [], []  # (ms, what was done), (ms, what was answered)
        self.excused = set()  # indices of keys that may be lost, and …
        self.away = None  # … since when all that are typed may be
        self.spared = []  # [begin, end] in ms

    def command(self, verb, name):
        assert self.arena.command(f"{verb} {name}"), f"no prompt after `{verb} {name}`"
        self.done[verb] = self.done.get(verb, 0) + 1
        self.steps.append((self.arena.trace.ticks, f"{verb} {name}"))

    def kill(self, name):
        if name == KEYBOARD:
            count = len(self.arena.keys)
            self.excused.update(range(max(0, count - RECENT), count))
            self.away = self.arena.trace.position()
        position = self.arena.trace.position()
        self.command("kill", name)
        self.kills[name] += 1
        if name == LINE:  # what is typed while it looks at its device may be lost
            self.arena.wait(lambda: self.arena.trace.find(f"{name}: Initialising -> Running", position),
                            f"{name} runs", SETTLE_MS)

    def press(self):
        if self.away is not None:
            self.excused.add(len(self.arena.keys))
            if f"{KEYBOARD}: Initialising -> Running" in self.arena.trace.since(self.away):
                self.away = None
        self.arena.press(1)

    def lost(self):
        """Indices of the keys of which an event is not in the log, where a line can be twice."""
        typed = [(name, way) for name in self.arena.keys for way in ("down", "up")]
        found, at = set(), 0
        for event in self.arena.keys_seen():
            if event in typed[at:at + AHEAD]:
                at = typed.index(event, at) + 1
                found.add(at - 1)
        return {event // 2 for event in range(len(typed)) if event not in found}

    def doubled(self):
        """Neighbours among the letters on the screen of which the second is not behind the first in
        the order in which they are typed."""
        letters = "".join(self.vm.screen()).rpartition(TYPED)[2].strip()
        assert letters, "no key is on the screen"
        return [pair for pair in zip(letters, letters[1:])
                if not 1 <= (ord(pair[1]) - ord(pair[0])) % len(arena.KEYS) <= len(arena.KEYS) // 2]

    def serve(self):
        """What the asker said while it and its server were spared: each second it was answered."""
        lines = self.arena.trace.lines()
        for begin, end in self.spared:
            begin += AGAIN_MS
            if end - begin < TOLD_MS:  # as far as it is known, no longer
                continue
            said = [(time, line) for time, line in lines if begin < time <= end and
                    all(time - int(row[3]) >= begin for row in score.SERVICE.finditer(line))]
            found = score.service(said, begin, end) if said else None
            assert found, f"the asker said nothing from {begin} to {end} ms"
            worst, _, failures, slowest_ms = found
            print(f"{begin} to {end} ms: {worst} replies in the worst second, {failures} failures, "
                  f"the slowest took {slowest_ms} ms")
            assert worst >= score.LEAST and not failures, "the asker was not answered"

    def blamed(self):
        """What the manager said against those that are not hostile, but for what the operator did, and that
        one is busy, which a server may be that is sent much: nothing follows from it."""
        lines = self.arena.trace.lines()
        return [f"{name}: {text}" for name in STEADY for _, text in score.verdicts(lines, name)
                if not text.startswith((*OPERATORS, BUSY))]

    def judge(self):
        """What was seen on the way."""
        rows = self.ask()
        self.arena.wait(lambda: not self.lost() - self.excused or None, "the last keys", SETTLE_MS)
        lost, slowest = self.lost(), max(self.arena.answers)
        print(f"{len(self.arena.keys)} keys, {len(lost)} lost with {KEYBOARD}; "
              f"{len(self.arena.answers)} answers, the slowest after {slowest} ms")
        assert lost <= self.excused, f"lost: {sorted(lost - self.excused)}"
        assert slowest <= ANSWER_MS, f"the prompt took {slowest} ms: {self.before_slowest()}"
        assert not self.doubled(), self.doubled()
        assert not self.blamed(), self.blamed()
        self.serve()
        lives = {name: rows[name][1] for name in STEADY}
        assert all(lives[name] <= 1 + self.kills[name] for name in STEADY), (lives, self.kills)

    def before_slowest(self):
        """When the slowest answer came, and what was done in the two seconds before."""
        slowest = self.arena.answers.index(max(self.arena.answers))
        at = next((at for at, count in self.asked if count > slowest), self.arena.trace.ticks)
        return f"answered at {at} ms; before " + ", ".join(
            f"{ms}: {step}" for ms, step in self.steps if at - 2000 < ms <= at)

    def mortal(self):
        """Who may be killed now."""
        now = self.arena.trace.ticks
        if (now - self.begun) % ROUND_MS < ROUND_MS - SPARED_MS:
            return STEADY
        if not self.spared or now - self.spared[-1][0] > SPARED_MS:
            self.spare()
        self.spared[-1][1] = now
        return [name for name in STEADY if name not in SERVED]

    def spare(self):
        """From now on the asker is to be answered. It opens one session in each of its lives."""
        self.arena.ask_until(self.ask, lambda rows: rows["victim"][0] == "Running", SETTLE_MS)
        self.kill("asker")
        self.spared.append([self.arena.trace.look()] * 2)

    def once(self):
        choice = self.chance.randrange(10)
        if choice < 3:
            self.kill(self.chance.choice(self.mortal()))
        elif choice < 4:
            self.command("kill", "drvmgr")
        elif choice < 7:
            self.command("start", self.chance.choice(list(HOSTILE)))
        elif choice < 8:
            self.command("stop", self.chance.choice(list(HOSTILE)))
        elif choice < 9:
            self.press()
        else:
            self.ask()
        self.arena.pass_ms(self.chance.randrange(MOST_MS))

    def ask(self):
        assert self.arena.ps(), "the prompt does not answer"
        self.asked.append((self.arena.trace.ticks, len(self.arena.answers)))
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
        self.begun = self.arena.trace.look()
        while self.arena.trace.ticks < self.begun + seconds * 1000:
            self.once()
        assert_equal_audits(before, self.settled(before))
        self.judge()
        self.arena.trace.close()


def run(vm, seed, seconds):
    print(f"seed {seed}, {seconds} s")
    chaos = Chaos(vm, seed)
    chaos.run(seconds)
    print(", ".join(f"{count} times {verb}" for verb, count in sorted(chaos.done.items())))
    vm.expect(r"castellan> ")
    vm.quit()
