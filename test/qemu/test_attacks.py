# SPDX-License-Identifier: BSD-2-Clause
"""Manifests that ask, in one line, for what takes the machine from under the kernel: each is
rejected with the range and the reason, and all others run as if nothing had been."""
import pathlib
import re

from guest import assert_release_rows, make_archive, manifest, ps

MACHINES = ["pc", "q35"]
LIMIT = 30
ROWS = pathlib.Path(__file__).with_name("attacks") / "attacks.h"
ROW = re.compile(r"X\((\w+), (0x[0-9a-f]+), (0x[0-9a-f]+), ")


def read_rows(table):
    """[(name, first, last)] of one of the tables of attacks.h."""
    text = ROWS.read_text().split(f"#define {table}(X)")[1].split("\n\n")[0]
    return [(name.replace("_", "-"), int(first, 0), int(last, 0))
            for name, first, last in ROW.findall(text)]


PORTS, RANGES = read_rows("ATTACK_PORTS"), read_rows("ATTACK_MEMORY")


def caps_of_ports(first, last):
    return {"pio": [{"start": f"{first:#x}", "end": f"{last:#x}"}]}


def caps_of_memory(first, last):
    return {"mmio": [{"base": f"{first:#x}", "size": f"{last + 1 - first:#x}"}]}


def archive(build_dir, path):
    caps = {name: caps_of_ports(first, last) for name, first, last in PORTS}
    caps |= {name: caps_of_memory(first, last) for name, first, last in RANGES}
    # In front of the release drivers in the archive's order.
    members = {f"a-{name}.drv.json": manifest(f"a-{name}", caps=wanted)
               for name, wanted in caps.items()}
    make_archive(build_dir, path, images=["actor.elf"], members=members)


def expect_refused(vm, name, why):
    lines = [line[0] for line in vm.said(rf"drvmgr: a-{name}\.drv\.json.*\n")]
    assert any(re.search(why, line) for line in lines), f"a-{name}: no {why!r} in {lines}"
    assert not any("accepted" in line for line in lines), f"a-{name} is accepted"


def test(vm):
    assert len(PORTS) > 10 and len(RANGES) > 5, "the tables of attacks.h were not read"
    rows = ps(vm)
    for name, first, last in PORTS:
        expect_refused(vm, name, r"caps\.pio\[0\]: 0x[0-9a-f]+.* can be granted to no driver; ")
    for name, first, last in RANGES:
        expect_refused(vm, name, rf"caps\.mmio\[0\]: {first:#x}\.\.{last:#x} is not inside the ISA")
    for name, _, _ in PORTS + RANGES:
        row = rows.get(f"a-{name}.drv.json")
        assert row == ("Rejected", 0, 0), f"a-{name} is {row}, not Rejected"
    assert_release_rows(rows, others=True)
    vm.command("kill serial")
    vm.expect(r"drvmgr: serial: \w+ -> Running")
    vm.reboot()
