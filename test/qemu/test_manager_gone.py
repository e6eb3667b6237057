# SPDX-License-Identifier: BSD-2-Clause
"""A driver manager that dies whenever it is started: the root task says so on the serial port
and tries again without an end, less and less often."""
from archive import read_archive
from guest import TEST_DRIVERS, make_archive

PATIENCE = 3
TRIED = 15


def archive(build_dir, path):
    tests = read_archive(build_dir / TEST_DRIVERS)
    make_archive(build_dir, path, members={"drvmgr.elf": tests["deadmgr.elf"]})


def test(vm):
    for number in range(PATIENCE, TRIED):
        vm.expect(r"init: drvmgr died: invalid instruction at eip 0x4000")
        vm.expect(rf"init: it died {number} times in a row before it served; "
                  rf"it is tried again in \d+ ms\n")
    waits = [int(found[1]) for found in vm.said(r"tried again in (\d+) ms")]
    assert waits == sorted(waits) and waits[0] == 0 and waits[-1] >= 80, waits
    vm.quit()
