# SPDX-License-Identifier: BSD-2-Clause
"""The manager is killed again and again, at an instruction that chance chooses, while keys are
typed, a client counts its answers and a driver is killed, stopped, held, quiesced, reset and started
again. QEMU's gdb server stands where a bug would: it writes an invalid instruction, or one that jumps
to itself, over some of the manager's code, where that lies in the machine's memory. The next incarnation's code is whole again. The seed repeats what
is chosen, not when it comes."""
import collections
import random
import re
import subprocess
import time

import elf
from archive import read_archive
from gdbstub import Stub, instructions, symbols
from guest import assert_equal_audits, audit, expect_running, make_archive, ps

PAGE = 4096
RAM = 16 << 20
FAULT, LOOP = b"\x0f\x0b", b"\xeb\xfe"  # ud2; jmp to itself
LOOP_EACH = 16  # one of so many deaths is a loop's
AGAIN_EACH = 4  # and one of so many comes while the next incarnation begins
SOME = (1, 4, 16, 64)  # so many instructions are chosen
WAIT = 0.3  # seconds of the host for one of them to come
HANG_MS = 1000  # of the guest until a loop ends: from one look of the root task to the next but one
SLACK_MS = 100
DEATH_MS = 5  # for which a client may miss its server at any other death
FALSE_MOST = 50  # other programs that come by where the manager begins
KEYS = 60  # of the last ones are looked for on the screen; more than come between two looks
CHECKED = 25  # deaths between two looks at everything
DELAY_US = 10000  # the shortest time for which the root task lets a manager that dies often wait
LETTERS = "abcdefghijklmnopqrstuvwxyz"
CLIENTS = ("victim", "asker")  # of test/break/victims
REPORT = r"asker: (\d+) replies, (\d+) failures in (\d+) ms, slowest (\d+) ms"
PERIOD_MS = 3  # from one call of the asker to the next, at the most
STEADY = ("console", "ps2kbd", "serial", *CLIENTS)  # nobody kills these
RESTARTED = "screen"
# What the operator does with it. The next one of these may find it where the last one left it.
VERBS = ("kill", "kill", "stop", "start", "start", "quiesce", "reset", "hold", "release")


def archive(build_dir, path):
    """The release with the client and its server."""
    victims = read_archive(build_dir / "test/victims.tar")
    make_archive(build_dir, path, members={
        file: victims[file] for name in CLIENTS for file in (f"{name}.elf", f"{name}.drv.json")})


