# SPDX-License-Identifier: BSD-2-Clause
"""A manifest that is refused goes by its file's name, and a file is called like its driver: no file
takes another's name, neither that of a good driver nor that of a rejected one. Commands reach who
is meant."""
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
        "aserial.drv.json": content["serial.drv.json"],
        # Good by itself, with a bad image.
        "ps2kbd.drv.json": json.dumps({**keyboard, "image": "nowhere.elf"}).encode(),
        "zy.drv.json": content["ps2kbd.drv.json"],
        "aaa.drv.json": manifest("aaa", provides=[LONG]),
        f"{LONG}b.drv.json": manifest(LONG),
        f"{LONG}.drv.json": manifest(LONG)})


def test(vm):
    expect_running(vm, "serial", "screen", "console", LONG)
    assert vm.said(r"drvmgr: aserial\.drv\.json:\d+:\d+: name: \"serial\" must be in a file serial\.drv")
    assert vm.said(rf"drvmgr: aaa\.drv\.json:\d+:\d+: provides: \"{LONG}\" is the name of the driver of ")
    rows = ps(vm)
    assert rows["serial"] == rows[LONG] == FRESH, rows
    for name in ("aaa.drv.json", "aserial.drv.json", "ps2kbd.drv.json", "zy.drv.json", LONG[:-1] + "~"):
        assert rows[name] == REJECTED, f"{name} is {rows.get(name)}"
    assert "ps2kbd" not in rows, rows
    vm.command("caps serial")
    vm.expect("pio +rw.* ports 0x3f8-0x3ff")
    vm.command("start ps2kbd.drv.json")
    vm.expect("start ps2kbd.drv.json: it is Rejected; .*the log says why")
    vm.command("kill serial")
    vm.expect("drvmgr: serial: Initialising -> Running")
    assert ps(vm)["serial"] == ("Running", 2, 1)
    assert not vm.said("no driver has the serial line")
    vm.reboot()
