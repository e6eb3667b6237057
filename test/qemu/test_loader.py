# SPDX-License-Identifier: BSD-2-Clause
"""The kernel boots, or says in one line why not, whatever the loader left: a module at the end of
RAM, holes in RAM, and a memory map out of order, with entries that overlap, that names memory
up to 4 GiB, or is not there. A debugger plays the loader: it stops where the kernel begins, moves
the module and writes another memory map. What the kernel then hands to the root task is compared
with a slow model, page by page."""
import struct

import gdbstub
from guest import assert_release_rows, expect_running, ps

LIMIT = 60
MEMORY = "64M"
HELD = True
KIB, MIB, PAGE = 1 << 10, 1 << 20, 1 << 12
TOP = 64 * MIB  # of RAM
MAP = 0x20000  # where the new map is written
HOLE, AMID = 64 * KIB, 24 * MIB
PACKET = 1500  # bytes that the debugger writes at once
# Multiboot specification, section 3.3: offsets in the information, and types of memory.
INFO_SIZE, MODULES, MAP_LENGTH, MAP_AT = 52, 24, 44, 48
RAM, RESERVED, ACPI, BAD = 1, 2, 3, 5
HAS_SIZES, HAS_MAP = 0x01, 0x40  # flags: mem_lower and mem_upper, in KiB, are there; the map is
FIRMWARE = [(0, 0x9fc00, RAM), (0x9fc00, 0x400, RESERVED), (0xf0000, 0x10000, RESERVED),
            (0xfffc0000, 0x40000, RESERVED)]
