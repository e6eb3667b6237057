# SPDX-License-Identifier: BSD-2-Clause
"""What QEMU says of the machine while it runs, in order: each tick of the kernel's timer, each
byte that goes into or out of the first serial port, each interrupt of it, and each time that
the machine is let go. So what was seen has a time in guest milliseconds, whatever the host
does. QEMU's documentation calls these trace events; their names are in its sources
(hw/char/trace-events, hw/intc/trace-events, softmmu/trace-events)."""
import bisect
import re

# The timer's line goes up once a tick; the kernel sets it to 999.848 us.
EVENTS = ("serial_*", "pic_set_irq", "runstate_set")
ARGUMENTS = [word for event in EVENTS for word in ("-trace", event)]
LINE = re.compile(rb"irq 0 level (1)$|irq 4 level (1)$|new_state 9 \((running)\)$|"
                  rb"serial_\w*write .*addr 0x00 val (0x\w\w)$|"
                  rb"serial_\w*read .*addr 0x00 val (0x\w\w)$", re.MULTILINE)
TICK, LINE_UP, RESUMED, SENT, TAKEN = range(1, 6)


class Trace:
    """Reads the trace of one machine as it grows."""

    def __init__(self, path):
        self._file = None
        self._path, self._rest = path, b""
        self.ticks = 0  # guest ms since it was switched on
        self.text, self._times = [], []  # each character sent, and when
        self.raised = []  # when the serial port raised its line
        self.resumed = []  # when the machine was let go
        self.taken = 0  # bytes that were read from the serial port

    def look(self):
        """Takes what is new and answers the time, in guest ms."""
        if not self._file:
            if not self._path.exists():
                return 0
            self._file = self._path.open("rb")
        while True:
            data = self._file.read(1 << 22)
            if not data:
                return self.ticks
            data = self._rest + data
            end = data.rfind(b"\n") + 1
            self._rest = data[end:]
            self._take(data[:end])

    def _take(self, data):
        for found in LINE.finditer(data):
            kind = found.lastindex
            if kind == TICK:
                self.ticks += 1
            elif kind == LINE_UP:
                if not self.raised or self.raised[-1] != self.ticks:
                    self.raised.append(self.ticks)
            elif kind == RESUMED:
                self.resumed.append(self.ticks)
            elif kind == SENT:
                self.text.append(chr(int(found[SENT], 16)))
                self._times.append(self.ticks)
            elif kind == TAKEN:
                self.taken += 1

    def close(self):
        if self._file:
            self._file.close()

    def position(self):
        """How many characters were sent so far."""
        return len(self.text)

    def since(self, position):
        """What was sent from there on."""
        return "".join(self.text[position:]).replace("\r", "")

    def find(self, pattern, position=0):
        """(time of its first character, the match) of the first match from `position` on, or
        None. The text keeps its carriage returns."""
        found = re.compile(pattern, re.MULTILINE).search("".join(self.text[position:]))
        return (self._times[position + found.start()], found) if found else None

    def lines(self):
        """[(time of the last character, line)] of all that was sent, whole lines alone."""
        result, begun = [], 0
        for at, character in enumerate(self.text):
            if character == "\n":
                line = "".join(self.text[begun:at]).replace("\r", "")
                result.append((self._times[at], line))
                begun = at + 1
        return result

    def raised_after(self, time):
        """When the serial port first raised its line at or behind `time`; `time` if it did
        not."""
        at = bisect.bisect_left(self.raised, time)
        return self.raised[at] if at < len(self.raised) else time
