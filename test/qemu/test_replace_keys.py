# SPDX-License-Identifier: BSD-2-Clause
"""The keyboard's driver is replaced again and again while somebody types without a pause: by itself, by
images that never go when they are to give way, and by some that crash or hang when they begin, or with the
first key that comes. What comes is what was typed, exactly once and in order. Where what is kept has another
version or size the next image begins afresh: what is lost then is told, and only that."""
import random
import re

import loading
from guest import expect_running, ps
from replacing import BEGIN, CRASH, HANG, SIGN, Images
from typist import FIRST, Typist

APPEND = "trace=input"
LIMIT = 100
COST = 4
VARIANTS = {"stays": {}, "fails": {}, "keeps-otherwise": {}}
SEED = 20261201
DRIVER = "ps2kbd"
AFRESH = (4, 5)  # images find what another one kept otherwise; two of them follow each other before any key
KEY_MS = 40  # the keyboard has room for five keys while nobody reads it
# What is said of those that do not go, and of those that fail.
SAID = {"stays": ("Quiescing took longer than its limit", "Stopping took longer than its limit"),
        "keeps-otherwise": ("failed in Running, .*: invalid instruction",),
        "fails": ("failed in Running, .*: invalid instruction", "Initialising took longer than its limit",
                  "failed in Running, .*: spins", "failed in Probing, .*: invalid instruction")}


def archive(build_dir, path, variant):
    of = Images(build_dir, path.parent, DRIVER)
    if variant == "keeps-otherwise":
        version, size = (Images(build_dir, path.parent, DRIVER, loading.images(build_dir)[f"{DRIVER}-{other}.elf"])
                         for other in ("version", "size"))
        steps = [of.good(), version.good(), version.good(), size.good(), of.good(), version.bad("ps2kbd_irq", CRASH),
                 of.good()]
    elif variant == "stays":
        steps = [of.good(), of.late("ps2kbd_quiesce", HANG), of.good(), of.late("ps2kbd_stop", HANG), of.good()]
    else:
        steps = [of.bad("ps2kbd_irq", CRASH), of.good(), of.bad("ps2kbd_init", HANG), of.good(),
                 of.bad("ps2kbd_irq", HANG), of.good(), of.bad("ps2kbd_probe", CRASH), of.good()]
    loading.archive(build_dir, path, sum(steps, BEGIN), memory_kib=1024)


def type_meanwhile(vm, typist):
    """Until the loader is at its end. How many keys had come at the end of each replacement."""
    typist.tap(KEY_MS)
    vm.expect(f"input: key {FIRST} up")
    vm.command(f"stop {SIGN}")

    def look():
        typist.tap(KEY_MS)
        return vm.said(r"loader: all \d+ done\n") or None

    vm.poll(look, "the loader")
    came, at = 0, []
    for line in vm.lines(0):
        came += bool(re.search(r"input: key \S+ down\n", line))
        if re.search(rf"drvmgr: {DRIVER}: (is confirmed|failed on probation)", line):
            at.append(came)
    return at


def test(vm):
    afresh = vm.variant == "keeps-otherwise"
    vm.never("loader: unexpected" if afresh else "loader: unexpected|input: lost")
    expect_running(vm)
    typist = Typist(vm, random.Random(SEED))
    at = type_meanwhile(vm, typist)
    gaps = typist.finish()
    assert len(gaps) in (AFRESH if afresh else (0,)), gaps
    print(f"{typist.strokes} keystrokes; so many had come at the end of each replacement: {at}")
    assert all(earlier < later for earlier, later in zip(at, at[1:])), "nobody typed meanwhile"
    for line in SAID[vm.variant]:
        assert vm.said(f"drvmgr: {DRIVER}: {line}"), line
    rows = ps(vm)
    assert rows[DRIVER][0] == "Running" and rows["console"] == ("Running", 1, 0), rows
    vm.reboot()
