# SPDX-License-Identifier: BSD-2-Clause
"""The manager is killed in the midst of a replacement, at an instruction of what replaces: of a good image, of
one that fails and goes, and of the return. Each time the old image is in force or the new one, with its
manifest, and what is to come of it comes. In the end nothing is held that was not held before.
test_replace_killed_long.py does so at each such instruction."""
import random
import re

import elf
import loading
from guest import DEVICES, ask, expect_running, ps
from killing import FAULT, Killer
from loading import (AGAIN, AWAIT, COMPARE, CONFIRMED, KILL, LOAD, NOTE, OUTCOME, REPLACE, RETURNED, START, STATES,
                     entry)
from replacing import CRASH, SIGN, Images

LIMIT = 240
COST = 5
SEED = 6
SOME = 24  # instructions that are tried in the suite
AT_ONCE = 8  # so many are written over, until one of them is come to, …
CYCLES = 1  # … or they are not come to in so many whole cycles
TIMES = 100000
DEBUG = "drvmgr.elf.debug"
# Whose instructions, by their files.
FILES = ("load/replace.c", "load/push.c", "load/files.c", "load/rules.c", "doors/upload.c", "supervisor/swap.c",
         "core/swap.c", "hands/depot.c", "hands/shared.c", "claims/arena.c", "claims/registry.c", "kept/kept.c",
         "kept/ledger.c", "kept/ledger_store.c")
FIRST = 13  # the first entry of a cycle, and which image runs behind which entry
RUNS_BEHIND = {FIRST + 2: "RUNS", FIRST + 5: "RUNS", FIRST + 8: "runs"}
QUICK = {"policy": "on-failure", "reset_ms": 100}
SAYS, SAYS_TOO = b"runs, instance", b"RUNS, instance"


def images(build_dir, where):
    """{what it is: (image, its memory_kib)}."""
    first = loading.images(build_dir)["actor.elf"]
    assert first.count(SAYS) == 1
    bad = Images(build_dir, where, "serial", first)
    return {"first": (first, 256), "second": (first.replace(SAYS, SAYS_TOO), 512),
            "bad": (elf.write_code(first, bad.program.address("actor_run"), CRASH), 1024)}


def archive(build_dir, path):
    path.with_name(DEBUG).write_bytes((build_dir / "bin" / DEBUG).read_bytes())
    known = images(build_dir, path.parent)
    running = entry(AWAIT, "guest", argument=STATES["Running"])

    def order(what, which):
        image, memory_kib = known[which]
        return entry(what, "guest", image=image,
                     manifest=loading.text("guest", caps=DEVICES, restart=QUICK, memory_kib=memory_kib))

    cycle = [order(REPLACE, "second"), entry(OUTCOME, "guest", argument=CONFIRMED), running,
             order(REPLACE, "bad"), entry(OUTCOME, "guest", argument=RETURNED), running,
             order(REPLACE, "first"), entry(OUTCOME, "guest", argument=CONFIRMED), running]
    anew = entry(KILL, "drvmgr")
    steps = [order(LOAD, "first"), running, *cycle, anew, entry(NOTE)]
    assert len(steps) == FIRST
    steps += [*cycle, entry(AGAIN, SIGN, argument=FIRST, times=TIMES), entry(START, SIGN),
              entry(AWAIT, SIGN, argument=STATES["Running"]), anew, entry(COMPARE)]
    loading.archive(build_dir, path, steps, ways=loading.STUBBORN, memory_kib=1024)


class Slayer(Killer):
    """Kills at chosen instructions, and leaves the operator's verbs to the loader."""

    def __init__(self, vm, seed):
        super().__init__(vm, seed)
        self.stub.resume()
        self.cycles, self.died_at = 0, []
        self.places = self.places_of(vm.log_dir / DEBUG, FILES)

    def look(self):
        """Counts what was said since the last look."""
        lines = self.vm.lines(self.seen)
        self.seen += len(lines)
        self.cycles += sum("drvmgr: guest: failed on probation: the image before it is back" in line for line in lines)
        self.died_at += [int(found[1], 16) - self.base for line in lines
                         if (found := re.search(r"init: drvmgr died: .* at eip 0x([0-9a-f]+)", line))]

    def kill_at(self, places):
        """Those of these places at which it died: none if it comes to none of them."""
        self.look()
        died, end = len(self.died_at), self.cycles + CYCLES
        self.stub.stop()
        self.write(places, FAULT)
        self.stub.resume()

        def over():
            self.look()
            return len(self.died_at) > died or self.cycles > end or None

        self.vm.poll(over, "the manager's death")
        self.stub.stop()
        self.write(places)
        self.stub.resume()
        self.look()
        at = set(self.died_at[died:])
        assert at <= set(places), (at, places)
        return at


def kill(vm, count):
    vm.never(r"loader: (unexpected|audit different|word)")
    expect_running(vm, "serial", "console", "loader")
    vm.expect("drvmgr: guest: is confirmed")
    slayer = Slayer(vm, SEED)
    places = slayer.chance.sample(slayer.places, min(count, len(slayer.places)))
    met = set()
    while places:
        batch, places = places[:AT_ONCE], places[AT_ONCE:]
        while batch:
            at = slayer.kill_at(batch)
            if not at:
                break
            met |= at
            batch = [place for place in batch if place not in at]
    print(f"{len(slayer.died_at)} deaths at {len(met)} of {len(slayer.places)} instructions, "
          f"{slayer.cycles} times three replacements")
    slayer.stub.stop()
    slayer.stub.leave()
    return len(met)


def check(vm):
    """What ran was what was in force, and nothing is held that was not held before."""
    vm.type(f"stop {SIGN}\n")
    vm.expect(r"loader: all \d+ done\n")
    assert vm.said(r"loader: audit equal\n")
    runs = ""
    for line in vm.lines(0):
        found = re.search(r"guest: (runs|RUNS), instance|loader: (\d+) guest: DRV_OK", line)
        if found and found[1]:
            runs = found[1]
        elif found and int(found[2]) in RUNS_BEHIND:
            assert runs == RUNS_BEHIND[int(found[2])], (runs, line)
    assert ask(vm, "manifest guest")["memory_kib"] == 256
    rows = ps(vm)
    assert rows["guest"][0] == rows[SIGN][0] == "Running", rows
    assert all(rows[name] == ("Running", 1, 0) for name in ("serial", "console", "ps2kbd", "loader")), rows


def test(vm):
    assert kill(vm, SOME) >= SOME // 4
    check(vm)
    vm.reboot()
