# SPDX-License-Identifier: BSD-2-Clause
"""The death tools on the release's own files: a line of the log, a dump, and what is wrong with one.

    test_death.py BUILD_DIR"""
import functools
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import follow  # noqa: E402
import image  # noqa: E402
import report  # noqa: E402
import unwind  # noqa: E402

BUILD = pathlib.Path(sys.argv.pop()) if len(sys.argv) > 1 else image.ROOT / "build" / "release"
DEATH = ("drvmgr: {}: failed in Running, generation 1: page fault at eip 0x{:x}, a write to address "
         "0x10, code 0x6, esp 0xbfff8fdc{}")


@functools.cache
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

    def test_what_is_built_under_a_running_machine_is_not_its(self):
        with tempfile.TemporaryDirectory() as folder:
            build = pathlib.Path(folder)
            (build / "bin").mkdir()
            shutil.copy(BUILD / "boot.tar", build)
            shutil.copy(BUILD / "bin/serial.elf.debug", build / "bin")
            began = follow.Places(build)
            # The archive of a later build calls another program so; this one still runs.
            with tarfile.open(build / "boot.tar", "w") as archive:
                archive.add(BUILD / "bin/ps2kbd.elf", "serial.elf")
                archive.add(image.ROOT / "drivers/serial/serial.drv.json", "serial.drv.json")
            self.assertIn("serial_irq", began.text("serial", self.address))
            # Its debugging information is gone: nothing is told, and not that of another program.
            began = follow.Places(BUILD)
            began.build_dir = build
            shutil.copy(BUILD / "bin/ps2kbd.elf.debug", build / "bin/serial.elf.debug")
            self.assertIsNone(began.text("serial", self.address))

    def test_who_was_loaded_is_found_by_its_build_id(self):
        line, build = DEATH.format("guest", self.address, "\n").encode(), image.build_id(BUILD / "bin/serial.elf.debug")
        told = (f"drvmgr: guest.drv.json: accepted: guest, ABI 11, build {build[:8]}, 8 KiB, granted no device\n"
                ).encode()
        gone = b"drvmgr: guest: is unloaded\n"
        self.assertEqual(self.feed(line), line)
        self.assertIn(b"serial_irq", self.feed(told, line))
        self.assertEqual(self.feed(told, gone, line), told + gone + line)
        other = told.replace(build[:8].encode(), b"01234567")
        self.assertEqual(self.feed(other, line), other + line)

    def test_another_image_counts_from_when_it_is_in_force(self):
        build = image.build_id(BUILD / "bin/ps2kbd.elf.debug")
        told = (f"drvmgr: serial.drv.json: accepted: serial, ABI 11, build {build[:8]}, 8 KiB, granted irq 4\n"
                ).encode()
        other = b"drvmgr: serial: has another image, on probation until it has run for 9 ms\n"
        back = b"drvmgr: serial: failed on probation: the image before it is back\n"
        self.assertIn(b"serial_irq", self.feed(told, self.line))
        self.assertNotIn(b"serial_irq", self.feed(told, other, self.line))
        self.assertIn(b"serial_irq", self.feed(told, other, back, self.line))
        self.assertEqual(self.feed(other, self.line), other + self.line)  # nobody knows which

    def test_a_build_that_is_not_there_is_no_reason_to_stop(self):
        filtered = follow.Filter(follow.Places(HERE))
        self.assertEqual(filtered.feed(self.line), self.line)


