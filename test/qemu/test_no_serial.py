# SPDX-License-Identifier: BSD-2-Clause
"""A machine without a serial line has no log and no prompt, and works: the screen shows the
table, and what is typed."""
from guest import RELEASE_DRIVERS

MACHINES = ["pc", "q35"]
SERIAL = False
LIMIT = 30
TEXT = "seen"


def test(vm):
    vm.expect_screen(r"serial +Absent")
    for name in sorted(RELEASE_DRIVERS.keys() - {"serial"}):
        vm.expect_screen(rf"{name} +Running +1 +0 ")
    row = vm.expect_screen("Type a command: ") + 1
    for number, character in enumerate(TEXT, 1):
        vm.press(character, report=False)
        assert vm.expect_screen(rf"^castellan> {TEXT[:number]} +$") == row
    vm.quit()
