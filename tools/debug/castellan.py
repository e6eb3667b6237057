# SPDX-License-Identifier: BSD-2-Clause
"""Castellan's commands for gdb, which sources this file: `help castellan` lists them. The build whose
image runs is named by CASTELLAN_BUILD in the environment; debug.py sets that up."""
import json
import os
import pathlib
import sys

import gdb

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parent / "death")]

import calls  # noqa: E402
import graph  # noqa: E402
import model  # noqa: E402
import names  # noqa: E402
import tables  # noqa: E402
from image import build_id  # noqa: E402

BUILD = pathlib.Path(os.environ.get("CASTELLAN_BUILD", "build/release"))
KERNEL_BASE = 0xC0000000  # microkernel/arch/i386/kernel.ld
TOLD_BY = "endpoint_send_fault"  # the kernel's function that every fault and exit comes to
WRITTEN_BY = "take_thread_write"  # and the one by which the manager makes a driver fault that it ends
FAULT_PLACE = 3  # of a thread's own capabilities: BIND_FAULT
USER_MODE = 3  # of CS: the privilege level
ROOT = 0xFFFFFFE0  # of CR3: where the directory is, also with PAE
STUB_END = bytes.fromhex("89e95d")  # mov %ebp,%ecx; pop %ebp: libs/libcap/gate/enter.h
REGISTERS = ("eip", "esp", "ebp", "ebx", "esi", "edi", "eax", "ecx", "edx", "eflags")


def quietly(command):
    return gdb.execute(command, to_string=True)


def members(kind, prefix="", base=0):
    """{name: (offset, bytes)} of a structure, with the members of its members."""
    found = {}
    for field in kind.fields():
        at, inner = base + field.bitpos // 8, field.type.strip_typedefs()
        name = prefix + (field.name or "")
        if field.name:
            found[name] = (at, inner.sizeof)
        if inner.code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
            found.update(members(inner, name + "." if field.name else prefix, at))
    return found


def layout(name):
    kind = gdb.lookup_type(name).strip_typedefs()
    return model.Layout(kind.sizeof, members(kind))


def address_of(name):
    """Of a static variable. gcc may know it across files by another name alone."""
    for spelled in (name, f"'{name}.lto_priv.0'"):
        try:
            return int(gdb.parse_and_eval(f"(unsigned)&{spelled}"))
        except gdb.error as error:
            problem = error
    raise problem


def words(name, prefix):
    """{value: word} of an enumeration whose constants have the prefix."""
    return {field.enumval: field.name.removeprefix(prefix).lower()
            for field in gdb.lookup_type(name).strip_typedefs().fields()
            if field.name.startswith(prefix) and not field.name.endswith("_COUNT")}


