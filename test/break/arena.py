# SPDX-License-Identifier: BSD-2-Clause
"""A system with hostile drivers in it and others at work: keys are typed, `asker` counts the
replies of `victim`, the prompt is asked all the time. What is seen is told as plain data;
score.py judges it."""
import json
import re

from archive import read_archive, write_archive
from guest import held
from machine import PROMPT, Failure
from qemu_trace import ARGUMENTS, Trace

VICTIMS = "test/victims.tar"
BYSTANDERS = ("victim", "asker", "caller")
# A second serial port, which a hostile driver may claim: ports 0x2f8..0x2ff and line 3.
QEMU = ARGUMENTS + ["-chardev", "null,id=second", "-serial", "chardev:second"]
APPEND = "trace=input"
ROW = re.compile(r"^(\S+) +([A-Z][a-z]+) +(\d+) +(\d+)", re.MULTILINE)
HEADER = r"NAME +STATE"
CALM_MS = 2500  # two reports of the asker, when the log of all keys is out
PAUSE_MS = 100  # for each question then
PACE_MS = 10  # and before: who asks without a pause keeps others from running
ANSWER_MS = 5000  # without an answer for so long, the prompt is lost
END_MS = 10000  # guest time for what is to be over at some time
LIFE_MS = 300  # of the further life in which nothing may leak
ENDED = ("Stopped", "Quarantined", "Absent", "Rejected", "Waiting")
KEYS = "abcdefghijklmnopqrstuvwxyz"


def make_archive(build_dir, path, hostile):
    """The release archive, the victims, and the hostile drivers: {name: (manifest as bytes,
    image file, image as bytes)}. What is in the release by the same name stays."""
    content = read_archive(build_dir / "boot.tar")
    taken = set(content)
    victims = read_archive(build_dir / VICTIMS)
    for name in BYSTANDERS:
        for file in (f"{name}.elf", f"{name}.drv.json"):
            content[file] = victims[file]
    for name, (manifest, image_file, image) in hostile.items():
        if taken & {f"{name}.drv.json", image_file} or name in BYSTANDERS:
            raise ValueError(f"{name} or {image_file} is in the system already")
        content[f"{name}.drv.json"] = manifest
        content[image_file] = image
    write_archive(path, content)


def default_manifest(name, **fields):
    """What a hostile driver gets that brings no manifest."""
    return {"name": name, "abi": 1, "restart": "on-failure", "uses": ["victim"], **fields}


def manifest_bytes(fields):
    return json.dumps(fields, indent=1).encode()


