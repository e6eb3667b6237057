# SPDX-License-Identifier: BSD-2-Clause
"""What the prompt comes through, and the console itself, are replaced again and again while a command is typed
on the serial line: by good images, by some that never go when they are to give way, and by some that crash or
hang with the first byte that comes. The command is what was typed, and is done once."""
import itertools

import loading
from guest import expect_running, ps
from replacing import BEGIN, CRASH, HANG, SIGN, Images

LIMIT = 100
COST = 8
VARIANTS = {"serial": {}, "console-crashes": {}, "console-hangs": {}}
LETTERS = "abcdefghijklmnopqrstuvwxyz"
LONGEST = 100  # a line has room for a few more
SAID = {"serial": ("failed in Running, .*: invalid instruction", "failed in Running, .*: spins",
                   "Quiescing took longer than its limit"),
        "console-crashes": ("failed in Running, .*: invalid instruction",),
        "console-hangs": ("failed in Running, .*: spins",)}


def archive(build_dir, path, variant):
    of = Images(build_dir, path.parent, variant.split("-")[0])
    steps = {"serial": lambda: [of.good(), of.bad("serial_irq", CRASH), of.late("serial_quiesce", HANG), of.good(),
                                of.bad("serial_irq", HANG)],
             "console-crashes": lambda: [of.good(), of.bad("console_signal", CRASH), of.good()],
             "console-hangs": lambda: [of.good(), of.bad("console_signal", HANG), of.good()]}[variant]()
    loading.archive(build_dir, path, sum(steps, BEGIN), memory_kib=1024)


def type_meanwhile(vm):
    """A letter whenever somebody said something, until the loader is at its end. What was typed."""
    typed, letters, seen = "", itertools.cycle(LETTERS), 0
    vm.command(f"stop {SIGN}")
    vm.expect(f"{SIGN}: Stopping -> Stopped")

    def look():
        nonlocal typed, seen
        seen, before = len(vm.lines(0)), seen
        if seen > before and len(typed) < LONGEST:
            letter = next(letters)
            vm.type(letter)
            typed += letter
        return vm.said(r"loader: all \d+ done\n") or None

    vm.poll(look, "the loader")
    return typed


def test(vm):
    vm.never("loader: unexpected")
    expect_running(vm)
    typed = type_meanwhile(vm)
    vm.type("\n")
    vm.expect(f"^{typed}: no such command")
    assert len(vm.said(r"^\w+: no such command")) == 1
    print(f"{len(typed)} letters")
    assert len(typed) >= 5, typed
    name = vm.variant.split("-")[0]
    for line in SAID[vm.variant]:
        assert vm.said(f"drvmgr: {name}: {line}"), line
    rows = ps(vm)
    assert rows[name][0] == "Running" and rows["ps2kbd"] == ("Running", 1, 0), rows
    vm.reboot()
