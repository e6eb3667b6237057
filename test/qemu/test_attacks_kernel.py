# SPDX-License-Identifier: BSD-2-Clause
"""A root task that holds all that the kernel hands over has every listed port and no other, the
ISA window, and of the memory above RAM what the machine's memory map does not name, up to the
I/O APIC: acquiring, deriving and mapping more are refused, on every machine."""
IMAGE = "castellan-attacks.elf"
ARCHIVE = None
LIMIT = 60
VARIANTS = {machine: {"QEMU": ["-M", machine]} for machine in ("pc", "q35", "isapc")}
ISA_WINDOW = (0xa0000, 0xeffff)
RAM_END = 16 << 20
BUS_WINDOW_LAST = 0xfebfffff
PCIE = (0xb0000000, 0xbfffffff)  # where QEMU's firmware for q35 puts configuration space
BUS = [(RAM_END, BUS_WINDOW_LAST)]
WINDOWS = {"pc": BUS, "isapc": BUS, "q35": [(RAM_END, PCIE[0] - 1), (PCIE[1] + 1, BUS_WINDOW_LAST)]}
# Where there is no such space, and where the firmware keeps no memory for itself.
NOT_THERE = {"pc": {"pcie is in a window"}, "q35": set(),
             "isapc": {"pcie is in a window", "firmware_ram is memory"}}
END = r"attacks: (\d+) tried, (\d+) of them granted\n|(bench failed.*)\n"


def test(vm):
    end = vm.expect(END)
    assert not end[3], f"{end[3]}: {[line[0] for line in vm.said('attacks: .*')]}"
    vm.expect_exit(0)
    windows = sorted((int(found[1], 0), int(found[2], 0))
                     for found in vm.said(r"attacks: window (0x[0-9a-f]+)\.\.(0x[0-9a-f]+)\n"))
    expected = [ISA_WINDOW] + WINDOWS[vm.variant]
    assert windows == expected, f"windows {windows} instead of {expected}"
    found = {line[1] for line in vm.said(r"attacks: (\w+ is (?:in a window|memory))\n")}
    assert found == NOT_THERE[vm.variant], f"{found} instead of {NOT_THERE[vm.variant]}"
    print(end[0].strip())
