# SPDX-License-Identifier: BSD-2-Clause
"""Endless loops that are planted in one room of the manager after the other, while a driver of the
tests serves a client that counts its answers. The root task finds that the manager runs on without
serving, ends it and makes it again."""
import re
import subprocess

import killing
from guest import expect_running, ps
from killing import CLIENTS, HANG_MS, LOOP, RESTARTED, SLACK_MS, Killer

ROOMS = ("core", "doors", "hands")
DEBUG = "drvmgr.elf.debug"
SOME = 64  # so many instructions of the room are chosen at once,
TRIES = 20  # and so often, until one of them comes


def archive(build_dir, path):
    """The same; and, beside it, what says which code is whose."""
    killing.archive(build_dir, path)
    path.with_name(DEBUG).write_bytes((build_dir / "bin" / DEBUG).read_bytes())


class Looper(Killer):
    def __init__(self, vm, seed):
        super().__init__(vm, seed)
        self.rooms = {room: [] for room in ROOMS}
        addresses = "\n".join(f"{self.base + at:#x}" for at in self.instructions)
        told = subprocess.run(["addr2line", "-e", str(vm.log_dir / DEBUG)], input=addresses,
                              check=True, text=True, stdout=subprocess.PIPE).stdout
        for at, line in zip(self.instructions, told.splitlines(), strict=True):
            found = re.search(r"servers/drvmgr/(\w+)/", line)
            if found and found[1] in self.rooms:
                self.rooms[found[1]].append(at)

    def try_loop(self, places):
        """The lines that tell a death, if one of these places was come to."""
        self.stub.stop()
        self.write(places, LOOP)
        self.operate("kill")  # which takes all rooms
        self.stub.resume()
        lines = self.vm.poll(self.loop_ends(), "the end of a loop")
        self.stop_idle()
        self.write(places)
        self.stub.resume()
        killing.settle(self.vm, self.lives())  # what was said before is on the line
        lines += self.died()
        return lines

    def loop_ends(self):
        """For poll(): the lines of a death, or [] where the kill was performed without one."""
        done = rf"drvmgr: {RESTARTED}: Initialising -> Running"
        before = len(self.vm.said(done))

        def look():
            died = self.died()
            return died or ([] if len(self.vm.said(done)) > before else None)

        return look

    def loop_in(self, room):
        """The manager dies once of a loop in that room."""
        for _ in range(TRIES):
            places = self.chance.sample(self.rooms[room], min(SOME, len(self.rooms[room])))
            lines = self.try_loop(places)
            if lines:
                at = re.search(r"hung: .* ms, at eip (0x[0-9a-f]+)", lines[0])
                assert at and int(at[1], 16) - self.base in places, (room, lines)
                self.deaths += 1
                return
        raise AssertionError(f"nothing of {room} was come to")


def check(looper):
    """All go on as they were."""
    vm = looper.vm
    vm.poll(lambda: len(vm.said(r"drvmgr: \d+ drivers are as they were")) >= looper.deaths or None,
            "its drivers to be found as they were")
    vm.poll(lambda: all(row[0] == "Running" for row in ps(vm).values()) or None, "all to run")
    rows = ps(vm)
    assert rows[RESTARTED][1] <= looper.lives(), rows
    assert all(row == ("Running", 1, 0) for name, row in rows.items() if name != RESTARTED), rows


def loop(vm, seed, rounds):
    print(f"seed {seed}, {rounds} loops in each of {', '.join(ROOMS)}")
    expect_running(vm, "console", RESTARTED, *CLIENTS)
    looper = Looper(vm, seed)
    looper.stub.resume()
    for _ in range(rounds):
        for room in ROOMS:
            looper.loop_in(room)
            check(looper)
    assert 0 < killing.check_served(vm, looper.deaths) <= looper.deaths * (HANG_MS + SLACK_MS)
    looper.stub.stop()
    looper.stub.leave()
    vm.reboot()
