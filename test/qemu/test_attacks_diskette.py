# SPDX-License-Identifier: BSD-2-Clause
"""After a boot from a diskette, firmware leaves the drive's DMA channel open, with an address in it:
whoever has the ports of the diskette controller could have a sector written there. A debugger puts
the channel into that state as the kernel begins, with an address in the kernel; then the ports that
a driver can have, and no others, are used to read a sector. Nothing of the kernel has changed."""
import gdbstub
from guest import assert_release_rows, make_archive, ps

LIMIT = 30
HELD = True
QEMU = ["-drive", "if=floppy,driver=null-co,read-zeroes=on,size=1474560"]
KERNEL, SECTOR = 0x100000, 512
# Intel 8237A: what the firmware writes before a transfer from the drive, on channel 2.
CHANNEL_OPEN = [(0x0a, 0x06), (0x0c, 0), (0x04, KERNEL & 0xff), (0x04, KERNEL >> 8 & 0xff),
                (0x05, (SECTOR - 1) & 0xff), (0x05, (SECTOR - 1) >> 8), (0x81, KERNEL >> 16),
                (0x0b, 0x46), (0x0a, 0x02)]
# Intel 82077AA: its ports, and commands with their numbers of answers.
OUTPUT, STATUS, DATA = 0x3f2, 0x3f4, 0x3f5
RESET, RUN = 0x00, 0x1c
SENSE, SPECIFY, RECALIBRATE = ([0x08], 2), ([0x03, 0xdf, 0x02], 0), ([0x07, 0x00], 0)
READ = ([0xe6, 0, 0, 0, 1, 2, 18, 0x1b, 0xff], 0)  # its end would be an interrupt


def archive(build_dir, path):
    make_archive(build_dir, path)


def write(vm, port, value):
    vm.monitor(f"o /b {port:#x} {value:#x}")


def read(vm, port):
    return int(vm.monitor(f"i /b {port:#x}").split("=")[1], 0)


def order(vm, command):
    words, answers = command
    for word in words:
        write(vm, DATA, word)
    for _ in range(answers):
        read(vm, DATA)


def test(vm):
    stub = gdbstub.Stub(vm, vm.log_dir.resolve() / "gdb")
    stub.run_to(gdbstub.symbols(vm.image)["_start"])
    for port, value in CHANNEL_OPEN:
        write(vm, port, value)
    stub.leave()
    assert_release_rows(ps(vm))
    before = vm.memory(KERNEL, SECTOR)
    assert any(before), "there is no kernel to write over"
    write(vm, OUTPUT, RESET)
    write(vm, OUTPUT, RUN)
    for command in (SENSE, SENSE, SENSE, SENSE, SPECIFY, RECALIBRATE, SENSE, READ):
        order(vm, command)
    assert_release_rows(ps(vm))
    assert vm.memory(KERNEL, SECTOR) == before, "a sector was written over the kernel"
    assert read(vm, STATUS) == 0x10, "the command has ended: it found somebody to give the data"
    vm.reboot()
