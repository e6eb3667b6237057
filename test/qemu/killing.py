# SPDX-License-Identifier: BSD-2-Clause
"""The manager is killed again and again, at an instruction that chance chooses, while keys are
typed and a driver is killed and starts again. QEMU's gdb server stands where a bug would: it lets
the manager go on at address 0. The seed repeats what is chosen, not when it comes."""
import random
import re
import socket
import subprocess

import elf
from archive import read_archive
from gdbstub import Stub
from guest import assert_equal_audits, audit, expect_running, ps

WAIT = 0.2  # seconds for one of the chosen instructions to come
SOME = (1, 4, 16, 64)  # so many are chosen
CHECKED = 25  # deaths between two looks at everything
LETTERS = "abcdefghijklmnopqrstuvwxyz"
STEADY = ("console", "ps2kbd", "serial")  # nobody kills these
RESTARTED = "screen"


class Killer:
    def __init__(self, vm, seed):
        self.vm, self.chance = vm, random.Random(seed)
        archive = vm.log_dir / "archive.tar"
        image = read_archive(archive)["drvmgr.elf"]
        path = vm.log_dir / "drvmgr.elf"
        path.write_bytes(image)
        code = elf.segments(image)[0]
        self.base = code["vaddr"]
        self.code = image[code["offset"]:code["offset"] + code["filesz"]]
        listing = subprocess.run(["objdump", "-d", str(path)], check=True, text=True,
                                 stdout=subprocess.PIPE).stdout
        self.instructions = [int(found, 16) for found in
                             re.findall(r"^ +([0-9a-f]+):\t", listing, re.M)]
        assert len(self.instructions) > 1000, "the manager has no code"
        self.stub = Stub(vm, vm.log_dir / "gdb")
        self.places = []
        self.deaths = self.killed = 0
        self.dies = False
        self.typed = ""

    def mark(self, places):
        for place in self.places:
            self.stub.ask(f"z0,{place:x},1")
        self.places = places
        for place in places:
            self.stub.ask(f"Z0,{place:x},1")

    def is_manager(self, eip):
        """Programs lie at the same addresses: is it the manager's code that is there?"""
        at = eip - self.base
        if not 0 <= at < len(self.code) - 16:
            return False
        answer = self.stub.ask(f"m{eip & ~15:x},20")
        start = (eip & ~15) - self.base
        return answer == self.code[start:start + 32].hex()

    def disturb(self):
        """Something for the manager to be killed in."""
        choice = self.chance.randrange(4)
        if choice == 0:
            self.vm.type(f"kill {RESTARTED}\n")
            self.killed += 1
        elif choice == 1:
            self.vm.type("ps\n")
        elif choice == 2:
            self.vm.type("kill drvmgr\n")

    def press(self):
        letter = self.chance.choice(LETTERS)
        self.vm.press(letter, report=False)
        self.typed += letter

    def wait(self):
        """Waits for one of the places, or for a while. The address, or None."""
        self.stub.connection.settimeout(WAIT)
        try:
            self.stub._read()
        except socket.timeout:
            self.stub.connection.settimeout(60)
            self.stub.stop()
            return None
        self.stub.connection.settimeout(60)
        return self.stub.registers()["eip"]

    def kill_once(self):
        """A key comes while the manager is being made again, most often, and then its end."""
        if self.chance.randrange(4) and self.dies:
            self.vm.expect(r"nobody served for \d+ us")
        self.dies = False
        places = self.chance.sample(self.instructions, self.chance.choice(SOME))
        self.press()
        self.stub.stop()
        self.mark(places)
        self.disturb()
        self.stub.resume()
        while (eip := self.wait()) is not None:
            if self.is_manager(eip):
                self.stub.set_register("eip", 0)
                self.deaths += 1
                self.dies = True
                break
            self.mark([])
            self.stub.ask("s")
            self.mark(places)
            self.stub.resume()
        self.mark([])
        self.stub.resume()

    def run(self, deaths):
        """Kills the manager at least so many times. The machine runs before and behind."""
        end = self.deaths + deaths
        while self.deaths < end:
            self.kill_once()


def settle(vm, number):
    """Waits until all that was typed before is answered."""
    vm.type(f"\nstart nobody{number}\n")
    vm.expect(rf"start nobody{number}: there is no driver")


def kill(vm, seed, deaths):
    print(f"seed {seed}, {deaths} deaths")
    expect_running(vm)
    vm.keys("x")
    before = audit(vm)
    killer = Killer(vm, seed)
    killer.stub.resume()
    vm.type("kill drvmgr\n")
    for _ in range(0, deaths, CHECKED):
        killer.run(min(CHECKED, deaths))
        settle(vm, killer.deaths)
        vm.poll(lambda: all(row[0] == "Running" for row in ps(vm).values()) or None,
                "all drivers to run")
        rows = ps(vm)
        for name in STEADY:
            assert rows[name] == ("Running", 1, 0), (name, rows)
        assert rows[RESTARTED][1] <= 1 + killer.killed, (killer.killed, rows)
        assert_equal_audits(before, audit(vm))
        vm.expect_screen(killer.typed[-20:])
    killer.stub.stop()
    killer.stub.leave()
    vm.reboot()
