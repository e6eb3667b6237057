# SPDX-License-Identifier: BSD-2-Clause
"""Drivers that get too little memory, or ask for more than there is: each fails on its own,
with a clear line, and whatever was made for it is given back."""
from guest import assert_equal_audits, assert_release_rows, audit, make_archive, ps

APPEND = "trace=input"
LIMIT = 60
ROUNDS = 5


def archive(build_dir, path):
    make_archive(build_dir, path, {
        "large-1": {"memory_kib": 16384},
        "large-2": {"memory_kib": 16384},
        **{f"small-{kib}": {"memory_kib": kib, "restart": "on-failure"}
           for kib in (16, 32, 48, 64)},
        "enough": {"memory_kib": 128},
    })


def test(vm):
    for number in (1, 2):
        vm.expect(rf"drvmgr: large-{number}\.drv\.json: refused: DRV_ENOMEM")
        vm.expect(rf"drvmgr: large-{number}: Loaded -> Rejected")
    vm.expect(r"drvmgr: small-16: failed in Probing, generation 1: cannot make the process: "
              r"DRV_ENOMEM")
    vm.expect(r"drvmgr: small-16: Recovering -> Quarantined")
    vm.expect_screen(r"console +Running")
    vm.press("a")
    rows = ps(vm)
    assert rows["small-16"] == ("Quarantined", 3, 2), rows
    assert rows["large-1"] == rows["large-2"] == ("Rejected", 0, 0), rows
    assert rows["enough"] == ("Running", 1, 0), rows
    assert_release_rows(rows, others=True)
    before = audit(vm)
    for _ in range(ROUNDS):
        for kib in (16, 32, 48, 64):
            if rows[f"small-{kib}"][0] != "Quarantined":
                continue
            vm.command(f"start small-{kib}")
            vm.expect(rf"drvmgr: small-{kib}: Recovering -> Quarantined")
    assert_equal_audits(before, audit(vm))
    vm.reboot()
