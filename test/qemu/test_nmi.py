# SPDX-License-Identifier: BSD-2-Clause
"""Non-maskable interrupts, which no program can hold back, while the system idles, while keys
and commands arrive, and while a driver dies: each is counted and nothing else happens."""
import subprocess

import gdbstub
from guest import (assert_equal_audits, assert_release_rows, audit, expect_running, make_archive,
                   ps)

APPEND = "trace=input"
LIMIT = 60
COUNTER = "machine"  # the structure that ends with the count
IDLE, BUSY = 200, 20
TEXT = "nonmaskable"


def find_counter(image):
    """The physical address of the kernel's count of survived interrupts."""
    lines = subprocess.run(["nm", "-S", str(image)], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.splitlines()
    fields = next(line.split() for line in lines if line.split()[-1] == COUNTER)
    return int(fields[0], 16) + int(fields[1], 16) - 4 - gdbstub.KERNEL_BASE


class Storm:
    """Injects interrupts, and knows how many of them the kernel must have counted. One that
    comes while another is pending is not another, so each is waited for."""

    def __init__(self, vm):
        self.vm, self.address, self.sent = vm, find_counter(vm.image), 0

    def count(self):
        return int.from_bytes(self.vm.memory(self.address, 4), "little")

    def inject(self, times):
        for _ in range(times):
            self.vm.qmp("inject-nmi")
            self.sent += 1
            self.vm.poll(lambda: self.count() == self.sent or None,
                         f"interrupt {self.sent}")


def archive(build_dir, path):
    make_archive(build_dir, path)


def test(vm):
    expect_running(vm)
    before = audit(vm)
    storm = Storm(vm)
    assert storm.count() == 0
    storm.inject(IDLE)
    # Between the keys and within a command, which the guest is working on meanwhile.
    for character in TEXT:
        vm.key(character, True, report=False)
        storm.inject(BUSY)
        vm.key(character, False, report=False)
        vm.expect(rf"input: key {character} down\n")
        vm.expect(rf"input: key {character} up\n")
    for command in ("ps", "audit", "caps serial", "help"):
        vm.command(command)
        storm.inject(BUSY)
    assert_equal_audits(before, audit(vm))
    vm.command("kill ps2kbd")
    storm.inject(BUSY)
    expect_running(vm, "ps2kbd")
    vm.press("a")
    assert_release_rows(ps(vm), but={"ps2kbd": ("Running", 2, 1)})
    assert storm.count() == storm.sent
    vm.reboot()
