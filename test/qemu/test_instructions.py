# SPDX-License-Identifier: BSD-2-Clause
"""A driver that runs forbidden instructions and touches foreign memory, one thing in each of
its instances: each is a fault of the expected kind, after which the driver comes back and
nobody else has noticed."""
import re

from guest import make_archive, ps

APPEND = "trace=input"
LIMIT = 60

PROTECTION, PAGE = "protection fault", "page fault"
OPCODE, DEBUG = "invalid instruction", "debug trap"
ARITHMETIC, FPU = "arithmetic fault", "floating-point instruction"
KINDS = {
    "int3": DEBUG, "into": ARITHMETIC, "trap_flag": DEBUG, "ud2": OPCODE, "null_segments": OPCODE,
    "native_inside": OPCODE,
    "divide": ARITHMETIC, "divide_overflow": ARITHMETIC, "x87": FPU,
    "mmx": f"({FPU}|{OPCODE})", "sse": f"({FPU}|{OPCODE})",
    "sysenter": f"({PROTECTION}|{OPCODE}|{PAGE})", "flags_at_entry": OPCODE, "lost_stack": PAGE,
    "kernel_stack": PAGE, "overflow_stack": PAGE, "jump_kernel": PAGE, "jump_null": PAGE,
}
ADDRESSES = {
    "read_kernel": "0xc0000000", "read_kernel_text": "0xc0100000", "read_last": "0xfffffffc",
    "read_page_0": "0x10", "read_manager": "0x10000000", "write_kernel": "0xc0000000",
    "write_own_text": "0x400000", "write_manager": "0x10000000", "jump_null": "0x0",
    "jump_kernel": "0xc0100000",
}


REGISTERS = {"read_cr0", "write_cr3", "write_cr4", "write_dr7"}


# What a CPU that cannot tell data from code lets pass.
DATA = ("run_data", "run_stack")
NO_EXECUTE = False


def kind(case):
    if case in KINDS:
        return KINDS[case]
    if case in DATA:
        return PAGE
    return PAGE if case.startswith(("read_", "write_")) and case not in REGISTERS \
        else PROTECTION


def archive(build_dir, path):
    policy = {"policy": "always", "first_ms": 0, "base_ms": 10, "factor_pct": 100,
              "max_ms": 10, "burst": 100}
    make_archive(build_dir, path, {"hostile": {
        "image": "hostile.elf", "restart": policy,
        "caps": {"pio": [{"start": "0x300", "end": "0x303"}]}}})


def test(vm):
    done = 0
    vm.never("no native access")
    while True:
        found = vm.expect(r"hostile: (?:case (\w+)|all (\d+) cases done)\n")
        if found[2]:
            break
        case = found[1]
        done += 1
        died = vm.expect(rf"failed in Running, generation {done}: (.*?) at eip .*\n"
                         rf"|survived {case}\n", f"the end of case {case}")
        line = died[0]
        if not died[1]:
            assert case in DATA and not NO_EXECUTE, f"{case} did not fault"
            continue
        assert re.fullmatch(kind(case), died[1]), f"{case}: {line}"
        address = ADDRESSES.get(case)
        assert not address or f"address {address}," in line, f"{case}: {line}"
        vm.expect(r"drvmgr: hostile: Running -> Recovering")
        vm.expect(rf"drvmgr: hostile: restart {done} in")
        vm.expect(r"drvmgr: hostile: Backoff -> Probing")
    assert done == int(found[2]), f"{done} of {found[2]} cases were run"
    vm.press("a")
    rows = ps(vm)
    assert rows["hostile"] == ("Running", done + 1, done), rows
    for name in ("ps2kbd", "screen", "serial", "console"):
        assert rows[name] == ("Running", 1, 0), rows
    vm.reboot()
