# SPDX-License-Identifier: BSD-2-Clause
"""Two drivers that spin where they look for their device, or set it up, beside eight of the same
priority: none of the eight fails a limit of its own, and each of the two is told of."""
from guest import expect_running, make_archive, ps

LIMIT = 60
STEPS = {"probe": "Probing", "init": "Initialising"}
VARIANTS = {step: {} for step in STEPS}
OTHERS = [f"equal-{number}" for number in range(8)]
FIELDS = {"priority": 10, "restart": "on-failure"}


def spinners(variant):
    return [f"spin-{variant}-1", f"spin-{variant}-1b"]


def archive(build_dir, path, variant):
    make_archive(build_dir, path, {name: FIELDS for name in spinners(variant) + OTHERS})


def test(vm):
    expect_running(vm, *OTHERS)
    for name in spinners(vm.variant):
        if not vm.said(rf"drvmgr: {name}: \w+ -> Running"):
            expect_running(vm, name)  # the second instance does not spin
        assert vm.said(rf"drvmgr: {name}: {STEPS[vm.variant]} took longer than its limit"), name
    rows = ps(vm)
    spun = {name: rows.pop(name) for name in spinners(vm.variant)}
    assert set(spun.values()) == {("Running", 2, 1)}, spun
    assert set(rows.values()) == {("Running", 1, 0)}, rows
    vm.reboot()
