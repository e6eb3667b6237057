# SPDX-License-Identifier: BSD-2-Clause
"""A non-maskable interrupt while the kernel zeroes memory forbids it the register that it does that
with; the kernel allows itself the register again and goes on. A debugger stops the machine there."""
import gdbstub
from guest import assert_equal_audits, audit, expect_running, expect_step, make_archive
from test_nmi import Storm

APPEND = "trace=input"
LIMIT = 60
STEPS = 64  # from the entry of the function to its loop, at most
CALLS = 8
STORE = b"\x0f\x11"  # MOVUPS to memory: SDM 2B


def archive(build_dir, path):
    make_archive(build_dir, path)


def step_to_store(vm, stub, function):
    """Goes on until the function is about to store; a call for a few bytes has no such store."""
    for _ in range(CALLS):
        stub.run_to(function)
        for _ in range(STEPS):
            address = stub.registers()["eip"]
            if vm.memory(address - gdbstub.KERNEL_BASE, len(STORE)) == STORE:
                return
            stub.ask("s")
    raise AssertionError("no store of a wide register: is this a processor with SSE?")


def test(vm):
    expect_running(vm)
    before = audit(vm)
    storm = Storm(vm)
    symbols = gdbstub.symbols(vm.image)
    vm.command("kill ps2kbd")
    stub = gdbstub.Stub(vm, vm.log_dir.resolve() / "gdb")
    step_to_store(vm, stub, symbols["arch_zero"])
    vm.qmp("inject-nmi")
    stub.run_to(symbols["vector_fpu_checked"])
    assert storm.count() == 1
    stub.leave()
    expect_step(vm, "ps2kbd", "Running")
    vm.key("a", True, report=False)
    vm.expect(r"input: key a down\n")  # its client is connected again
    vm.key("a", False, report=False)
    vm.expect(r"input: key a up\n")
    assert_equal_audits(before, audit(vm))
    vm.quit()
