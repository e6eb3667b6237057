# SPDX-License-Identifier: BSD-2-Clause
"""A non-maskable interrupt ends what `sti` holds back for one instruction. One that comes there,
with another interrupt waiting, must not let that in: before `sysexit` the stack is a thread's frame,
and before `hlt` the processor would sleep although there is something to do. A debugger stops the
machine at that instruction."""
import gdbstub
from guest import assert_equal_audits, audit, expect_running, ps, make_archive
from test_nmi import Storm

VARIANTS = {"leave": {}, "idle": {}}
APPEND = "trace=input"
LIMIT = 60
KEYBOARD_VECTOR = 33
USER_CODE, KERNEL_CODE = 0x1B, 0x08
FLAG_INTERRUPTS = 0x200
FROM_KEYBOARD = 0xD2  # the i8042's command: the next byte of data counts as the keyboard's
SCAN_CODE = 0x1E
FRAME_LEFT = 32  # bytes from the start of the frame that is popped to the stack pointer there
BELOW = 64  # what lies below the frame, the object's header among it


def interrupted(vm, stub, symbols):
    """Vector, address and code segment of the next interrupt."""
    stub.run_to(symbols["trap"])
    words = vm.memory(stub.registers()["esp"] - gdbstub.KERNEL_BASE, 16)
    return [int.from_bytes(words[at:at + 4], "little") for at in (0, 8, 12)]


def archive(build_dir, path):
    make_archive(build_dir, path)


def test(vm):
    expect_running(vm)
    before = audit(vm)
    storm = Storm(vm)
    symbols = gdbstub.symbols(vm.image)
    held_back = symbols[f"held_back_{vm.variant}"]
    stub = gdbstub.Stub(vm, vm.log_dir.resolve() / "gdb")
    stub.run_to(held_back - 1)
    stub.ask("s")
    registers = stub.registers()
    assert registers["eip"] == held_back and registers["eflags"] & FLAG_INTERRUPTS
    below = registers["esp"] - gdbstub.KERNEL_BASE - FRAME_LEFT - BELOW
    kept = vm.memory(below, BELOW)
    vm.monitor(f"o /b 0x64 {FROM_KEYBOARD:#x}")
    vm.monitor(f"o /b 0x60 {SCAN_CODE:#x}")
    vm.qmp("inject-nmi")
    vector, address, segment = interrupted(vm, stub, symbols)
    assert storm.count() == 1 and vector == KEYBOARD_VECTOR
    if vm.variant == "leave":
        assert (address, segment) == (registers["edx"], USER_CODE), hex(address)
        assert vm.memory(below, BELOW) == kept
    else:
        assert (address, segment) == (held_back + 1, KERNEL_CODE), hex(address)
    stub.leave()
    vm.expect(r"input: key \w+ down\n")
    ps(vm)
    assert_equal_audits(before, audit(vm))
    vm.quit()
