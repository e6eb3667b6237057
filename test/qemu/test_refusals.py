# SPDX-License-Identifier: BSD-2-Clause
"""Drivers with no capability, with narrow ones and with a neighbour's numbers: each call is
refused with the right error, and the machine goes on."""
from guest import audit, expect_running, make_archive, ps, release_lines

MACHINES = ["pc", "q35"]
APPEND = "trace=input"

NARROW = {
    "pio": [{"start": "0x300", "end": "0x303", "width": [8, 16]},
            {"start": "0x308", "end": "0x308", "mode": "r"},
            {"start": "0x30a", "end": "0x30a", "mode": "w"}],
    "irq": [5],
    "mmio": [{"base": "0xa0000", "size": "0x2000"}],
}
THIEF = {"pio": [{"start": "0x310", "end": "0x311"}], "irq": [6]}
LEAST = {"nocaps": 255, "narrow": 330, "thief": 275}  # checks that each makes


def archive(build_dir, path):
    common = {"image": "refusals.elf", "restart": "never"}
    make_archive(build_dir, path, {
        "nocaps": common,
        "narrow": {**common, "caps": NARROW},
        "thief": {**common, "caps": THIEF, "requires": ["narrow"]}})


def test(vm):
    missing = set(LEAST)
    while missing:
        found = vm.expect(r"(\w+): refusals: (\d+) passed, (\d+) failed\n")
        wrong = "".join(match[0] for match in vm.said(rf"{found[1]}: .* instead of .*"))
        assert found[3] == "0", wrong
        assert int(found[2]) >= LEAST[found[1]], f"{found[1]} made {found[2]} checks only"
        missing.remove(found[1])
    vm.expect_screen(r"console +Running")
    vm.press("a")
    rows = ps(vm)
    assert all(row == ("Running", 1, 0) for row in rows.values()), rows
    counters = audit(vm)
    assert counters["irq_bound"] == release_lines() | 1 << 5 | 1 << 6, \
        f"bound: {counters['irq_bound']:#x}"
    vm.reboot()