def told_by_readelf(path):
    """[(address, register, offset, {register: offset, None where it is lost})] of all rows, but for
    functions that were left out, and for what takes an expression, which readelf does not interpret."""
    text = subprocess.run(["readelf", "--debug-dump=frames-interp", str(path)], check=True, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    numbers, columns, rows, left_out = {**image.NUMBERS, "ra": image.EIP}, [], [], False
    for line in text.splitlines():
        words = line.split()
        if " FDE " in line:
            left_out = line.rpartition("pc=")[2].startswith("00000000")
        elif words[:2] == ["LOC", "CFA"]:
            columns = words[2:]
        elif found := re.match(r"[0-9a-f]{8} ([a-z]{3})\+(\d+) ", line):
            saved = {numbers[name]: None if value == "u" else int(value[1:])
                     for name, value in zip(columns, words[2:]) if value[0] in "cu" and value != "s"}
            if not left_out and int(words[0], 16):
                rows.append((int(words[0], 16), numbers[found[1]], int(found[2]), saved))
    return rows


class Unwind(unittest.TestCase):
    def test_each_row_is_as_readelf_has_it(self):
        for name in ("serial", "ps2kbd"):
            path = BUILD / "bin" / f"{name}.elf.debug"
            rows, program = told_by_readelf(path), image.Image(path)
            self.assertGreater(len(rows), 300)
            for address, register, offset, saved in rows:
                rule = program.rule_at(address)
                self.assertIsNotNone(rule, hex(address))
                self.assertEqual((rule.register, rule.offset), (register, offset), hex(address))
                self.assertEqual({number: rule.saved.get(number) for number in saved}, saved, hex(address))

    def test_what_is_no_call_frame_information_is_refused(self):
        data = image.ELFFile(open(BUILD / "bin" / "serial.elf.debug", "rb")).get_section_by_name(
            ".debug_frame").data()
        good = unwind.Frames(data)
        low = good.entries[5][0]
        self.assertIsNotNone(good.rule_at(low))
        self.assertIsNone(good.rule_at(0x12))
        for at in range(0, 400):
            for value in (0x00, 0x0f, 0x7f, 0x80, 0xff):
                broken = bytearray(data)
                broken[at] = value
                try:
                    frames = unwind.Frames(bytes(broken))
                    for address in range(low, low + 64, 7):
                        frames.rule_at(address)
                except unwind.Wrong:
                    pass
        with self.assertRaises(unwind.Wrong):
            unwind.Frames(data[:-1] + b"\x00" * 9 + b"\xff" * 8)

    COMMON = b"\xff\xff\xff\xff\x01\x00\x01\x7c\x08\x0c\x04\x04\x88\x01\x00\x00"

    def rule(self, program, address):
        """The row of a function at 0x401000, of 32 bytes, with this program."""
        body = b"\x00\x00\x00\x00" + b"\x00\x10\x40\x00" + b"\x20\x00\x00\x00" + program
        return unwind.Frames(len(self.COMMON).to_bytes(4, "little") + self.COMMON +
                             len(body).to_bytes(4, "little") + body).rule_at(address)

    def test_a_row_is_remembered_and_comes_back(self):
        program = b"\x41\x0e\x08\x85\x02\x0a\x41\x0e\x04\xc5\x41\x0b"
        row = self.rule(program, 0x401001)
        self.assertEqual((row.register, row.offset, row.saved), (4, 8, {8: -4, 5: -8}))
        row = self.rule(program, 0x401002)
        self.assertEqual((row.offset, row.saved), (4, {8: -4}))
        row = self.rule(program, 0x401003)
        self.assertEqual((row.offset, row.saved), (8, {8: -4, 5: -8}))

    # Of a function that aligns its stack: the caller's esp was pushed, and lies at ebp - 4, its ebp at ebp.
    ALIGNED = b"\x41\x10\x05\x02\x75\x00\x41\x0f\x03\x75\x7c\x06\x41\x0c\x04\x04"

    def test_a_caller_of_a_function_that_aligns_its_stack_is_found(self):
        stack = {0xbfff0000: 0xbfff0222, 0xbffefffc: 0xbfff0100}
        registers = {4: 0xbffeff00, 5: 0xbfff0000}
        self.assertEqual(self.rule(self.ALIGNED, 0x401002).caller(registers, stack.get),
                         ({8: 0xbfff00fc, 5: 0xbfff0000}, 0xbfff0100))
        self.assertEqual(self.rule(self.ALIGNED, 0x401003).caller(registers, stack.get),
                         ({8: 0xbffeff00, 5: 0xbfff0000}, 0xbffeff04))

    def test_without_what_it_needs_there_is_no_caller(self):
        row = self.rule(self.ALIGNED, 0x401002)
        self.assertEqual(row.caller({4: 0xbffeff00}, {}.get), ({8: None, 5: None}, None))
        self.assertEqual(row.caller({5: 0xbfff0000}, {}.get), ({8: None, 5: 0xbfff0000}, None))

    def test_another_expression_is_not_understood(self):
        for program in (b"\x0f\x01\x00", b"\x10\x08\x01\x00", b"\x0b\x00", b"\x0e", b"\x0f\x03\x75\x7c",
                        b"\x0f\x04\x75\x7c\x06\x06", b"\x0f\x03\x75\x7c\x23", b"\x0f\x02\x78\x00",
                        b"\x0f\x00", b"\x10\x05\x03\x75\x7c\x06", b"\x0f\x01\x75\x7c"):
            with self.assertRaises(unwind.Wrong):
                self.rule(program, 0x401001)


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

    def test_a_line_is_told_also_where_its_sources_are_not(self):
        root, image.ROOT = image.ROOT, HERE
        try:
            frame = report.frames_of(self.dump(), [BUILD / "bin"])[-1]
        finally:
            image.ROOT = root
        self.assertRegex(report.text(frame), r"serial_irq \(.*drivers/serial/main\.c:\d+\)$")

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
