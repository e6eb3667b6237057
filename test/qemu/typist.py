# SPDX-License-Identifier: BSD-2-Clause
"""Somebody who types without a pause, in the guest's time, and moves the mouse; what was typed, and
whether it came. QEMU has a queue of keys with pauses between them, which it counts in the guest's
time: what is in it comes whatever the host does, and waits while the machine stands still."""
import itertools
import re

from keys import qcode

LINE = re.compile(r"input: (?:(lost)|key (\S+) (down|up)|rel (\S+) (-?\d+))\n|(init: drvmgr died|console: failed)")
LOGGED = re.compile(r'\{"number":(\d+),.*"text":"(input: .*)"\}')  # as `log --json` has it
# Lines of the trace surely, in 12 of the log's 160 blocks: the manager counts as eight, and ps2kbd, the console,
# what is told of each, and init may all write without end.
LOG_HOLDS = 72
MANAGER_DIED = "init: drvmgr died"
BACK = 24  # lines that are repeated at the most
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHIFT, SHIFT_NUMBER = "leftshift", 42  # QEMU queues a key by its number, without a pause behind it
SILENT = ("rightctrl", "rightalt", "f5", "esc")  # print nothing; of two bytes, and of one
APART = 6  # keystrokes from a letter to the same one: no line is taken for another
STEPS = 20  # of the mouse, at the most
CHUNK = 40  # keystrokes that are put into the queue, and events that it has then; it has room for more
FIRST, FIRST_MS = "f11", 1000
LAST, LAST_MS = "f12", 1000
BUTTON, MARK = "btn_left", "btn_middle"
LINE_LENGTH = 60  # and a few more
LOOKS = 50  # at the screen, until all is there
SEEN = 2  # lines at the end of what was typed are looked for on the screen


def tap(vm, name):
    """A key down and up at once: the machine may stand still behind it."""
    vm.qmp("input-send-event", events=[
        {"type": "key", "data": {"down": down, "key": {"type": "qcode", "data": qcode(name)}}}
        for down in (True, False)])


def event_of(found):
    lost, key, way, axis, steps, _ = found.groups()
    return "lost" if lost else (key, way) if key else (f"rel {axis}", int(steps))


def without_repeats(events, most):
    """Without those that are the same as the one before, of which there are at the most so many."""
    left = []
    for event in events:
        if most and left[-1:] == [event]:
            most -= 1
        else:
            left.append(event)
    return left


class Trace:
    """The lines of the trace as they come. A console that dies in the midst of a line has its successor
    begin another one for the rest. What was on its way to the serial line, or to the log, when the
    console or the manager died, can be there twice: who types never does the same again at once, and
    each of these deaths repeats one piece at the most. The log itself is looked at by check_log()."""

    def __init__(self, vm):
        self.vm, self.seen, self.last = vm, 0, ""
        self.found, self.deaths = [], 0
        self.came, self.at, self.repeats = [], 0, 0  # without repeats, up to number `at` of those found
        self.logged = self.checked = 0  # the number of the last line of the log; so many came until then
        self.checked_lines = 0  # of the serial line, until then

    def _take(self, line):
        if LOGGED.search(line):
            return
        found = LINE.search(line)
        if not found and not LINE.search(self.last):
            found = LINE.search(self.last.rstrip("\n") + line)
        self.last = line
        if not found:
            return
        if found[6]:
            self.deaths += 1
        else:
            self.found.append(event_of(found))

    def _pass(self, came, at, end, repeats):
        """Adds to those that came."""
        while at < end:
            most = min(BACK, len(came), len(self.found) - at) if repeats < self.deaths else 0
            same = next((n for n in range(most, 0, -1) if came[-n] == self.found[at]
                         and came[-n:] == self.found[at:at + n]), 0)
            if same:
                at += same
                repeats += 1
            else:
                came.append(self.found[at])
                at += 1
        return at, repeats

    def look(self):
        """All that came: "lost", (key, "down" or "up"), ("rel AXIS", steps)."""
        for line in self.vm.lines(self.seen):
            self._take(line)
            self.seen += 1
        # What comes next can make a repeated piece longer.
        self.at, self.repeats = self._pass(self.came, self.at, len(self.found) - BACK, self.repeats)
        came = list(self.came)
        self._pass(came, self.at, len(self.found), self.repeats)
        return came

    def check_log(self):
        """Nothing comes just now. Of what came since the last time, the log has each line once, and as
        much as it holds: its lines are numbered, so none of them is taken for a repeat of another. A line
        that the manager was just taking when it died may be there twice, and none over the console's death."""
        start = len(self.vm.lines(0))
        deaths = sum(MANAGER_DIED in line for line in self.vm.lines(self.checked_lines))
        self.checked_lines = start
        self.vm.command(f"log input --json --from {self.logged + 1}")
        self.vm.expect(r"^\]\n")
        lines = [found for found in map(LOGGED.search, self.vm.lines(start)) if found]
        numbers = [int(found[1]) for found in lines]
        assert numbers == sorted(set(numbers)) and numbers[0] > self.logged, f"the log's numbers: {numbers}"
        logged = [event_of(LINE.search(f"{found[2]}\n")) for found in lines]
        logged = without_repeats(logged, deaths)
        came = self.look()[self.checked:]
        assert len(logged) >= min(len(came), LOG_HOLDS), f"{len(logged)} lines in the log, and {len(came)} came"
        wrong = next((n for n in range(1, len(logged) + 1) if logged[-n:][:1] != came[-n:][:1] or n > len(came)),
                     None)
        assert not wrong, f"the log has {logged[-wrong:][:6]}, and {came[-wrong:][:6]} came"
        self.logged, self.checked = numbers[-1], self.checked + len(came)


