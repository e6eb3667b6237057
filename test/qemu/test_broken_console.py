# SPDX-License-Identifier: BSD-2-Clause
"""A mistake in the console's manifest is told on the serial line, which has no other reader."""
from archive import read_archive
from guest import make_archive

LIMIT = 30


def archive(build_dir, path):
    good = read_archive(build_dir / "boot.tar")["console.drv.json"]
    assert b'"restart"' in good
    make_archive(build_dir, path, members={
        "console.drv.json": good.replace(b'"restart"', b'"restrat"')})


def test(vm):
    vm.expect(r"drvmgr: console\.drv\.json:\d+:\d+: .*restrat")
    vm.expect(r"drvmgr: console\.drv\.json: Loaded -> Rejected")
    vm.expect("drvmgr: serial: is stopped: it has the serial line, no driver that uses it runs")
    vm.expect("drvmgr: serial: Stopping -> Stopped")
    vm.expect("drvmgr: no driver has the serial line, so there is no prompt")
    vm.quit()
