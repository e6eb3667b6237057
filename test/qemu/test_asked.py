# SPDX-License-Identifier: BSD-2-Clause
"""What an operator asks of a driver is answered, whatever that driver does: those of the release
say what they count, and one that lies, dies or keeps silent costs a line. What the manager knows of
a driver does not need that to answer, and outlives the manager."""
import re

from guest import expect_running, expect_step, make_archive

LIMIT = 30
ROWS_MAX = 128
OWN = {"ps2kbd": ["read_timeouts", "parity_errors", "overruns"], "serial": ["sent"],
       "screen": ["cells_written", "bad_seeks", "half_cells"]}
SAYS = r"stats: it says that it has 4294967295 rows and gave "


def archive(build_dir, path):
    make_archive(build_dir, path, {"liar": {"image": "liar.elf", "restart": "on-failure"}})


def stats(vm, name):
    """The rows, [(name, value)], and the line behind them or None."""
    vm.command(f"stats {name}")
    vm.expect(rf"stats {name}\n")  # behind prompts that came again below other lines
    rows, last = [], None
    while True:
        found = vm.expect(r"^stats: (\S+) (\d+|DRV_\w+)\n|^(stats.*)\n|castellan> ", "statistics")
        if found[1]:
            rows.append((found[1], found[2]))
        elif found[3]:
            last = found[3]
        else:
            vm.type("\n")  # so that the next command finds a prompt
            return rows, last


def lines(vm, command, first):
    """All lines of an answer, the first of which matches."""
    vm.command(command)
    found = [vm.expect(rf"^({first}.*)\n", command)[1].rstrip()]
    while True:
        line = vm.expect(r"^(?!castellan>)(?!drvmgr: )(?!init: )(\S.*)\n|castellan> ", command)[1]
        if not line:
            vm.type("\n")  # so that the next command finds a prompt
            return found
        found.append(line.rstrip())


def expect_version(vm, name):
    found = lines(vm, f"version {name}", "version: driver ABI")
    assert re.fullmatch(r"version: driver ABI 1 is in use: the manifest takes 1\.\.1, the binary "
                        r"1\.\.\d+, the manager 1\.\.\d+", found[0]), found
    assert re.fullmatch(r"version: built for kernel ABI \d\.\d, driver context 2", found[1]), found
    assert re.fullmatch(r"version: build id [0-9a-f]{40}", found[2]), found


def test(vm):
    expect_running(vm)
    for name in ("ps2kbd", "serial", "screen", "console"):
        rows, last = stats(vm, name)
        counted = dict(rows)
        assert last is None and len(counted) == len(rows), (rows, last)
        assert int(counted["beats"]) > 0 and counted["last_error"] == "DRV_OK", rows  # none has failed
        assert all(row in counted for row in OWN.get(name, [])), rows
    assert stats(vm, "nobody") == ([], "stats nobody: there is no driver of that name; ps lists them")
    assert stats(vm, "seral")[1].endswith("of that name; did you mean serial? ps lists them")
    assert stats(vm, "liar") == ([("a?b?[2J", "0"), ("a?b?[2J", "1")], None)
    rows, last = stats(vm, "liar")
    assert len(rows) == ROWS_MAX and last == f"{SAYS}{ROWS_MAX}", (rows, last)
    rows, last = stats(vm, "liar")
    assert len(rows) == 1 and last == f"{SAYS}1", (rows, last)
    for _ in range(2):
        assert stats(vm, "liar") == ([], "stats liar: what it answered makes no sense")
    rows, last = stats(vm, "liar")
    assert rows == [] and last.startswith("stats liar: it answered DRV_ENOENT"), last
    vm.command("stats liar")  # of which it dies
    vm.expect("stats liar: it ended meanwhile; try again\n|stats liar: it is Recovering; try again in a moment\n")
    expect_step(vm, "liar", "Running")
    vm.command("stats liar")
    vm.expect(r"stats liar: it did not answer within 25 ms; health liar says what the manager sees\n")
    assert stats(vm, "serial")[1] is None
    health = lines(vm, "health liar", "liar +THE MANAGER SEES +THE DRIVER SAYS")
    assert re.match(r"state +Running for \d+ ms, generation 2 +-$", health[1]), health
    assert re.match(r"health +does its work +DRV_OK$", health[2]), health
    assert re.match(r"event loop +in it \d+ ms ago, may be out of it for 750 +\d+ turns$", health[3]), health
    assert re.match(r"last error +DRV_EFAULT \d+ ms ago; see why +DRV_\w+$", health[5]), health
    why = [r"why: generation 1 failed in Running, \d+ ms ago: DRV_EFAULT: invalid instruction, at "
           r"0x\w+",
           r"why: then restart 1, after \d+ ms",
           r"why: now it is Running, for \d+ ms",
           *(rf"why: 0x[0-9a-f]+  {function}" for function in ("liar_timer", "take_due", "main", "_start"))]
    for _ in range(2):  # what is kept outlives the manager
        found = lines(vm, "why liar", "why: ")
        assert all(map(re.fullmatch, why, found)) and len(found) == len(why), found
        vm.command("kill drvmgr")
        vm.expect(r"drvmgr: \d+ drivers are as they were")
    assert lines(vm, "why serial", "why: ")[0] == "why: it has not failed"
    for name in ("liar", "serial"):
        expect_version(vm, name)
    for verb in ("why", "health", "version", "stats"):
        vm.command(f"{verb} nobody")
        vm.expect(f"{verb} nobody: there is no driver of that name; ps lists them\n")
    vm.reboot()