class System:
    """What is known of the image that runs, and one look at it for each time that it stops."""

    def __init__(self, build):
        self.programs = {build_id(path): path for path in sorted((build / "bin").glob("*.elf.debug"))}
        self.layouts = {"slot": layout("slot_t"), "tcb": layout("tcb_t"), "cspace": layout("cspace_t"),
                        "vspace": layout("vspace_t")}
        self.types, self.states = words("enum cap_type", "CAP_"), words("thread_state_t", "THREAD_")
        self.faults = words("enum fault_label", "FAULT_")
        self.kernel = layout("kernel_t").members
        self.kernel_at = int(gdb.parse_and_eval("(unsigned)&kernel"))
        self.shown = None  # whose symbols are loaded besides the kernel's
        self.namer = names.Names(self.programs, self._manager_table(build))
        self.last = None
        self.known = {}  # (directory, thread): (badge of its faults, name of its process)

    def _manager_table(self, build):
        program = build / "bin/drvmgr.elf.debug"
        if not program.exists():
            return None
        self.show(program)
        driver = members(gdb.lookup_type("driver_t").strip_typedefs())
        manager = members(gdb.lookup_type("manager_t").strip_typedefs())
        return {"at": address_of("manager"), "count": manager["count"][0],
                "drivers": manager["drivers"][0], "size": gdb.lookup_type("driver_t").sizeof,
                "name": driver["manifest.name"][0], "thread": driver["instance.process.thread"][0]}

    def show(self, program):
        """Has the symbols of this program, and of no other: all are linked at one address."""
        if program == self.shown:
            return
        if self.shown:
            quietly(f"remove-symbol-file -a {model.PROGRAM_AT:#x}")
        self.shown = program
        if program:
            quietly(f"add-symbol-file {program} -o 0")

    def read(self, physical, size):
        try:
            return gdb.selected_inferior().read_memory(KERNEL_BASE + physical, size).tobytes()
        except gdb.MemoryError as error:
            raise model.Unreadable(f"no memory at {physical:#x}: has the kernel started?") from error

    def word(self, physical):
        return int.from_bytes(self.read(physical, 4), "little")

    def _kernel_word(self, name):
        return self.word(self.kernel_at - KERNEL_BASE + self.kernel[name][0])

    def _pointer(self, name):
        value = self._kernel_word(name)
        return value - KERNEL_BASE if value else 0

    def look(self):
        """The machine as it stands."""
        if self.last:
            return self.last
        root = self._pointer("root")
        if not root:
            raise model.Unreadable("there is no process yet")
        kernel = {"root": root, "current": self._pointer("sched.current"), "base": KERNEL_BASE,
                  "now_ms": self._kernel_word("timers.now_ms"),
                  "pae": bool(int(gdb.parse_and_eval("(unsigned)$cr4")) & model.FLAG_PAE)}
        self.last = self.namer.apply(
            model.Machine(self.read, self.layouts, self.types, self.states, kernel))
        return self.last

    def forget(self, *_):
        self.last = None

    def running(self):
        """(name of the process that runs, whether its thread has a capability space); None: none. Without
        a whole look where the same thread was seen before: the badge of its faults says which driver it
        is, in whatever memory."""
        thread = self._pointer("sched.current")
        if not thread:
            return None
        slots = self.layouts["tcb"].members["slots"][0] + thread
        badge = self.word(slots + FAULT_PLACE * model.SLOT_SIZE + self.layouts["slot"].members["extra"][0])
        key = (space_in_place(), thread)
        if self.known.get(key, (None,))[0] != badge:
            self.forget()
            process = current_process(self.look())
            self.known[key] = (badge, process.name if process else None)
        has_space = self.read(slots + self.layouts["slot"].members["type"][0], 1) != b"\0"
        return self.known[key][1], has_space

    def process(self, name):
        found = [process for process in self.look().processes.values() if process.name == name]
        if not found:
            raise gdb.GdbError(names.unknown(name, [process.name for process in self.look().processes.values()]))
        return found[0]

    def program(self, name):
        """The file with debugging information of what runs, or will run, by this name."""
        path = BUILD / "bin" / f"{self.named(name)[name]}.elf.debug"
        if not path.exists():
            raise gdb.GdbError(f"there is no {path}")
        return path

    def named(self, name):
        """{name: program} of all that run, or were booted to; `name` is one of them."""
        found = names.booted(BUILD)
        try:
            found.update({process.name: process.program for process in self.look().processes.values()})
        except model.Unreadable:
            pass
        if name not in found:
            raise gdb.GdbError(names.unknown(name, found))
        return found


system = None


def the_system():
    global system
    if not system:
        system = System(BUILD)
        gdb.events.cont.connect(system.forget)
        gdb.events.memory_changed.connect(system.forget)
    return system


def in_user_mode():
    return int(gdb.parse_and_eval("(unsigned)$cs")) & 3 == USER_MODE


def space_in_place():
    return int(gdb.parse_and_eval("(unsigned)$cr3")) & ROOT


def current_process(machine):
    """Whose address space is in place; None: the kernel's own."""
    return next((process for process in machine.processes.values()
                 if process.root & ROOT == space_in_place()), None)


def show_current(*_):
    """After a stop: the symbols of the program that runs, and its name."""
    the_system().forget()
    try:
        machine = the_system().look()
    except (model.Unreadable, gdb.error):
        return
    process = current_process(machine)
    if process and in_user_mode():
        the_system().show(next((path for path in the_system().programs.values()
                                if path.name == f"{process.program}.elf.debug"), None))
        print(f"in process {process.name}:")
        print(quietly("frame"), end="")


def remote_numbers():
    """{register: its number in the remote protocol}."""
    rows = [line.split() for line in quietly("maint print remote-registers").splitlines()[1:]]
    return {row[0]: int(row[-2]) for row in rows if len(row) >= 6 and row[-2].isdigit()}


def set_registers(values):
    """All at once: with some of them alone, gdb would look for frames on the wrong stack."""
    numbers = remote_numbers()
    for name, value in values.items():
        quietly(f"maint packet P{numbers[name]:x}={value.to_bytes(4, 'little').hex()}")
    quietly("maint flush register-cache")


def behind_stub(machine, thread):
    """The registers of a thread, with what a system call of four arguments has pushed taken back: a
    function whose stack was aligned finds its frame by ebp, which is an argument there."""
    values = {name: thread.frame[name] for name in REGISTERS}
    if machine.user(thread.process, values["eip"], len(STUB_END)) == STUB_END:
        saved = machine.user(thread.process, values["esp"], 4)
        values.update(eip=values["eip"] + len(STUB_END), esp=values["esp"] + 4,
                      ebp=int.from_bytes(saved or b"", "little"))
    values["cr3"] = thread.process.root
    return values


