# SPDX-License-Identifier: BSD-2-Clause
"""The kernel's stack is used up: that is a double fault, which is reported on the serial line from
a stack of its own, and the machine stops. No program can do that, so a debugger does."""
import gdbstub
from guest import expect_running, ps

VARIANTS = {"overflow": {}, "beyond": {}, "idle": {}, "nowhere": {}}
LIMIT = 60
PAGE = 0x1000
FLAG_INTERRUPTS = 0x200
HALT = 0xF4  # the instruction
WORDS = r"kernel panic: double fault \(kernel stack overflow\?\)\n"


def stack_pointer(variant, symbols):
    """Where the next push goes wrong: just below the stack, in the hole there, or in what is
    never mapped."""
    guard = symbols["kernel_stack_guard"]
    return {"overflow": guard + PAGE, "idle": guard + PAGE, "beyond": guard + PAGE // 2,
            "nowhere": 16}[variant]


def until_halted(vm, stub):
    """The registers of a machine that halts, or never does: LIMIT ends the test."""
    while True:
        stub.stop()
        registers = stub.registers()
        if HALT in vm.memory(registers["eip"] - gdbstub.KERNEL_BASE - 1, 1):
            return registers
        stub.resume()


def test(vm):
    expect_running(vm)
    ps(vm)
    vm.allow_panic()
    symbols = gdbstub.symbols(vm.image)
    stub = gdbstub.Stub(vm, vm.log_dir.resolve() / "gdb")
    # In a system call, or in an interrupt while nobody runs.
    stub.run_to(symbols["tick_in_kernel" if vm.variant == "idle" else "kernel_syscall"])
    registers = stub.registers()
    assert symbols["kernel_stack_guard"] + PAGE < registers["esp"] <= symbols["kernel_stack_top"]
    stub.set_register("esp", stack_pointer(vm.variant, symbols))
    stub.resume()
    vm.expect(WORDS)
    caller = vm.expect(r"called from 0x([0-9a-f]+); thread frame at 0x[0-9a-f]+, "
                       r"directory 0x[0-9a-f]+\n")
    assert gdbstub.KERNEL_BASE < int(caller[1], 16) < symbols["kernel_stack_guard"], caller[0]
    # It stands still when it has said all, and nothing can wake it.
    vm.type("ps\n")
    registers = until_halted(vm, stub)
    assert not registers["eflags"] & FLAG_INTERRUPTS, registers
    stub.leave()
    assert len(vm.said(WORDS)) == 1
    vm.quit()
