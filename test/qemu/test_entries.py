# SPDX-License-Identifier: BSD-2-Clause
"""A driver enters the kernel with flags of its own: none of them counts there, and none is left
when it is back. The trap flag, which makes one debug exception in the kernel, makes no second."""
import gdbstub
from guest import assert_release_rows, expect_running, make_archive, ps

MACHINES = ["pc", "bochs"]
LIMIT = 90
FLAGS = {"trap": 0x100, "direction": 0x400, "nested task": 0x4000, "alignment": 0x40000,
         "identification": 0x200000}
TRAP = FLAGS["trap"]
KERNEL_BASE = 0xC0000000
FLAGS_PUSHED = 8  # bytes from the stack pointer, behind address and code segment
INSTRUCTIONS = 12  # from the exception to behind it


def archive(build_dir, path):
    make_archive(build_dir, path, {"entries": {"image": "entries.elf"}})


def expect_one_exception(vm):
    """Stops the machine in the handler, and looks at what it gives back."""
    symbols = gdbstub.symbols(vm.image)
    stub = gdbstub.Stub(vm, vm.log_dir.resolve() / "gdb")
    stub.run_to(symbols["vector_debug_checked"])
    at = stub.registers()["esp"] - KERNEL_BASE
    address, _, flags = [int.from_bytes(vm.memory(at + offset, 4), "little")
                         for offset in (0, 4, FLAGS_PUSHED)]
    assert address == symbols["vector_sysenter"], hex(address)
    assert flags & TRAP, hex(flags)
    for _ in range(INSTRUCTIONS):
        stub.ask("s")
        registers = stub.registers()
        if registers["eip"] == address:
            break
    assert registers["eip"] == address, "the handler does not go back"
    assert not registers["eflags"] & TRAP, "the trap flag is kept"
    stub.leave()


def test(vm):
    expect_running(vm)
    for flag in FLAGS.values():
        assert vm.said(rf"entries: flag {flag:x}: 0 left\n"), f"flag {flag:x} is left"
    assert vm.said("entries: segments flat\n") and vm.said("entries: registers kept\n")
    if vm.image:  # QEMU's, which has a debugger
        expect_one_exception(vm)
    vm.press("a", report=False)
    rows = ps(vm)
    assert rows["entries"] == ("Running", 1, 0), rows
    assert_release_rows(rows, others=True)
    vm.reboot()
