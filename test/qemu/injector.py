# SPDX-License-Identifier: BSD-2-Clause
"""Bytes that no device of QEMU sends, put into the i8042's output buffer through the monitor: the
controller itself has commands for it, at which it raises the device's interrupt (QEMU's
hw/input/pckbd.c, KBD_CCMD_WRITE_OBUF and KBD_CCMD_WRITE_AUX_OBUF). It has room for one byte of
them, which goes before what the devices have."""
import re

DATA, COMMAND = 0x60, 0x64
TO_KEYBOARD, TO_MOUSE = 0xD2, 0xD3
WRITE_CONFIG = 0x60
FULL = 0x01  # of the status


def write(vm, *pairs):
    """Writes to ports, (port, byte) each, without an instruction of the guest between them."""
    vm.qmp("stop")
    for port, byte in pairs:
        vm.monitor(f"o/b {port:#x} {byte:#x}")
    vm.qmp("cont")


def _is_taken(vm):
    status = int(re.search(r"= (0x[0-9a-f]+)", vm.monitor(f"i/b {COMMAND:#x}"))[1], 16)
    return None if status & FULL else True


def send(vm, *values, mouse=False):
    """The guest reads these, one after the other, as if a device had sent them."""
    for value in values:
        write(vm, (COMMAND, TO_MOUSE if mouse else TO_KEYBOARD), (DATA, value))
        vm.poll(lambda: _is_taken(vm), "the guest to take a byte")


def configure(vm, value):
    """Somebody else writes the controller's configuration."""
    write(vm, (COMMAND, WRITE_CONFIG), (DATA, value))
