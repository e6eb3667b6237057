# SPDX-License-Identifier: BSD-2-Clause
"""A driver runs for nearly all of its budget and fails, again and again, and each time the manager is
killed before it has started it again: what one life has used counts in the next, though another
incarnation of the manager begins that. Nobody else pays."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "break"))

import arena  # noqa: E402
import cases  # noqa: E402
from archive import read_archive  # noqa: E402
from guest import TEST_DRIVERS, ask, manifest, ps  # noqa: E402

QEMU = arena.QEMU
LIMIT = 60
DEATHS = 5
AMPLE = {"budget_us": 99000, "period_us": 100000}
# test/break/corpus/bursts.c runs for 34 ms of its 35 in 100, so that two lives take that long.
PERIOD_MS, DELAY_MS = 100, 20
RESTART = {"policy": "on-failure", "base_ms": DELAY_MS, "factor_pct": 100, "max_ms": DELAY_MS, "burst": 100,
           "window_ms": 5000}
STEADY = ("console", "ps2kbd", "serial", "screen", *arena.BYSTANDERS)


def archive(build_dir, path):
    hostile = cases.hostile(build_dir, {"bursts": ("bursts", {"restart": RESTART}, None)})
    hostile["hog"] = (manifest("hog", "hog.elf", priority=5, cpu=AMPLE), "hog.elf",
                      read_archive(build_dir / TEST_DRIVERS)["hog.elf"])
    arena.make_archive(build_dir, path, hostile)


def lives(vm):
    """How many milliseconds each life of `bursts` took."""
    took, began = [], None
    for line in ask(vm, "log bursts"):
        if line["text"].startswith("Initialising -> Running"):
            began = line["time"]
        elif line["text"].startswith("failed in Running") and began is not None:
            took.append(line["time"] - began)
    return took


def test(vm):
    vm.expect(r"asker: \d+ replies")
    for _ in range(DEATHS):
        vm.expect(r"drvmgr: bursts: failed in Running")
        vm.type("kill drvmgr\n")
        vm.expect(r"drivers are as they were")
        vm.expect(r"drvmgr: bursts: Initialising -> Running")
    vm.expect(r"drvmgr: bursts: failed in Running")
    took = lives(vm)
    print(took)
    assert all(a + DELAY_MS + b >= PERIOD_MS for a, b in zip(took, took[1:])), took
    assert len(vm.said("init: drvmgr died: ")) == DEATHS
    rows = ps(vm)
    assert all(rows[name] == ("Running", 1, 0) for name in STEADY), rows
    vm.quit()
