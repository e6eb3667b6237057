# SPDX-License-Identifier: BSD-2-Clause
"""How the running system has set up the processor, as QEMU tells it: what is to protect the kernel
is on, and what the kernel has mapped is its own and is mapped as it should be. One CPU with plain page tables,
one with PAE, one with everything."""
import re

import gdbstub
from guest import assert_release_rows, expect_running, ps

LIMIT = 60
VARIANTS = {"486": {"QEMU": ["-cpu", "486"]}, "pentium3": {"QEMU": ["-cpu", "pentium3"]},
            "all": {"QEMU": ["-cpu", "max"]}}
PROTECTED_MODE, WRITE_PROTECT, PAGING, NO_FPU = 0x1, 0x10000, 0x80000000, 0xC
CR4 = {"486": 0, "pentium3": 0xA0, "all": 0x3008A0}  # PAE PGE, UMIP SMEP SMAP
EFER_NO_EXECUTE = 0x800
KERNEL_CODE = 0x8
ROOT_ENTRY = gdbstub.KERNEL_BASE >> 30
FLAG_INTERRUPTS, HALT_BYTES = 0x200, 1
BYTES = 16 << 20  # of memory
RANGE = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) [0-9a-f]+ ([-u]r[-w])\s*$", re.MULTILINE)


def register(text, name):
    return int(re.search(rf"\b{name} *=\s*([0-9a-f]+)", text)[1], 16)


def check_registers(vm, text):
    cr0 = register(text, "CR0")
    wanted = PROTECTED_MODE | WRITE_PROTECT | PAGING | NO_FPU
    assert cr0 & wanted == wanted, f"cr0 is {cr0:#x}"
    cr4 = register(text, "CR4")
    assert cr4 & CR4[vm.variant] == CR4[vm.variant], f"cr4 is {cr4:#x}"
    no_execute = register(text, "EFER") & EFER_NO_EXECUTE != 0
    assert no_execute == (vm.variant == "all"), "pages that cannot be executed"


def check_pages(text, symbols):
    """Each range of pages with the same rights; those of users belong to who ran last."""
    text_start, text_end = symbols["kernel_readonly_start"], symbols["kernel_readonly_end"]
    guard = symbols["kernel_stack_guard"]
    ranges = [(int(start, 16), int(end, 16), rights)
              for start, end, rights in RANGE.findall(text)]
    users = [end for _, end, rights in ranges if rights[0] == "u"]
    assert users and max(users) <= gdbstub.KERNEL_BASE, text
    expected = [(gdbstub.KERNEL_BASE, text_start, "-rw"), (text_start, text_end, "-r-"),
                (text_end, guard, "-rw"), (guard + 0x1000, gdbstub.KERNEL_BASE + BYTES, "-rw")]
    kernels = [each for each in ranges if each[2][0] == "-"]
    assert kernels == expected, f"{text}\ninstead of {expected}"


def check_own_directory(vm, symbols):
    """Below the kernel it has nothing, but with PAE the entry that leads to the kernel's pages."""
    data = vm.memory(symbols["boot_directory"] - gdbstub.KERNEL_BASE, gdbstub.KERNEL_BASE >> 20)
    entries = [int.from_bytes(data[at:at + 8], "little") for at in range(0, len(data), 8)]
    used = [number for number, entry in enumerate(entries) if entry]
    assert used == ([] if vm.variant == "486" else [ROOT_ENTRY]), used


def test(vm):
    expect_running(vm)
    symbols = gdbstub.symbols(vm.image)
    stub = gdbstub.Stub(vm, vm.log_dir.resolve() / "gdb")
    stub.run_to(symbols["held_back_idle"])
    registers = vm.monitor("info registers")
    assert register(registers, "CS") == KERNEL_CODE
    check_registers(vm, registers)
    check_pages(vm.monitor("info mem"), symbols)
    check_own_directory(vm, symbols)
    stub.run_to(symbols["held_back_idle"] + HALT_BYTES)
    stub.ask("s")
    assert not stub.registers()["eflags"] & FLAG_INTERRUPTS, "on behind the idling"
    stub.leave()
    assert_release_rows(ps(vm))
    vm.reboot()
