# SPDX-License-Identifier: BSD-2-Clause
"""What the kernel's memory says of the running system: address spaces, threads, capabilities, and whom
each thread waits for. It reads physical memory through a function and changes nothing; the shapes of the
kernel's structures come from debugging information, not from here."""
import dataclasses

SLOT_SIZE = 64  # microkernel/object/place.h: slot n is the 64 bytes at 64 n
PAGE = 4096
ENTRY_PRESENT, ENTRY_LARGE = 1, 0x80  # microkernel/arch/i386/mmu.h
FLAG_PAE = 0x20  # of CR4: SDM 3A, 2.5
PROGRAM_AT = 0x400000  # libs/libcap/user.ld
NOTES_SIZE = 512  # the notes stand first in a program
RIGHTS = ((1, "r"), (2, "w"), (4, "x"), (8, "g"))  # abi/cap.h
RIGHT_READ, RIGHT_INSPECT = 1, 16
SPACE_MOST = 4095  # the last slot of the largest cspace: CSPACE_BITS_MAX
DEEPEST = 1 << 20  # capabilities: a list that is longer goes round


class Unreadable(Exception):
    """The memory holds no whole system: it has not booted so far, or is damaged."""


@dataclasses.dataclass
class Layout:
    """A structure of C: {member: (offset, bytes)}, members of members with dots, and its own size."""
    size: int
    members: dict

    def read(self, data, base=0):
        return {name: int.from_bytes(data[base + offset:base + offset + size], "little")
                for name, (offset, size) in self.members.items() if size <= 8}


@dataclasses.dataclass
class Slot:
    """A capability; the names are those of slot_t."""
    number: int
    space: int  # the capability space that it is in, or 0
    type: str
    rights: int
    flags: int
    parent: int
    child: int
    next: int
    name: int
    object: int
    extra: int
    index: int
    map_virt: int
    map_space: int
    map_pages: int

    def rights_text(self):
        text = "".join(letter if self.rights & bit else "-" for bit, letter in RIGHTS)
        return text + ("i" if self.rights & RIGHT_INSPECT else "")


@dataclasses.dataclass
class Thread:
    address: int
    process: object
    state: str
    priority: int
    frame: dict
    since_ms: int
    waits_at: Slot  # the capability that it waits through, or None
    answer: int  # the reply object that its answer comes from, or 0
    slots: list  # capabilities that it holds itself, by place; None where there is none
    current: bool


@dataclasses.dataclass
class Process:
    """An address space and what runs in it."""
    space: int  # the vspace object
    root: int  # its directory: CR3
    name: str = "?"
    program: str = "?"
    threads: list = dataclasses.field(default_factory=list)
    capabilities: int = 0  # the cspace object of its first thread, or 0


