# SPDX-License-Identifier: BSD-2-Clause
"""A driver enters the kernel with flags of its own: none of them counts there, and none is left
when it is back. The trap flag, which makes one debug exception in the kernel, makes no second."""
import gdbstub
from guest import assert_release_rows, expect_running, make_archive, ps

MACHINES = ["pc", "bochs"]
LIMIT = 120
FLAGS = {"trap": 0x100, "direction": 0x400, "nested task": 0x4000, "alignment": 0x40000,
         "identification": 0x200000}
TRAP = FLAGS["trap"]
ALIGNMENT_CHECK, TIMER_VECTOR, SYSCALL_VECTOR = 17, 32, 128
WAYS = {TIMER_VECTOR: "vector_tick", SYSCALL_VECTOR: "vector_syscall"}
SET = FLAGS["direction"] | FLAGS["alignment"]
USER = 3  # of a code segment
GENERAL = ("eax", "ecx", "edx", "ebx", "ebp", "esi", "edi")
INSTRUCTIONS = 12  # from the exception to behind it


def archive(build_dir, path):
    make_archive(build_dir, path, {"entries": {"image": "entries.elf"}})


def words(vm, address, count):
    data = vm.memory(address - gdbstub.KERNEL_BASE, 4 * count)
    return [int.from_bytes(data[at:at + 4], "little") for at in range(0, len(data), 4)]


def expect_clean_entry(vm, stub, symbols):
    """Stops the machine when the kernel's C begins behind an interrupt made with flags."""
    stub.run_to(symbols["vector_syscall"])  # nobody else comes this way
    _, _, flags = words(vm, stub.registers()["esp"], 3)
    assert flags & SET == SET, hex(flags)
    stub.run_to(symbols["trap_from_user"])
    registers = stub.registers()
    assert not registers["eflags"] & SET, f"flags {registers['eflags']:#x} are kept"
    stack = symbols["kernel_stack_guard"] + 0x1000, symbols["kernel_stack_top"]
    assert stack[0] < registers["esp"] <= stack[1], "not on the kernel's stack"


def expect_stub_without_error_code(vm, stub, symbols):
    """Enters the way of an exception that brings an error code with a frame that has none, as an
    interrupt of that number would, that of the timer, and then the way that it was."""
    code = 0
    while not code & USER:
        stub.ask("s")
        stub.run_to(symbols["trap"])
        esp = stub.registers()["esp"]
        vector, _, *frame = words(vm, esp, 5)
        code = frame[1]
    way = WAYS.get(vector, f"vector_{vector}")
    for number, start in ((ALIGNMENT_CHECK, f"vector_{ALIGNMENT_CHECK}"),
                          (TIMER_VECTOR, WAYS[TIMER_VECTOR]), (vector, way)):
        stub.set_register("esp", esp + 8)
        stub.set_register("eip", symbols[start])
        stub.run_to(symbols["trap"])
        told = words(vm, stub.registers()["esp"], 5)
        assert told == [number, 0, *frame], f"{told} instead of {[number, 0, *frame]}"


def expect_one_exception(vm, stub, symbols):
    """Stops the machine in the handler, and looks at what it gives back."""
    stub.run_to(symbols["vector_debug_checked"])
    address, _, flags = words(vm, stub.registers()["esp"], 3)
    assert address == symbols["vector_sysenter"], hex(address)
    assert flags & TRAP, hex(flags)
    for _ in range(INSTRUCTIONS):
        stub.ask("s")
        registers = stub.registers()
        if registers["eip"] == address:
            break
    assert registers["eip"] == address, "the handler does not go back"
    assert not registers["eflags"] & TRAP, "the trap flag is kept"


def expect_tick_leaves_registers(vm, stub, symbols):
    """Stops the machine at a tick that the kernel takes itself, and changes all registers: when it
    goes on, they are so."""
    code = USER
    while code & USER:
        stub.ask("s")
        stub.run_to(symbols["vector_tick"])
        address, code, flags = words(vm, stub.registers()["esp"], 3)
    before = stub.registers()
    changed = {name: 0x01010101 * (1 + number) for number, name in enumerate(GENERAL)}
    for name, value in changed.items():
        stub.set_register(name, value)
    stub.run_to(address)
    after = stub.registers()
    assert {name: after[name] for name in changed} == changed, after
    assert after["eflags"] == flags, after
    for name in changed:
        stub.set_register(name, before[name])


def test(vm):
    expect_running(vm)
    vm.expect(r"entries: registers kept\n")
    for flag in FLAGS.values():
        assert vm.said(rf"entries: flag {flag:x}: 0 left\n"), f"flag {flag:x} is left"
    assert vm.said("entries: segments flat\n") and vm.said("entries: registers kept\n")
    vm.press("a", report=False)
    rows = ps(vm)
    assert rows["entries"] == ("Running", 1, 0), rows
    assert_release_rows(rows, others=True)
    if vm.image:  # QEMU's, which has a debugger
        symbols = gdbstub.symbols(vm.image)
        stub = gdbstub.Stub(vm, vm.log_dir.resolve() / "gdb")
        expect_stub_without_error_code(vm, stub, symbols)
        expect_clean_entry(vm, stub, symbols)
        expect_one_exception(vm, stub, symbols)
        expect_tick_leaves_registers(vm, stub, symbols)
        stub.leave()
    vm.reboot()
