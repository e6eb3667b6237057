# SPDX-License-Identifier: BSD-2-Clause
"""The debugger's tools on the release's own files: a crash that is recorded replays to the same
instruction; every block of docs/debugging.md runs; and what is no recording, no system and no capDL is
refused.

    test_debug.py BUILD_DIR"""
import json
import os
import pathlib
import random
import re
import select
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT / "test/qemu")]

import capdl  # noqa: E402
import debug  # noqa: E402
import model  # noqa: E402
from guest import make_archive  # noqa: E402

BUILD = pathlib.Path(sys.argv.pop()).resolve() if len(sys.argv) > 1 else ROOT / "build/release"
DEBUG = [sys.executable, str(HERE / "debug.py")]
LIMIT = 200
PAGE = ROOT / "docs/debugging.md"
SICK = {"sick-null": {"image": "sick.elf", "restart": "never", "priority": 4}}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FAULT = re.compile(rb"sick-null: failed in \w+, generation 1: page fault at eip (0x\w+), a write to address "
                   rb"(0x\w+), code (0x\w+), esp (0x\w+)")
HAS_GDB = shutil.which("gdb") and shutil.which("qemu-system-i386")


def run(*words, cwd=None, typed=""):
    return subprocess.run([*DEBUG, *map(str, words)], capture_output=True, text=True, check=False, cwd=cwd,
                          timeout=LIMIT, input=typed)


