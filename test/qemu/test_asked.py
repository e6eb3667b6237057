# SPDX-License-Identifier: BSD-2-Clause
"""What an operator asks of a driver is answered, whatever that driver does: those of the release
say what they count, and one that lies, dies or keeps silent costs a line."""
from guest import expect_running, expect_step, make_archive

LIMIT = 30
ROWS_MAX = 128
OWN = {"ps2kbd": ["read_timeouts", "parity_errors", "overruns"], "serial": ["sent"]}
SAYS = r"stats: it says that it has 4294967295 rows and gave "


def archive(build_dir, path):
    make_archive(build_dir, path, {"liar": {"image": "liar.elf", "restart": "on-failure"}})


def stats(vm, name):
    """The rows, [(name, value)], and the line behind them or None."""
    vm.command(f"stats {name}")
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


def test(vm):
    expect_running(vm)
    for name in ("ps2kbd", "serial", "screen", "console"):
        rows, last = stats(vm, name)
        counted = dict(rows)
        assert last is None and len(counted) == len(rows), (rows, last)
        assert int(counted["beats"]) > 0 and counted["last_error"].startswith("DRV_"), rows
        assert all(row in counted for row in OWN.get(name, [])), rows
    assert stats(vm, "nobody") == ([], "stats nobody: there is no driver of that name; ps lists them")
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
    vm.expect(r"stats liar: it did not answer within 100 ms; ps shows how it is\n")
    assert stats(vm, "serial")[1] is None
    vm.reboot()
