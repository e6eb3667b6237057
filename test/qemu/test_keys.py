# SPDX-License-Identifier: BSD-2-Clause
"""Every key arrives as itself on the serial line and, where it prints, on the screen."""
from guest import expect_running

MACHINES = ["pc", "q35"]
APPEND = "trace=input"

# Keys that print nothing: E0 sequences, Pause (E1), Print, locks, keypad, function keys.
SILENT = ["up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert",
          "delete", "pause", "sysrq", "f1", "f5", "f10", "f11", "f12", "esc", "leftctrl",
          "rightctrl", "leftalt", "rightalt", "leftmeta", "rightmeta", "compose",
          "rightshift", "scrolllock", "102nd"]
PRINTING = {"kpslash": "/", "kpasterisk": "*", "kpminus": "-", "kpplus": "+"}
TEXT = "Typed: aZ09 ~!@#$%^&*()_+-={}[]|\\:;\"'<>,.?/`"


def test(vm):
    expect_running(vm)
    vm.expect(r"castellan> ")
    row = vm.expect_screen("Type a command: ") + 1
    for name in SILENT:
        if name != "102nd":  # it prints a backslash on a US keyboard
            vm.press(name)
    vm.keys(TEXT)
    for name in PRINTING:
        vm.press(name)
    vm.press("kpenter")
    vm.keys("second lime")
    for _ in range(2):
        vm.press("backspace")
    vm.keys("ne")
    expected = TEXT + "".join(PRINTING.values())
    assert vm.expect_screen("^castellan> second line +$") == row + 2  # behind an answer
    assert vm.screen()[row].rstrip() == f"castellan> {expected}", vm.screen()[row]
    # Two keys held at once; caps lock turns letters around and shift turns them back.
    vm.key("j", True)
    vm.key("k", True)
    vm.key("j", False)
    vm.key("k", False)
    vm.press("capslock")
    vm.keys("Mm1")
    vm.press("capslock")
    vm.keys("m")
    vm.expect_screen("^castellan> second linejkmM1m +$")
    vm.press("102nd")
    events = vm.said(r"input: key (\S+) (\w+)\n")
    pressed = {found[1] for found in events if found[2] == "down"}
    assert len(pressed) >= 40 and pressed >= set(SILENT), sorted(pressed)
    assert pressed == {found[1] for found in events if found[2] == "up"}
    vm.never(r"input: key unknown")
    vm.reboot()
