# SPDX-License-Identifier: BSD-2-Clause
"""The driver manager's code is damaged in memory, as a failing chip would do it. The root task
notices, takes everything back and starts it afresh; the drivers come back and typing goes on.
The product has no way in for this: QEMU's debugger interface writes the memory."""
import pathlib
import socket
import tempfile

import elf
from archive import read_archive
from guest import assert_equal_audits, audit, expect_running, ps

MACHINES = ["pc", "q35"]
APPEND = "trace=input"
LIMIT = 60

_private = tempfile.TemporaryDirectory(prefix="castellan-")
DEBUGGER = pathlib.Path(_private.name) / "gdb"
QEMU = ["-chardev", f"socket,path={DEBUGGER},server=on,wait=off,id=gdb", "-gdb",
        "chardev:gdb"]
PAGE = 4096
INVALID = b"\x0f\x0b"  # ud2
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


def damage_manager(vm, build_archive):
    image = read_archive(build_archive)["drvmgr.elf"]
    pages = code_pages(vm, image, build_archive.read_bytes())
    with Debugger() as debugger:
        for page in pages:
            debugger.write(page, INVALID * (PAGE // len(INVALID)))


def archive(build_dir, path):
    path.write_bytes((build_dir / "boot.tar").read_bytes())


def test(vm):
    expect_running(vm)
    vm.keys("before")
    before = audit(vm)
    for number in range(2):
        damage_manager(vm, vm.log_dir / "archive.tar")
        vm.expect(r"init: drvmgr died: fault ff0[0-6],")
        vm.expect(r"castellan: driver manager, driver ABI 1\.\.2")
        expect_running(vm)
        vm.keys("after")
        vm.expect_screen("^after +$")
        assert_equal_audits(before, audit(vm))
        rows = ps(vm)
        assert all(row == ("Running", 1, 0) for row in rows.values()), rows
    vm.reboot()