def keys(lines):
    return [line for line in lines
            if line == "lost" or line[1] in ("down", "up") and line[0] not in (BUTTON, MARK)]


def follow(typed, came):
    """How many of the events that came are explained by the events `typed`, before which nothing is
    held; how many of these explain them; what is held then. The end of a key whose beginning was lost is
    no event."""
    held, at, explained = set(), 0, 0

    def pass_over():
        nonlocal at
        while at < len(typed) and typed[at][1] == "up" and typed[at][0] not in held:
            at += 1

    for event in came:
        pass_over()
        if at == len(typed) or typed[at] != event:
            break
        (held.add if event[1] == "down" else held.discard)(event[0])
        at += 1
        explained += 1
    pass_over()
    return explained, at, held


def split(came):
    """The events between those that say that something is lost."""
    pieces = [[]]
    for event in came:
        if event == "lost":
            pieces.append([])
        else:
            pieces[-1].append(event)
    return pieces


def find_gaps(typed, came):
    """How many events are missing at each "lost". Whatever else is missing, comes twice or comes in
    another order, is an error. What is held at a gap is released behind it."""
    gaps, held, at = [], set(), 0
    for number, piece in enumerate(split(came)):
        rest = list(piece)
        while rest and rest[0][1] == "up" and rest[0][0] in held:
            held.discard(rest.pop(0)[0])
        assert not held, f"{held} stays held behind a gap"
        for gap in range(len(typed) - at + 1 if number else 1):
            explained, passed, held = follow(typed[at + gap:], rest)
            if explained == len(rest):
                break
        else:
            gap = 0
            explained, passed, held = follow(typed[at:], rest)
        assert explained == len(rest), (
            f"came {rest[explained:explained + 6]}, behind {rest[max(0, explained - 4):explained]}, "
            f"instead of {typed[at + gap + passed:at + gap + passed + 6]}")
        gaps += [gap] if number else []
        at += gap + passed
    assert at == len(typed), f"{typed[at:at + 4]} did not come"
    return gaps