class Arena:
    """Watches one machine. Every wait is limited in guest time."""

    def __init__(self, vm, hostile):
        self.vm, self.hostile = vm, list(hostile)
        self.trace = Trace(vm.log_dir / "qemu-cpu.log")
        self.keys, self.answers, self.rows = [], [], {}
        self.lost_prompt = None  # when it did not answer any more

    # --- waiting ---

    def wait(self, ready, what, limit_ms=ANSWER_MS):
        """Asks ready() whenever the guest said something, until it answers something else than
        None; None if `limit_ms` of guest time pass before."""
        begun = self.trace.look()

        def look():
            passed = self.trace.look() - begun
            result = ready()
            if result is not None:
                return (result,)
            return (None,) if passed > limit_ms else None

        return self.vm.poll(look, what)[0]

    def pass_ms(self, ms):
        """Lets guest time pass."""
        self.wait(lambda: None, "time to pass", ms)

    def ask_until(self, ask, good, limit_ms):
        """Asks until the answer is good, or the question was put more than `limit_ms` after the
        first; the last answer. It is the question's time that counts: the guest can be far ahead of
        who watches it."""
        begun = self.trace.look()
        while True:
            asked = self.trace.look()
            answer = ask()
            if good(answer) or asked - begun > limit_ms:
                return answer
            self.pass_ms(PAUSE_MS)  # who asks without a pause keeps others from running

    # --- the prompt ---

    def enter(self, text, answer):
        """Types a line, its newline while the machine stands still, and waits for `answer`, a
        pattern that its first line begins with. Answers where the text behind the line begins,
        or None. The time from then to the answer's first byte is noted: QEMU passes bytes on one by
        one, when the host lets it, and only one is there when the machine is let go."""
        self.trace.look()
        typed, position = self.trace.taken + len(text), self.trace.position()
        self.vm.type(text)
        taken = self.wait(lambda: self.trace.taken >= typed or None, f"{text!r} taken")
        self.vm.qmp("stop")
        self.trace.look()
        resumes = len(self.trace.resumed)
        self.vm.type("\n")
        self.vm.qmp("query-status")  # the newline is in the serial port before it goes on
        self.vm.qmp("cont")
        found = taken and self.wait(lambda: self.trace.find(rf"^{answer}", position),
                                    f"{text!r} answered")
        if not found:
            self.lost_prompt = self.trace.ticks
            return None
        self.answers.append(found[0] - self.trace.resumed[resumes])
        done = self.wait(lambda: self.trace.find(rf"^{answer}[\s\S]*\n{PROMPT}", position),
                         f"the prompt behind {text!r}")
        if not done:
            self.lost_prompt = self.trace.ticks
            return None
        return position

    def ps(self):
        """Asks for the table; whether it came. self.rows is {name: (state, generation,
        restarts)}."""
        position = self.enter("ps", HEADER)
        if position is None:
            return False
        self.rows = {found[1]: (found[2], int(found[3]), int(found[4]))
                     for found in ROW.finditer(self.trace.since(position))}
        return True

    def audit(self):
        """The kernel's counters {name: text}, or None."""
        position = self.enter("audit", "audit: ")
        if position is None:
            return None
        found = re.findall(r"^audit: (\S+) ([\d., none]+)$", self.trace.since(position),
                           re.MULTILINE)
        return held(dict(found))

    def command(self, text):
        """A command that answers in one line, if at all. The prompt that counts is behind the echo of
        the whole line: one is shown again behind each foreign line that comes while it is typed."""
        self.trace.look()
        position = self.trace.position()
        self.vm.type(text + "\n")
        done = rf"{re.escape(text)}\r?\n[\s\S]*?{PROMPT}"
        return self.wait(lambda: self.trace.find(done, position), text)

    # --- the run ---

    def press(self, count):
        """Types some keys on the keyboard."""
        for _ in range(count):
            name = KEYS[len(self.keys) % len(KEYS)]
            self.keys.append(name)
            self.vm.press(name, report=False)

    def boot(self):
        """Waits for the prompt; whether it came."""
        return self.wait(lambda: self.trace.find(PROMPT), "the first prompt", END_MS) is not None

    def work(self, ms, pace_ms):
        """Keys, calls and the prompt, for so long, one question in each `pace_ms` on average."""
        due = begun = self.trace.look()
        while not self.lost_prompt and self.trace.ticks < begun + ms:
            self.press(1)
            self.ps()
            due += pace_ms
            if self.trace.look() < due:
                self.pass_ms(due - self.trace.ticks)

    def keys_seen(self):
        """[(key, "down" or "up")] that the log shows."""
        text = "".join(self.trace.text)
        return re.findall(r"input: key (\w+) (down|up)\r?\n", text)

    def settle_keys(self):
        """Waits until all keys that were typed are in the log, or have no more time."""
        self.wait(lambda: len(self.keys_seen()) >= 2 * len(self.keys) or None, "the last keys",
                  END_MS)

    def end_life(self, name):
        """Stops a driver and waits until it is over; its state, or None without a prompt."""
        self.command(f"stop {name}")

        def state():
            return self.rows.get(name, ("Rejected", 0, 0))[0] if self.ps() else None

        return self.ask_until(state, lambda now: now in (None, *ENDED), END_MS)

    def settled(self):
        """The kernel's counters when the victims run and the counters stay the same: a client
        that was starved makes its connections when it can. None without the prompt."""
        def at_work():
            return self.ps() and all(self.rows.get(name, ("",))[0] == "Running" for name in BYSTANDERS)

        counts = []

        def count():
            self.pass_ms(PAUSE_MS)
            counts.append(self.audit())
            return counts[-1]

        self.ask_until(at_work, lambda now: now or self.lost_prompt is not None, END_MS)
        return self.ask_until(count, lambda now: now is None or counts[-2:] == [now, now], END_MS)

    def leak(self, name):
        """What a further life of a driver leaves behind while all other hostile ones are over:
        {counter: (before, after)} of those that changed, or None if that could not be seen."""
        before = self.settled()
        self.command(f"start {name}")
        self.pass_ms(LIFE_MS)
        if self.end_life(name) is None:
            return None
        after = self.settled()
        if before is None or after is None:
            return None
        return {key: (before[key], after[key]) for key in before if before[key] != after[key]}

    def run(self, seconds, lives=None):
        """All of it; the facts as one dictionary. `lives`: who lives once more, or all."""
        facts = {"alive": True, "reason": None, "leaks": {}}
        try:
            if not self.boot():
                self.lost_prompt = self.trace.ticks
            facts["begun_ms"] = self.trace.look()
            self.work(seconds * 1000, PACE_MS)
            self.settle_keys()
            self.work(CALM_MS, PAUSE_MS)
            facts["worked_ms"] = self.trace.ticks
            facts["rows"] = dict(self.rows)
            facts["answers"] = list(self.answers)
            if not self.lost_prompt:
                self.settle_keys()
                for name in self.hostile:
                    self.end_life(name)
                facts["lived_ms"] = self.trace.look()
                facts["leaks"] = {name: self.leak(name) for name in lives or self.hostile}
        except Failure as failure:
            facts.update(alive=False, reason=str(failure))
        self.trace.look()
        facts.setdefault("rows", dict(self.rows))
        facts.setdefault("answers", list(self.answers))
        facts.setdefault("worked_ms", self.trace.ticks)
        facts.setdefault("begun_ms", self.trace.ticks)
        facts.setdefault("lived_ms", self.trace.ticks)
        facts.update(lost_prompt=self.lost_prompt, keys=list(self.keys),
                     keys_seen=self.keys_seen(), lines=self.trace.lines())
        self.trace.close()
        return facts
