# SPDX-License-Identifier: BSD-2-Clause
"""The kernel boots, or says in one line why not, whatever the loader left: a module at the end of
RAM, a hole in RAM, and a memory map out of order, with entries that overlap. A debugger plays the
loader: it stops where the kernel begins, moves the module and writes another memory map."""
import gdbstub
from guest import assert_release_rows, ps

LIMIT = 60
MEMORY = "64M"
HELD = True
KIB, MIB, PAGE = 1 << 10, 1 << 20, 1 << 12
TOP = 64 * MIB  # of RAM
MAP = 0x20000  # where the new map is written
HOLE = 64 * KIB
PACKET = 1500  # bytes that the debugger writes at once
# Multiboot specification, section 3.3: offsets in the information, and types of memory.
INFO_SIZE, MODULES, MAP_LENGTH, MAP_AT = 52, 24, 44, 48
RAM, RESERVED, ACPI = 1, 2, 3
FIRMWARE = [(0, 0x9fc00, RAM), (0x9fc00, 0x400, RESERVED), (0xf0000, 0x10000, RESERVED),
            (0xfffc0000, 0x40000, RESERVED)]
OUTSIDE = "the boot module lies outside of RAM"
VARIANTS = {"top": {}, "hole": {}, "overlap": {}, "outside": {}, "broken": {}}


def memory_map(variant, module):
    """[(base, length, type)], and what is wrong with it."""
    hole = module - HOLE
    pieces = [(MIB, hole - MIB, RAM), (module, TOP - module, RAM)]
    if variant == "top":
        return FIRMWARE + [(MIB, TOP - MIB, RAM)], None
    if variant == "hole":  # right before the module
        return FIRMWARE + pieces, None
    if variant == "overlap":
        return pieces[::-1] + [(hole, HOLE, ACPI), (MIB + 1, TOP - MIB - 1, RAM),
                               (hole - 1, 2, RESERVED)] + FIRMWARE[::-1], None
    if variant == "outside":  # in its second page
        return FIRMWARE + [(MIB, TOP - MIB, RAM), (module + PAGE, 1, RESERVED)], OUTSIDE
    return FIRMWARE + [(MIB, TOP - MIB, RAM)], "the memory map is broken"


def words(*values):
    return b"".join(value.to_bytes(4, "little") for value in values)


def packed(entries, size=20):
    """The map as a loader leaves it; the last entry says that it has `size` bytes."""
    parts = [words(20, base, 0, length, 0, kind) for base, length, kind in entries]
    parts[-1] = words(size) + parts[-1][4:]
    return b"".join(parts)


def word(data, at):
    return int.from_bytes(data[at:at + 4], "little")


def write(stub, address, data):
    for at in range(0, len(data), PACKET):
        stub.write(address + at, data[at:at + PACKET])


def move_module(vm, stub, info):
    """Puts it in the last pages of RAM, and something else where it was; answers where it is."""
    entry = word(vm.memory(info + MODULES, 4), 0)
    start, end = (word(vm.memory(entry, 8), at) for at in (0, 4))
    moved = (TOP - (end - start)) // PAGE * PAGE
    write(stub, moved, vm.memory(start, end - start))
    write(stub, start, bytes(PAGE))
    stub.write(entry, words(moved, moved + end - start))
    return moved


def test(vm):
    stub = gdbstub.Stub(vm, vm.log_dir.resolve() / "gdb")
    stub.run_to(gdbstub.symbols(vm.image)["_start"])
    info = stub.registers()["ebx"]
    entries, wrong = memory_map(vm.variant, move_module(vm, stub, info))
    new_map = packed(entries, 19 if vm.variant == "broken" else 20)
    stub.write(MAP, new_map)
    stub.write(info + MAP_LENGTH, words(len(new_map), MAP))
    if wrong:
        vm.allow_panic()
    stub.leave()
    if wrong:
        vm.expect(f"panic: {wrong}\n")
        vm.quit()
        return
    free, module = map(int, vm.expect(
        r"castellan: (\d+) KiB of memory free, boot module (\d+) KiB").groups())
    assert free < (TOP - MIB) // KIB - module, free
    assert_release_rows(ps(vm))
    vm.reboot()
