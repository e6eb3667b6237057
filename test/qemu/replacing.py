# SPDX-License-Identifier: BSD-2-Clause
"""Other images of a release driver, for the test driver "loader" to replace it by: the same program, or with
an instruction of its own written over the first one of a function."""
import json

from archive import read_archive, write_archive
from deaths import Program
from elf import write_code
from loading import AWAIT, CONFIRMED, OUTCOME, REPLACE, RETURNED, START, STATES, entry

CRASH, HANG = b"\x0f\x0b", b"\xeb\xfe"  # ud2; jmp to itself
STRICT = {"lifecycle": {"probe": 100, "init": 90, "recover": 10, "quiesce": 100, "stop": 100},
          "heartbeat": {"period_ms": 50, "misses": 3}}
RESET_MS = 300
SIGN = "screen"  # the loader begins when this one is stopped
BEGIN = [entry(AWAIT, SIGN, argument=STATES["Stopped"]), entry(START, SIGN)]


class Images:
    """Of the driver of that name, of its own image or of this one; `where` is a directory for files."""

    def __init__(self, build_dir, where, name, image=None):
        content = read_archive(build_dir / "boot.tar")
        self.name, self.image = name, image or content[f"{name}.elf"]
        write_archive(where / "archive.tar", {f"{name}.elf": self.image})
        self.program = Program(where, name)
        fields = {**json.loads(content[f"{name}.drv.json"]), **STRICT}
        restart = fields["restart"] if isinstance(fields["restart"], dict) else {"policy": fields["restart"]}
        self.manifest = json.dumps({**fields, "restart": {**restart, "reset_ms": RESET_MS}}).encode()

    def _replace(self, image, outcome):
        return [entry(REPLACE, self.name, image=image, manifest=self.manifest),
                entry(OUTCOME, self.name, argument=outcome),
                entry(AWAIT, self.name, argument=STATES["Running"])]

    def good(self):
        return self._replace(self.image, CONFIRMED)

    def late(self, function, code):
        """It does its work until it is to go."""
        return self._replace(write_code(self.image, self.program.address(function), code), CONFIRMED)

    def bad(self, function, code):
        return self._replace(write_code(self.image, self.program.address(function), code), RETURNED)
