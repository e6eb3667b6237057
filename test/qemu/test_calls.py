# SPDX-License-Identifier: BSD-2-Clause
"""With trace=calls a run with many deaths has a trace with calls and interrupts beside states and deaths,
whatever way the processor comes into the kernel, with a time stamp counter or without one; nobody but the root
task could ask for it. The commands are those of docs/debugging.md."""
import pathlib
import re
import shutil
import subprocess
import tempfile

from gdb import Gdb
from guest import ROOT, expect_running
from machine import Skip
from test_second_line import LINE, QEMU as SECOND
from test_timeline import program, read

import timeline  # noqa: E402

LIMIT = 90
COST = 6
QEMU = [*SECOND, "-gdb", f"unix:{LINE}.gdb,server=on,wait=off"]
VARIANTS = {"recorded": {"APPEND": "trace=calls"},
            "old-processor": {"APPEND": "trace=calls", "QEMU": [*QEMU, "-cpu", "486"], "MEMORY": "8M"}}
KIB = {"recorded": 4096, "old-processor": 1024}  # there is no larger piece of memory
KILLED = ("ps2kbd", "screen", "ps2kbd", "console")
LIVING = ("init", "drvmgr", "ps2kbd", "serial", "screen", "console")


def lines_of_the_page():
    text = (ROOT / "docs/debugging.md").read_text(encoding="utf-8")
    return next(found for found in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "--calls" in found).splitlines()


def run(line, build, folder):
    words = program(line)
    more = ["--build", str(build)] if "--calls" in words else []
    return subprocess.run([*words, *more], cwd=folder, check=False, capture_output=True, text=True)


def calls_of(trace, name):
    return [event[3] for event in trace.events if event[1] == f"{name} calls" and event[2] == read.BEGIN]


def results_of(trace, name):
    return [event[5]["result"] for event in trace.events if event[1] == f"{name} calls" and "result" in event[5]]


def expect_calls(trace):
    for name in LIVING:
        assert len(calls_of(trace, name)) > 3, (name, trace.tracks)
    assert calls_of(trace, "init")[0] == "CAP_PIO_RW", calls_of(trace, "init")[:3]  # it says that it records
    assert 0 in results_of(trace, "drvmgr")
    interrupts = {event[3] for event in trace.events if event[1] == "interrupts"}
    assert {"timer", "line 1"} <= interrupts <= {"timer", "line 1", "line 3", "line 4", "line 12"}, interrupts


def expect_deaths(trace):
    """Where the manager's log has them: there are calls before and behind."""
    times = [event[0] for event in trace.events if event[4] == "call"]
    for name in set(KILLED):
        deaths = trace.deaths(name)
        assert len(deaths) == KILLED.count(name), (name, deaths)
        assert all(times[0] < death[0] < times[-1] for death in deaths), (times[0], deaths, times[-1])


def expect_held_by_init_alone(build):
    with Gdb(build) as gdb:
        gdb.ask(f"target remote {LINE}.gdb")
        said = gdb.ask("castellan caps")
        gdb.ask("detach")
    holders = re.findall(r"^(\S+):$|^0x\S+ +(\S+) +audit", said, re.MULTILINE)
    rights, who = {}, None
    for name, right in holders:
        who = name or who
        if right:
            rights[who] = right
    assert rights == {"init": "rw--", "drvmgr": "r---"}, rights


def test(vm):
    if not shutil.which("gdb"):
        raise Skip("gdb is not installed; ./castellan setup installs it")
    build = pathlib.Path(vm.image).resolve().parent
    vm.expect(f"init: calls are recorded in {KIB[vm.variant]} KiB")
    expect_running(vm, "ps2kbd", "console", "serial", "line", "serial2")
    if vm.variant == "old-processor":
        found = timeline.ask_kernel(str(LINE), build)
        expect_calls(read.Trace(timeline.make([], (), found).trace.SerializeToString()))
        vm.quit()
        return
    start, ask, check = lines_of_the_page()
    assert start == "./castellan run --headless --calls", start
    for name in KILLED:
        vm.command(f"kill {name}")
        vm.expect(f"drvmgr: {name}: Initialising -> Running")
    with tempfile.TemporaryDirectory(prefix="castellan-") as folder:
        for line in (ask, check):
            done = run(line, build, folder)
            assert done.returncode == 0, done
        trace = read.Trace((pathlib.Path(folder) / "calls.pftrace").read_bytes())
    expect_calls(trace)
    expect_deaths(trace)
    expect_held_by_init_alone(build)
    vm.quit()
