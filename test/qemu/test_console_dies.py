# SPDX-License-Identifier: BSD-2-Clause
"""The console dies while keys are typed, at each place of a key's way through it: before the events
are taken, when the line of the trace is out and the state behind it not kept, when that is kept and
not drawn. Each key is in the trace and on the screen once, in order, and what was typed into the
middle of a line still goes there."""
import elf
from archive import read_archive
from gdbstub import Stub, symbols
from guest import expect_running, expect_states, make_archive
from keys import qcode

APPEND = "trace=input"
# Functions of the console, by how their names begin: the compiler adds to some.
PLACES = ("take_events", "kept_next", "trace", "keep_commit", "write_changes")


def archive(build_dir, path):
    make_archive(build_dir, path)


class Console:
    def __init__(self, vm):
        self.vm = vm
        image = read_archive(vm.log_dir / "archive.tar")["console.elf"]
        path = vm.log_dir / "console.elf"
        path.write_bytes(image)
        self.names = symbols(path)
        code = elf.segments(image)[0]
        self.base, self.code = code["vaddr"], image[code["offset"]:code["offset"] + code["filesz"]]

    def place(self, begin):
        found = [name for name in self.names if name == begin or name.startswith(f"{begin}.")]
        assert found, f"the console has no function {begin}"
        return self.names[found[0]]

    def die_at(self, stub, address, act):
        """It goes on at an address that is not mapped when it comes to that one after act()."""
        at = address - self.base
        stub.stop()
        stub.run_to(address, act, self.code[at:at + 16])
        stub.set_register("eip", 0)
        stub.resume()


def tap(vm, name):
    """A key down and up in one step: the machine may stand still behind it."""
    vm.qmp("input-send-event", events=[
        {"type": "key", "data": {"down": down, "key": {"type": "qcode", "data": qcode(name)}}}
        for down in (True, False)])


def test(vm):
    expect_running(vm)
    row = vm.expect_screen("Type a command: ") + 1
    console = Console(vm)
    stub = Stub(vm, vm.log_dir / "gdb")
    stub.resume()
    typed, events = "", []
    vm.keys("ab")
    vm.press("left")
    events += [(name, way) for name in ("a", "b", "left") for way in ("down", "up")]
    for begin in PLACES:
        address = console.place(begin)
        for letter in "xy":
            console.die_at(stub, address, lambda key=letter: tap(vm, key))
            expect_states(vm, "console", "Recovering", "Backoff", "Probing", "Initialising", "Running")
            typed += letter
            vm.expect_screen(f"^castellan> a{typed}b +$")
            events += [(letter, "down"), (letter, "up")]
    vm.keys("q")
    events += [("q", "down"), ("q", "up")]
    vm.expect_screen(f"^castellan> a{typed}qb +$")
    found = [(match[1], match[2]) for match in vm.said(r"input: key (\S+) (\w+)\n")]
    assert found == events, (found, events)
    assert not vm.said("input: lost")
    assert vm.screen()[row].rstrip() == f"castellan> a{typed}qb"
    stub.stop()
    stub.leave()
    vm.reboot()
