# SPDX-License-Identifier: BSD-2-Clause
"""What QEMU says of the machine while it runs, in order: each tick of the kernel's timer, each
byte that goes into or out of the first serial port, and each time that the machine is let go. So
what was seen has a time in guest milliseconds, whatever the host does. QEMU's documentation calls
these trace events; their names are in its sources (hw/char/trace-events, hw/intc/trace-events,
softmmu/trace-events). It writes each line to the file by itself, so events that come often and say
nothing here, as the changes of all lines, cost more than the machine."""
import re

# The timer's interrupt is taken once a tick; the kernel sets it to 999.848 us.
EVENTS = ("serial_read", "serial_write", "pic_interrupt", "runstate_set")
ARGUMENTS = [word for event in EVENTS for word in ("-trace", event)]
LINE = re.compile(rb"pic_interrupt irq (0) intno \d+$|new_state 9 \((running)\)$|"
                  rb"serial_write .*addr 0x00 val (0x\w\w)$|"
                  rb"serial_read .*addr 0x00 val (0x\w\w)$", re.MULTILINE)
TICK, RESUMED, SENT, TAKEN = range(1, 5)


class Trace:
    """Reads the trace of one machine as it grows."""

    def __init__(self, path):
        self._file = None
        self._path, self._rest = path, b""
        self.ticks = 0  # guest ms since it was switched on
        self.text, self._times = [], []  # each character sent, and when
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
