# SPDX-License-Identifier: BSD-2-Clause
"""The manager is killed in the midst of a death report, at an instruction of what takes it. The end goes on
all the same, each end has its report, whole, and nothing is held that was not held before.
test_report_killed_long.py does so at each such instruction."""
import re

from guest import ask, assert_equal_audits, audit, expect_running, make_archive, ps
from killing import FAULT, Killer, settle

LIMIT = 100
COST = 5
SEED = 3
SOME = 24  # instructions that are tried in the suite
AT_ONCE = 6  # so many are written over, until one of them is come to, or an end comes to none
VICTIM = "screen"
DEBUG = "drvmgr.elf.debug"
FILES = ("report/capture.c", "report/store.c", "report/cause.c")
STEADY = ("console", "ps2kbd", "serial")


def archive(build_dir, path):
    path.with_name(DEBUG).write_bytes((build_dir / "bin" / DEBUG).read_bytes())
    make_archive(build_dir, path)


def check(vm):
    """The report of the end before this instance: no word of it is missing, or another one's."""
    why = ask(vm, f"why {VICTIM}")
    assert (why["generation"], why["kind"], why["state"]) == (why["instance"] - 1, "killed", "Running"), why
    assert why["cause"] == "killed by the operator" and why["decided"] == "restart", why
    assert [frame["function"] for frame in why["backtrace"]][-2:] == ["main", "_start"], why


class Slayer(Killer):
    def __init__(self, vm):
        super().__init__(vm, SEED)
        self.stub.resume()
        self.places = self.places_of(vm.log_dir / DEBUG, FILES)
        self.met = set()

    def deaths_at(self):
        """Where it died since the last look."""
        return {int(found[1], 16) - self.base for line in self.died()
                if (found := re.search(r" at eip 0x([0-9a-f]+)", line))}

    def kill_at(self, places):
        """An end of the victim, with these places written over until one is come to; which one."""
        vm, generation, runs = self.vm, ps(self.vm)[VICTIM][1], rf"drvmgr: {VICTIM}: Initialising -> Running"
        self.deaths_at()
        before = len(vm.said(runs))
        self.stub.stop()
        self.write(places, FAULT)
        self.stub.resume()
        vm.command(f"kill {VICTIM}")
        met = set()

        def over():
            met.update(self.deaths_at())
            return met or len(vm.said(runs)) > before or None

        vm.poll(over, f"the manager's death, or {VICTIM} to run again")
        self.stub.stop()
        self.write(places)
        self.stub.resume()
        assert met <= set(places), (met, places)
        self.met |= met
        self.settle(generation)
        return met

    def settle(self, generation):
        """One that was not yet being ended when the manager died is killed now; or once more: it may be
        before it has come to its fault."""
        vm = self.vm
        settle(vm, len(self.met))
        if ps(vm)[VICTIM][:2] == ("Running", generation):
            vm.command(f"kill {VICTIM}")
        vm.poll(lambda: ps(vm)[VICTIM][0] == "Running" and ps(vm)[VICTIM][1] > generation or None,
                f"{VICTIM} to run again")
        check(vm)


def kill(vm, count):
    expect_running(vm, VICTIM, *STEADY)
    vm.command(f"kill {VICTIM}")
    vm.expect(rf"drvmgr: {VICTIM}: Initialising -> Running")
    before, slayer = audit(vm), Slayer(vm)
    places = slayer.chance.sample(slayer.places, min(count, len(slayer.places)))
    while places:
        batch, places = places[:AT_ONCE], places[AT_ONCE:]
        while batch and (met := slayer.kill_at(batch)):
            batch = [place for place in batch if place not in met]
    print(f"{len(slayer.met)} of {len(slayer.places)} instructions")
    slayer.stub.stop()
    slayer.stub.leave()
    rows = ps(vm)
    assert all(rows[name] == ("Running", 1, 0) for name in STEADY), rows
    assert_equal_audits(before, audit(vm))
    vm.reboot()
    return len(slayer.met)


def test(vm):
    assert kill(vm, SOME) >= SOME // 4
