# SPDX-License-Identifier: BSD-2-Clause
"""A run with many deaths as a trace for Perfetto, made of the running machine, and of a log that was
followed: every death is on its driver's track, and the last states are those of `ps`. The commands are
those of docs/debugging.md."""
import json
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time

from guest import ROOT, expect_running
from test_second_line import LINE, QEMU, drvctl  # noqa: F401

sys.path.append(str(ROOT / "tools/timeline"))
import read  # noqa: E402

LIMIT = 120
COST = 6
KILLED = ("ps2kbd", "screen", "ps2kbd", "console", "screen", "ps2kbd", "screen")
PROGRAMS = {"drvctl": ROOT / "servers/drvmgr/host/drvctl.py", "timeline": ROOT / "tools/timeline/timeline.py"}


def lines_of_the_page():
    text = (ROOT / "docs/debugging.md").read_text(encoding="utf-8")
    block = next(found for found in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "timeline" in found)
    return block.splitlines()


def program(line):
    """A line of the page as it is run here; where it asks the machine, of this one."""
    words = shlex.split(line.partition(">")[0])
    if words[0] == "./castellan":
        asks = words[1] == "drvctl" or not words[-1].endswith(".log")
        return [sys.executable, str(PROGRAMS[words[1]]), *(["--socket", str(LINE)] if asks else []), *words[2:]]
    return [sys.executable, str(ROOT / words[1]), *words[2:]]


def states():
    code, text, complaint = drvctl("--json", "ps")
    assert code == 0, complaint
    return {row["name"]: row for row in json.loads(text)}


def expect_all(path, rows):
    trace = read.Trace(path.read_bytes())
    assert {name: row["state"] for name, row in rows.items()} == trace.states(), (rows, trace.states())
    for name, row in rows.items():
        deaths = trace.deaths(name)
        assert len(deaths) == row["restarts"] == KILLED.count(name), (name, row, deaths)
    return trace


def wait_until_told(path, following):
    """Until the log that is followed has all restarts: each driver was started once, too."""
    deadline = time.monotonic() + LIMIT
    while any(path.read_text().count(f'"driver": "{name}", "text": "Initialising -> Running')
              <= KILLED.count(name) for name in set(KILLED)):
        assert following.poll() is None and time.monotonic() < deadline, path.read_text()


def test(vm):
    expect_running(vm, "ps2kbd", "console", "serial", "line", "serial2")
    follow, from_log, live, check = lines_of_the_page()
    with tempfile.TemporaryDirectory(prefix="castellan-") as folder:
        folder = pathlib.Path(folder)
        with open(folder / "run.log", "wb") as log, \
                subprocess.Popen(program(follow), stdout=log, cwd=folder) as following:
            for name in KILLED:  # at the prompt: one at a time has the second line
                vm.command(f"kill {name}")
                vm.expect(f"drvmgr: {name}: Initialising -> Running")
            wait_until_told(folder / "run.log", following)
            following.send_signal(signal.SIGINT)
        rows = states()
        for line in (from_log, live):
            subprocess.run(program(line), cwd=folder, check=True, stdout=subprocess.DEVNULL)
            trace = expect_all(folder / "run.pftrace", rows)
        for name in set(KILLED):
            assert trace.deaths(name)[-1][5]["kind"] == "killed", trace.deaths(name)
        subprocess.run(program(check), cwd=folder, check=True, stdout=subprocess.DEVNULL)
    vm.quit()
