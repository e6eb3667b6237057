# SPDX-License-Identifier: BSD-2-Clause
"""What drvctl.py does with a machine that does not answer, that ends, or that is none, and with what it
refuses before it asks one. The other end of its line is played here."""
import json
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
DRVCTL = [sys.executable, str(ROOT / "servers/drvmgr/host/drvctl.py")]
LIMIT = 30
sys.path.insert(0, str(ROOT / "servers/drvmgr/host"))

import live  # noqa: E402


class Machine(unittest.TestCase):
    """A socket that takes a question and never answers."""

    def setUp(self):
        self.holder = tempfile.TemporaryDirectory(prefix="castellan-")
        self.folder = pathlib.Path(self.holder.name)
        self.path = self.folder / "line"
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(str(self.path))
        self.server.listen()
        self.server.settimeout(LIMIT)

    def tearDown(self):
        self.server.close()
        self.holder.cleanup()

    def start(self, *words):
        """drvctl, which has asked, and the machine's end of the line."""
        process = subprocess.Popen([*DRVCTL, "--socket", str(self.path), *words], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
        stream, _ = self.server.accept()
        stream.settimeout(LIMIT)
        self.assertTrue(stream.recv(1))
        return process, stream

    def ends(self, process):
        text, complaint = process.communicate(timeout=LIMIT)
        return process.returncode, text, complaint

    def run_it(self, *words):
        done = subprocess.run([*DRVCTL, *map(str, words)], capture_output=True, text=True, check=False, timeout=LIMIT)
        return done.returncode, done.stdout, done.stderr

    def files(self):
        (self.folder / "guest.elf").write_bytes(b"image")
        (self.folder / "guest.drv.json").write_text("{}")
        return str(self.folder / "guest.elf"), str(self.folder / "guest.drv.json")

    def test_a_machine_that_ends_has_rebooted(self):
        process, stream = self.start("reboot")
        stream.close()
        self.assertEqual(self.ends(process), (0, "reboot: done\n", ""))
        process, stream = self.start("--json", "reboot")
        stream.close()
        code, text, _ = self.ends(process)
        self.assertEqual((code, json.loads(text)["done"]), (0, True))

    def test_a_machine_that_ends_has_not_done_anything_else(self):
        for words in (("ps",), ("stop", "x"), ("reboot", "now"), ("load", *self.files())):
            process, stream = self.start(*words)
            stream.close()
            self.assertEqual(self.ends(process), (3, "", "drvctl: no machine answers: it has closed the line\n"), words)

    def test_a_machine_that_is_silent_has_not_rebooted(self):
        process, stream = self.start("--wait", "0.2", "reboot")
        self.assertEqual(self.ends(process)[0], 3)
        stream.close()

    def test_ctrl_c_says_that_nobody_knows_what_was_done(self):
        for words in (("stop", "x"), ("load", *self.files()), ("ps",), ("why", "x")):
            process, stream = self.start(*words)
            process.send_signal(signal.SIGINT)
            code, text, complaint = self.ends(process)
            self.assertEqual((code, text), (130, ""), words)
            self.assertIn("whether it was done", complaint)
            stream.close()

    def test_what_refuses_a_log_that_goes_on_is_told_in_words(self):
        refused = json.dumps({"error": "DRV_ENOENT", "text": "log x: there is no driver of that name"}) + "\n"
        self.assertEqual(live.follow(lambda number: (refused, 1), False, 1),
                         ("log x: there is no driver of that name\n", 1))
        self.assertEqual(live.follow(lambda number: (refused, 1), True, 1), (refused, 1))
        cut = f"[{{}}, {refused}]"
        self.assertEqual(live.follow(lambda number: (cut, 1), False, 1)[0], "log x: there is no driver of that name\n")

    def test_ctrl_c_is_how_the_log_and_the_table_end(self):
        for words in (("log", "-f"), ("top",)):
            process, stream = self.start(*words)
            process.send_signal(signal.SIGINT)
            self.assertEqual(self.ends(process), (0, "", ""), words)
            stream.close()

    def test_what_is_no_number_of_seconds_is_refused(self):
        for wait in ("x", "-1", "0", "nan", "inf", "", "86401"):
            code, text, complaint = self.run_it("--wait", wait, "ps")
            self.assertEqual((code, text), (2, ""), wait)
            self.assertIn(f"--wait {wait}: ", complaint)

    def test_a_file_is_no_socket(self):
        code, text, complaint = self.run_it("--socket", ROOT / "README.md", "ps")
        self.assertEqual((code, text), (3, ""))
        self.assertIn("README.md is no socket", complaint)
        code, _, complaint = self.run_it("--socket", self.folder / "nothing", "ps")
        self.assertEqual(code, 3)
        self.assertIn("nobody has", complaint)

    def test_a_directory_that_is_not_there_is_refused(self):
        code, _, complaint = self.run_it("--debug", self.folder / "nothing", "why", "x")
        self.assertEqual(code, 2)
        self.assertIn("there is no such directory", complaint)

    def test_a_file_that_is_missing_is_told_as_json_as_well(self):
        code, text, complaint = self.run_it("--json", "load", "nothing.elf", self.files()[1])
        self.assertEqual((code, json.loads(text)["error"]), (2, "DRV_EINVAL"))
        self.assertIn("No such file", json.loads(text)["text"])
        self.assertIn("No such file", complaint)
        self.assertEqual(self.run_it("load", "nothing.elf", self.files()[1])[:2], (2, ""))


if __name__ == "__main__":
    unittest.main(verbosity=2)
