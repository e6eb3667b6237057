# SPDX-License-Identifier: BSD-2-Clause
"""The death tools on the release's own files: a line of the log, a dump, and what is wrong with one.

    test_death.py BUILD_DIR"""
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import follow  # noqa: E402
import image  # noqa: E402
import report  # noqa: E402

BUILD = pathlib.Path(sys.argv.pop()) if len(sys.argv) > 1 else image.ROOT / "build" / "release"
DEATH = ("drvmgr: {}: failed in Running, generation 1: page fault at eip 0x{:x}, a write to address "
         "0x10, code 0x6, esp 0xbfff8fdc{}")


def serial():
    return image.Image(BUILD / "bin" / "serial.elf.debug")


def address_of(program, name):
    return next(low for low, _, named in program.functions if program.name_of(named.die) == name)


class Follow(unittest.TestCase):
    def setUp(self):
        self.address = address_of(serial(), "serial_irq")
        self.line = DEATH.format("serial", self.address, "\n").encode()

    def feed(self, *pieces):
        filtered = follow.Filter(follow.Places(BUILD))
        return b"".join(filtered.feed(piece) for piece in pieces)

    def test_behind_a_death_stands_where_it_was(self):
        result = self.feed(b"castellan> \n" + self.line + b"castellan> ")
        self.assertTrue(result.startswith(b"castellan> \n" + self.line), result)
        self.assertRegex(result, rb"\n        in .*serial_irq \(drivers/serial/main\.c:\d+\)\ncastellan> $")

    def test_the_line_may_come_in_pieces_and_ends_as_the_terminal_wants_it(self):
        line = self.line[:-1] + b"\r\n"
        self.assertRegex(self.feed(*(line[n:n + 1] for n in range(len(line)))),
                         rb"serial_irq \(drivers/serial/main\.c:\d+\)\r\n$")

    def test_all_else_goes_on_as_it_is(self):
        for text in (b"", b"\x00\xff\n\n", b"x" * 10000 + b"\n", b"drvmgr: serial: restart 1 in 0 ms\n",
                     b"evil: " + DEATH.format("nobody", self.address, "\n").encode(),
                     DEATH.format("nobody", self.address, "\n").encode(),
                     DEATH.format("serial", 0x12345678, "\n").encode(),
                     DEATH.format("../../x", self.address, "\n").encode()):
            self.assertEqual(self.feed(text), text)

    def test_a_build_that_is_not_there_is_no_reason_to_stop(self):
        filtered = follow.Filter(follow.Places(HERE))
        self.assertEqual(filtered.feed(self.line), self.line)


class Report(unittest.TestCase):
    def dump(self, **more):
        program = serial()
        rows = {name: "0x0" for name in report.REGISTERS}
        rows |= {"eip": hex(address_of(program, "serial_irq")), "esp": "0xbfff8fc0",
                 "build_id": image.build_id(program.path)}
        return report.dump_of([{"name": name, "value": value} for name, value in (rows | more).items()])

    def test_a_report_without_a_stack_has_one_place(self):
        frames = report.frames_of(self.dump(), [BUILD / "bin"])
        self.assertEqual(frames[-1]["function"], "serial_irq")
        self.assertEqual(frames[-1]["file"], "drivers/serial/main.c")

    def test_an_address_of_nothing_has_none(self):
        frames = report.frames_of(self.dump(eip="0x0"), [BUILD / "bin"])
        self.assertEqual(frames, [{"address": "0x0", "function": None, "file": None, "line": None}])

    def test_another_build_is_refused(self):
        for build in ("01" * 20, "00" * 20, "", "x"):
            with self.assertRaises(image.Problem):
                report.frames_of(self.dump(build_id=build), [BUILD / "bin"])
        with self.assertRaises(image.Problem):
            image.Image(BUILD / "bin" / "serial.elf.debug", "01" * 20)

    def test_what_is_no_dump_is_refused(self):
        for rows in ([{}], [{"name": 1, "value": 2}], [{"name": "stack x", "value": "00"}],
                     [{"name": "stack 0x10", "value": "0"}], 7, None):
            with self.assertRaises(image.Problem):
                report.frames_of(report.dump_of(rows), [BUILD / "bin"])
        with self.assertRaises(image.Problem):
            report.frames_of(report.dump_of([]), [BUILD / "bin"])

    def test_a_stack_of_nonsense_ends(self):
        stack = {f"stack 0x{0xbfff8000 + 32 * n:x}": "ffffffff" * 8 for n in range(128)}
        for value in ("ffffffff", "00000000", "10004000", "c08fffbf"):
            stack = {name: value * 8 for name in stack}
            frames = report.frames_of(self.dump(**stack), [BUILD / "bin"])
            self.assertLessEqual(len(frames), 8 * image.FRAMES_MOST)

    def test_a_file_that_is_no_program_is_refused(self):
        with self.assertRaises(image.Problem):
            image.Image(__file__)
        self.assertIsNone(image.build_id(HERE / "nothing"))

    def test_only_paths_that_exist_are_told(self):
        self.assertEqual(image.in_tree("../elsewhere/build/libs/libcap/pure/string.c"),
                         "libs/libcap/pure/string.c")
        self.assertIsNone(image.in_tree("/usr/include/stdio.h"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
