# SPDX-License-Identifier: BSD-2-Clause
"""The manager dies in the middle of what it has a driver do: while that one quiesces or sets its device
up afresh. The next incarnation goes on, whether the driver answers before it is there or behind that,
tells how it ended, and nothing is lost."""
from guest import (FRESH, assert_equal_audits, audit, expect_running, expect_step, make_archive, ps)

LIMIT = 60
ONCE = {"restart": "on-failure", "memory_kib": 128, "uses": ["operator"]}
ACTS = ("topple", "outlast")  # answers at once; answers when the next manager is there
FAILS = "slay-reset-1"  # dies with it
NAMES = [f"{act}-{phase}" for act in ACTS for phase in ("quiesce", "reset")] + [FAILS]
DIED = r"init: drvmgr died: invalid instruction at eip 0x4\w+\n"
TAKEN_OVER = r"drvmgr: (\d+) drivers are as they were, (\d+) of them live"


def archive(build_dir, path):
    make_archive(build_dir, path, dict.fromkeys(NAMES, ONCE))


def expect_next_manager(vm, name):
    vm.expect(DIED)
    found = vm.expect(TAKEN_OVER)
    assert found[1] == found[2], found[0]
    if name.startswith("outlast"):
        vm.expect(f"{name}: outlasts the manager\n")


def ask(vm, verb, name, *steps):
    """The manager dies in the first of the steps, each "BEFORE", "AFTER", which is told all the same."""
    vm.command(f"{verb} {name}")
    for before, after in steps:
        expect_step(vm, name, after, before)
        if after == ("Initialising" if name.endswith("reset") else "Quiescing"):
            expect_next_manager(vm, name)


def test(vm):
    expect_running(vm, *NAMES, "console")
    before = audit(vm)
    deaths = 0
    for act in ACTS:
        for phase in ("quiesce", "reset"):
            name = f"{act}-{phase}"
            ask(vm, "reset", name, ("Running", "Quiescing"), ("Quiescing", "Initialising"),
                ("Initialising", "Running"))
            assert ps(vm)[name] == FRESH, name
            deaths += 1
        name = f"{act}-quiesce"
        ask(vm, "quiesce", name, ("Running", "Quiescing"), ("Quiescing", "Quiesced"))
        assert ps(vm)[name] == ("Quiesced", 1, 0), name
        vm.command(f"start {name}")
        expect_step(vm, name, "Running", "Initialising")
        assert ps(vm)[name] == FRESH, name
        deaths += 1
    assert len(vm.said(DIED)) == deaths
    assert_equal_audits(before, audit(vm))
    vm.command(f"reset {FAILS}")
    vm.expect(DIED)
    vm.expect(rf"drvmgr: {FAILS}: failed in Initialising, generation 1: invalid instruction")
    expect_step(vm, FAILS, "Running")
    assert ps(vm)[FAILS] == ("Running", 2, 1)
    vm.reboot()
