# SPDX-License-Identifier: BSD-2-Clause
"""Commands at the screen's prompt that take their time: the console dies in the middle of one, and says so;
the log is followed until a character is typed. All rows of the screen are as they are here."""
import pathlib
import re
import sys
import tempfile

from channel import Failure
from guest import ROOT, expect_running

sys.path.insert(0, str(ROOT / "servers/drvmgr/host"))
import frames  # noqa: E402

LIMIT = 60
COST = 6
_private = tempfile.TemporaryDirectory(prefix="castellan-")
LINE = pathlib.Path(_private.name) / "line"
QEMU = ["-chardev", f"socket,path={LINE},server=on,wait=off,id=second", "-serial", "chardev:second"]


def drvctl(command):
    stream = frames.Socket(LINE)
    try:
        return frames.Line(stream).ask(command)
    finally:
        stream.close()


def type_keys(vm, text):
    vm.keys(text, report=False)


HEAD = """\
 Castellan                                               6 drivers, all Running
 NAME             STATE        INSTANCE RESTARTS CPU%  LAST DEATHS, SECONDS
 ps2kbd           Running             1        0    %
 serial           Running             2        1    %  killed TIME
 screen           Running             1        0    %
 console          Running             1        0    %
 line             Running             1        0    %
 serial2          Running             1        0    %
 Last death: serial, instance 1, at TIME s: killed by the operator
 Log
     TIME drvmgr: serial: restart in 0 ms, which its policy does not count
     TIME drvmgr: serial: Recovering -> Backoff (torn down, policy restarts)
     TIME drvmgr: serial: Backoff -> Probing (delay over)
     TIME drvmgr: serial: Probing -> Initialising (step succeeded)
     TIME drvmgr: serial: Initialising -> Running (step succeeded)
 Type a command: help lists them. Tab completes, Up recalls, Shift+PgUp scrolls
"""
AFTER_HELP = HEAD + """\
castellan> help why
why      NAME  why a driver failed last, and what came of it
The driver need not be there any more.
castellan>"""
OF_CONSOLE = HEAD.replace("serial: ", "console: ").replace("Last death: serial", "Last death: console").replace(
    " console          Running             1        0    %",
    " console          Running             2        1    %  killed TIME") + """\
castellan> help why
why      NAME  why a driver failed last, and what came of it
The driver need not be there any more.
castellan> top
console: what was typed last may not have been done, or not to its end
castellan>"""


def seen(vm):
    """All rows; times and shares differ from run to run."""
    rows = [re.sub(r"\d+\.\d+", "TIME", row.rstrip()) for row in vm.screen()]
    rows[2:8] = [re.sub(r"^( \S+ +\w+ +\d+ +\d+ +?) {,2}(?:-|\d+)(?=$|  )", r"\1%", row) for row in rows[2:8]]
    rows[2:8] = [re.sub(r" +%", "    %", row) for row in rows[2:8]]
    return "\n".join(rows).rstrip()


def expect_all(vm, wanted):
    try:
        vm.poll(lambda: seen(vm) == wanted or None, "a screen")
    except Failure as failure:
        raise Failure(f"the screen is\n{seen(vm)}\nand not\n{wanted}") from failure


def expect_console_death_in_command(vm):
    type_keys(vm, "top\n")  # which takes a second
    vm.expect_screen(r"^castellan> top +$")
    drvctl("kill console")
    expect_all(vm, OF_CONSOLE)


def expect_log_until_a_key(vm):
    """Lines come as they are logged, and those of others do not; the key is the next command's."""
    type_keys(vm, "log -f --level warn ps2kbd\n")
    vm.expect_screen(r"^castellan> log -f --level warn ps2kbd +$")
    drvctl("kill ps2kbd")
    vm.expect_screen(r"^ +\d+\.\d+ warn  drvmgr: ps2kbd: killed by the operator")
    vm.expect(r"drvmgr: ps2kbd: Initialising -> Running")
    assert "castellan>" not in seen(vm).splitlines()[-1], seen(vm)
    type_keys(vm, "ver")
    vm.expect_screen(r"^castellan> ver +$")
    type_keys(vm, "sion\n")
    vm.expect_screen(r"^version: the name of a driver is missing")
    type_keys(vm, "log -f console\n")  # and a command that is typed ahead ends it as well
    vm.expect_screen(r"info  drvmgr: console: Initialising -> Running")
    type_keys(vm, "help ps\n")
    vm.expect_screen(r"the drivers, how they are")
    vm.expect_screen(r"^castellan> +$")


def test(vm):
    expect_running(vm, "console", "serial2", "line")
    vm.expect_screen(r"^castellan> +$")
    drvctl("kill serial")
    vm.expect("serial: Initialising -> Running")
    type_keys(vm, "help why\n")
    expect_all(vm, AFTER_HELP)
    expect_console_death_in_command(vm)
    expect_log_until_a_key(vm)
    vm.quit()
