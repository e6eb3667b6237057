#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The harness tested on guests whose behaviour is known: what is good passes, and every
kind of failure is noticed and named."""
import contextlib
import io
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import types
import unittest
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import archive  # noqa: E402
import bochs  # noqa: E402
import gdbstub  # noqa: E402
import guest  # noqa: E402
import guests  # noqa: E402
import harness  # noqa: E402
import keys  # noqa: E402
import machine  # noqa: E402
import steps  # noqa: E402

HANG_LIMIT = 60
SOON = 0.2  # seconds that a guest has left that hangs on purpose, when it is seen to have started
# Keys that have an evdev name but no qcode in QEMU 7.
UNKNOWN_TO_QEMU = {"zenkakuhankaku", "katakana", "kpjpcomma", "linefeed", "macro",
                   "kpplusminus", "scale", "www", "search",
                   *(f"f{number}" for number in range(13, 25))}


class HarnessTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory(prefix="castellan-selftest-")
        cls.directory = pathlib.Path(cls.holder.name)
        cls.images = {name: guests.assemble(name, cls.directory) for name in guests.GUESTS}

    @classmethod
    def tearDownClass(cls):
        cls.holder.cleanup()

    def run_guest(self, name, script, limit=HANG_LIMIT, log="log", **more):
        vm = machine.Vm(self.images[name], None, self.directory / log, limit=limit, **more)
        with vm:
            script(vm)
            vm.check_verdict()

    def fails(self, name, script, reason, **more):
        with self.assertRaisesRegex(machine.Failure, reason):
            self.run_guest(name, script, **more)

    @staticmethod
    def hurry(vm):
        """The limit comes soon, however long the machine took to start."""
        vm.expect("started")
        vm._deadline = time.monotonic() + SOON  # pylint: disable=protected-access

    @staticmethod
    def report_and_exit(vm):
        vm.expect("self-test: passed\n")
        vm.expect_exit(5)

    def test_a_report_and_the_right_exit_code_pass(self):
        for kind in ("pc", "q35"):
            self.run_guest("reports", self.report_and_exit, machine=kind)

    def test_a_late_report_is_waited_for(self):
        self.run_guest("reports_late", self.report_and_exit)

    def test_a_wrong_exit_code_fails(self):
        def script(vm):
            vm.expect("passed")
            vm.expect_exit(0)
        self.fails("reports", script, "exit code 11 instead of 1")

    def test_a_right_exit_code_without_the_report_fails(self):
        self.fails("silent", self.report_and_exit, "ended while waiting for 'self-test")
        self.fails("silent", lambda vm: vm.expect_exit(5), "reported nothing")

    def test_a_report_without_an_end_fails(self):
        self.fails("halts", lambda vm: vm.expect("started"), "ended without")

    def test_a_guest_that_does_nothing_and_says_nothing_is_not_waited_for(self):
        def waits(vm):
            vm.expect("started")
            vm.expect("never said")

        def looks(vm):
            vm.expect("started")
            vm.poll(lambda: None, "what never comes")

        self.fails("halts", waits, "said nothing in 60 s of its own time, and did little, .* 'never said'",
                   limit=600)
        self.fails("halts", looks, "said nothing .* what never comes", limit=600)

    def test_a_hang_is_noticed_and_says_what_was_waited_for(self):
        def never_reports(vm):
            self.hurry(vm)
            self.report_and_exit(vm)

        def never_ends(vm):
            self.hurry(vm)
            vm.expect_exit(5)
        for guest in ("hangs", "halts"):
            self.fails(guest, never_reports, "hang: .*self-test: passed")
        self.fails("hangs", never_ends, "hang: the guest did not end")

    def test_a_triple_fault_fails_whatever_was_reported(self):
        def takes_it_for_a_reset(vm):
            vm.expect("passed")
            vm.expect_reset()
        self.fails("triple_faults", takes_it_for_a_reset, "triple fault")
        self.fails("triple_faults", self.report_and_exit, "triple fault")
        self.fails("triple_faults", lambda vm: vm.expect("more"), "triple fault")

    def test_an_orderly_reset_passes_where_it_is_expected_and_only_there(self):
        def script(vm):
            vm.expect("passed")
            vm.expect_reset()
        self.run_guest("resets", script)
        self.fails("resets", self.report_and_exit, "exit code 0 instead of 11")
        self.fails("reports", script, "did not reset")

    def test_a_panic_fails_unless_it_is_allowed(self):
        def script(vm):
            vm.expect("started")
            vm.expect_exit(5)

        def allowed(vm):
            vm.allow_panic()
            script(vm)
        self.fails("panics", script, "said 'kernel panic: no reason'")
        self.run_guest("panics", allowed)

    def test_what_must_never_be_said_fails_before_and_after(self):
        def before(vm):
            vm.never("pas+ed")
            self.report_and_exit(vm)

        def after(vm):
            vm.expect("passed\n")
            vm.never("self-test")
        self.fails("reports_late", before, "must not happen")
        self.fails("reports", after, "must not happen")

    def test_each_line_is_expected_once(self):
        def script(vm):
            vm.expect("passed")
            vm.expect("passed")
        self.fails("reports", script, "ended while waiting")

    def test_a_live_guest_can_be_ended(self):
        def script(vm):
            vm.expect("started")
            vm.quit()
        self.run_guest("hangs", script)

    def test_typed_text_reaches_the_serial_line(self):
        def script(vm):
            vm.expect("ready\n")
            vm.type("a text that is longer than the sixteen bytes of a UART\n")
            vm.expect("^a text .* of a UART\n")
            vm.expect_exit(5)
        self.run_guest("echoes", script)

    def test_forty_keys_arrive_in_order(self):
        def script(vm):
            vm.expect("ready\n")
            for _ in range(20):
                vm.press("a")
            self.assertEqual(len(vm.said("input: key a (down|up)\n")), 40)
            vm.quit()
        self.run_guest("traces_keys", script)

    def test_every_key_name_of_a_pc_keyboard_is_known_to_qemu(self):
        header = (HERE.parents[2] / "abi" / "protocol" / "input.h").read_text()
        names = set(re.findall(r'X\(KEY_\w+,\s*\d+,\s*"(\w+)"\)', header))
        self.assertGreater(len(names), 100)
        self.assertEqual(UNKNOWN_TO_QEMU - names, set())

        def script(vm):
            vm.expect("ready\n")
            for name in sorted(names - UNKNOWN_TO_QEMU):
                vm.key(name, False, report=False)
            vm.quit()
        self.run_guest("traces_keys", script)

    def test_characters_are_typed_with_the_right_keys(self):
        for character, expected in (("a", ("a", False)), ("A", ("a", True)),
                                    ("1", ("1", False)), ("!", ("1", True)),
                                    (" ", ("space", False)), ("?", ("slash", True)),
                                    ("\n", ("enter", False)), ("_", ("minus", True))):
            self.assertEqual(keys.keys_of(character), expected)

    def test_the_screen_is_read_from_the_text_buffer(self):
        def script(vm):
            vm.expect("drawn\n")
            rows = vm.screen()
            self.assertEqual((len(rows), {len(row) for row in rows}), (25, {80}))
            self.assertTrue(rows[1].startswith("HI"), rows[1])
            self.assertEqual(vm.expect_screen("^HI"), 1)
            vm.quit()
        self.run_guest("draws", script)

    def test_two_machines_at_once_do_not_meet(self):
        errors = []

        def one(number):
            try:
                self.run_guest("reports_late", self.report_and_exit, log=f"log{number}")
            except Exception as error:  # pylint: disable=broad-except
                errors.append(error)
        threads = [threading.Thread(target=one, args=(number,), daemon=True) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(errors, [])

    def test_an_emulator_that_cannot_start_is_a_failure(self):
        self.fails("reports", self.report_and_exit, "cannot start", qemu="no-such-qemu")
        self.fails("reports", self.report_and_exit, "did not start", machine="no-such")

    def test_a_guest_without_a_serial_line_says_nothing(self):
        def script(vm):
            vm.expect_exit(5)
            self.assertEqual(vm.said("."), [])
        self.fails("reports", script, "reported nothing", serial=False)

    def test_everything_the_guest_said_is_in_the_log(self):
        self.run_guest("reports", self.report_and_exit, log="kept")
        text = (self.directory / "kept" / "serial.log").read_text()
        self.assertEqual(text, "self-test: passed\n")


class BochsTest(unittest.TestCase):
    def run_guest(self, name, script):
        try:
            bochs.check_installed()
            with tempfile.TemporaryDirectory() as directory:
                directory = pathlib.Path(directory)
                image = guests.assemble(name, directory)
                disc = directory / "boot.iso"
                harness.make_disc(disc, image, image, "")
                with bochs.Bochs(disc=disc, image=None, archive=None, limit=HANG_LIMIT,
                                 log_dir=directory / "log") as vm:
                    script(vm)
                    vm.check_verdict()
        except machine.Skip as reason:
            self.skipTest(str(reason))

    def test_a_triple_fault_and_a_hang_fail_there_as_well(self):
        def fails(vm):
            vm.expect("passed")
            vm.expect("more")

        def hangs(vm):
            HarnessTest.hurry(vm)
            vm.expect("passed")
        for guest, script, reason in (("triple_faults", fails, "ended while .*PANIC"),
                                      ("hangs", hangs, "hang: .*passed")):
            with self.assertRaisesRegex(machine.Failure, reason):
                self.run_guest(guest, script)


class VariantTest(unittest.TestCase):
    class Script:
        MEMORY = "32M"
        VARIANTS = {"big": {"MEMORY": "1G"}, "plain": {}}

    def test_each_variant_has_the_settings_of_the_script_and_its_own(self):
        variants = harness.find_variants(self.Script, None)
        self.assertEqual([(name, settings["MEMORY"], settings["SERIAL"])
                          for name, settings in variants],
                         [("big", "1G", True), ("plain", "32M", True)])
        self.assertEqual([name for name, _ in harness.find_variants(object(), None)], [None])

    def test_one_is_run_by_name_and_unknown_names_are_refused(self):
        self.assertEqual([name for name, _ in harness.find_variants(self.Script, "plain")],
                         ["plain"])
        with self.assertRaisesRegex(machine.Failure, "no variant small"):
            harness.find_variants(self.Script, "small")

        class Wrong(self.Script):
            VARIANTS = {"big": {"MEMORIES": "1G"}}
        with self.assertRaisesRegex(machine.Failure, "cannot set MEMORIES"):
            harness.find_variants(Wrong, None)


class StepsTest(unittest.TestCase):
    def test_steps_are_told_of_once_each_and_a_failed_one_as_failed(self):
        script = types.ModuleType("script")
        source = ("def inner(vm): pass\ndef first(vm): inner(vm)\ndef other(number): pass\n"
                  "def second(vm):\n    first(vm)\n    assert not vm\n"
                  "def test(vm):\n    first(vm)\n    first(vm)\n    other(1)\n    second(vm)\n")
        exec(source, vars(script))  # pylint: disable=exec-used
        for vm, end in ((None, "      OK"), ("bad", " FAILED ")):
            out = io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.suppress(AssertionError):
                with steps.steps_told(script, "v/"):
                    script.test(vm)
            self.assertEqual(out.getvalue().splitlines(), [
                "[ RUN      ] v/first", "[       OK ] v/first",
                "[ RUN      ] v/second", f"[ {end} ] v/second"])


class CommandLineTest(unittest.TestCase):
    def test_the_exit_status_and_the_place_of_a_failure_are_told(self):
        with tempfile.TemporaryDirectory() as directory:
            directory = pathlib.Path(directory)
            image = guests.assemble("reports", directory)
            script = directory / "test_it.py"
            for last, status, text in (("vm.expect_exit(5)", 0, "passed"),
                                       ("vm.expect_exit(6)", 1, r"test_it.py:4: FAILED"),
                                       ("assert 1 == 2", 1, r"test_it.py:4: FAILED")):
                script.write_text("ARCHIVE = None\ndef test(vm):\n"
                                  f"    vm.expect('passed')\n    {last}\n")
                result = subprocess.run(
                    [sys.executable, HERE.parent / "harness.py", script, "--image", image,
                     "--log-dir", directory / "log"], capture_output=True, text=True)
                self.assertEqual(result.returncode, status, result.stdout + result.stderr)
                self.assertRegex(result.stdout, text)


class GuestTest(unittest.TestCase):
    """What is waited for, of drivers that end before."""

    def ends(self, wait, *lines):
        """Whether the wait ends with a complaint of the last of these lines."""
        said = [f"drvmgr: {line}\n" for line in lines]

        def expect(pattern, _):
            while True:
                found = re.search(pattern, said.pop(0))
                if found:
                    return found

        vm = mock.Mock(expect=expect)
        try:
            wait(vm)
        except AssertionError as failure:
            self.assertIn(lines[-1], str(failure))
            return True
        self.assertEqual(said, [])
        return False

    def test_nobody_waits_for_a_driver_that_ended(self):
        for wait in (lambda vm: guest.expect_running(vm, "lpt", "rtc"),
                     lambda vm: guest.expect_step(vm, "lpt", "Running")):
            for end in ("lpt: Probing -> Absent (no device)", "lpt: Recovering -> Quarantined (often)",
                        "lpt.drv.json: Loaded -> Rejected (refused)"):
                self.assertTrue(self.ends(wait, "other: Probing -> Absent (x)", end), end)

    def test_a_driver_that_came_may_end_then(self):
        runs = ["lpt: Initialising -> Running (r)", "lpt: Probing -> Absent (x)",
                "rtc: Initialising -> Running (r)"]
        self.assertFalse(self.ends(lambda vm: guest.expect_running(vm, "lpt", "rtc"), *runs))
        self.assertFalse(self.ends(lambda vm: guest.expect_step(vm, "lpt", "Quarantined"),
                                   "lpt: Running -> Recovering (x)", "lpt: Recovering -> Quarantined (x)"))


class ArchiveTest(unittest.TestCase):
    def test_what_is_written_is_read_and_written_the_same_again(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "a.tar"
            members = {"b.elf": b"\x7fELF", "a.drv.json": b"{}"}
            archive.write_archive(path, members)
            first = path.read_bytes()
            self.assertEqual(archive.read_archive(path), members)
            archive.write_archive(path, dict(reversed(members.items())))
            self.assertEqual(path.read_bytes(), first)

    @mock.patch.dict(os.environ)
    def test_a_script_that_makes_an_archive_finds_what_boot_list_names_alone(self):
        os.environ.pop(harness.ENVIRONMENT, None)
        with tempfile.TemporaryDirectory() as directory:
            directory = pathlib.Path(directory)
            build, log = directory / "release", directory / "log"
            (build / "test").mkdir(parents=True)
            (build / "castellan.elf").touch()
            needed = {"boot.list": b"# all\nserial 23\n", "drvmgr.elf": b"m",
                      "serial.drv.json": b'{"name": "serial"}', "serial.elf": b"s"}
            more = {"clock.drv.json": b'{"name": "clock", "image": "rtc.elf"}', "rtc.elf": b"c"}
            archive.write_archive(build / "boot.tar", needed | more)
            script = directory / "test_it.py"
            options = types.SimpleNamespace(build_dir=build, log_dir=log, script=script)
            for text, names in (("", {"serial", "clock"}), ("archive = print\n", {"serial"})):
                script.write_text(f"from guest import RELEASE_DRIVERS\n{text}"
                                  "NAMES = set(RELEASE_DRIVERS)\n")
                options.build_dir = build
                self.assertEqual(harness.prepare(options).NAMES, names)
            self.assertEqual(archive.read_archive(options.build_dir / "boot.tar"), needed)
            self.assertEqual({path.name for path in options.build_dir.iterdir()},
                             {"boot.tar", "castellan.elf", "test"})
            archive.write_archive(build / "boot.tar", needed)
            options.build_dir = build
            harness.prepare(options)
            self.assertEqual(options.build_dir, build)


class DebuggerTest(unittest.TestCase):
    def test_an_instruction_that_is_long_begins_once(self):
        with tempfile.TemporaryDirectory() as directory:
            source, built = (pathlib.Path(directory) / f"long.{end}" for end in "so")
            source.write_text("nop\nmovl $0xbfffb000, 0x270(%edx)\nret\n")  # of 10 bytes
            subprocess.run(["as", "--32", "-o", built, source], check=True)
            self.assertEqual(gdbstub.instructions(built), [0, 1, 11])


if __name__ == "__main__":
    unittest.main(verbosity=2)
