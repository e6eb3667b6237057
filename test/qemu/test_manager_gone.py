# SPDX-License-Identifier: BSD-2-Clause
"""A driver manager that dies whenever it is started: after five restarts the root task says
that nothing runs any more, and stops in order."""
from archive import read_archive
from guest import TEST_DRIVERS, make_archive

RESTARTS = 5


def archive(build_dir, path):
    tests = read_archive(build_dir / TEST_DRIVERS)
    make_archive(build_dir, path, members={"drvmgr.elf": tests["deadmgr.elf"]})


def test(vm):
    for _ in range(RESTARTS):
        vm.expect(r"init: drvmgr died: fault ff02, address 0x0, code 0, at 0x4000")
        vm.expect(r"init: everything it held is taken back; starting it again\n")
    vm.expect(r"init: drvmgr died: fault ff02")
    vm.expect(r"init: drvmgr died too often: DRV_EQUARANTINED \(.*\); nothing is running now, "
              r"reset the machine\n")
    assert len(vm.said(r"drvmgr died: fault")) == RESTARTS + 1
    vm.quit()
