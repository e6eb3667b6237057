# SPDX-License-Identifier: BSD-2-Clause
"""What an operator mistypes or cannot have is answered with what, why and what to do; and nobody
can cut off the prompt that the command is typed at."""
from guest import FRESH, expect_running, ps

LIMIT = 30
KILLS = 12


def refused(vm, command, why):
    vm.command(command)
    vm.expect(f"^{command}: {why}\n")


def test(vm):
    expect_running(vm)
    for name in ("serial", "console"):
        for verb in ("stop", "hold"):
            refused(vm, f"{verb} {name}",
                    f"this prompt runs through it; use kill {name} to restart it")
        assert ps(vm)[name] == FRESH
    vm.command("stop screen")
    vm.expect(r"drvmgr: screen: Stopping -> Stopped \(")
    for command in ("stop", "kill"):
        refused(vm, f"{command} screen", "it is Stopped; start screen starts it")
    vm.command("caps screen")
    vm.expect("screen holds no capabilities")
    vm.command("start screen")
    vm.expect(r"drvmgr: screen: Initialising -> Running \(")
    refused(vm, "start screen", "it is Running; kill screen restarts it")
    for command in ("start", "stop", "kill", "hold", "release", "caps"):
        refused(vm, f"{command} nobody", "there is no driver of that name; ps lists them")
    # The console is what the operator has: killing it again and again is no reason to give up.
    for _ in range(KILLS):
        vm.command("kill console")
        vm.expect("drvmgr: console: Initialising -> Running")
    assert ps(vm)["console"] == ("Running", KILLS + 1, KILLS)
    vm.command("kill serial")
    vm.expect("drvmgr: serial: Initialising -> Running")
    vm.reboot()
