# SPDX-License-Identifier: BSD-2-Clause
"""Loops of the earlier driver interface: what their calls refuse, and that nothing is left where
one fails; one that polls answers the manager; one that returns has ended; one that hangs, and one
that overflows its stack, are restarted."""
from guest import make_archive, ps

LIMIT = 60
CHECKS = 41
CAPS = {"pio": [{"start": "0x300", "end": "0x303"}], "irq": [5],
        "mmio": [{"base": "0xa0000", "size": "0x2000"}]}
POLL = {"pio": [{"start": "0x310", "end": "0x310"}]}
FAILED = r"drvmgr: {}: failed in Running, generation 1: {}"


def archive(build_dir, path):
    older = {"image": "older.elf", "restart": "on-failure"}
    make_archive(build_dir, path, {
        "older-check": {**older, "caps": CAPS}, "older-poll": {**older, "caps": POLL},
        "older-end": older, "older-hang": {**older, "caps": {"irq": [6]}},
        "older-over": {**older, "caps": {"irq": [10]}}})


def wait_for(vm, regex):
    """Whenever it was said: the drivers run at the same time."""
    return vm.poll(lambda: vm.said(regex) or None, regex)[0]


def test(vm):
    found = wait_for(vm, r"older-check: legacy: (\d+) passed, (\d+) failed\n")
    wrong = "".join(match[0] for match in vm.said(r"older-check: .* instead of .*"))
    assert found[2] == "0", wrong
    assert int(found[1]) >= CHECKS, f"{found[1]} checks only"
    wait_for(vm, r"drvmgr: older-end: Recovering -> Stopped \(")
    wait_for(vm, FAILED.format("older-hang", "spins: "))
    # Below its stack is what cannot be written.
    wait_for(vm, FAILED.format("older-over", "page fault .* a write to "))
    for name in ("older-hang", "older-over"):
        wait_for(vm, rf"{name}: waits\n")
    wait_for(vm, r"older-poll: polls\n")
    vm.command("stop older-poll")
    vm.expect(r"drvmgr: older-poll: Stopping -> Stopped \(")
    assert not vm.said(r"older-poll: .* took longer"), "a loop that polls does not answer"
    rows = ps(vm)
    assert rows["older-check"] == ("Running", 1, 0), rows
    assert rows["older-end"][0] == "Stopped", rows
    assert rows["older-hang"] == rows["older-over"] == ("Running", 2, 1), rows
    vm.reboot()
