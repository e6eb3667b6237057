# SPDX-License-Identifier: BSD-2-Clause
"""Images that are damaged, dishonest or of another ABI: each is rejected by a line that names
the file, nothing is granted, and a program without a manifest stays a file."""
import re

import elf
from archive import read_archive
from guest import (RELEASE_DRIVERS, TEST_DRIVERS, assert_release_rows, audit, make_archive,
                   manifest, ps, release_lines)

APPEND = "trace=input"
LIMIT = 30
SERVERS = 2  # init and drvmgr, of one thread each like the drivers
CODE, DATA = 0, 1  # the order of segments in every image of the build
READ, WRITE, EXECUTE = 4, 2, 1
DEVICES = {"pio": [{"start": "0x300", "end": "0x303"}], "irq": [5],
           "mmio": [{"base": "0xa0000", "size": "0x1000"}]}


def broken(good):
    """{name: (image, what the manager says of it)}"""
    code, data = elf.segments(good)[CODE], elf.segments(good)[DATA]
    assert code["type"] == data["type"] == elf.LOAD
    seg = elf.set_segment
    cut, outside = "cut short: a segment", "a segment outside the address range"
    return {
        "empty": (b"", "cut short in the ELF header"),
        "text": (b"#!/bin/sh\n" * 20, "not an ELF file"),
        "cut-header": (good[:51], "cut short in the ELF header"),
        "cut-table": (good[:100], "cut short in the program headers"),
        "cut-code": (good[:code["offset"] + code["filesz"] - 1], cut),
        "bits64": (elf.set_byte(good, 4, 2), "not for a 32-bit x86"),
        "big-endian": (elf.set_byte(good, 5, 2), "not for a 32-bit x86"),
        "arm": (elf.set_header(good, machine=40), "not for a 32-bit x86"),
        "shared": (elf.set_header(good, type=3), "not a static executable"),
        "no-segments": (elf.set_header(good, phnum=0), "a wrong number or size"),
        "all-segments": (elf.set_header(good, phnum=0xffff), "a wrong number or size"),
        "odd-headers": (elf.set_header(good, phentsize=31), "a wrong number or size"),
        "far-headers": (elf.set_header(good, phoff=0xfffffff0), "cut short in the program"),
        "swollen": (seg(good, CODE, filesz=code["memsz"] + 1), "larger in the file"),
        "wrapping": (seg(good, CODE, offset=0xfffff000), cut),
        "overlapping": (seg(good, DATA, vaddr=code["vaddr"]), "segments that overlap"),
        "in-kernel": (seg(good, DATA, vaddr=0xc0000000), outside),
        "into-kernel": (seg(good, DATA, memsz=0xc0000000), outside),
        "around": (seg(good, DATA, vaddr=0xfffff000, memsz=0x2000), outside),
        "in-page-0": (seg(good, DATA, vaddr=0), outside),
        "unaligned": (seg(good, DATA, vaddr=data["vaddr"] + 4), "not begin on a page"),
        "writable": (seg(good, CODE, flags=READ | WRITE | EXECUTE), "writable and executable"),
        "wild-entry": (elf.set_header(good, entry=0xc0100000), "an entry point outside"),
        "data-entry": (elf.set_header(good, entry=data["vaddr"]), "an entry point outside"),
        "null-entry": (elf.set_header(good, entry=0), "an entry point outside"),
        "new-abi": (elf.set_note(elf.set_note(good, 0, 2), 1, 9), "no common driver ABI"),
        "context-1": (elf.set_note(good, 2, 1), "is built for context 1"),
        "kernel-2": (elf.set_note(good, 3, 0x20000), "kernel ABI 2; this is"),
    }


def archive(build_dir, path):
    good = read_archive(build_dir / TEST_DRIVERS)["actor.elf"]
    members = {"orphan.elf": good, "drivers.txt": b"orphan.elf\n"}
    names = list(broken(good))
    for name in names:
        members[f"{name}.elf"] = broken(good)[name][0]
        members[f"{name}.drv.json"] = manifest(name, f"{name}.elf", caps=DEVICES)
    make_archive(build_dir, path, members=members)


def expect_rejected(vm, name, why):
    lines = vm.said(rf"drvmgr: {name}\.drv\.json: .*\n")
    assert any(why in line[0] and f"{name}.elf" in line[0] for line in lines), \
        f"{name}: no {why!r} in {[line[0] for line in lines]}"
    assert vm.said(rf"drvmgr: {name}: Loaded -> Rejected \("), f"{name} is not Rejected"
    assert not vm.said(rf"drvmgr: {name}\.drv\.json: accepted"), f"{name} is accepted"


def test(vm):
    good = read_archive(vm.log_dir / "archive.tar")["orphan.elf"]
    vm.expect(r"orphan\.elf: no manifest names it, so it is not started")
    vm.expect_screen(r"console +Running")
    vm.press("a")
    rows = ps(vm)
    for name, (_, why) in broken(good).items():
        expect_rejected(vm, name, why)
        assert rows[name] == ("Rejected", 0, 0), f"{name}: {rows[name]}"
        assert not vm.said(rf"{name}: runs")
    assert "orphan" not in rows and not vm.said("orphan.* ->")
    assert_release_rows(rows, others=True)
    vm.command("start wild-entry")
    vm.expect(r"start wild-entry: DRV_EFORMAT")
    vm.command("start orphan")
    vm.expect(r"start orphan: DRV_ENOENT")
    counters = audit(vm)
    assert counters["irq_bound"] == release_lines(), f"bound: {counters['irq_bound']:#x}"
    threads = counters["objects.thread"]
    assert threads == len(RELEASE_DRIVERS) + SERVERS, f"there are {threads} threads"
    vm.reboot()
