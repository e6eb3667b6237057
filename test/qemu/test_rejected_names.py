# SPDX-License-Identifier: BSD-2-Clause
"""A manifest that is refused does not take its name away from a good driver behind it in the
archive: commands, connections and the owner of the serial line are those of the good one."""
import json

from archive import read_archive
from guest import FRESH, expect_running, manifest, make_archive, ps

LIMIT = 40
LONG = "a" * 31
REJECTED = ("Rejected", 0, 0)


def archive(build_dir, path):
    content = read_archive(build_dir / "boot.tar")
    keyboard = json.loads(content["ps2kbd.drv.json"])
    make_archive(build_dir, path, images=["actor.elf"], members={
        "serial.drv.json": b'{"name": "serial", "abi": 1, "bogus": 1}',
        "zz.drv.json": content["serial.drv.json"],
        # Good by itself, with a bad image.
        "ps2kbd.drv.json": json.dumps({**keyboard, "image": "nowhere.elf"}).encode(),
        "zy.drv.json": content["ps2kbd.drv.json"],
        f"{LONG}.drv.json": b"{}",
        "zx.drv.json": manifest(LONG)})


def test(vm):
    expect_running(vm, "serial", "ps2kbd", "screen", "console", LONG)
    rows = ps(vm)
    assert rows["serial"] == rows["ps2kbd"] == rows[LONG] == FRESH, rows
    assert rows["serial.drv.json"] == rows["ps2kbd.drv.json"] == REJECTED, rows
    assert rows[LONG[:-1] + "~"] == REJECTED, rows
    vm.command("caps serial")
    vm.expect("pio +rw.* ports 0x3f8-0x3ff")
    vm.command("kill ps2kbd")
    vm.expect("drvmgr: ps2kbd: Initialising -> Running")
    vm.command("stop ps2kbd")
    vm.expect("drvmgr: ps2kbd: Stopping -> Stopped")
    vm.command("start ps2kbd.drv.json")
    vm.expect("start ps2kbd.drv.json: it is Rejected; .*the log says why")
    vm.command("kill serial")
    vm.expect("drvmgr: serial: Initialising -> Running")
    assert ps(vm)["serial"] == ("Running", 2, 1)
    assert not vm.said("no driver has the serial line")
    vm.reboot()
