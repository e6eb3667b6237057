# SPDX-License-Identifier: BSD-2-Clause
"""Programs of the system die at chosen instructions. QEMU's gdb server stops the machine where one is
about to execute the instruction; it goes on at an address that is not mapped, as one that the
operator kills does."""
import json
import re

import elf
from archive import read_archive
from gdbstub import Stub, instructions, symbols, was_done
from guest import make_archive

DRIVER, CONSOLE, MANAGER = "ps2kbd", "console", "drvmgr"
PROGRAMS = (DRIVER, CONSOLE, MANAGER)
# The log of what is executed is of programs alone.
USER = 0x400000, 0x100000
QEMU = ["-dfilter", f"{USER[0]:#x}+{USER[1]:#x}"]
EXECUTED = re.compile(r"^EIP=(\w+) .*CPL=3[\s\S]*?CR3=(\w+)", re.MULTILINE)
KEYBOARD_INTERRUPT, SERIAL_INTERRUPT = "vector_33", "vector_36"
CODE = 16  # bytes that tell whose an instruction is
# Who fails so often as here is restarted at once, for ever.
AT_ONCE = {"policy": "always", "base_ms": 10, "factor_pct": 100, "max_ms": 10, "burst": 100,
           "window_ms": 5000, "reset_ms": 100}


def archive_with(build_dir, path, restart, driver=DRIVER):
    """The release, with this policy for the driver, and the console restarted at once."""
    content = read_archive(build_dir / "boot.tar")
    members = {}
    for name, policy in ((driver, restart), (CONSOLE, AT_ONCE)):
        fields = json.loads(content[f"{name}.drv.json"])
        members[f"{name}.drv.json"] = json.dumps({**fields, "restart": policy}).encode()
    make_archive(build_dir, path, members=members)


def archive_at_once(build_dir, path):
    """The same, for scripts that have many deaths: their archive()."""
    archive_with(build_dir, path, AT_ONCE)


class Program:
    """A program as it is in the archive."""

    def __init__(self, log_dir, name):
        image = read_archive(log_dir / "archive.tar")[f"{name}.elf"]
        path = log_dir / f"{name}.elf"
        path.write_bytes(image)
        code = elf.segments(image)[0]
        self.name, self.base = name, code["vaddr"]
        self.code = image[code["offset"]:code["offset"] + code["filesz"]]
        self.names = symbols(path)
        self.instructions = set(instructions(path))

    def at(self, address):
        """The code from this address on."""
        offset = address - self.base
        return self.code[offset:offset + CODE]

    def address(self, name):
        """Of a function, whatever the compiler added to its name."""
        found = [known for known in self.names if known == name or known.startswith(f"{name}.")]
        assert found, f"{self.name} has no function {name}"
        return self.names[found[0]]


class Reaper:
    """Has programs of a machine die. Between its calls the machine runs, without a stop set."""

    def __init__(self, vm, programs=PROGRAMS, interrupt=KEYBOARD_INTERRUPT):
        self.vm = vm
        self.programs = {name: Program(vm.log_dir, name) for name in programs}
        self.interrupt = symbols(vm.image)[interrupt]
        self.stub = Stub(vm, vm.log_dir / "gdb")
        self.stub.resume()
        self.deaths = 0

    def record(self, act, done):
        """What the programs execute from the interrupt that act() brings until done():
        [(program, address, which time)]."""
        vm, path = self.vm, self.vm.log_dir / "qemu-cpu.log"
        self._go_to_interrupt(act)
        before = path.stat().st_size
        vm.monitor("singlestep on")
        vm.monitor("log exec,cpu,nochain,cpu_reset")
        self.stub.resume()
        done()
        self.stub.stop()
        vm.monitor("singlestep off")
        vm.monitor("log cpu_reset")
        text = path.read_text(encoding="latin-1")[before:]
        self.stub.resume()
        return self._places([(int(found[1], 16), found[2]) for found in EXECUTED.finditer(text)])

    def _places(self, executed):
        """Of the programs, each of which has a space of its own."""
        seen = {}
        for address, space in executed:
            seen.setdefault(space, set()).add(address)
        whose = {space: name for space, addresses in seen.items()
                 for name, program in self.programs.items() if addresses <= program.instructions}
        times, places = {}, []
        for address, space in executed:
            name = whose.get(space)
            if name:
                times[name, address] = times.get((name, address), 0) + 1
                places.append((name, address, times[name, address]))
        assert {name for name, _, _ in places} == set(self.programs), whose
        return places

    def die(self, place, over, act=None, commands="", often=1):
        """Its program dies when it comes to the place as often as that says, counted from the
        interrupt that act() brings, or from the time when these commands are typed at the
        prompt, or from now on. The same happens to its successors, so often in all. False: over() comes
        before."""
        name, address, times = place
        if act:
            self._go_to_interrupt(act)
        else:
            self.stub.stop()
            self.vm.type(commands)
        died = 0
        while died < often and self._go_to(self.programs[name], address, times, over):
            self.stub.set_register("eip", 0)
            died += 1
        self.deaths += died
        self.stub.resume()
        return died == often

    def _go_to_interrupt(self, act):
        """Goes on until the device interrupts after act(). A keyboard also does when it answers the driver."""
        stop = f"0,{self.interrupt:x},1"
        came = False
        self.stub.stop()
        while not came:
            self.stub.order(f"Z{stop}")
            self.stub.resume()
            came = was_done(act)
            self.stub.wait()
            self.stub.order(f"z{stop}")
            if not came:
                self.stub.ask("s")

    def _go_to(self, program, address, times, over):
        stop, code = f"0,{address:x},1", program.at(address)
        while True:
            self.stub.order(f"Z{stop}")
            self.stub.resume()
            stopped = self.stub.wait(over) or self._stop(address)
            self.stub.order(f"z{stop}")
            if not stopped:
                return False
            times -= self.stub.ask(f"m{address:x},{len(code):x}") == code.hex()
            if not times:
                return True
            self.stub.ask("s")

    def _stop(self, address):
        """Has the machine stand still. Whether it came to the address just now."""
        self.stub.stop()
        return self.stub.registers()["eip"] == address

    def leave(self):
        self.stub.stop()
        self.stub.leave()
