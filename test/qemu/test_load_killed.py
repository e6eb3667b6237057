# SPDX-License-Identifier: BSD-2-Clause
"""The manager is killed at any instruction while a driver is loaded and unloaded again and again: each
time that driver is there or it is not, and in the end nothing is held that was not held before.
test_load_killed_long.py does it more often."""
import loading
from guest import DEVICES, ps
from killing import Killer

LIMIT = 240
COST = 6
SEED = 5
DEATHS = 12
TIMES = 60


class Quiet(Killer):
    """Leaves the operator's verbs to the loader."""

    def disturb(self):
        pass


def make(build_dir, path, times):
    image = loading.images(build_dir)["actor.elf"]
    steps = loading.cycles(image, loading.text("guest", caps=DEVICES), times,
                           [loading.entry(loading.KILL, "drvmgr")])
    loading.archive(build_dir, path, steps, ways=loading.QUIET | loading.STUBBORN, memory_kib=1024)


def kill(vm, deaths, times):
    vm.never(r"loader: (unexpected|audit different|word)")
    vm.expect("drvmgr: guest: is unloaded")
    killer = Quiet(vm, SEED)
    killer.stub.resume()
    killer.run(deaths)
    killer.stub.stop()
    killer.stub.leave()
    vm.expect(rf"loader: all {times} done\n")
    assert vm.said(r"loader: audit equal\n")
    rows = ps(vm)
    assert "guest" not in rows, rows
    assert rows["serial"] == ("Running", 1, 0), rows
    vm.reboot()


def archive(build_dir, path):
    make(build_dir, path, TIMES)


def test(vm):
    kill(vm, DEATHS, TIMES)
