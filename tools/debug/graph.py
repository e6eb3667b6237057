# SPDX-License-Identifier: BSD-2-Clause
"""A machine (model.py) as a picture of who may reach what, for Graphviz, and as a text in capDL, the
language in which systems of seL4 are described: capDL 1.1, the specification in the repository of its
tool. capDL has no word for an I/O bitmap, for the audit, and for the right to inspect: they are left
out, and so is what is mapped where."""
import re

SHOWN = {"endpoint": "ellipse", "notification": "diamond", "reply": "ellipse", "irq": "hexagon",
         "pio": "hexagon", "mmio": "hexagon"}
MAKERS = ("init", "drvmgr")  # who hold everything: their edges are pale, and what nobody else has is no node
RIGHTS = ((1, "R"), (2, "W"), (8, "G"), (4, "X"))
OBJECTS = {"untyped": "ut", "cspace": "cnode", "thread": "tcb", "vspace": "pd", "ptable": "pt",
           "frame": "frame", "endpoint": "ep", "notification": "notification", "reply": "rtreply",
           "irq": "irq", "pio": "io_ports", "mmio": "frame"}
RIGHTED = ("frame", "mmio", "endpoint", "notification")
BOUND = ("cspace", "vspace", "ipc_buffer_slot", "3", "4")  # abi/syscalls.h: BIND_…
SLOT_SIZE = 64


def label(slot):
    if slot.type in ("irq", "pio", "mmio"):
        many = f"-{slot.extra:#x}" if slot.extra != slot.object else ""
        return f"{slot.type} {slot.object:#x}{many}"
    return f"{slot.type}\\n{slot.object:#x}"


def key(slot):
    """The node that a capability leads to."""
    return f"{slot.type}_{slot.object:x}_{slot.extra if slot.type in ('irq', 'pio', 'mmio') else 0:x}"


def dot(machine):
    """Processes, and what they can talk to: who takes from it has an arrow from it, who gives one to it.
    What init and the manager alone hold is left out."""
    lines = ["digraph castellan {", "\trankdir=LR;", "\tnode [fontname=sans fontsize=10];",
             "\tedge [fontname=sans fontsize=9];"]
    names = {}
    for number, process in enumerate(machine.processes.values()):
        names[process.capabilities] = (f"p{number}", process.name)
        states = ", ".join(thread.state for thread in process.threads)
        lines.append(f'\tp{number} [shape=box style=bold label="{process.name}\\n{states}"];')
    users = [space for space, (_, name) in names.items() if name not in MAKERS]
    used = {key(slot) for space in users for slot in machine.spaces.get(space, ())}
    drawn, edges = set(), []
    for space, (node, name) in names.items():
        for slot in machine.spaces.get(space, ()):
            what = key(slot)
            if slot.type not in SHOWN or what not in used:
                continue
            if what not in drawn:
                drawn.add(what)
                lines.append(f'\t{what} [shape={SHOWN[slot.type]} label="{label(slot)}"];')
            pale = " color=gray80 fontcolor=gray60" if name in MAKERS else ""
            badge = f" {slot.extra:#x}" if slot.type in ("endpoint", "notification") and slot.extra else ""
            edge = f"{what} -> {node}" if slot.rights & 3 == 1 else f"{node} -> {what}"
            edges.append(f'\t{edge} [label="{slot.rights_text()}{badge}"{pale}];')
    return "\n".join(lines + sorted(set(edges)) + ["}"]) + "\n"


def size_of(slot):
    """Of a frame, as capDL has it."""
    size = slot.extra - slot.object + 1 if slot.type == "mmio" else 1 << slot.extra
    return f"{size >> 20}M" if size % (1 << 20) == 0 else f"{size >> 10}k"


def owners(machine):
    """{object: whose it is, as a part of a name}."""
    found = {}
    for process in machine.processes.values():
        name = re.sub(r"\W", "_", process.name)
        found.update({process.space: name, process.capabilities: name})
        found.update({thread.address: f"{name}_{number}" if number else name
                      for number, thread in enumerate(process.threads)})
    return found


class Capdl:
    def __init__(self, machine):
        self.machine, self.owners = machine, owners(machine)
        self.places = {}  # number of a slot: "(cnode@x, 5)"

    def name(self, slot):
        """Of its object; None: capDL has none."""
        if slot.type not in OBJECTS:
            return None
        if slot.type == "irq":
            return f"irq@{slot.object}" if slot.object == slot.extra else "irq_control"
        if slot.type in ("pio", "mmio"):
            return f"{slot.type}@{slot.object:#x}@{slot.extra:#x}"
        if slot.type in ("untyped", "frame"):
            return f"{slot.type}@{slot.object:#x}@{slot.extra}"
        owner = self.owners.get(slot.object) if slot.type in ("cspace", "thread", "vspace") else None
        return f"{OBJECTS[slot.type]}@{owner}" if owner else f"{OBJECTS[slot.type]}@{slot.object:#x}"

    def parameters(self, slot):
        """Of an object."""
        if slot.type in ("untyped", "cspace"):
            return f" ({slot.extra} bits)"
        if slot.type in ("frame", "mmio"):
            return f" ({size_of(slot)}, paddr: {slot.object:#x})"
        return f" (ports: [{slot.object:#x}..{slot.extra:#x}])" if slot.type == "pio" else ""

    def capability(self, slot):
        words = []
        if slot.type in RIGHTED:
            words.append("".join(letter for bit, letter in RIGHTS if slot.rights & bit))
        if slot.type in ("endpoint", "notification") and slot.extra:
            words.append(f"badge: {slot.extra:#x}")
        return self.name(slot) + (f" ({', '.join(filter(None, words))})" if any(words) else "")

    def objects(self):
        found = {}
        for slot in self.machine.slots.values():
            name = self.name(slot)
            if name and name != "irq_control":
                found[name] = f"{name} = {OBJECTS[slot.type]}{self.parameters(slot)}"
        return [f"  {line}" for _, line in sorted(found.items())]

    def capabilities(self):
        lines = []
        holders = [(f"cnode@{self.owners.get(space) or hex(space)}",
                    [(f"{slot.number - space // SLOT_SIZE:#x}", slot) for slot in held])
                   for space, held in self.machine.spaces.items()]
        holders += [(f"tcb@{self.owners.get(address) or hex(address)}",
                     [(BOUND[at], slot) for at, slot in enumerate(thread.slots) if slot])
                    for address, thread in self.machine.threads.items()]
        for holder, held in holders:
            told = [(place, slot) for place, slot in held if self.name(slot)]
            self.places.update({slot.number: f"({holder}, {place})" for place, slot in told})
            lines += [f"  {holder} {{", *[f"    {place}: {self.capability(slot)}" for place, slot in told],
                      "  }"]
        return lines

    def derivations(self):
        """Who was derived from whom, of what is in a place that was told."""
        lines = []
        for number, place in self.places.items():
            children = [self.places[child.number] for child in
                        self.machine.children(self.machine.slots[number]) if child.number in self.places]
            if children:
                lines.append(f"  {place} {{ {' '.join(children)} }}")
        return lines


def capdl(machine):
    text = Capdl(machine)
    return "\n".join(["arch ia32", "", "objects {", *text.objects(), "} caps {", *text.capabilities(),
                      "} cdt {", *text.derivations(), "}"]) + "\n"
