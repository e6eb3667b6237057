# SPDX-License-Identifier: BSD-2-Clause
"""The operator has drivers do nothing, and set their devices up afresh, at the prompt and through
ioctls: they live, answer, outlast the manager's death so, and a reset that fails later is a failure."""
from guest import FRESH, expect_states, expect_step, make_archive, ps

APPEND = "trace=input"
LIMIT = 30
ONCE = {"restart": "on-failure", "memory_kib": 128}
RESET = ("Quiescing", "Initialising", "Running")


def archive(build_dir, path):
    make_archive(build_dir, path, {
        "calm": ONCE, "late-reset-1": ONCE, "error-quiesce": ONCE, "again-quiesce": ONCE,
        "chief": {"image": "chief.elf", "uses": ["calm", "operator"]}})


def through_ioctls(vm):
    expect_states(vm, "calm", "Probing", "Initialising", "Running", "Quiescing", "Quiesced",
                  "Initialising", "Running")
    vm.expect(r"chief: calls: \d+ passed, 0 failed\n")


def at_the_prompt(vm):
    vm.command("quiesce calm")
    expect_states(vm, "calm", "Quiescing", "Quiesced")
    vm.command("quiesce calm")
    vm.expect("^quiesce calm: it is Quiesced; start calm sets it up afresh\n")
    for verb in ("hold", "quiesce"):
        vm.command(f"{verb} serial")
        vm.expect(f"^{verb} serial: this prompt runs through it")


def the_manager_dies(vm):
    vm.command("kill drvmgr")
    found = vm.expect(r"drvmgr: (\d+) drivers are as they were, (\d+) of them live")
    assert found[1] == found[2], found[0]
    vm.command("ps")
    vm.expect(r"^calm +Quiesced +1 +0 +\d+  does nothing until `start calm` sets it up afresh\n")
    vm.command("start calm")
    expect_states(vm, "calm", *RESET[1:])
    vm.command("reset calm")
    expect_states(vm, "calm", *RESET)
    assert ps(vm)["calm"] == FRESH


def a_reset_fails_later(vm):
    vm.command("reset late-reset-1")
    expect_step(vm, "late-reset-1", "Initialising", "Quiescing")
    vm.expect(r"drvmgr: late-reset-1: failed in Initialising, generation 1: answered DRV_EIO")
    expect_step(vm, "late-reset-1", "Running")
    assert ps(vm)["late-reset-1"] == ("Running", 2, 1)


def some_cannot_quiesce(vm):
    vm.command("quiesce error-quiesce")
    vm.expect(r"drvmgr: error-quiesce: failed in Quiescing, generation 1: answered DRV_EIO")
    expect_step(vm, "error-quiesce", "Waiting")
    vm.command("quiesce again-quiesce")
    vm.expect(r"drvmgr: again-quiesce: Quiescing took longer than its limit of 500 ms")
    expect_states(vm, "again-quiesce", "Stopping", "Stopped", "Loaded", "Waiting")
    vm.expect("drvmgr: again-quiesce: is held until `release again-quiesce`")
    vm.command("stop calm")
    expect_step(vm, "calm", "Stopped")
    vm.command("reset calm")
    vm.expect("^reset calm: it is Stopped; start calm starts it\n")


def the_path_of_the_prompt(vm):
    """The screen goes on showing what it showed."""
    vm.press("b")
    vm.expect_screen("^castellan> b +$")
    for name in ("ps2kbd", "screen", "serial", "console"):
        vm.command(f"reset {name}")
        expect_states(vm, name, *RESET)
        vm.expect_screen("Type a command: ")
        vm.expect_screen("^castellan> b +$")
        assert ps(vm)[name] == FRESH, name
    vm.press("a")
    vm.expect_screen("^castellan> ba +$")


def test(vm):
    through_ioctls(vm)
    at_the_prompt(vm)
    the_manager_dies(vm)
    a_reset_fails_later(vm)
    some_cannot_quiesce(vm)
    the_path_of_the_prompt(vm)
    vm.reboot()