def percentile(values, of):
    return sorted(values)[min(len(values) - 1, len(values) * of // 100)]


class Killer:
    def __init__(self, vm, seed):
        self.vm, self.chance = vm, random.Random(seed)
        archive = (vm.log_dir / "archive.tar").read_bytes()
        image = read_archive(vm.log_dir / "archive.tar")["drvmgr.elf"]
        path = vm.log_dir / "drvmgr.elf"
        path.write_bytes(image)
        self.segments = elf.segments(image)
        code = self.segments[0]
        self.base, self.entry = code["vaddr"], elf.entry(image)
        self.code = image[code["offset"]:code["offset"] + code["filesz"]]
        self.pages = self.find_pages(archive)
        begins = [at - self.base for at in instructions(path)]
        # One that is shorter than what is written over it would change the next one, too, to which
        # others may jump: then anything is executed.
        self.instructions = [at for at, end in zip(begins, begins[1:] + [len(self.code)])
                             if end - at >= len(FAULT) and at % PAGE < PAGE - 1]
        assert len(self.instructions) > 1000, "the manager has no code"
        self.stub = Stub(vm, vm.log_dir / "gdb")
        self.idle = symbols(vm.image)["held_back_idle"]
        self.deaths = self.again = self.seen = 0
        self.verbs = collections.Counter()
        self.typed, self.keys = "", 0  # what was typed since the last check; and so many keys before

    def find_pages(self, archive):
        """Where the manager's code lies: the same memory for each incarnation."""
        memory = self.vm.memory(0, RAM)
        archived = memory.find(archive)
        pages = []
        for offset in range(0, len(self.code), PAGE):
            page = self.code[offset:offset + PAGE]
            found = [at for at in range(0, RAM, PAGE) if memory.startswith(page, at)
                     and not archived <= at < archived + len(archive)]
            assert len(found) == 1, "the manager's code is not in memory once"
            pages += found
        return pages

    def places_of(self, debug, files):
        """Instructions of these files, by the debugging information of the manager's program."""
        text = "\n".join(f"{self.base + at:#x}" for at in self.instructions)
        told = subprocess.run(["addr2line", "-e", str(debug)], input=text, check=True, text=True,
                              stdout=subprocess.PIPE).stdout.splitlines()
        return [at for at, line in zip(self.instructions, told, strict=True)
                if re.sub(r":.*", "", line).endswith(tuple(files))]

    def write(self, places, code=None):
        """Over the instructions at these places; without `code`, what belongs there."""
        self.stub.ask("Qqemu.PhyMemMode:1")
        for at in places:
            self.stub.write(self.pages[at // PAGE] + at % PAGE, code or self.code[at:at + 2])
        self.stub.ask("Qqemu.PhyMemMode:0")

    def died(self):
        """Whole lines since the last look that say that it died."""
        lines = self.vm.lines(self.seen)
        self.seen += len(lines)
        return [line for line in lines if "init: drvmgr died: " in line]

    def wait(self):
        """Waits for a death, or for a while. How often it died."""
        until = time.monotonic() + WAIT
        return self.vm.poll(lambda: len(self.died()) or (0 if time.monotonic() > until else None),
                            "the manager's death")

    def stop_idle(self):
        """Stops the machine when nobody runs, however slow the host is: not the manager either, in a
        loop or on its way to one. One that loops stands above everybody, and ends first. To be let
        out of a loop would be no death, and nobody is served until then."""
        self.stub.stop()
        self.stub.run_to(self.idle)

    def go_to_begin(self):
        """Goes on until a new incarnation is at its first instruction. Programs lie at the same
        addresses: it is the one whose code is there. False: others came by too often."""
        for _ in range(FALSE_MOST):
            self.stub.run_to(self.entry)
            at = self.entry & ~15
            code = self.code[at - self.base:at - self.base + 32]
            if self.stub.ask(f"m{at:x},20") == code.hex():
                return True
            self.stub.ask("s")
        return False

    def disturb(self):
        """Something for the manager to be killed in."""
        choice = self.chance.randrange(6)
        if choice < 3:
            self.operate(self.chance.choice(VERBS))
        elif choice == 3:
            self.vm.type("ps\n")
        elif choice == 4:
            self.vm.type("kill drvmgr\n")

    def operate(self, verb):
        self.vm.type(f"{verb} {RESTARTED}\n")
        self.verbs[verb] += 1

    def press(self):
        letter = self.chance.choice(LETTERS)
        self.vm.press(letter, report=False)
        self.typed += letter

    def kill_once(self):
        """A key comes, and then most often its end."""
        loops = not self.chance.randrange(LOOP_EACH)
        again = not self.chance.randrange(AGAIN_EACH)
        places = self.chance.sample(self.instructions,
                                    SOME[-1] if loops else self.chance.choice(SOME))
        self.press()
        self.stub.stop()
        if again:
            self.vm.type("kill drvmgr\n")
            again = self.go_to_begin()
        self.write(places, LOOP if loops else FAULT)
        self.disturb()
        self.stub.resume()
        died = self.wait()
        if loops:
            self.stop_idle()
            died += len(self.died())
        else:
            self.stub.stop()
        self.deaths += died
        self.again += again and died > 1
        self.write(places)
        self.stub.resume()

    def run(self, deaths):
        """Kills the manager at least so many times. The machine runs before and behind."""
        end = self.deaths + deaths
        while self.deaths < end:
            self.kill_once()

    def lives(self):
        """So many instances of RESTARTED there can be: a kill begins one, and so does a start."""
        return 1 + self.verbs["kill"] + self.verbs["start"]

    def met(self):
        """{state: how often RESTARTED was in it when the manager died}, by what the log says before."""
        state, met = "Running", collections.Counter()
        for line in self.vm.lines(0):
            found = re.search(rf"drvmgr: {RESTARTED}: \w+ -> (\w+) \(", line)
            state = found[1] if found else state
            met[state] += "init: drvmgr died: " in line
        return met

    def hangs(self):
        return len(self.vm.said(r"init: drvmgr died: hung"))

    def report(self):
        """What was seen, for whoever reads the log of the test."""
        said = self.vm.said
        at = {found[1] for found in said(r"init: drvmgr died: .* at (?:eip )?(0x[0-9a-f]+)")}
        us = [int(found[1]) for found in said(r"nobody served for (\d+) us")]
        at_once = [value for value in us if value < DELAY_US]
        hangs = self.hangs()
        print(f"{self.deaths} deaths, {hangs} of them by a loop, {self.again} of them while the next "
              f"one began, at {len(at)} instructions; {self.keys} keys")
        print(f"{RESTARTED}: {', '.join(f'{n} times {verb}' for verb, n in sorted(self.verbs.items()))}; "
              f"where it was: {', '.join(f'{n} {state}' for state, n in self.met().items() if n)}")
        print(f"nobody served for {percentile(at_once, 50)} us (median), {percentile(at_once, 99)} "
              f"(p99), {max(at_once)} (most); {len(us) - len(at_once)} times the root task waited")


def settle(vm, number):
    """Waits until all that was typed before is answered."""
    vm.type(f"\nstart nobody{number}\n")
    vm.expect(rf"start nobody{number}: there is no driver")


def check(killer, before):
    """Everything is as it was: no driver died of it, no key is lost, and no byte."""
    vm = killer.vm
    for verb in ("release", "start"):
        killer.operate(verb)
    settle(vm, killer.deaths)
    vm.poll(lambda: all(row[0] == "Running" for row in ps(vm).values()) or None,
            "all drivers to run")
    rows = ps(vm)
    for name in STEADY:
        assert rows[name] == ("Running", 1, 0), (name, rows)
    assert rows[RESTARTED][1] <= killer.lives(), (killer.verbs, rows)
    assert rows[RESTARTED][2] <= killer.verbs["kill"], (killer.verbs, rows)
    assert not vm.said(rf"drvmgr: {RESTARTED}: .*(failed in|exited|gave up)"), "it ended by itself"
    assert_equal_audits(before, audit(vm))
    keys = killer.typed[-KEYS:]
    vm.poll(lambda: keys in "".join(vm.screen()) or None, f"{keys!r} on the screen")
    vm.key("leftctrl", True, False)  # a line has room for two such pieces
    vm.press("u", report=False)
    vm.key("leftctrl", False, False)
    vm.poll(lambda: keys not in "".join(vm.screen()) or None, "the line to be empty")
    killer.keys += len(killer.typed)
    killer.typed = ""


def check_served(vm, hangs):
    """No call of the client failed whatever the manager did; for how many ms nobody was served. A
    manager that loops stands above everybody, and a call that is under way for all of that time may
    reach its limit, which is as long."""
    for _ in range(2):  # what was missed is in them
        vm.expect(REPORT)
    # What was on its way to the line when the manager died is there twice.
    seen = {tuple(int(word) for word in found.groups()) for found in vm.said(REPORT)}
    failures = sum(failed for _, failed, _, _ in seen)
    missed = sum(ms - replies * PERIOD_MS for replies, _, ms, _ in seen)
    print(f"{sum(replies for replies, _, _, _ in seen)} replies, {failures} failures, the slowest "
          f"took {max(slow for _, _, _, slow in seen)} ms; nobody was served for {missed} ms")
    assert failures <= hangs
    return missed


def kill(vm, seed, deaths, states=frozenset()):
    """`states` are those in which RESTARTED is to be when the manager dies, each at least once."""
    print(f"seed {seed}, {deaths} deaths")
    expect_running(vm, "console", RESTARTED, *CLIENTS)
    vm.keys("x")
    before = audit(vm)
    killer = Killer(vm, seed)
    killer.stub.resume()
    while killer.deaths < deaths:
        killer.run(min(CHECKED, deaths))
        check(killer, before)
    killer.report()
    assert states <= {state for state, count in killer.met().items() if count}, killer.met()
    hangs = killer.hangs()
    missed = check_served(vm, hangs)
    assert missed <= hangs * (HANG_MS + SLACK_MS) + killer.deaths * DEATH_MS, missed
    killer.stub.stop()
    killer.stub.leave()
    vm.reboot()
