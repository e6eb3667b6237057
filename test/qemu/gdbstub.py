# SPDX-License-Identifier: BSD-2-Clause
"""The least of a debugger: QEMU's gdb server, for tests that must break what no program can.
The protocol is in the GDB manual, appendix E."""
import re
import select
import socket
import subprocess

import elf
from channel import Failure

KERNEL_BASE = 0xC0000000  # where the kernel has what is at physical address 0
REGISTERS = ("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "eip", "eflags")


def symbols(image):
    """{name: address} of a kernel image."""
    lines = subprocess.run(["nm", str(image)], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.splitlines()
    return {line.split()[-1]: int(line.split()[0], 16) for line in lines
            if len(line.split()) == 3}


LONGEST = 15  # bytes of an instruction


def instructions(image):
    """The addresses at which a program's instructions begin, in order. objdump gives one that is long
    further lines, with addresses, unless it is told not to."""
    listing = subprocess.run(["objdump", "-d", f"--insn-width={LONGEST}", str(image)], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    return [int(found, 16) for found in re.findall(r"^ +([0-9a-f]+):\t", listing, re.M)]


PAGE = 4096
PIECE = 1024  # what a packet has room for, twice
LOOK = 0.005  # seconds from one look at something else to the next
FORBIDDEN = b"\xf4"  # HLT: one byte, so that it is one wherever a program goes on


def pages_of_code(image):
    for segment in elf.segments(image):
        if segment["type"] == elf.LOAD and segment["flags"] & 1:
            end = segment["offset"] + segment["filesz"]
            for offset in range(segment["offset"], end, PAGE):
                yield image[offset:min(offset + PAGE, end)]


def was_done(act):
    """Has a machine that was resumed taken what act() types at it? One that stands still takes nothing."""
    try:
        act()
    except Failure as failure:
        if "VM not running" not in str(failure):
            raise
        return False
    return True


class Stub:
    """A connection to the machine of `vm`, which stands still until resume()."""

    def __init__(self, vm, path, limit=60):
        vm.qmp("stop")  # otherwise the connection stops it, and says so at some time
        vm.monitor(f"gdbserver unix:{path},server=on,wait=off")
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.settimeout(limit)
        self.connection.connect(str(path))
        self.text = b""
        self.ask("?")

    def _send(self, packet):
        data = packet.encode()
        self.connection.sendall(b"$%s#%02x" % (data, sum(data) % 256))

    def _receive(self):
        data = self.connection.recv(4096)
        if not data:
            raise AssertionError("the gdb server is gone")
        self.text += data

    def _read(self):
        """The next packet."""
        while True:
            start = self.text.find(b"$")
            end = self.text.find(b"#", start)
            if start >= 0 and 0 <= end <= len(self.text) - 3:
                packet = self.text[start + 1:end]
                self.text = self.text[end + 3:]
                self.connection.sendall(b"+")
                return packet.decode()
            self._receive()

    def ask(self, packet):
        """The answer to a packet."""
        self._send(packet)
        return self._read()

    def order(self, packet):
        """A packet that is answered with OK."""
        answer = self.ask(packet)
        assert answer == "OK", f"{packet}: {answer}"

    def registers(self):
        """{name: value} of the processor, which must stand still."""
        data = bytes.fromhex(self.ask("g"))
        return {name: int.from_bytes(data[4 * i:4 * i + 4], "little")
                for i, name in enumerate(REGISTERS)}

    def set_register(self, name, value):
        data = bytearray.fromhex(self.ask("g"))
        at = 4 * REGISTERS.index(name)
        data[at:at + 4] = value.to_bytes(4, "little")
        self.order(f"G{data.hex()}")

    def write(self, address, data):
        """Changes memory, by the addresses that the processor uses just now."""
        self.order(f"M{address:x},{len(data):x}:{data.hex()}")

    def ruin(self, vm, image):
        """Overwrites the code of a running program, wherever in the machine's memory its pages lie:
        it fails by itself when it runs next. The copy that it was loaded from stays whole."""
        memory = vm.memory(0, 16 << 20)
        archived = memory.find(image)
        assert archived >= 0, "the program is not in memory"
        found = [address for code in pages_of_code(image)
                 for address in range(0, len(memory), PAGE)
                 if memory.startswith(code, address)
                 and not archived <= address < archived + len(image)]
        assert found, "the program does not run"
        self.ask("Qqemu.PhyMemMode:1")
        for address in found:
            for at in range(address, address + PAGE, PIECE):
                self.write(at, FORBIDDEN * PIECE)
        self.ask("Qqemu.PhyMemMode:0")

    def resume(self):
        """Lets the machine go on. QEMU has taken that before anything else that it is told now."""
        self._send("c")
        while b"+" not in self.text:
            self._receive()
        self.text = self.text.partition(b"+")[2]

    def wait(self, over=lambda: False):
        """Until a machine that was resumed stands still, at a breakpoint; or until over(): None."""
        while b"$" not in self.text:
            if select.select([self.connection], [], [], LOOK)[0]:
                self._receive()
            elif over():
                return None
        return self._read()

    def stop(self):
        """Stops a machine that runs."""
        self.connection.sendall(b"\x03")
        return self._read()

    def run_to(self, address, act=None, code=None):
        """Goes on until the processor is about to execute `address`, in the program that has the
        bytes `code` there if it is said. act() comes when it goes on; where the machine is there by
        itself before, when it goes on from there."""
        while True:
            self.order(f"Z0,{address:x},1")
            self.resume()
            if act and was_done(act):
                act = None
            self._read()
            self.order(f"z0,{address:x},1")
            assert self.registers()["eip"] == address
            if not act and (code is None or self.ask(f"m{address:x},{len(code):x}") == code.hex()):
                return
            self.ask("s")

    def leave(self):
        """The machine goes on without a debugger."""
        self.order("D")
        self.connection.close()
