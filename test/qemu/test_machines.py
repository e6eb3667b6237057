# SPDX-License-Identifier: BSD-2-Clause
"""The system boots on machines with little and with much memory, without PCI, and without a
device that a driver is for: that driver is Absent, all others run."""
import re

from guest import assert_release_rows, audit, make_archive, ps

LIMIT = 30
MIB = 1 << 20
KERNEL_LIMIT = 768 * MIB  # more is left unused
ABSENT = {"no-keyboard": "ps2kbd", "no-keyboard-q35": "ps2kbd", "no-reset": "ps2kbd",
          "no-screen": "screen"}
LEAST_MEMORY = "6M"
TOO_LITTLE = "4M"
SIZES = [LEAST_MEMORY, "8M", "16M", "64M", "512M", "1G", "3G"]

VARIANTS = {
    **{size: {"MEMORY": size} for size in SIZES},
    TOO_LITTLE: {"MEMORY": TOO_LITTLE},
    "isapc": {"QEMU": ["-M", "isapc"]},  # without the chipset's reset register
    "no-reset": {"QEMU": ["-M", "isapc,i8042=off"]},
    "no-keyboard": {"QEMU": ["-machine", "i8042=off"]},
    "no-keyboard-q35": {"QEMU": ["-M", "q35,i8042=off"]},
    "no-screen": {"QEMU": ["-vga", "none"]},
}


def bytes_of(size):
    number, unit = re.fullmatch(r"(\d+)([MG])", size).groups()
    return int(number) * MIB * (1024 if unit == "G" else 1)


def check_memory(vm, size):
    """It uses what is there, up to its limit, less what the machine and the kernel take, and
    says how much that is."""
    most = min(bytes_of(size), KERNEL_LIMIT)
    ram = audit(vm)["ram_bytes"]
    assert most - 2 * MIB < ram <= most, f"{ram} bytes of {size} are used"
    said = int(vm.said(r"castellan: (\d+) KiB of memory free")[0][1]) * 1024
    assert ram - MIB < said <= ram, f"{said} bytes are said to be free of {ram}"


def archive(build_dir, path):
    make_archive(build_dir, path)


def test(vm):
    if vm.variant == TOO_LITTLE:
        vm.expect(r"init: cannot make room for drvmgr \(8 MiB of memory are needed\): DRV_ENOMEM \(.*\); nothing is running now")
        vm.quit()
        return
    absent = ABSENT.get(vm.variant)
    assert_release_rows(ps(vm), but={absent: ("Absent", 1, 0)} if absent else None)
    if vm.variant in SIZES:
        check_memory(vm, vm.variant)
    if absent != "screen":
        vm.expect_screen(r"serial +Running")
    if vm.variant == "no-reset":
        vm.command("reboot")
        vm.expect(r"reboot: DRV_ENOTSUP: .*; switch it off and on")
        vm.command("help")
        vm.expect(r"^reboot ")
        vm.quit()
        return
    vm.reboot()
