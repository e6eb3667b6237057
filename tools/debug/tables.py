# SPDX-License-Identifier: BSD-2-Clause
"""The tables that a debugger shows of a machine (model.py), as lines of text."""

RANGES = {"pio": "ports", "irq": "lines", "mmio": "memory"}
DEPTH_SHOWN = 40


def where(machine, slot):
    """In whose hands a capability is: a process, a thread, or the kernel's own."""
    for process in machine.processes.values():
        if slot.space and process.capabilities == slot.space:
            return process.name
    for thread in machine.threads.values():
        if slot in thread.slots:
            return f"thread of {thread.process.name}" if thread.process else "a thread"
    return "a cspace of nobody" if slot.space else "the kernel"


def name_of(machine, slot):
    """What it is of, for people: "endpoint 0x1b2c40 badge 3", "pio 0x60..0x64"."""
    if slot.type in RANGES:
        last = slot.extra
        return f"{slot.type} {slot.object:#x}" + (f"..{last:#x}" if last != slot.object else "")
    if slot.type in ("untyped", "frame"):
        return f"{slot.type} {slot.object:#x}, {1 << slot.extra} bytes"
    text = f"{slot.type} {slot.object:#x}"
    if slot.type in ("thread", "vspace", "cspace"):
        owner = next((process.name for process in machine.processes.values()
                      if slot.object in (process.space, process.capabilities,
                                         *(thread.address for thread in process.threads))), None)
        return text + (f" of {owner}" if owner else "")
    if slot.type in ("endpoint", "notification") and slot.extra:
        return f"{text} badge {slot.extra:#x}"
    return text


def columns(rows):
    """Rows of cells as lines, the last cell as long as it is."""
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(rows[0]) - 1)]
    return ["  ".join([str(cell).ljust(width) for cell, width in zip(row, widths)] + [str(row[-1])]).rstrip()
            for row in rows]


def threads(machine):
    rows = [("PROCESS", "PROGRAM", "THREAD", "STATE", "PRIORITY", "SINCE", "WAITS FOR")]
    for process in machine.processes.values():
        for thread in process.threads:
            what, who = machine.waits_for(thread)
            since = machine.kernel["now_ms"] - thread.since_ms & 0xFFFFFFFF
            rows.append((process.name, process.program, f"{thread.address:#x}",
                         "running" if thread.current else thread.state, thread.priority, f"{since} ms",
                         what + (f" of {', '.join(other.name for other in who)}" if who else "")))
    return columns(rows)


def capabilities(machine, process):
    rows = [("HANDLE", "RIGHTS", "CAPABILITY", "MAPPED")]
    for slot in machine.spaces.get(process.capabilities, ()):
        mapped = f"at {slot.map_virt:#x}" if slot.map_space and slot.type in ("frame", "mmio") else ""
        rows.append((f"{slot.name:#x}", slot.rights_text(), name_of(machine, slot), mapped))
    return columns(rows)


def derivations(machine, process=None):
    """The tree of all capabilities; or, of each that a process holds, from what it is derived."""
    if process:
        parents, lines = machine.parents(), []
        for slot in machine.spaces.get(process.capabilities, ()):
            chain, at = [], slot
            while at and len(chain) < DEPTH_SHOWN:
                chain.append(f"{name_of(machine, at)} ({where(machine, at)})")
                at = parents.get(at.number)
            lines.append(" < ".join(chain))
        return lines
    lines, due = [], [(slot, 0) for slot in reversed(machine.roots())]
    while due:
        slot, depth = due.pop()
        lines.append(f"{'  ' * depth}{name_of(machine, slot)} {slot.rights_text()} ({where(machine, slot)})")
        due += [(child, depth + 1) for child in reversed(machine.children(slot))]
    return lines


def endpoints(machine):
    """Endpoints and notifications: who may take from them, who may give, who waits there."""
    rows = [("OBJECT", "TAKES", "GIVES", "WAITS THERE")]
    for address, kind in sorted({(slot.object, slot.type) for slot in machine.slots.values()
                                 if slot.type in ("endpoint", "notification")}):
        waits = [f"{thread.process.name if thread.process else '?'} ({thread.state})"
                 for thread in machine.threads.values()
                 if thread.waits_at and thread.waits_at.object == address and thread.waits_at.type == kind]
        rows.append((f"{kind} {address:#x}",
                     " ".join(process.name for process in machine.holders(address, 1)) or "-",
                     " ".join(process.name for process in machine.holders(address, 2)) or "-",
                     ", ".join(waits) or "-"))
    return columns(rows)


def waits(machine):
    """Who waits for whom, one line each."""
    lines = []
    for thread in machine.threads.values():
        what, who = machine.waits_for(thread)
        if thread.state in ("sending", "calling") and thread.process:
            names = ", ".join(process.name for process in who) or "nobody"
            lines.append(f"{thread.process.name} waits for {names}: {what}")
    return lines or ["nobody waits for an answer"]


def counts(machine):
    capabilities_of, objects = machine.counts()
    rows = [("TYPE", "CAPABILITIES", "OBJECTS")]
    rows += [(kind, capabilities_of[kind], objects[kind]) for kind in machine.types.values()
             if kind in capabilities_of]
    return columns(rows)
