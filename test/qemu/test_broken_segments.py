# SPDX-License-Identifier: BSD-2-Clause
"""Images whose segments or entry point lie: each is rejected by a line that names the file, and
nothing is granted. The headers' turn is in test_broken_images.py."""
import elf
from archive import read_archive
from guest import TEST_DRIVERS, audit, expect_rejected, make_broken_archive, ps, release_lines

APPEND = "trace=input"
LIMIT = 30
CODE, DATA = 0, 1  # the order of segments in every image of the build
READ, WRITE, EXECUTE = 4, 2, 1


def broken(good):
    """{name: (image, what the manager says of it)}"""
    code, data = elf.segments(good)[CODE], elf.segments(good)[DATA]
    assert code["type"] == data["type"] == elf.LOAD, "the image has no two segments in front"
    seg = elf.set_segment
    cut, outside = "cut short: a segment", "a segment outside the address range"
    return {
        "cut-code": (good[:code["offset"] + code["filesz"] - 1], cut),
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
    }


def archive(build_dir, path):
    good = read_archive(build_dir / TEST_DRIVERS)["actor.elf"]
    make_broken_archive(build_dir, path, broken(good), {"orphan.elf": good})


def test(vm):
    good = read_archive(vm.log_dir / "archive.tar")["orphan.elf"]
    vm.expect_screen(r"console +Running")
    vm.press("a")
    expect_rejected(vm, ps(vm), broken(good))
    vm.command("start wild-entry.drv.json")
    vm.expect("start wild-entry.drv.json: it is Rejected; .*the log says why")
    counters = audit(vm)
    assert counters["irq_bound"] == release_lines(), f"bound: {counters['irq_bound']:#x}"
    vm.reboot()
