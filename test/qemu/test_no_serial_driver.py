# SPDX-License-Identifier: BSD-2-Clause
"""Where no driver has the serial line, be it that its image is bad, the manager writes the log
there by itself: all of it, with the reason, each line once."""
from guest import make_archive

APPEND = "trace=input"
LIMIT = 30
EXPLAINED = "drvmgr: no driver has the serial line, so there is no prompt; the log goes on here\n"


def archive(build_dir, path):
    make_archive(build_dir, path, members={"serial.elf": b"not a program"})


def test(vm):
    vm.expect("castellan: driver manager, driver ABI")
    vm.expect(r"drvmgr: serial\.drv\.json: serial\.elf is refused: ")
    vm.expect("drvmgr: console: Initialising -> Running")
    vm.expect(EXPLAINED)
    lines = vm.said(r"^drvmgr: .*\n")
    assert len({line[0] for line in lines}) == len(lines), "a line is there twice"
    vm.press("a")  # and waits for what the log says of it
    vm.quit()
