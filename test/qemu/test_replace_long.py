# SPDX-License-Identifier: BSD-2-Clause
"""A thousand replacements, there and back, of a driver that was loaded and of one of the archive: nothing is
held behind them that was not held before."""
import json

import loading
from archive import read_archive
from guest import DEVICES, ps
from loading import AGAIN, AWAIT, COMPARE, CONFIRMED, LOAD, NOTE, OUTCOME, REPLACE, STATES, entry

LABEL = "long"
LIMIT = 1800
TIMES = 250  # four each time
BEFORE = 2  # times: from the second one on all of it lies where it lay two replacements before
QUICK = {"policy": "on-failure", "reset_ms": 100}


def archive(build_dir, path):
    content = read_archive(build_dir / "boot.tar")
    screen = {**json.loads(content["screen.drv.json"]), "restart": QUICK}
    actor = loading.images(build_dir)["actor.elf"]

    def replace(name, image, fields, **more):
        return [entry(REPLACE, name, image=image, manifest=json.dumps({**fields, "name": name, **more}).encode()),
                entry(OUTCOME, name, argument=CONFIRMED)]

    def both(**more):
        return [*replace("guest", actor, {"abi": 1, "caps": DEVICES | {"mmio": []}, "restart": QUICK}, **more),
                *replace("screen", content["screen.elf"], screen, **more)]

    cycle = [*both(memory_kib=512), *both(memory_kib=256)]
    steps = [entry(LOAD, "guest", image=actor, manifest=loading.text("guest", caps=DEVICES | {"mmio": []})),
             entry(AWAIT, "guest", argument=STATES["Running"]), *(BEFORE * cycle), entry(NOTE)]
    steps += [*cycle, entry(AGAIN, argument=len(steps), times=TIMES - 1), entry(COMPARE)]
    loading.archive(build_dir, path, steps, ways=loading.QUIET, memory_kib=1024)


def test(vm):
    vm.never(r"loader: (unexpected|audit different|word)")
    vm.expect(rf"loader: all {TIMES} done\n")
    assert vm.said(r"loader: audit equal\n")
    rows = ps(vm)
    assert rows["guest"][:2] == rows["screen"][:2] == ("Running", 1 + 2 * (BEFORE + TIMES)), rows
    vm.reboot()
