# SPDX-License-Identifier: BSD-2-Clause
"""Images of running drivers are replaced, of one of the archive and of one that was loaded. One that does
its work is confirmed. One that crashes, exits, gives up, hangs or finds no device, in whatever step, or
speaks of what another has, does not stay: the one before it comes back by itself, once, with what it kept.
What is refused changes nothing, and behind all of them nothing is held that was not held before."""
import json
import re

import loading
from guest import DEVICES, RELEASE_DRIVERS, ps
from loading import (AWAIT, COMPARE, CONFIRMED, KILL, LOAD, NOTE, OUTCOME, PROBATION, REPLACE, RETURNED, STATES,
                     STOP, START, UNLOAD, entry, text)
from test_load import errors

LIMIT = 200
COST = 8
QUICK = {"policy": "on-failure", "reset_ms": 300}
# The second instance, which is the first of the other image, acts, and no other.
BAD = ("crash-probe-2-2", "absent-probe-2-2", "spin-probe-2-2", "wait-probe-2-2", "error-probe-2-2",
       "crash-recover-2-2", "crash-init-2-2", "exit-init-2-2", "quit-init-2-2", "spin-init-2-2",
       "late-init-2-2", "again-init-2-2", "crash-run-2-2", "exit-run-2-2", "fail-run-2-2", "spin-run-2-2",
       "wait-run-2-2", "touch-run-2-2")
LIMITS = {"probe": 100, "init": 100, "recover": 100, "quiesce": 100, "stop": 100}
FIELDS = {"restart": {**QUICK, "reset_ms": 1000}, "lifecycle": LIMITS}


def replace(name, image, expected=0, **fields):
    return entry(REPLACE, name, expected, image=image, manifest=text(name, **fields))


def entries(build_dir):
    e = errors()
    images = loading.images(build_dir)
    image = images["actor.elf"]
    good = {"caps": DEVICES, "restart": QUICK}
    running = entry(AWAIT, "guest", argument=STATES["Running"])
    swapped = [replace("guest", image, **good, memory_kib=512),
               entry(OUTCOME, "guest", argument=CONFIRMED),
               replace("guest", image, **good),
               entry(OUTCOME, "guest", argument=PROBATION),
               replace("guest", image, e["DRV_EBUSY"], **good),
               entry(OUTCOME, "guest", argument=CONFIRMED)]
    steps = [entry(LOAD, "guest", image=image, manifest=text("guest", **good)), running, *swapped, entry(NOTE),
             *swapped, entry(COMPARE)]
    for name in BAD:
        steps += [entry(AWAIT, name, argument=STATES["Running"]),
                  replace(name, image, **FIELDS, memory_kib=1024),
                  entry(OUTCOME, name, argument=RETURNED),
                  entry(AWAIT, name, argument=STATES["Running"])]
    steps += [
        entry(COMPARE),
        # A kill and a stop by the operator are no failures.
        replace("guest", image, **good, memory_kib=512),
        entry(OUTCOME, "guest", argument=PROBATION),
        entry(KILL, "guest"),
        entry(OUTCOME, "guest", argument=PROBATION),
        entry(STOP, "guest"),
        entry(AWAIT, "guest", argument=STATES["Stopped"]),
        replace("guest", image, e["DRV_EBUSY"], **good),
        entry(START, "guest"),
        running,
        entry(OUTCOME, "guest", argument=CONFIRMED),
        # What it requires goes, and does not come again: the image before it requires nothing.
        replace("guest", image, **good, requires=["needed"]),
        entry(OUTCOME, "guest", argument=PROBATION),
        entry(STOP, "needed"),
        entry(OUTCOME, "guest", argument=RETURNED),
        running,
        entry(START, "needed"),
        # What is refused.
        replace("nobody", image, e["DRV_ENOENT"], **good),
        replace("guest", image[:100], e["DRV_EFORMAT"], **good),
        replace("guest", image, e["DRV_EFORMAT"], **good, abi=60000),
        entry(REPLACE, "guest", e["DRV_EINVAL"], image=image, manifest=text("other")),
        replace("guest", image, e["DRV_EEXIST"], restart=QUICK, caps={"pio": [{"start": "0x3f8", "end": "0x3ff"}]}),
        replace("guest", image, e["DRV_EEXIST"], **good, provides=["serial"]),
        replace("guest", image, e["DRV_EBUSY"], **good, requires=["nobody"]),
        replace("idle", image, e["DRV_EBUSY"], **good),
        # It may go while it is on probation, and then both images have gone.
        replace("guest", image, **good),
        entry(OUTCOME, "guest", argument=PROBATION),
        entry(STOP, "guest"),
        entry(AWAIT, "guest", argument=STATES["Stopped"]),
        entry(UNLOAD, "guest"),
        entry(UNLOAD, "crash-init-2-2", e["DRV_EINVAL"]),
        entry(LOAD, "guest", image=image, manifest=text("guest", **good)),
        running,
        *swapped,
        entry(COMPARE),
    ]
    return steps


def archive(build_dir, path):
    more = {name: FIELDS for name in BAD}
    more["idle"] = {"image": "actor.elf", "requires": ["nobody"]}
    more["needed"] = {"image": "actor.elf"}
    loading.archive(build_dir, path, entries(build_dir), memory_kib=1024, manifests=more)


def test(vm):
    vm.never("loader: unexpected")
    vm.expect(r"loader: all \d+ done\n")
    assert len(vm.said(r"loader: audit equal\n")) == 3, vm.said(r"loader: (?:audit|word).*")
    rows = ps(vm)
    for name in BAD:
        # The image of the archive is back: its third instance, and no policy was asked.
        assert rows[name][:2] == ("Running", 3), (name, rows[name])
        assert vm.said(rf"drvmgr: {name}: has another image, on probation"), name
        assert vm.said(rf"drvmgr: {name}: failed on probation: the image before it is back"), name
        assert not vm.said(rf"drvmgr: {name}: restart \d+ in"), name
    for name in RELEASE_DRIVERS:
        assert rows[name] == ("Running", 1, 0), (name, rows[name])
    vm.type("why crash-init-2-2\n")
    vm.expect("why: then the image before it came back")
    vm.type("explain crash-init-2-2\n")
    vm.expect("failed on probation")
    vm.type("manifest crash-init-2-2\n")
    vm.expect(r'"memory_kib": ?(\d+)')
    vm.reboot()
