# SPDX-License-Identifier: BSD-2-Clause
"""What sits before a machine: its keyboard, and its screen as the video memory has it."""
import pathlib
import re
import time

from channel import Failure
from keys import keys_of, qcode

VGA_TEXT = 0xB8000
VGA_ROWS, VGA_COLUMNS = 25, 80
QUIET = 0.5  # seconds between two looks at its clock
POLL = 0.02  # seconds between two looks at what nobody announces


class Desk:
    """The part of machine.Vm that types on the keyboard and reads the screen."""

    # --- the keyboard ---

    def key(self, name, down, report=True):
        """Presses or lets go the key `name` (evdev name as in the trace) and, unless not
        `report`, waits for the guest's `input: key NAME down|up`: with APPEND =
        "trace=input" the i8042's queue of 16 bytes can so never overflow."""
        event = {"type": "key", "data": {"down": down,
                                         "key": {"type": "qcode", "data": qcode(name)}}}
        self.qmp("input-send-event", events=[event])
        if report:
            self.expect(rf"input: key {re.escape(name)} {'down' if down else 'up'}\n")

    def press(self, name, report=True):
        """A key down and up again."""
        self.key(name, True, report)
        self.key(name, False, report)

    def keys(self, text, report=True):
        """Types printable text on the keyboard of a US layout."""
        for character in text:
            name, shift = keys_of(character)
            if shift:
                self.key("leftshift", True, report)
            self.press(name, report)
            if shift:
                self.key("leftshift", False, report)

    # --- the screen ---

    def memory(self, address, size):
        """Bytes of the guest's physical memory."""
        path = self._private / "memory"
        self.qmp("pmemsave", val=address, size=size, filename=str(path))
        return path.read_bytes()

    def screen(self):
        """The VGA text buffer: 25 strings of 80 characters."""
        cells = self.memory(VGA_TEXT, VGA_ROWS * VGA_COLUMNS * 2)
        text = cells[0::2].replace(b"\0", b" ").decode("cp437")
        return [text[row * VGA_COLUMNS:(row + 1) * VGA_COLUMNS] for row in range(VGA_ROWS)]

    def poll(self, ready, what):
        """Asks ready() until it answers something else than None, and answers that; for what
        nobody announces. The guest goes on meanwhile."""
        look = time.monotonic() + QUIET
        while True:
            result = ready()
            if result is not None:
                return result
            if time.monotonic() > look:
                self._check_silence(what)
                look = time.monotonic() + QUIET
            if time.monotonic() > self._deadline:
                raise Failure(f"hang: {self.limit} s passed while waiting for {what}")
            with self._changed:
                self._check_never()
                self._changed.wait(POLL)

    def expect_screen(self, regex):
        """Waits until a row of the screen matches; answers its number."""
        pattern = re.compile(regex)
        rows = []

        def find():
            rows[:] = self.screen()
            return next((number for number, row in enumerate(rows) if pattern.search(row)),
                        None)

        try:
            number = self.poll(find, f"{regex!r} on the screen")
        except Failure as failure:
            raise Failure("\n".join([str(failure), *rows])) from None
        self._expected += 1
        return number

    def screenshot(self, path):
        """Writes the display as a PNG (QEMU 7.1 and later)."""
        self.qmp("screendump", filename=str(pathlib.Path(path).resolve()), format="png")
