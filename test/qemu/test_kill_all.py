# SPDX-License-Identifier: BSD-2-Clause
"""Every driver that the system cannot do without is killed, the console and its serial line among
them: each comes back, the log is complete, and nothing is left of the old instances."""
from guest import (RELEASE_DRIVERS, assert_equal_audits, assert_release_rows, audit,
                   expect_running, make_archive, ps)

APPEND = "trace=input"
LIMIT = 60
ROUNDS = 3


def archive(build_dir, path):
    make_archive(build_dir, path)


def test(vm):
    expect_running(vm)
    vm.keys("first")
    before = audit(vm)
    for number in range(1, ROUNDS + 1):
        for name in RELEASE_DRIVERS:
            vm.command(f"kill {name}")
            vm.expect(rf"drvmgr: {name}: killed by the operator in Running, "
                      rf"generation {number}\n")
            vm.expect(rf"drvmgr: {name}: Running -> Recovering \(killed by the operator\)")
            vm.expect(rf"drvmgr: {name}: restart in 0 ms, which its policy does not count\n")
            vm.expect(rf"drvmgr: {name}: Initialising -> Running")
        vm.keys("more")
        vm.expect_screen("more +$")
    assert_release_rows(ps(vm), ("Running", ROUNDS + 1, ROUNDS))
    assert_equal_audits(before, audit(vm))
    assert not vm.said("bytes of the log were gone")
    # Killed again before it runs, it is still one driver with one life.
    for _ in range(2):
        vm.command("kill screen")
    vm.expect(r"drvmgr: screen: Initialising -> Running")
    vm.expect_screen("Type a command: ")
    vm.reboot()
