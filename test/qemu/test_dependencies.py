# SPDX-License-Identifier: BSD-2-Clause
"""What a manifest says of a driver beside others: what it requires is obeyed at boot, groups restart
together, and a device is left in its safe state when its driver has died."""
from guest import assert_release_rows, expect_step, make_archive, ps

APPEND = "trace=input"
LIMIT = 40
RESTARTS = {"restart": "on-failure"}
CLOCK = {"pio": [{"start": "0x70", "end": "0x71", "width": [8]}]}
SCRATCH, VALUE = 0x50, 0xa5  # a byte of the CMOS memory that nobody uses
SAFE = [{"port": "0x70", "width": 8, "value": SCRATCH},
        {"port": "0x71", "width": 8, "value": VALUE}]
# How often each becomes Running: who failed, and whom its group takes along, once more.
TIMES_RUNNING = {"needy": 1, "crash-run-1": 2, "crash-timer-1": 2, "a-mate": 2,
                 "b-mate": 1, "crash-timer-1b": 2, "z-mate": 2, "c-mate": 1, "crash-timer-1c": 2}


def group(name, strategy):
    return {"group": {"name": name, "strategy": strategy}, **RESTARTS}


def archive(build_dir, path):
    make_archive(build_dir, path, {
        "alone": {"requires": ["nothing"]},
        "ring-a": {"requires": ["ring-b"]},
        "ring-b": {"requires": ["ring-a"]},
        "needy": {"requires": ["provider"]},
        "provider": {},
        "crash-run-1": {"caps": CLOCK, "safe_state": SAFE, **RESTARTS},
        # By their names, which is the order of admission.
        "a-mate": group("all", "all"), "crash-timer-1": group("all", "all"),
        "b-mate": group("rest", "rest"), "crash-timer-1b": group("rest", "rest"),
        "z-mate": group("rest", "rest"),
        "c-mate": group("one", "one"), "crash-timer-1c": group("one", "one"),
    })


def test(vm):
    missing = {name: count for name, count in TIMES_RUNNING.items() if count > 1}
    while missing:
        name = vm.expect(r"drvmgr: (\S+): \w+ -> Running \(", f"Running of {missing}")[1]
        if name in missing:
            missing[name] -= 1
            missing = {other: count for other, count in missing.items() if count}
    assert vm.said(r"drvmgr: alone: requires nothing, which nobody provides")
    vm.command("start alone")
    vm.expect("^start alone: it is Waiting: it requires nothing, which nobody provides\n")
    vm.press("a")
    rows = ps(vm)
    waiting = ("Waiting", 0, 0)
    assert [rows[name] for name in ("alone", "ring-a", "ring-b")] == [waiting] * 3, rows
    for name, number in TIMES_RUNNING.items():
        assert rows[name][:2] == ("Running", number), f"{name} is {rows[name]}"
    vm.monitor(f"o /b 0x70 {SCRATCH:#x}")
    left = vm.monitor("i /b 0x71")
    assert f"{VALUE:#x}" in left, f"the clock was left with {left}"
    vm.command("stop provider")
    expect_step(vm, "needy", "Stopped")
    vm.expect(r"drvmgr: needy: waits for provider, which it requires: that one is Stopped")
    vm.command("start provider")
    expect_step(vm, "needy", "Running")
    assert_release_rows(ps(vm), others=True)
    vm.reboot()
