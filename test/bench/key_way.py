# SPDX-License-Identifier: BSD-2-Clause
"""The way of a key through the release as it is: QEMU's debugger stops the machine at places of its
programs, and the instructions between them are counted."""
import elf
import machine
from gdbstub import Stub, symbols
from keys import qcode

KEYS, KEY_MS = 21, 33  # and so long from one to the next
TAPS = 7  # at once: 14 events are what the keyboard's queue holds without an overrun
DEATHS, CALM_MS = 11, 150  # and so long that the next restart is again a first one
PATIENCE_MS = 200  # a restarted driver has asked the keyboard whether it is there
CODE = 16  # bytes by which a program is known
SCREEN, COLUMNS = 0x80000000, 80  # where the screen's driver has its cells
KEY = "q"


class Place:
    """Where a function of a program begins. Programs lie at the same addresses: each is known by its
    code."""

    def __init__(self, build_dir, program, function):
        path = build_dir / "bin" / f"{program}.elf"
        self.address = next(address for name, address in symbols(path).items()
                            if name.split(".")[0] == function)
        image = path.read_bytes()
        code = elf.segments(image)[0]
        begin = self.address - code["vaddr"] + code["offset"]
        self.code = image[begin:begin + CODE]


def event(name, down):
    return {"type": "key", "data": {"down": down, "key": {"type": "qcode", "data": qcode(name)}}}


class Way:
    """The machine `vm`, all of whose drivers run; `row` of its screen has the prompt. Between two
    calls it runs."""

    def __init__(self, vm, build_dir, row):
        kernel = symbols(vm.image)
        self.vm, self.column = vm, len(machine.PROMPT)
        self.first_cell = SCREEN + 2 * row * COLUMNS
        self.interrupt, self.idle = kernel["vector_33"], kernel["arch_idle"]
        self.driver = Place(build_dir, "ps2kbd", "ps2kbd_irq")
        self.taken = Place(build_dir, "console", "take_events")
        self.stub = Stub(vm, vm.log_dir / "gdb")
        self.stub.resume()

    def count(self):
        return self.vm.qmp("query-replay")["icount"]

    def send(self, events):
        self.vm.qmp("input-send-event", events=events)

    def run_to_cell(self, column):
        address = self.first_cell + 2 * column
        self.stub.order(f"Z2,{address:x},2")
        self.stub.resume()
        self.stub.wait()
        self.stub.order(f"z2,{address:x},2")

    def type(self, events, cells):
        """Instructions from the keyboard's interrupt to when the console has the first event, to the
        last of so many cells, and to when nobody has anything to do."""
        self.stub.stop()
        self.stub.run_to(self.interrupt, lambda: self.send(events))
        begun = self.count()
        self.stub.run_to(self.taken.address, code=self.taken.code)
        times = [self.count()]
        self.column += cells
        self.run_to_cell(self.column - 1)
        times.append(self.count())
        self.stub.run_to(self.idle)
        times.append(self.count())
        self.stub.resume()
        return [time - begun for time in times]

    def die(self):
        """Instructions from the keyboard driver's death, just as it is told of a key, to when the
        console has that key from the next instance."""
        self.stub.stop()
        self.stub.run_to(self.driver.address, lambda: self.send([event(KEY, True)]),
                         self.driver.code)
        self.stub.set_register("eip", 0)
        begun = self.count()
        self.stub.run_to(self.taken.address, code=self.taken.code)
        took = self.count() - begun
        self.column += 1
        self.stub.resume()
        return took

    def leave(self):
        self.stub.stop()
        self.stub.leave()


def measure_typing(way, pass_ms):
    """[(to the event, to the cell, to idle)] of keys one by one, and the same of some at once."""
    single, many = [], []
    for _ in range(KEYS):
        single.append(way.type([event(KEY, True)], 1))
        way.send([event(KEY, False)])
        pass_ms(KEY_MS)
    for _ in range(TAPS):
        many.append(way.type([event(KEY, down) for _ in range(TAPS) for down in (True, False)],
                             TAPS))
        pass_ms(KEY_MS)
    return single, many


def measure_deaths(way, pass_ms):
    """Instructions of each."""
    took = []
    for _ in range(DEATHS):
        took.append(way.die())
        pass_ms(PATIENCE_MS)
        way.send([event(KEY, False)])
        pass_ms(CALM_MS)
    return took