# What the root task is told: abi/boot.h; types of capabilities: abi/cap.h.
INFO_MAGIC, INFO_COUNT, INFO_CAPS, INFO_SIZE = b"CSTL", 12, 288, 288 + 192 * 16 + 32
UNTYPED, MMIO = 1, 12
ISA, BUS = (0xa0000, 0xeffff), (TOP, 0xfebfffff)
NO_BUS = ("last", "sizes")  # memory up to 4 GiB, or nobody knows: nothing is above it
MARK = bytes(range(1, 129)) * (HOLE // 128)  # stands in a hole
KEPT = MIB  # the kernel itself takes less
OUTSIDE = "the boot module lies outside of RAM"
VARIANTS = {"top": {}, "hole": {}, "overlap": {}, "outside": {}, "broken": {},
            "last": {}, "sizes": {}}


def holes(variant, module):
    """Where RAM has a hole of HOLE bytes: amid it, and right before the module."""
    return [AMID, module - HOLE] if variant in ("hole", "overlap", "last") else []


def memory_map(variant, module):
    """[(base, length, type)], and what is wrong with it."""
    all_ram = [(MIB, TOP - MIB, RAM)]
    edges = [MIB] + [edge for at in holes(variant, module) for edge in (at, at + HOLE)] + [TOP]
    pieces = [(at, end - at, RAM) for at, end in zip(edges[::2], edges[1::2])]
    if variant == "overlap":  # nothing in order, and RAM all over it
        acpi = [(at, HOLE, ACPI) for at in holes(variant, module)]
        return pieces[::-1] + acpi + [(MIB + 1, TOP - MIB - 1, RAM),
                                      (module - HOLE - 1, 2, RESERVED)] + FIRMWARE[::-1], None
    if variant == "outside":  # in its second page
        return FIRMWARE + all_ram + [(module + PAGE, 1, RESERVED)], OUTSIDE
    if variant == "last":
        return FIRMWARE + pieces + [((1 << 32) - PAGE, PAGE, BAD)], None
    return FIRMWARE + pieces, "the memory map is broken" if variant == "broken" else None


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
    """Puts it in the last pages of RAM, and something else where it was; answers where it is, and its
    size."""
    entry = word(vm.memory(info + MODULES, 4), 0)
    start, end = (word(vm.memory(entry, 8), at) for at in (0, 4))
    moved = (TOP - (end - start)) // PAGE * PAGE
    write(stub, moved, vm.memory(start, end - start))
    write(stub, start, bytes(PAGE))
    stub.write(entry, words(moved, moved + end - start))
    return moved, end - start


def pages(base, length):
    """The numbers of all that are touched, a set."""
    return set(range(base // PAGE, (base + length + PAGE - 1) // PAGE))


def usable(entries, taken):
    """The pages of RAM above 1 MiB that are nobody's: whole ones that are called nothing else."""
    ram, other = set(), set()
    for base, length, kind in entries:
        if base >= TOP:
            continue
        whole = set(range((base + PAGE - 1) // PAGE, (base + length) // PAGE))
        ram |= whole if kind == RAM else set()
        other |= pages(base, length) - (whole if kind == RAM else set())
    return {page for page in ram - other if page >= MIB // PAGE} - taken


def handed_over(vm):
    """[(type, word 0, word 1)] of all that the root task was given. The manager has boot
    information too, in memory that was handed over, and that is above all that the kernel took."""
    memory = vm.memory(0, TOP)
    found = [at for at in range(0, TOP, PAGE) if memory.startswith(INFO_MAGIC, at) and
             word(memory, at + 8) == INFO_SIZE]
    assert len(found) == 2, f"boot information at {found}"
    at = found[0]
    return [struct.unpack_from("<4I", memory, at + INFO_CAPS + 16 * i)[1:]
            for i in range(word(memory, at + INFO_COUNT))]


def compare(vm, free, entries, module, size):
    """Has the root task all that is nobody's, but for the little that the kernel took, and
    nothing else?"""
    symbols = gdbstub.symbols(vm.image)
    start = symbols["kernel_image_start"]
    image = pages(start, symbols["kernel_image_end"] - 0xc0000000 - start)
    expected = usable(entries, image | pages(module, size))
    caps, given = handed_over(vm), set()
    for base, bits in [cap[1:] for cap in caps if cap[0] == UNTYPED]:
        piece = pages(base, 1 << bits)
        assert piece <= expected, f"{1 << bits:#x} bytes from {base:#x} on are not free"
        assert not piece & given, f"{1 << bits:#x} bytes from {base:#x} on are given twice"
        given |= piece
    assert free * KIB == len(given) * PAGE, f"{free} KiB are free, given {len(given)} pages"
    assert 0 < len(expected - given) <= KEPT // PAGE, f"{len(expected - given)} pages are missing"
    ranges = [(base, base + length - 1) for kind, base, length in caps if kind == MMIO]
    archive = (module, module + len(pages(module, size)) * PAGE - 1)
    windows = [ISA] if vm.variant in NO_BUS else [ISA, BUS]
    assert ranges == [archive, *windows], ranges


def test(vm):
    stub = gdbstub.Stub(vm, vm.log_dir.resolve() / "gdb")
    stub.run_to(gdbstub.symbols(vm.image)["_start"])
    info = stub.registers()["ebx"]
    module, size = move_module(vm, stub, info)
    entries, wrong = memory_map(vm.variant, module)
    for hole in holes(vm.variant, module):
        write(stub, hole, MARK)
    new_map = packed(entries, 19 if vm.variant == "broken" else 20)
    stub.write(MAP, new_map)
    stub.write(info + MAP_LENGTH, words(len(new_map), MAP))
    if vm.variant == "sizes":  # a loader without a map
        flags = word(vm.memory(info, 4), 0) & ~HAS_MAP | HAS_SIZES
        stub.write(info, words(flags, 639, (TOP - MIB) // KIB))
    if wrong:
        vm.allow_panic()
    stub.leave()
    if wrong:
        vm.expect(f"panic: {wrong}\n")
        vm.quit()
        return
    free, _ = map(int, vm.expect(
        r"castellan: (\d+) KiB of memory free, boot module (\d+) KiB").groups())
    expect_running(vm)
    assert_release_rows(ps(vm))
    compare(vm, free, entries, module, size)
    for hole in holes(vm.variant, module):
        assert vm.memory(hole, HOLE) == MARK, f"somebody wrote into the hole at {hole:#x}"
    vm.reboot()
