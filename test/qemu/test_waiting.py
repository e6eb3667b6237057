# SPDX-License-Identifier: BSD-2-Clause
"""Drivers that want what another has wait for it, whatever the order of their files: the log names
the holder and both places. Who waits is started when the holder lets go, and the holder waits then."""
from guest import RELEASE_DRIVERS, audit, expect_step, make_archive, ps, release_lines

APPEND = "trace=input"
LIMIT = 40
PORTS = {"pio": [{"start": "0x300", "end": "0x303"}]}
PAGE = {"mmio": [{"base": "0xb9000", "size": "0x1000"}]}


def archive(build_dir, path):
    make_archive(build_dir, path, {
        # Before the release drivers by name, which are admitted before them nevertheless.
        "aaa": {"caps": {"irq": [4]}},
        "bbb": {"caps": {"irq": [1]}},
        "ccc": {"caps": PAGE},
        "one": {"caps": PORTS},
        "two": {"caps": {"pio": [{"start": "0x303", "end": "0x304"}]}},
    })


def expect_waiting(vm, name, holder, what):
    place = r"\.drv\.json:\d+:\d+\)"
    vm.expect(rf"drvmgr: {name}: waits for {holder}: {what} \({name}{place}, which it has "
              rf"\({holder}{place}")


def test(vm):
    expect_waiting(vm, "aaa", "serial", "line 4")
    expect_waiting(vm, "bbb", "ps2kbd", "line 1")
    expect_waiting(vm, "ccc", "screen", r"memory 0xb9000\.\.0xb9fff")
    expect_waiting(vm, "two", "one", r"ports 0x303\.\.0x304")
    if not vm.said(r"drvmgr: one: Initialising -> Running"):
        expect_step(vm, "one", "Running")
    vm.expect_screen(r"console +Running")
    vm.press("a")
    rows = ps(vm)
    for name in [*RELEASE_DRIVERS, "one"]:
        assert rows[name] == ("Running", 1, 0), f"{name} is {rows[name]}"
    for name in ("aaa", "bbb", "ccc", "two"):
        assert rows[name] == ("Waiting", 0, 0), f"{name} is {rows[name]}"
    assert audit(vm)["irq_bound"] == release_lines(), "a line is bound that nobody should have"
    vm.command("stop one")
    expect_step(vm, "two", "Running")
    vm.command("start one")
    expect_waiting(vm, "one", "two", r"ports 0x300\.\.0x303")
    vm.command("stop two")
    expect_step(vm, "one", "Running")
    rows = ps(vm)
    assert rows["one"] == ("Running", 2, 0) and rows["two"] == ("Stopped", 1, 0), rows
    vm.reboot()
