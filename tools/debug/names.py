# SPDX-License-Identifier: BSD-2-Clause
"""Which process is which: of the kernel's address spaces, those of drivers have the names that the
manager's own table gives them; others are called after their program, which its build id says."""
import difflib
import json
import pathlib
import tarfile

ROOT_TASK = "init"  # its program is in the kernel's image, without a build id
MANAGER = "drvmgr"
NAME_MOST = 32


def booted(build):
    """{name of a process: its program} of the system that is in build/boot.tar."""
    found = {ROOT_TASK: ROOT_TASK, MANAGER: MANAGER}
    with tarfile.open(build / "boot.tar") as tar:
        for member in tar.getmembers():
            if member.name.endswith(".drv.json"):
                manifest = json.load(tar.extractfile(member))
                found[manifest["name"]] = manifest.get("image", f"{manifest['name']}.elf").removesuffix(".elf")
    return found


def unknown(name, known):
    """Says that no process has the name, and which is most like it."""
    near = difflib.get_close_matches(name, known, n=1)
    return (f"no process is called {name}; " + (f"did you mean {near[0]}? " if near else "")
            + f"there are: {' '.join(known)}")


class Names:
    """programs   {build id: path of the file with debugging information}
    table      where the manager has its state, and what of it is where: {"at", "count", "drivers",
               "size", "name", "thread"}; None: it is not known, and all go by their programs"""

    def __init__(self, programs, table):
        self.programs, self.table = programs, table

    def apply(self, machine):
        """Names all processes of the machine, and puts them into the order of init, drvmgr, drivers."""
        for process in machine.processes.values():
            path = self.programs.get(machine.build_id(process))
            if path:
                process.program = pathlib.Path(path).name.partition(".elf")[0]
                process.name = process.program
        root = machine.threads[machine.kernel["root"]].process
        if root:
            root.name = root.program = ROOT_TASK
        manager = next((process for process in machine.processes.values()
                        if process.program == MANAGER), None)
        drivers = self._drivers(machine, manager) if manager and self.table else []
        for name, process in drivers:
            process.name = name
        order = [process for _, process in drivers]
        others = [process for process in machine.processes.values() if process not in order]
        machine.processes = {process.space: process for process in others + order}
        return machine

    def _word(self, machine, manager, at):
        data = machine.user(manager, at, 4)
        return int.from_bytes(data, "little") if data else 0

    def rows(self, machine, manager):
        """[(name, handle of its thread or 0)] of the manager's table."""
        table = self.table
        count = self._word(machine, manager, table["at"] + table["count"])
        at = self._word(machine, manager, table["at"] + table["drivers"])
        result = []
        for index in range(min(count, NAME_MOST)):
            row = at + index * table["size"]
            text = machine.user(manager, row + table["name"], NAME_MOST)
            if text is None:
                break
            result.append((text.partition(b"\0")[0].decode("ascii", "replace"),
                           self._word(machine, manager, row + table["thread"])))
        return result

    def _drivers(self, machine, manager):
        found = []
        for name, handle in self.rows(machine, manager):
            slot = machine.lookup(manager.capabilities, handle) if handle else None
            thread = machine.threads.get(slot.object) if slot and slot.type == "thread" else None
            if thread and thread.process:
                found.append((name, thread.process))
        return found
