# SPDX-License-Identifier: BSD-2-Clause
"""Every key that the emulator can press arrives as itself, down and up; so do chords, and the keys
whose codes depend on others that are held."""
import collections
import pathlib
import re

from guest import expect_running

MACHINES = ["pc", "q35"]
LIMIT = 60
APPEND = "trace=input"

INPUT = pathlib.Path(__file__).parents[2] / "abi" / "protocol" / "input.h"
# QEMU 7.2 has no code for these, or none that its PS/2 keyboard sends.
NOT_THERE = {"linefeed", "macro", "scale", "www", "kpplusminus", "zenkakuhankaku", "kpjpcomma",
             "katakana", "hangeul", "hanja", "search", *(f"f{n}" for n in range(13, 25))}
LEAST = 120
CHORDS = [["leftctrl", "leftalt", "f1"], ["leftshift", "rightshift", "a", "b"],
          ["leftctrl", "pause"], ["leftalt", "sysrq"], ["rightalt", "sysrq"],
          ["leftctrl", "sysrq"], ["leftshift", "home"], ["rightshift", "pageup"],
          ["leftshift", "rightshift", "delete"], ["leftshift", "kpslash"],
          ["rightctrl", "rightmeta", "leftmeta", "compose", "f12", "z"]]
GREY = ["home", "up", "insert", "delete", "pagedown"]


def names():
    text = INPUT.read_text(encoding="utf-8")
    return [name for name in re.findall(r'X\(KEY_\w+, \d+, "(\w+)"\)', text)
            if name not in NOT_THERE]


def _chord(vm, keys):
    """Each goes down while those before it are held, then up in the same order. Of Pause the guest
    has made the release already."""
    for name in keys:
        vm.key(name, True)
    for name in keys:
        vm.key(name, False, report=name != "pause")


def test(vm):
    expect_running(vm)
    vm.expect(r"castellan> ")
    every = names()
    assert len(every) >= LEAST, len(every)
    for name in every:
        vm.press(name)
    for keys in CHORDS:
        _chord(vm, keys)
    vm.press("numlock")  # the grey keys then come with a shift around them
    for name in GREY:
        vm.press(name)
    vm.press("numlock")
    expected = collections.Counter([*every, "numlock", *GREY, "numlock"])
    for keys in CHORDS:
        expected.update(keys)
    expected.update(["leftalt", "rightalt"])  # QEMU lifts and presses Alt around SysRq
    for way in ("down", "up"):
        said = collections.Counter(found[1] for found in vm.said(rf"input: key (\S+) {way}\n"))
        assert said == expected, (way, said - expected, expected - said)
    vm.never(r"input: (key unknown|key \S+ repeat|lost)")
    vm.reboot()
