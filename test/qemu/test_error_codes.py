# SPDX-License-Identifier: BSD-2-Clause
"""An interrupt with the number of a fault that has an error code brings none. Its way in must find
the thread's frame all the same, and must keep the error code of a fault. No program can send one:
a debugger makes the stack what the processor would have made of it."""
import gdbstub
from guest import assert_equal_audits, audit, expect_running, ps

LIMIT = 60
USER_CODE, USER_DATA = 0x1B, 0x23
FLAGS = 0x202
WITH_CODE = (8, 10, 11, 12, 13, 14, 17, 21)  # SDM 3A, table 6-1
WITHOUT_CODE = (0, 6, 7, 9, 16, 19, 32, 47)
CODES = (0, 4, 0x12345678)
ESP0 = 4  # where the TSS keeps the end of the running thread's frame: SDM 3A, figure 7-2
BELOW = 128  # bytes under that end, which ways in write to


def word(data, at):
    return int.from_bytes(data[at:at + 4], "little")


def words(*values):
    return b"".join(value.to_bytes(4, "little") for value in values)


class Entry:
    """A machine that is about to return to a thread, and can be made to look as if that had
    been interrupted."""

    def __init__(self, vm, stub, symbols):
        self.vm, self.stub, self.trap = vm, stub, symbols["trap"]
        self.stubs = symbols["trap_vectors"] - gdbstub.KERNEL_BASE
        self.end = word(vm.memory(symbols["main_tss"] - gdbstub.KERNEL_BASE + ESP0, 4), 0)
        self.registers = stub.registers()
        self.kept = vm.memory(self.end - gdbstub.KERNEL_BASE - BELOW, BELOW)

    def enter(self, vector, *code):
        """What stands at the stack pointer when the kernel has named the vector, and how far the
        end of the frame is."""
        state = words(*code, self.registers["edx"], USER_CODE, FLAGS, self.registers["ecx"],
                      USER_DATA)
        self.stub.write(self.end - len(state), state)
        self.stub.set_register("esp", self.end - len(state))
        self.stub.set_register("eip", word(self.vm.memory(self.stubs + 4 * vector, 4), 0))
        self.stub.run_to(self.trap)
        esp = self.stub.registers()["esp"]
        frame = self.vm.memory(esp - gdbstub.KERNEL_BASE, 28)
        return [word(frame, at) for at in range(0, 28, 4)], self.end - esp

    def expect(self, vector, *code):
        frame, size = self.enter(vector, *code)
        expected = [vector, code[0] if code else 0, self.registers["edx"], USER_CODE, FLAGS,
                    self.registers["ecx"], USER_DATA]
        assert size == 4 * len(expected), f"vector {vector} {code}: {size} bytes"
        assert frame == expected, f"vector {vector} {code}: {frame} instead of {expected}"

    def leave(self):
        """As if nothing had been."""
        self.stub.write(self.end - BELOW, self.kept)
        for name in ("esp", "eip", "eflags"):
            self.stub.set_register(name, self.registers[name])


def test(vm):
    expect_running(vm)
    before = audit(vm)
    symbols = gdbstub.symbols(vm.image)
    stub = gdbstub.Stub(vm, vm.log_dir.resolve() / "gdb")
    stub.run_to(symbols["held_back_leave"] - 1)  # interrupts are still off
    entry = Entry(vm, stub, symbols)
    for vector in WITH_CODE:
        entry.expect(vector)
        for code in CODES:
            entry.expect(vector, code)
    for vector in WITHOUT_CODE:
        entry.expect(vector)
    entry.leave()
    stub.leave()
    ps(vm)
    assert_equal_audits(before, audit(vm))
    vm.quit()