class Recorded:
    """A run in which sick-null dies and the operator kills screen, and which `reboot` ends."""

    def __init__(self):
        self.holder = tempfile.TemporaryDirectory(prefix="castellan-debug-")
        self.folder = pathlib.Path(self.holder.name).resolve()
        self.build = self.folder / "build"
        self.build.mkdir()
        for name in ("castellan.elf", "castellan.elf.debug", "bin"):
            (self.build / name).symlink_to(BUILD / name)
        make_archive(BUILD, self.build / "boot.tar", SICK)
        self.file, self.said = self.folder / "run.rec", b""
        self.process = subprocess.Popen([*DEBUG, "record", "--build", str(self.build), str(self.file)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        self.until(b"sick-null: Recovering -> Quarantined", b"castellan> ")
        self.type(b"kill screen\n")
        self.until(b"screen: Initialising -> Running")
        self.type(b"reboot\n")
        self.process.wait(LIMIT)
        self.said += self.process.stdout.read()
        self.process.stdin.close()
        self.process.stdout.close()

    def type(self, text):
        for letter in text:  # the next when the one before has come back
            self.process.stdin.write(bytes([letter]))
            self.process.stdin.flush()
            self.until(b"\n" if letter == 10 else bytes([letter]))

    def until(self, *words):
        """Reads on until all the words have come, one behind the other."""
        deadline, at = time.monotonic() + LIMIT, len(self.said)
        for word in words:
            while word not in self.said[at:]:
                ready, _, _ = select.select([self.process.stdout], [], [], max(deadline - time.monotonic(), 0))
                data = os.read(self.process.stdout.fileno(), 65536) if ready else b""
                if not data:
                    raise AssertionError(f"no {word!r} behind {self.said[-500:]!r}")
                self.said += data
            at = self.said.index(word, at) + len(word)


@unittest.skipUnless(HAS_GDB, "gdb or QEMU is not installed")
class Replay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.recorded = Recorded()

    @classmethod
    def tearDownClass(cls):
        cls.recorded.holder.cleanup()

    def replay(self, *words, build=None):
        return run("replay", "--build", build or self.recorded.build, self.recorded.file, *words,
                   cwd=self.recorded.folder)

    def test_a_replay_says_what_the_recorded_run_said(self):
        result = subprocess.run([*DEBUG, "replay", "--build", str(self.recorded.build),
                                 str(self.recorded.file)], capture_output=True, check=False, timeout=LIMIT)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout, self.recorded.said)

    def test_a_recorded_crash_replays_to_the_same_instruction(self):
        registers = FAULT.search(self.recorded.said)
        self.assertTrue(registers, self.recorded.said)
        wanted = [int(word, 16) for word in registers.groups()]
        ends = []
        for _ in range(2):
            result = self.replay("--do", "castellan death sick-null", "--do", "monitor info replay")
            said = result.stdout + result.stderr
            told = re.search(r"sick-null ends: page, eip (0x\w+), address (0x\w+), code (0x\w+), "
                             r"esp (0x\w+)\n#0  (?:0x\w+ in )?die_null", said)
            count = re.search(r"instruction count = (\d+)", said)
            self.assertTrue(told and count, said)
            ends.append((*(int(word, 16) for word in told.groups()), int(count.group(1))))
        self.assertEqual(list(ends[0][:4]), wanted)
        self.assertEqual(ends[0], ends[1])

    def test_the_end_of_a_recording_is_told_in_words(self):
        said = self.replay("--do", "castellan death ps2kbd").stdout
        self.assertIn("the machine has ended", said)

    def test_whom_the_operator_kills_was_where_it_was(self):
        said = self.replay("--do", "castellan death screen").stdout
        self.assertRegex(said, r"screen is killed by the manager; .*: eip 0x4\w+, esp 0xbfff\w+\n#0 ")
        self.assertRegex(said, r"\bmain \(\) at .*drivers/vga/main\.c:\d+")
        self.assertNotIn("screen ends: page", said)

    def test_a_name_that_nobody_has_is_told_at_once(self):
        for does in ("death sick-nul", "break sick-nul main"):
            result = self.replay("--do", f"castellan {does}")
            self.assertIn("no process is called sick-nul; did you mean sick-null? there are: init drvmgr",
                          result.stderr)
        result = run("debug", "--build", self.recorded.build, "serail")
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("did you mean serial?", result.stderr)
        result = run("debug", "--build", self.recorded.folder, "serial")
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertIn("boot.tar cannot be read", result.stderr)

    def test_what_cannot_be_done_is_told_without_python(self):
        for does, why in (("break screen nofunc", "screen has no nofunc"), ("graph /no/such/file", "No such file")):
            result = self.replay("--do", "break take_thread_write", "--do", "continue", "--do", f"castellan {does}")
            self.assertIn(why, result.stderr)
            self.assertNotIn("Python", result.stderr)

    def test_a_recording_of_another_image_is_refused(self):
        result = self.replay(build=BUILD)
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"was recorded with another image .*: with that of \d+\.\d+\S* \(.+\), "
                                        "and this tree is ")

    def test_what_is_no_recording_is_refused(self):
        broken = self.recorded.folder / "broken"
        result = run("replay", broken)
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        for text in ("", "{", "[]", "{\"files\": 1}", json.dumps({"files": {}, "qemu": 3})):
            pathlib.Path(f"{broken}.json").write_text(text, encoding="utf-8")
            result = run("replay", "--build", self.recorded.build, broken)
            self.assertEqual(result.returncode, 1, (text, result.stderr))
            self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)

    def test_a_machine_that_runs_keeps_its_line(self):
        path = str(self.recorded.folder / "line.sock")
        self.assertFalse(debug.is_taken(path), "nobody was ever there")
        with socket.socket(socket.AF_UNIX) as machine:
            machine.bind(path)
            machine.listen()
            self.assertTrue(debug.is_taken(path))
        self.assertFalse(debug.is_taken(path), "it has ended")

    def test_a_place_that_cannot_be_written_is_told_before_anything_boots(self):
        result = run("record", self.recorded.folder / "no/such/run")
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertIn("cannot write", result.stderr)

    def test_every_block_of_the_page_runs(self):
        """All that is for gdb is typed at one machine that has booted; then the shell's lines in their
        order, in one folder. Nothing that they say is an error."""
        blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
        typed = [line for kind, text in blocks if kind == "gdb" for line in text.splitlines()]
        shell = [line for kind, text in blocks if kind == "sh" for line in text.splitlines()]
        self.assertEqual({kind for kind, _ in blocks}, {"gdb", "sh"})
        self.assertTrue(len(typed) > 10 and len(shell) > 5, (typed, shell))
        commands = [word for line in typed for word in ("--do", line)]
        self.expect_good(run("debug", "console", "--build", self.recorded.build, *commands,
                             cwd=self.recorded.folder), typed)
        for line in shell:
            # The recording is there; what is for a machine that runs, test/qemu/test_timeline.py and
            # test/qemu/test_calls.py do.
            if not re.search(r"castellan (record|drvctl|timeline|run)|timeline/read", line):
                self.run_line(line, self.recorded.folder)

    def expect_good(self, result, what):
        said = result.stdout + result.stderr
        self.assertEqual(result.returncode, 0, (what, said))
        self.assertNotRegex(said, r"(?i)\berror\b|undefined|no symbol|no process|exception", what)

    def run_line(self, line, folder):
        words = shlex.split(line)
        if words[0] == "./castellan":
            words[:2] = [*DEBUG, words[1], "--build", str(self.recorded.build)]
        elif words[0] == "python3":
            words[:2] = [sys.executable, str(ROOT / words[1])]
        elif not shutil.which(words[0]):
            return
        self.expect_good(subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False,
                                        timeout=LIMIT, input=""), line)


