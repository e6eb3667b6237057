# SPDX-License-Identifier: BSD-2-Clause
"""An interrupt with a number that is no line's is counted and changes nothing. No program can bring
one about: the monitor sets the first interrupt controller to other numbers, and back. Meanwhile the
machine has no clock, as its ticks are such interrupts; afterwards it goes on. A driver has lines
of its own meanwhile: an interrupt that is taken for one of these is not counted, and it gets it.

Numbers below 32 are exceptions, and an interrupt that has one is taken for it: not tried. 128 is
that of system calls, which the kernel makes none of: tried while it waits."""
import gdbstub
from guest import FRESH, assert_release_rows, audit, expect_running, make_archive, ps

LIMIT = 60
MASTER_COMMAND, MASTER_DATA = 0x20, 0x21
IRQ_VECTOR = 32
# Intel 8259A: begin, the first number, where the second controller is, mode, what is held back.
BEGIN, CASCADE, MODE_8086 = 0x11, 0x04, 0x01
BASES = (0x30, 0x50, 0x78, 0x88, 0xf8)  # the timer's number, of eight lines
SYSCALL_VECTOR = 0x80
OWNED = [3, 5, 6, 9, 10, 11, 14, 15]  # as many as a driver can have


def archive(build_dir, path):
    make_archive(build_dir, path, {"owner": {"caps": {"irq": OWNED}}})


def write(vm, port, value):
    vm.monitor(f"o /b {port:#x} {value:#x}")


def set_base(vm, base, mask):
    for port, value in ((MASTER_COMMAND, BEGIN), (MASTER_DATA, base), (MASTER_DATA, CASCADE),
                        (MASTER_DATA, MODE_8086), (MASTER_DATA, mask)):
        write(vm, port, value)


def test(vm):
    expect_running(vm, "owner")
    symbols = gdbstub.symbols(vm.image)
    before = audit(vm)["spurious"]
    mask = int(vm.monitor(f"i /b {MASTER_DATA:#x}").split("=")[1], 0)
    stub = gdbstub.Stub(vm, vm.log_dir.resolve() / "gdb")
    for base in BASES:
        set_base(vm, base, mask)
        stub.run_to(symbols["vector_stray"])
        set_base(vm, IRQ_VECTOR, mask)
        stub.run_to(symbols["vector_tick"])
    stub.run_to(symbols["held_back_idle"])
    set_base(vm, SYSCALL_VECTOR, mask)
    stub.run_to(symbols["vector_syscall"])
    set_base(vm, IRQ_VECTOR, mask)
    stub.leave()
    assert_release_rows(ps(vm), but={"owner": FRESH})
    counted = audit(vm)["spurious"] - before
    assert counted == len(BASES) + 1, f"{counted} strays of {len(BASES) + 1} are counted"
    vm.reboot()
