# SPDX-License-Identifier: BSD-2-Clause
"""A machine whose memory map names a part of the ISA window, as one with an option ROM may: what it
names is granted to nobody. A manifest that asks for it, which is good on other machines, is rejected
with a line that says so, those that ask for the rest get it, and all others run."""
import struct

import gdbstub
from guest import assert_release_rows, make_archive, ps

LIMIT = 30
HELD = True
NAMED = 0xc8000
END = 0x100000
FIRMWARE = 0xf0000  # what QEMU's map names, up to END
# Multiboot 0.6.96, 3.3: the map is at 48, its length at 44; an entry begins with its own length.
MAP, MAP_LENGTH, INFO_BYTES = 48, 44, 52

GOOD = {"below": (0xa0000, 0xb8000), "text-beyond": (0xc0000, NAMED)}
BAD = {"first-page": (NAMED, NAMED + 0x1000), "across": (0xc0000, NAMED + 0x1000),
       "last-page": (0xef000, 0xf0000), "all": (0xa0000, 0xf0000)}


def archive(build_dir, path):
    caps = {name: {"mmio": [{"base": f"{base:#x}", "size": f"{end - base:#x}"}]}
            for name, (base, end) in (GOOD | BAD).items()}
    make_archive(build_dir, path, {f"z-{name}": {"caps": caps[name]} for name in caps})


def widen(vm, stub):
    """Makes the map's entry for the firmware begin earlier."""
    info = vm.memory(stub.registers()["ebx"], INFO_BYTES)
    at, = struct.unpack_from("<I", info, MAP)
    length, = struct.unpack_from("<I", info, MAP_LENGTH)
    entries = vm.memory(at, length)
    place = 0
    while place < length:
        size, base = struct.unpack_from("<IQ", entries, place)
        if base == FIRMWARE:
            stub.write(at + place + 4, struct.pack("<QQ", NAMED, END - NAMED))
            return
        place += size + 4
    raise AssertionError("the memory map does not name the firmware")


def test(vm):
    stub = gdbstub.Stub(vm, vm.log_dir.resolve() / "gdb")
    stub.run_to(gdbstub.symbols(vm.image)["_start"])
    widen(vm, stub)
    stub.leave()
    for name in GOOD:
        vm.expect(rf"drvmgr: z-{name}: Initialising -> Running")
    rows = ps(vm)
    assert_release_rows(rows, others=True)
    for name in GOOD:
        assert rows.get(f"z-{name}") == ("Running", 1, 0), f"{name} is {rows.get(f'z-{name}')}"
    for name, (base, end) in BAD.items():
        assert vm.said(rf"drvmgr: z-{name}\.drv\.json:\d+:\d+: caps\.mmio\[0\]: of {base:#x}\.\."
                       rf"{end - 1:#x} this machine's memory map names a part"), f"{name}: no reason"
        row = rows.get(f"z-{name}.drv.json")
        assert row == ("Rejected", 0, 0), f"{name} is {row}, not Rejected"
    vm.reboot()
