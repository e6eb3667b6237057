# SPDX-License-Identifier: BSD-2-Clause
"""The operator holds a driver: it goes on, and when it ends it stays away, also when the manager dies
meanwhile, until it is released."""
from guest import ABSENT, FRESH, SECOND_LINE, expect_running, expect_step, ps

LIMIT = 30
ROW = r"^screen +{} .* is held until `release screen`\n"


def test(vm):
    expect_running(vm)
    vm.command("release screen")
    vm.expect("^release screen: it is not held; ps says which are\n")
    vm.command("hold screen")
    vm.expect("drvmgr: screen: is held: when it ends it stays away until `release screen`")
    vm.command("hold screen")
    vm.expect("^hold screen: it is held already; release screen lets go of it\n")
    vm.command("ps")
    vm.expect(ROW.format("Running +1"))
    vm.command("kill screen")
    vm.expect(r"^drvmgr: screen: Backoff -> Waiting \(held\)\n")
    vm.command("why screen")
    vm.expect("^why: then a restart that its policy does not count was decided, after 0 ms, "
              "and has not come yet\n")
    vm.expect(r"^why: now it is Waiting, for \d+ ms: it is held until `release screen`\n")
    vm.command("start screen")
    vm.expect("^start screen: it is Waiting: it is held until `release screen`\n")
    vm.command("kill drvmgr")
    found = vm.expect(r"drvmgr: (\d+) drivers are as they were, (\d+) of them live")
    vm.command("ps")
    vm.expect(ROW.format("Waiting +1"))
    rows = ps(vm)
    assert len(rows) == int(found[1]) and rows.pop("screen")[:2] == ("Waiting", 1), rows
    assert set(rows.values()) == {FRESH, ABSENT} if SECOND_LINE else {FRESH}, rows
    assert list(rows.values()).count(FRESH) == int(found[2]), rows
    vm.command("release screen")
    vm.expect("drvmgr: screen: is released")
    expect_step(vm, "screen", "Running")
    assert ps(vm)["screen"] == ("Running", 2, 1)
    vm.command("hold screen")
    vm.command("stop screen")  # which ends the hold
    vm.expect("drvmgr: screen: is released")
    expect_step(vm, "screen", "Stopped", "Stopping")
    for verb in ("hold", "release"):
        vm.command(f"{verb} screen")
        vm.expect(f"^{verb} screen: it is Stopped; start screen starts it\n")
    vm.command("start screen")
    expect_step(vm, "screen", "Running")
    vm.command("release screen")
    vm.expect("^release screen: it is not held; ps says which are\n")
    vm.reboot()
