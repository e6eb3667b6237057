# SPDX-License-Identifier: BSD-2-Clause
"""`log`: lines have times and levels and stay for who asks later. A driver that says more than all the
log can hold pushes out none of another's lines and none of the manager's, and the manager's death
none at all."""
import re

from guest import ask, expect_running, make_archive

LIMIT = 60
COST = 2
LINE = r"^ *(\d+)\.(\d{3}) (error|warn|info|debug) +(\S.*)\n"
LEVELS = ["error", "warn", "info", "debug"]


def archive(build_dir, path):
    make_archive(build_dir, path, {"level-run": {}, "chat-timer": {}})


def log(vm, words):
    """What `log` answers: [(milliseconds, level, line)]. What others say meanwhile is no such line."""
    vm.command(f"log {words}")
    vm.expect(rf"log {re.escape(words)}\n")
    lines = []
    while found := vm.expect(LINE + "|castellan> ", f"log {words}")[0]:
        row = re.match(LINE, found)
        if not row:
            break
        lines.append((int(row[1]) * 1000 + int(row[2]), row[3], row[4]))
    vm.type("\n")  # so that the next command finds a prompt
    times = [line[0] for line in lines]
    assert times == sorted(times), times
    return lines


def test(vm):
    expect_running(vm, "level-run", "console", "serial")
    said = log(vm, "level-run")
    own = [(level, line) for _, level, line in said if line.startswith("level-run: as ")]
    assert own == [(level, f"level-run: as {level}") for level in LEVELS], own
    assert ("info", "drvmgr: level-run: Initialising -> Running (step succeeded)") in \
        [line[1:] for line in said], said
    assert 0 < said[0][0] and said[-1][0] < 60_000
    graver = log(vm, "level-run --level warn")
    assert graver == [line for line in said if line[1] in LEVELS[:2]], graver
    first = log(vm, "drvmgr")[0]
    assert first[2].startswith("castellan: driver manager"), first

    vm.expect("chat-timer: line 199", "more than all the log holds")
    assert log(vm, "level-run")[:len(said)] == said
    left = [int(re.search(r"line (\d+)", line)[1])
            for _, _, line in log(vm, "chat-timer") if line.startswith("chat-timer: line")]
    assert left == list(range(left[0], 200)) and 0 < left[0] < 200 - 10, left

    vm.command("kill drvmgr")
    vm.expect("drvmgr: \\d+ drivers are as they were")
    assert log(vm, "level-run")[:len(said)] == said
    assert log(vm, "drvmgr")[0] == first
    died = log(vm, "init")
    assert [line[1] for line in died] == ["error"] and "init: drvmgr died" in died[0][2], died
    assert died[0][0] > said[-1][0]

    vm.command("log level-rum")
    vm.expect("level-run")  # is what may be meant
    rows = ask(vm, "log level-run --level warn")
    assert [(row["level"], row["driver"]) for row in rows][:2] == \
        [("error", "level-run"), ("warn", "level-run")], rows
    vm.quit()