class Machine:
    """One look at the system, which must stand still.

    read(physical, size)  bytes of memory
    layouts               {"slot", "tcb", "cspace", "vspace": Layout}
    types, states         {number: name} of CAP_TYPES and of thread_state_t
    kernel                {"root", "current": physical addresses of threads, "now_ms", "pae"}"""

    def __init__(self, read, layouts, types, states, kernel):
        self.read, self.layouts, self.kernel = read, layouts, kernel
        self.types, self.states = types, states
        self.slots, self.spaces = {}, {}
        self.threads, self.processes = {}, {}
        self._find()

    # --- finding ---

    def _find(self):
        """All that can be reached from the root task: every process was made of what it had."""
        self._due = []
        self._take_thread(self.kernel["root"])
        while self._due:
            self._take_slot(self._due.pop())
            if len(self.slots) > DEEPEST:
                raise Unreadable("the capabilities go round in a circle")
        for thread in self.threads.values():
            thread.waits_at = self.slots.get(thread.waits_at)
        for process in self.processes.values():
            bound = [thread.slots[0] for thread in process.threads if thread.slots[0]]
            process.capabilities = bound[0].object if bound else 0

    def _slot(self, number, space=0, data=None):
        values = self.layouts["slot"].read(data or self.read(number * SLOT_SIZE, SLOT_SIZE))
        if values["type"] not in self.types:
            raise Unreadable(f"no capability is at {number * SLOT_SIZE:#x}")
        return Slot(number=number, space=space, type=self.types[values["type"]],
                    **{field.name: values[field.name] for field in dataclasses.fields(Slot)
                       if field.name not in ("number", "space", "type")})

    def _take_slot(self, number):
        """A slot that links or a list name; what it leads to is due."""
        if not number or number in self.slots:
            return
        self._add(self._slot(number))

    def _add(self, slot):
        if slot.type == "none":
            return
        self.slots[slot.number] = slot
        self._due += [slot.parent, slot.child, slot.next]
        if slot.type == "cspace":
            self._take_space(slot.object)
        elif slot.type == "thread":
            self._take_thread(slot.object)

    def _take_space(self, address):
        if address in self.spaces:
            return
        header = self.layouts["cspace"].read(self.read(address, SLOT_SIZE))
        if not 0 < header["mask"] <= SPACE_MOST or header["fresh"] > header["mask"] + 1:
            raise Unreadable(f"no capability space is at {address:#x}")
        self.spaces[address] = held = []
        count = header["fresh"]
        data = self.read(address, count * SLOT_SIZE)
        for index in range(1, count):  # the first slot is the header, the second its tomb
            at = index * SLOT_SIZE
            slot = self._slot(address // SLOT_SIZE + index, address if index > 1 else 0,
                              data[at:at + SLOT_SIZE])
            if slot.type == "none":
                continue
            slot = self.slots.get(slot.number) or slot
            slot.space = address if index > 1 else 0
            self._add(slot)
            if index > 1:
                held.append(slot)

    def _take_thread(self, address):
        if address in self.threads:
            return
        layout = self.layouts["tcb"]
        data = self.read(address, layout.size)
        values = layout.read(data)
        if values["state"] not in self.states:
            raise Unreadable(f"no thread is at {address:#x}")
        own = []
        first, size = layout.members["slots"]
        for at in range(first, first + size, SLOT_SIZE):
            slot = self._slot((address + at) // SLOT_SIZE, 0, data[at:at + SLOT_SIZE])
            own.append(None if slot.type == "none" else slot)
        self.threads[address] = thread = Thread(
            address=address, process=None, state=self.states[values["state"]],
            priority=values["priority"], since_ms=values["since_ms"],
            frame={name[6:]: value for name, value in values.items() if name.startswith("frame.")},
            waits_at=self.physical(values["wait_slot"]) // SLOT_SIZE,
            answer=self.physical(values["answer"]), slots=own,
            current=address == self.kernel["current"])
        if values["vspace"]:
            thread.process = self._process(values["vspace"])
            thread.process.threads.append(thread)
        for slot in own:
            if slot:
                self._add(slot)
        self._due.append((address + layout.members["tomb"][0]) // SLOT_SIZE)

    def _process(self, space):
        if space not in self.processes:
            root = self.layouts["vspace"].read(self.read(space, self.layouts["vspace"].size))["root"]
            self.processes[space] = Process(space, root)
        return self.processes[space]

    def physical(self, pointer):
        """Of the kernel's own pointers; 0 of none."""
        return pointer - self.kernel["base"] if pointer else 0

    # --- user memory ---

    def translate(self, root, virtual):
        """The physical address of a user's; None: nothing is mapped there. SDM 3A, 4.3 and 4.4."""
        wide = self.kernel["pae"]
        size, bits = (8, 9) if wide else (4, 10)
        table = root
        if wide:
            entry = self._entry(root, virtual >> 30, 8)
            if not entry & ENTRY_PRESENT:
                return None
            table = entry & ~0xFFF & 0xFFFFFFFF
        for shift in (12 + bits, 12):
            entry = self._entry(table, virtual >> shift & (1 << bits) - 1, size)
            if not entry & ENTRY_PRESENT:
                return None
            if shift > 12 and entry & ENTRY_LARGE:
                return (entry & 0xFFFFFFFF & ~((1 << shift) - 1)) | virtual & ((1 << shift) - 1)
            table = entry & 0xFFFFF000
        return table | virtual & 0xFFF

    def _entry(self, table, index, size):
        return int.from_bytes(self.read(table + index * size, size), "little")

    def user(self, process, virtual, size):
        """Bytes of a process's memory; None: not all of it is mapped."""
        result = b""
        while size:
            piece = min(size, PAGE - virtual % PAGE)
            at = self.translate(process.root, virtual)
            if at is None:
                return None
            result += self.read(at, piece)
            virtual, size = virtual + piece, size - piece
        return result

    def build_id(self, process):
        """Of the program that the process runs, in hexadecimal digits; None: none is found."""
        notes, at = self.user(process, PROGRAM_AT, NOTES_SIZE) or b"", 0
        while at + 12 <= len(notes):
            name, size, kind = (int.from_bytes(notes[at + i:at + i + 4], "little") for i in (0, 4, 8))
            text = at + 12
            value = text + (name + 3 & ~3)
            if notes[text:text + name] == b"GNU\0" and kind == 3:
                return notes[value:value + size].hex()
            if name > 64 or size > NOTES_SIZE:
                return None
            at = value + (size + 3 & ~3)
        return None

    def lookup(self, space, handle):
        """The capability that a handle names in a cspace; None: none."""
        return next((slot for slot in self.spaces.get(space, ()) if slot.name == handle), None)

    # --- who waits for whom ---

    def holders(self, address, rights=0):
        """Processes that hold a capability of the object with these rights, in their order."""
        spaces = {slot.space for slot in self.slots.values()
                  if slot.object == address and slot.space and slot.rights & rights == rights
                  and slot.type in ("endpoint", "reply", "notification")}
        return [process for process in self.processes.values() if process.capabilities in spaces]

    def servers(self, address):
        """Who receives at an endpoint: who waits there, or else who could and is not only its maker."""
        waits = [thread.process for thread in self.threads.values() if thread.process
                 and thread.state == "receiving" and thread.waits_at and thread.waits_at.object == address]
        return waits or self.holders(address, RIGHT_READ)

    def waits_for(self, thread):
        """(what it waits for in words, processes that could end that)."""
        slot = thread.waits_at
        if thread.state == "calling":
            return "an answer", self.holders(thread.answer)
        if thread.state == "sending" and slot:
            return f"endpoint {slot.object:#x}", self.servers(slot.object)
        if thread.state == "receiving" and slot:
            return f"messages at endpoint {slot.object:#x}", []
        if thread.state == "waiting" and slot:
            if slot.type == "irq":
                return f"interrupt {slot.object}", []
            return f"notification {slot.object:#x}", []
        return {"ready": "the processor", "stopped": "nothing: it is stopped"}.get(thread.state, "?"), []

    # --- counting, as SYS_AUDIT does ---

    def counts(self):
        """({type: capabilities}, {type: objects}): tombs count as none."""
        live = [slot for slot in self.slots.values() if slot.number not in self._tombs()]
        capabilities, objects = {}, {}
        for slot in live:
            capabilities[slot.type] = capabilities.get(slot.type, 0) + 1
            objects.setdefault(slot.type, set()).add(slot.object)
        return capabilities, {kind: len(found) for kind, found in objects.items()}

    def _tombs(self):
        tomb = self.layouts["tcb"].members["tomb"][0]
        space_tomb = self.layouts["vspace"].members["tomb"][0]
        return ({(address + tomb) // SLOT_SIZE for address in self.threads}
                | {address // SLOT_SIZE + 1 for address in self.spaces}
                | {(space + space_tomb) // SLOT_SIZE for space in self.processes})

    # --- derivation ---

    def children(self, slot):
        """Capabilities derived from this one, in the order of the ring."""
        result, number = [], slot.child
        while number and number in self.slots:
            result.append(self.slots[number])
            number = self.slots[number].next
            if number == slot.child:
                break
        return result

    def roots(self):
        """Capabilities that are derived from none, in the order of memory."""
        derived = {child.number for slot in self.slots.values() for child in self.children(slot)}
        return [slot for number, slot in sorted(self.slots.items()) if number not in derived]

    def parents(self):
        """{number: the capability that it is derived from}."""
        return {child.number: slot for slot in self.slots.values() for child in self.children(slot)}