class Borrowed:
    """The registers and the address space of a thread that does not run just now, for a while."""

    def __init__(self, thread):
        self.thread = thread
        self.saved = {}

    def __enter__(self):
        thread = self.thread
        if thread.current and in_user_mode():
            return
        values = behind_stub(the_system().look(), thread)
        self.saved = {name: int(gdb.parse_and_eval(f"(unsigned)${name}")) for name in values}
        set_registers(values)

    def __exit__(self, *_):
        if self.saved:
            set_registers(self.saved)


class BreakIn(gdb.Breakpoint):
    """At an address, in one process."""

    def __init__(self, name, address, temporary=False):
        self.process, self.passed = name, 0
        super().__init__(f"*{address:#x}", temporary=temporary)

    def stop(self):
        found = the_system().running()
        if found and found[0] == self.process:
            return True
        self.passed += 1
        return False


class Castellan(gdb.Command):
    """Castellan's processes, threads and capabilities."""

    def __init__(self):
        super().__init__("castellan", gdb.COMMAND_USER, gdb.COMPLETE_NONE, True)


def command(words, function, text):
    """Makes `castellan WORDS`; function(argument) prints or returns lines."""
    def invoke(_, argument, __):
        try:
            for line in function(argument.strip()) or ():
                print(line)
        except (model.Unreadable, gdb.error, OSError) as error:
            raise gdb.GdbError(str(error)) from error

    kind = type(f"Castellan_{words}", (gdb.Command,), {"__doc__": text, "invoke": invoke})
    kind(f"castellan {words}", gdb.COMMAND_USER)


def show_capabilities(argument):
    machine = the_system().look()
    if argument:
        return tables.capabilities(machine, the_system().process(argument))
    lines = []
    for process in machine.processes.values():
        lines += [f"{process.name}:", *tables.capabilities(machine, process)]
    return lines


def show_derivations(argument):
    return tables.derivations(the_system().look(), the_system().process(argument) if argument else None)


def break_in(argument):
    name, _, location = argument.partition(" ")
    if not location:
        raise gdb.GdbError("castellan break PROCESS LOCATION")
    the_system().show(the_system().program(name))
    try:
        places = gdb.decode_line(location)[1] or ()
    except gdb.error as error:
        raise gdb.GdbError(f"{name} has no {location}: {error}") from None
    if not places:
        raise gdb.GdbError(f"{name} has no {location}")
    return [f"{name} alone stops at {made.location[1:]}" for made in
            (BreakIn(name, place.pc) for place in places)]


def do_in(argument):
    name, _, what = argument.partition(" ")
    if not what:
        raise gdb.GdbError("castellan in PROCESS COMMAND")
    process, shown = the_system().process(name), the_system().shown
    the_system().show(the_system().program(name))
    try:
        with Borrowed(process.threads[0]):
            gdb.execute(what)
    finally:
        the_system().show(shown)
    return ()


def write_graph(form):
    def write(argument):
        if not argument:
            raise gdb.GdbError("a file is missing")
        pathlib.Path(argument).write_text(form(the_system().look()), encoding="utf-8")
        return [f"written to {argument}"]
    return write


def write_calls(argument):
    """What the kernel recorded of calls, as JSON; the names are those of the threads that there are now."""
    if not argument:
        raise gdb.GdbError("a file is missing")
    the_system().forget()
    machine, at = the_system().look(), address_of("machine")
    kind = layout("machine_t")
    clock = kind.read(the_system().read(at - KERNEL_BASE, kind.size))
    offset = the_system().layouts["tcb"].members["frame"][0]
    frames = {}
    for process in machine.processes.values():
        for index, thread in enumerate(process.threads):
            frames[thread.address + offset + KERNEL_BASE] = process.name + (f" {index + 1}" if index else "")
    try:
        found = calls.take(lambda address, size: the_system().read(address - KERNEL_BASE, size), clock, frames)
    except calls.NotRecorded as error:
        raise gdb.GdbError(str(error)) from error
    pathlib.Path(argument).write_text(json.dumps(found), encoding="utf-8")
    return [f"{len(found)} records written to {argument}"]


class AtFault(gdb.Breakpoint):
    """Where the kernel tells of the end of a thread: of any process, or of one. The manager's thread that
    faults when nobody else runs has no capability space, and is left out."""

    def __init__(self, name):
        self.process = name
        super().__init__(TOLD_BY, internal=True)

    def stop(self):
        name, has_space = the_system().running() or (None, False)
        return has_space and self.process in ("", name)