class Typist:
    def __init__(self, vm, chance):
        self.vm, self.chance = vm, chance
        self.trace, self.queued = Trace(vm), []  # commands for QEMU
        self.gaps = self.lost = self.marks = 0
        self.typed, self.strokes = [], 0  # (key, "down" or "up"); keystrokes
        self.text, self.capital = "", False  # on the screen; caps lock is on
        self.moved, self.clicks, self.last_steps = {"x": 0, "y": 0}, [], 0

    # --- keys ---

    def _type(self, kinds, key_ms):
        """Nothing of it comes until all is in the queue."""
        if self.missing() >= CHUNK:
            return
        if self.has_come():
            self._send([FIRST], FIRST_MS)
        end = self.strokes + CHUNK
        while self.strokes < end:
            self.chance.choice(kinds)(key_ms)
            self._end_line(key_ms)
        self._flush()

    def _flush(self):
        self.vm.qmp_all(self.queued)
        self.queued = []

    def _send(self, names, key_ms):
        """They go down one after the other, and up again in the opposite order."""
        self.queued.append(("send-key", {
            "keys": [{"type": "qcode", "data": qcode(name)} for name in names],
            "hold-time": max(1, key_ms // 2)}))
        self.typed += [(name, "down") for name in names]
        self.typed += [(name, "up") for name in reversed(names)]
        self.strokes += len(names)

    def _shift(self, way):
        self.queued.append(("input-send-event", {"events": [{"type": "key", "data": {
            "down": way == "down", "key": {"type": "number", "data": SHIFT_NUMBER}}}]}))
        self.typed.append((SHIFT, way))

    def _print(self, letter, shifted=False):
        self.text += letter.upper() if shifted != self.capital else letter

    def _letters(self, count):
        recent = {letter.lower() for letter in self.text[-APART:]}
        return self.chance.sample([letter for letter in LETTERS if letter not in recent], count)

    def _end_line(self, key_ms):
        if len(self.text) - self.text.rfind("\n") > LINE_LENGTH:
            self._send(["enter"], key_ms)
            self.text += "\n"

    def letter(self, key_ms, shifted=False):
        letter, = self._letters(1)
        self._send([letter], key_ms)
        self._print(letter, shifted)

    def chord(self, key_ms):
        letters = self._letters(2)
        self._send(letters, key_ms)
        for letter in letters:
            self._print(letter)

    def held(self, key_ms):
        self._shift("down")
        for _ in range(self.chance.randint(1, 3)):
            self.letter(key_ms, shifted=True)
        self._shift("up")

    def silent(self, key_ms):
        self._send([self.chance.choice(SILENT)], key_ms)
        self.letter(key_ms)

    def lock(self, key_ms):
        self._send(["capslock"], key_ms)
        self.capital = not self.capital
        self.letter(key_ms)

    def type(self, key_ms):
        """Some keystrokes, `key_ms` of the guest for each, which come from now on, or behind those that
        did not come yet. If those are many, none. The machine runs."""
        self._type((self.letter,) * 6 + (self.chord, self.held, self.silent, self.lock), key_ms)

    def tap(self, key_ms):
        """The same of letters alone: none is held when the next one comes."""
        self._type((self.letter,), key_ms)

    def tap_now(self, letter):
        """A key down and up at once: the machine may stand still behind it."""
        tap(self.vm, letter)
        self.typed += [(letter, way) for way in ("down", "up")]
        self._print(letter)

    # --- the mouse ---

    def move(self):
        """A step of the mouse, and a button goes down or up, if the last one has come: the mouse keeps
        few. The machine runs."""
        if sum(line[0] == BUTTON for line in self.trace.look()) < len(self.clicks):
            return
        axis = self.chance.choice(sorted(self.moved))
        steps = self.chance.choice([n for n in range(1, STEPS) if n != self.last_steps])
        self.last_steps = steps
        steps *= self.chance.choice((-1, 1))
        way = "up" if len(self.clicks) % 2 else "down"
        self.vm.qmp("input-send-event", events=[
            {"type": "rel", "data": {"axis": axis, "value": steps}},
            {"type": "btn", "data": {"button": "left", "down": way == "down"}}])
        self.moved[axis] += steps
        self.clicks.append((BUTTON, way))

    # --- what came ---

    def has_come(self):
        return self.missing() <= 0

    def missing(self):
        """How many of its events are still to come, if none is lost since finish()."""
        return len(self.typed) - self.lost - len(keys(self.trace.look()))

    def finish(self):
        """Waits until all that was typed came, or is lost. How much is missing at each new gap."""
        come = len(self.vm.said(f"input: key {LAST} up\n"))
        for name in (FIRST, LAST):  # somebody reads when the second of them comes
            self._send([name], LAST_MS)
        self._flush()
        self.vm.poll(lambda: len(self.vm.said(f"input: key {LAST} up\n")) > come or None, "the last key")
        gaps = find_gaps(self.typed, keys(self.trace.look()))[self.gaps:]
        self.lost += self.missing()
        self.gaps += len(gaps)
        self._check_mouse()
        self.trace.check_log()
        if not self.gaps:
            self._check_screen()
        return gaps

    def _check_screen(self):
        looks = itertools.count()

        def missing():
            """The lines that are not there; None if that can change."""
            rows = [row.rstrip() for row in self.vm.screen()]
            lines = [line for line in self.text.split("\n")[-SEEN:]
                     if f"castellan> {line}".rstrip() not in rows]
            return None if lines and next(looks) < LOOKS else [*lines, *rows] if lines else []

        wrong = self.vm.poll(missing, "the screen")
        assert not wrong, "\n".join(["not on the screen:", *wrong])

    def _check_mouse(self):
        """No button stays down: a stop would release it, and the next packet say again that it is."""
        while len(self.clicks) % 2:
            self.move()
        for down in (True, False):
            self.vm.qmp("input-send-event", events=[
                {"type": "btn", "data": {"button": "middle", "down": down}}])
        self.marks += 1
        self.vm.poll(lambda: self.trace.look().count((MARK, "up")) >= self.marks or None, "the last click")
        lines = self.trace.look()
        came = [line for line in lines if line[0] == BUTTON]
        assert came == self.clicks, f"{len(self.clicks)} clicks, and {came} came"
        for axis, steps in self.moved.items():
            came = sum(line[1] for line in lines if line[0] == f"rel {axis}")
            assert came == steps, f"{came} steps along {axis} came, and {steps} were made"
