# SPDX-License-Identifier: BSD-2-Clause
"""An archive without a console: the log comes all the same, from its first line on."""
from archive import read_archive, write_archive

LIMIT = 30


def archive(build_dir, path):
    content = read_archive(build_dir / "boot.tar")
    del content["console.drv.json"]
    write_archive(path, content)


def test(vm):
    vm.expect("castellan: driver manager, driver ABI")
    vm.expect(r"drvmgr: console\.elf: no manifest names it, so it is not started")
    vm.expect("drvmgr: serial: is stopped: it has the serial line, no driver that uses it runs")
    vm.expect("drvmgr: serial: Stopping -> Stopped")
    vm.expect("drvmgr: no driver has the serial line, so there is no prompt")
    lines = [line[0] for line in vm.said(r"^drvmgr: .*\n")]
    assert len(set(lines)) == len(lines), f"a line is there twice: {lines}"
    vm.quit()
