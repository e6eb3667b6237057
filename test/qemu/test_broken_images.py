# SPDX-License-Identifier: BSD-2-Clause
"""Images whose headers are damaged, dishonest or of another ABI: each is rejected by a line that
names the file, nothing is granted, and a program without a manifest stays a file. So is an image that
is good and not the one whose digest the manifest has. The segments' turn is in
test_broken_segments.py."""
import hashlib

import elf
from archive import read_archive
from guest import (FRESH, RELEASE_DRIVERS, TEST_DRIVERS, audit, expect_rejected,
                   make_broken_archive, manifest, ps, release_lines)

APPEND = "trace=input"
LIMIT = 30
SERVERS = 3  # threads of the root task and of the manager, which has one to tell that nobody runs


def broken(good):
    """{name: (image, what the manager says of it)}"""
    return {
        "empty": (b"", "cut short in the ELF header"),
        "text": (b"#!/bin/sh\n" * 20, "not an ELF file"),
        "cut-header": (good[:51], "cut short in the ELF header"),
        "cut-table": (good[:100], "cut short in the program headers"),
        "bits64": (elf.set_byte(good, 4, 2), "not for a 32-bit x86"),
        "big-endian": (elf.set_byte(good, 5, 2), "not for a 32-bit x86"),
        "arm": (elf.set_header(good, machine=40), "not for a 32-bit x86"),
        "shared": (elf.set_header(good, type=3), "not a static executable"),
        "no-segments": (elf.set_header(good, phnum=0), "a wrong number or size"),
        "all-segments": (elf.set_header(good, phnum=0xffff), "a wrong number or size"),
        "odd-headers": (elf.set_header(good, phentsize=31), "a wrong number or size"),
        "far-headers": (elf.set_header(good, phoff=0xfffffff0), "cut short in the program"),
        "new-abi": (elf.set_note(elf.set_note(good, 0, 8), 1, 9), "no common driver ABI"),
        "context-1": (elf.set_note(good, 2, 1), "is built for context 1"),
        "kernel-1": (elf.set_note(good, 3, 0x10000), "kernel ABI 1.0; this is"),
        "kernel-3": (elf.set_note(good, 3, 0x30000), "kernel ABI 3.0; this is"),
        "kernel-2-later": (elf.set_note(good, 3, 0x20100), "kernel ABI 2.256; this is"),
    }


def archive(build_dir, path):
    good = read_archive(build_dir / TEST_DRIVERS)["actor.elf"]
    digest, other = hashlib.sha256(good).hexdigest(), hashlib.sha256(good[:-1]).hexdigest()
    make_broken_archive(build_dir, path, broken(good), {
        "orphan.elf": good, "drivers.txt": b"orphan.elf\n", "sealed.elf": good,
        "sealed.drv.json": manifest("sealed", "sealed.elf", sha256=digest),
        "forged.drv.json": manifest("forged", "sealed.elf", sha256=other)})


def test(vm):
    good = read_archive(vm.log_dir / "archive.tar")["orphan.elf"]
    vm.expect(r"orphan\.elf: no manifest names it, so it is not started")
    vm.expect_screen(r"console +Running")
    vm.press("a")
    rows = ps(vm)
    expect_rejected(vm, rows, broken(good))
    assert vm.said(r"drvmgr: forged\.drv\.json: sealed\.elf is refused: its SHA-256 is not the manifest's")
    assert rows["forged.drv.json"] == ("Rejected", 0, 0) and rows["sealed"] == FRESH, rows
    assert "orphan" not in rows and not vm.said("orphan.* ->"), "orphan.elf became a driver"
    vm.command("start text.drv.json")
    vm.expect("start text.drv.json: it is Rejected; .*the log says why")
    vm.command("start orphan")
    vm.expect("start orphan: there is no driver of that name")
    counters = audit(vm)
    assert counters["irq_bound"] == release_lines(), f"bound: {counters['irq_bound']:#x}"
    threads = counters["objects.thread"]
    assert threads == len(RELEASE_DRIVERS) + 1 + SERVERS, f"there are {threads} threads"
    vm.reboot()
