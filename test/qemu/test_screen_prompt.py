# SPDX-License-Identifier: BSD-2-Clause
"""The prompt on the screen, for a keyboard and no serial line: commands are answered there, keys edit the
line, Tab and Up help, what would cut the prompt off is refused, and a death of the keyboard's driver, the
screen's or the console loses nothing of it."""
import re

MACHINES = ["pc", "q35"]
SERIAL = False
LIMIT = 60
HELP = "Type a command: help lists them"


def type_keys(vm, text):
    vm.keys(text, report=False)


def chord(vm, modifier, name):
    vm.key(modifier, True, report=False)
    vm.press(name, report=False)
    vm.key(modifier, False, report=False)


def sees(vm, line):
    """The prompt with this line is there."""
    vm.expect_screen(rf"^castellan> {re.escape(line)} *$")


def commands_are_answered_below(vm):
    type_keys(vm, "ps\n")
    for name in ("screen", "console"):  # what is above them is scrolled away
        vm.expect_screen(rf"^{name} +Running +1 +0 ")
    sees(vm, "")
    vm.expect_screen(HELP)
    type_keys(vm, "frobnicate\n")
    vm.expect_screen("^frobnicate: no such command; type help")


def keys_edit_the_line(vm):
    type_keys(vm, "hel")
    vm.press("tab", report=False)
    type_keys(vm, "why scr")
    sees(vm, "help why scr")
    chord(vm, "leftctrl", "w")
    sees(vm, "help why")
    chord(vm, "leftctrl", "u")
    type_keys(vm, "why s")
    vm.press("tab", report=False)
    vm.expect_screen(r"^ (?=.*\bserial\b)(?=.*\bserial2\b).*\bscreen\b")  # in the place of the help
    type_keys(vm, "c")
    vm.expect_screen(HELP)
    chord(vm, "leftctrl", "c")
    vm.press("up", report=False)
    sees(vm, "frobnicate")
    vm.press("up", report=False)
    sees(vm, "ps")
    vm.press("down", report=False)
    vm.press("down", report=False)
    chord(vm, "leftctrl", "l")
    vm.poll(lambda: sum("castellan>" in row for row in vm.screen()) == 1 or None, "a clear screen")


def who_the_prompt_comes_through_is_not_cut_off(vm):
    for name in ("screen", "ps2kbd", "console"):
        chord(vm, "leftctrl", "l")
        type_keys(vm, f"stop {name}\n")
        vm.expect_screen(rf"^stop {name}: ")
    type_keys(vm, "ps\n")
    vm.expect_screen("^screen +Running +1 +0 ")


def a_death_loses_nothing(vm):
    chord(vm, "leftctrl", "l")
    for name, number in (("ps2kbd", 2), ("screen", 2), ("console", 2)):
        type_keys(vm, f"kill {name}\n")
        vm.expect_screen(rf"^ {name} +Running +{number} +1 .* killed ")
        vm.expect_screen(rf"^castellan> kill {name} +$")
        sees(vm, "")
    vm.expect_screen(r"^ Last death: console, instance 1, at \d+\.\d s: killed by the operator")
    vm.press("up", report=False)
    sees(vm, "kill console")
    assert not any("may not have been done" in row for row in vm.screen())
    chord(vm, "leftctrl", "u")
    type_keys(vm, "top\n")  # the second look comes after a second
    vm.expect_screen("^NAME +STATE +CPU%")


def test(vm):
    vm.expect_screen(r"^ serial +Absent")
    vm.expect_screen(HELP)
    sees(vm, "")
    commands_are_answered_below(vm)
    keys_edit_the_line(vm)
    who_the_prompt_comes_through_is_not_cut_off(vm)
    a_death_loses_nothing(vm)
    vm.quit()
