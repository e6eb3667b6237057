# SPDX-License-Identifier: BSD-2-Clause
"""The system boots, says what it has, and its prompt knows every command."""
import re

from guest import (RELEASE_DRIVERS, ROOT, assert_release_rows, audit, caps, expect_running, kernel_abi,
                   ps, release_lines)

MACHINES = ["pc", "q35"]

PS2KBD_CAPS = [
    r"reply +-w--  answers its clients", r"endpoint +r---  what its clients ask",
    r"endpoint +-w-g  to drvmgr", r"notification r---  what is signalled to it",
    r"notification -w--  to itself, to be handed on",
    r"frame +-w--  what is kept over restarts",
    r"pio +rw-- ports 0x60-0x60  caps\.pio\[0\]: keyboard controller .*",
    r"pio +rw-- ports 0x64-0x64  caps\.pio\[1\]: keyboard controller .*",
    r"irq +r--- line 1  caps\.irq\[0\]", r"irq +r--- line 12  caps\.irq\[1\]",
]
COMMANDS = ["help", "ps", "caps", "kill", "start", "stop", "audit", "reboot"]


def expect_caps(vm):
    lines = caps(vm, "ps2kbd")
    for pattern in PS2KBD_CAPS:
        found = [line for line in lines if re.fullmatch(pattern, line)]
        assert found, f"ps2kbd holds no {pattern!r} but {lines}"
        lines.remove(found[0])
    # The right to signal its one client, and the manager, and nothing else.
    assert sorted(lines) == ["notification -w--  to console", "notification -w--  to drvmgr"], \
        f"ps2kbd holds more than its manifest grants: {lines}"
    called = re.findall(r"endpoint +-w-g  (.*)", "\n".join(caps(vm, "console")))
    assert sorted(called) == ["to drvmgr", "to ps2kbd", "to screen", "to serial"], called


def driver_abi():
    """The driver-protocol versions that abi/protocol/driver.h has."""
    text = (ROOT / "abi/protocol/driver.h").read_text()
    return r"\.\.".join(re.search(rf"#define\s+DRIVER_ABI_{end}\s+(\d+)u", text)[1]
                        for end in ("MIN", "MAX"))


def test(vm):
    vm.expect(kernel_abi())
    vm.expect(r"castellan: \d+ KiB of memory free, boot module \d+ KiB")
    vm.expect(rf"driver manager, driver ABI {driver_abi()}, context 2")
    vm.expect(r"ps2kbd\.drv\.json: accepted: ps2kbd, .*ports 0x60-0x60 ports 0x64-0x64 irq 1 irq 12")
    vm.expect(r"serial\.drv\.json: accepted: serial, .*ports 0x3f8-0x3ff irq 4")
    vm.expect(r"screen\.drv\.json: accepted: screen, .*ports 0x3d4-0x3d5 mmio 0xb8000\+0x8000")
    expect_running(vm)
    assert not vm.said("calls are recorded"), "nobody asked for it"
    assert_release_rows(ps(vm))
    expect_caps(vm)
    vm.command("help")
    for command in COMMANDS:
        vm.expect(rf"^{command} ")
    vm.command("frobnicate")
    vm.expect(r"frobnicate: no such command; type help")
    vm.command("strat serial")
    vm.expect(r"strat: no such command; did you mean start\? help lists them")
    vm.command("kill")
    vm.expect("kill: the name of a driver is missing; type kill NAME")
    vm.command("kill nobody")
    vm.expect("kill nobody: there is no driver of that name; ps lists them")
    vm.command("start ps2kbd")
    vm.expect("start ps2kbd: it is Running; kill ps2kbd restarts it")
    counters = audit(vm)
    assert counters["abi_version"] == 0x20006
    assert counters["flags"] == 0, "the release image must not trust the boot loader's word"
    assert 0 < counters["free_bytes"] < counters["ram_bytes"] <= 16 << 20
    assert counters["irq_bound"] == release_lines(), \
        f"lines {counters['irq_bound']:#x} are bound, {release_lines():#x} are in manifests"
    row = vm.expect_screen(r"NAME +STATE +INSTANCE")
    assert "Castellan" in vm.screen()[row - 1]
    for number, name in enumerate(RELEASE_DRIVERS, row + 1):
        shown = vm.expect_screen(rf"\b{name} +Running")
        assert shown == number, f"{name} is in row {shown} and not in {number}"
    assert not vm.said(r"input: key"), "keys are on the serial line without trace=input"
    vm.reboot()