class Capdl(unittest.TestCase):
    GOOD = ("arch ia32\nobjects {\n a = cnode (6 bits)\n e = ep\n t = tcb\n} caps {\n a {\n 0x2: e (RW, badge: "
            "0x1)\n 0x3: e (R)\n }\n t {\n cspace: a\n }\n} cdt {\n (a, 0x2) { (a, 0x3) }\n}\n")

    def test_what_is_well_formed_is_read(self):
        told = capdl.read(self.GOOD)
        self.assertEqual(told.objects["a"], ("cnode", [["6", "bits"]]))
        self.assertEqual(told.capabilities["a", 2], ("e", [["RW"], ["badge", ":", "0x1"]]))
        self.assertEqual(told.derived, [(("a", 2), ("a", 3))])

    def test_what_makes_no_sense_is_refused(self):
        for before, after in (("arch ia32", "arch"), ("e = ep", "e = pe"), (" t = tcb", " t = tcb\n t = tcb"),
                              ("0x3: e", "0x3: f"), ("0x3: e", "0x40: e"), ("0x3: e", "0x2: e"),
                              ("(a, 0x3) }", "(a, 0x4) }"), ("(a, 0x3) }", "(a, 0x3) (a, 0x3) }"),
                              ("cspace: a", "cspace a"), ("} cdt", "} ctd"), ("(6 bits)", "(6 bits"),
                              ("(R)", "(R$)")):
            with self.assertRaises(capdl.Wrong, msg=after):
                capdl.read(self.GOOD.replace(before, after))
        for end in range(0, len(self.GOOD) - 2, 7):
            with self.assertRaises(capdl.Wrong):
                capdl.read(self.GOOD[:end])


class Damaged(unittest.TestCase):
    """Memory that is no system's."""

    @staticmethod
    def layout(size, **members):
        return model.Layout(size, members)

    def look(self, read):
        names = ("type", "rights", "home", "flags")
        slot = {name: (at, 1) for at, name in enumerate(names)}
        words = ("parent", "child", "next", "name", "prev", "object", "extra", "index", "waiter",
                 "map_space", "map_virt", "map_pages")
        slot.update({name: (4 + 4 * at, 4) for at, name in enumerate(words)})
        tcb = {"state": (0, 1), "priority": (1, 1), "since_ms": (4, 4), "vspace": (8, 4), "wait_slot": (12, 4),
               "answer": (16, 4), "slots": (64, 320), "tomb": (384, 64)}
        layouts = {"slot": model.Layout(64, slot), "tcb": model.Layout(448, tcb),
                   "cspace": self.layout(64, fresh=(0, 4), mask=(4, 4)),
                   "vspace": self.layout(128, root=(0, 4), tomb=(64, 64))}
        return model.Machine(read, layouts, {0: "none", 2: "cspace", 3: "thread"}, {0: "stopped", 1: "ready"},
                             {"root": 0x1000, "current": 0, "now_ms": 0, "pae": False, "base": 0xC0000000})

    def test_memory_of_zeros_is_a_thread_with_nothing(self):
        machine = self.look(lambda _, size: bytes(size))
        self.assertEqual((len(machine.threads), machine.slots, machine.processes), (1, {}, {}))

    def test_memory_of_ones_is_refused(self):
        with self.assertRaises(model.Unreadable):
            self.look(lambda _, size: b"\xff" * size)

    def test_memory_that_says_anything_ends_somehow(self):
        for seed in range(50):
            chance = random.Random(seed)
            memory = bytes(chance.choices((0, 0, 0, 0, 0, 1, 2, 3, 64), k=1 << 15))

            def read(at, size, memory=memory):
                if at + size > len(memory):
                    raise model.Unreadable("beyond the memory")
                return memory[at:at + size]
            try:
                self.look(read)
            except model.Unreadable:
                pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