class AtKill(gdb.Breakpoint):
    """Where the manager ends a driver: it writes an eip of 0 (servers/drvmgr/hands/spawn.c). Never stops, but
    keeps where all threads were just before the last time."""

    def __init__(self):
        self.frames = {}
        super().__init__(WRITTEN_BY, internal=True)

    def stop(self):
        written = "((thread_registers_t *)((kernel_t *)&kernel)->sched.current->buffer)->eip"
        if int(gdb.parse_and_eval(f"(unsigned){written}")) == 0:
            the_system().forget()
            self.frames = {thread.address: thread.frame for thread in the_system().look().threads.values()}
            the_system().forget()
        return False

    def frame_of(self, thread):
        """Where the thread was when it was killed; None: it was not, and has jumped to 0 itself."""
        frame = self.frames.get(thread.address, {})
        same = all(frame.get(name) == thread.frame[name] for name in REGISTERS if name not in ("eip", "eflags"))
        return frame if thread.frame["eip"] == 0 and same else None


def end_machine(_event):
    """It would go on behind gdb, which waits five seconds for it and then ends it all the same."""
    if gdb.selected_inferior().pid:
        try:
            quietly("kill")
        except gdb.error:  # it has ended, and says nothing more
            pass


def until_death(name):
    """Goes on to it, and tells of it."""
    if name:
        the_system().named(name)
    at, kill = AtFault(name), AtKill()
    try:
        quietly("continue")
    except gdb.error as error:
        return [f"the machine has ended: {error}"]
    finally:
        for point in (at, kill):
            if point.is_valid():
                point.delete()
    if not gdb.selected_inferior().pid:
        return ["the machine has ended"]
    machine = the_system().look()
    thread = next((thread for thread in machine.threads.values() if thread.current and thread.process), None)
    if not thread:
        return ["nothing runs"]
    frame = kill.frame_of(thread)
    if frame:
        thread.frame = frame
        print(f"{thread.process.name} is killed by the manager; the log says whether the operator asked for it: "
              f"eip {frame['eip']:#x}, esp {frame['esp']:#x}")
        return do_in(f"{thread.process.name} backtrace")
    layout_of = the_system().layouts["tcb"]
    numbers = layout_of.read(the_system().read(thread.address, layout_of.size))
    print(f"{thread.process.name} ends: {the_system().faults.get(numbers['fault_label'], '?')}, "
          f"eip {thread.frame['eip']:#x}, address {numbers['fault_address']:#x}, "
          f"code {numbers['fault_code']:#x}, esp {thread.frame['esp']:#x}")
    return do_in(f"{thread.process.name} backtrace")


Castellan()
command("threads", lambda _: tables.threads(the_system().look()),
        "All threads: process, program, state, priority, since when, and for what and whom it waits.")
command("caps", show_capabilities,
        "castellan caps [PROCESS]: the capabilities that a process holds, or each does.")
command("derivations", show_derivations,
        "castellan derivations [PROCESS]: from what each capability of a process is derived, back to the\n"
        "first; or the whole tree.")
command("endpoints", lambda _: tables.endpoints(the_system().look()),
        "Endpoints and notifications: who may take from them, who may give to them, who waits there.")
command("waits", lambda _: tables.waits(the_system().look()), "Who waits for whose answer.")
command("counts", lambda _: tables.counts(the_system().look()),
        "How many capabilities and objects there are, by type, as `audit` counts them.")
command("break", break_in,
        "castellan break PROCESS LOCATION: a breakpoint in one process. Others that have something at the\n"
        "same address go on.")
command("in", do_in,
        "castellan in PROCESS COMMAND: any command of gdb, such as backtrace or print, as if the process\n"
        "had been stopped where its first thread is.")
command("backtrace", lambda argument: do_in(f"{argument} backtrace"),
        "castellan backtrace PROCESS: where its first thread is.")
command("death", until_death,
        "castellan death [PROCESS]: goes on to the next fault or exit, of any process or of one, and shows\n"
        "where it was.")
command("calls", write_calls,
        "castellan calls FILE: what the kernel recorded of calls and interrupts, as JSON; it does if it was booted\n"
        "with trace=calls. `./castellan timeline --calls` makes a trace of it.")
command("graph", write_graph(graph.dot), "castellan graph FILE: who holds what, for Graphviz.")
command("capdl", write_graph(graph.capdl), "castellan capdl FILE: all objects and capabilities as capDL.")
gdb.events.stop.connect(show_current)
if hasattr(gdb.events, "gdb_exiting"):  # not before gdb 12
    gdb.events.gdb_exiting.connect(end_machine)
quietly(f"directory {HERE.parents[1]}")
for setting in ("pagination", "stack-cache", "code-cache"):  # caches know one address space alone
    quietly(f"set {setting} off")
