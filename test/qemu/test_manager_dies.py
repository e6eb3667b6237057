# SPDX-License-Identifier: BSD-2-Clause
"""The driver manager dies: its code is damaged in memory, as a failing chip would do it, for which
QEMU's debugger interface writes the memory, once so that it hangs; and the operator kills it. No
driver notices, nothing is lost and typing goes on. A line that is half typed outlives it, and a driver
that dies in the same way, but not the console, which has it."""
import pathlib
import socket
import tempfile

import elf
from archive import read_archive
from guest import (RELEASE_DRIVERS, assert_equal_audits, audit, expect_running,
                   make_archive as archive, ps)
from machine import PROMPT

MACHINES = ["pc", "q35"]
APPEND = "trace=input"
LIMIT = 60

_private = tempfile.TemporaryDirectory(prefix="castellan-")
DEBUGGER = pathlib.Path(_private.name) / "gdb"
QEMU = ["-chardev", f"socket,path={DEBUGGER},server=on,wait=off,id=gdb", "-gdb",
        "chardev:gdb"]
PAGE = 4096
INVALID = b"\x0f\x0b" * (PAGE // 2)  # ud2
LOOP = b"\x90" * (PAGE - 5) + b"\xe9" + (-PAGE & 0xffffffff).to_bytes(4, "little")  # to its start
RAM = 16 << 20


class Debugger:
    """QEMU's remote debugging protocol: as much of it as writes physical memory."""

    def __enter__(self):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(DEBUGGER))
        self.answers = self.socket.makefile("rb")
        self.ask("?")  # which stops the machine
        answer = self.ask("Qqemu.PhyMemMode:1")
        assert answer == "OK", f"debugger: {answer}"
        return self

    def __exit__(self, *_):
        self.ask("D")  # detach: the machine goes on
        self.socket.close()

    def ask(self, text):
        self.socket.sendall(b"$%s#%02x" % (text.encode(), sum(text.encode()) % 256))
        answer = self.packet()
        while answer.startswith("T") and text != "?":  # it says once more that it stopped
            answer = self.packet()
        return answer

    def packet(self):
        while self.answers.read(1) != b"$":
            pass
        packet = b""
        while (byte := self.answers.read(1)) != b"#":
            packet += byte
        self.answers.read(2)
        self.socket.sendall(b"+")
        return packet.decode()

    def write(self, address, data):
        for at in range(0, len(data), 512):
            part = data[at:at + 512]
            answer = self.ask(f"M{address + at:x},{len(part):x}:{part.hex()}")
            assert answer == "OK", answer


def code_pages(vm, image, archive):
    """Physical addresses of the whole pages of the image's code, but not of the archive."""
    memory = vm.memory(0, RAM)
    start = memory.find(archive)
    assert start >= 0, "the archive is not in memory"
    code = elf.segments(image)[0]
    found = []
    for offset in range(code["offset"], code["offset"] + code["filesz"] - PAGE, PAGE):
        page = image[offset:offset + PAGE]
        for at in range(0, RAM, PAGE):
            if memory[at:at + PAGE] == page and not start <= at < start + len(archive):
                found.append(at)
    assert found, "the manager's code is not in memory"
    return found


def damage(vm, name, code):
    """Writes over all whole pages of a program's code, where they lie in memory."""
    build_archive = vm.log_dir / "archive.tar"
    image = read_archive(build_archive)[f"{name}.elf"]
    pages = code_pages(vm, image, build_archive.read_bytes())
    with Debugger() as debugger:
        for page in pages:
            debugger.write(page, code)


def type_half(vm):
    vm.expect(PROMPT)
    vm.type("star")
    vm.expect("star")


def type_rest(vm, answer="start nobody: there is no driver"):
    vm.type("t nobody\n")
    vm.expect(f"^{answer}")


def half_typed(vm, name, answer):
    """What a line is that was half typed when a driver died."""
    type_half(vm)
    damage(vm, name, INVALID)
    vm.press("z", report=False)  # for which both have to run
    vm.expect(rf"drvmgr: {name}: failed in Running, generation 1: ")
    vm.expect(rf"drvmgr: {name}: Initialising -> Running")
    type_rest(vm, answer)


def expect_taken_over(vm):
    count = len(RELEASE_DRIVERS)
    vm.expect(rf"drvmgr: {count} drivers are as they were, {count} of them live")


def check_unharmed(vm, before, key):
    """All drivers are the ones of the start, nothing is lost, and typing goes on."""
    vm.press(key)
    rows = ps(vm)
    assert all(row == ("Running", 1, 0) for row in rows.values()), rows
    assert_equal_audits(before, audit(vm))


def test(vm):
    expect_running(vm)
    vm.keys("before")
    before = audit(vm)
    for key, code, seen in (("a", INVALID, r"[a-z -]+ at eip 0x4\w+"),
                            ("b", LOOP, r"hung: it did not come back to its door for \d{3,4} ms, "
                                        r"at eip 0x4\w+")):
        type_half(vm)
        damage(vm, "drvmgr", code)
        vm.expect(rf"init: drvmgr died: {seen}")
        expect_taken_over(vm)
        type_rest(vm)
        check_unharmed(vm, before, key)
    for key in "cdefghijkl":
        vm.command("kill drvmgr")
        vm.expect("kill drvmgr: killed; init starts it again, the drivers go on")
        vm.expect(r"init: drvmgr died: invalid instruction at eip 0x4\w+\n")
        expect_taken_over(vm)
        check_unharmed(vm, before, key)
    vm.expect_screen("^castellan> beforeabcdefghijkl +$")
    half_typed(vm, "screen", "start nobody: there is no driver")
    half_typed(vm, "console", "start nobody: there is no driver")
    vm.reboot()
