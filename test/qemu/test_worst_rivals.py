# SPDX-License-Identifier: BSD-2-Clause
"""Manifests that are as dear to compare as they can be, and all of them correct, cost the manager's
time once, and little of it: as many drivers as there can be, with all the ports, lines and services
that one can name, half of which cannot run beside each other. The system starts as without them."""
from guest import (DRIVERS_MAX, RELEASE_DRIVERS, SECOND_LINE, assert_release_rows, expect_running,
                   make_archive, ps)

LIMIT = 60
LINES = [3, 5, 6, 7, 9, 10, 11, 15]
PORTS = [port for first, last in ((0x170, 0x177), (0x1f0, 0x1f7), (0x200, 0x20f), (0x220, 0x22f),
                                  (0x278, 0x27f), (0x2e8, 0x2ef), (0x300, 0x33f), (0x3e8, 0x3ef))
         for port in range(first, last + 1)]
COUNT = DRIVERS_MAX - len(RELEASE_DRIVERS) - len(SECOND_LINE)
EACH = len(PORTS) // COUNT


def service(number, letters):
    return f"a-name-of-thirty-one-letter-{letters}{number}"


def fields(i):
    last = service(7, "zz") if i >= COUNT // 2 else service(7, f"{i:02}")
    return {"caps": {"irq": [{"line": line, "trigger": "level", "share": True} for line in LINES],
                     "pio": [{"start": port, "end": port}
                             for port in PORTS[i * EACH:(i + 1) * EACH]]},
            "provides": [service(k, f"{i:02}") for k in range(7)] + [last],
            "memory_kib": 256}


def archive(build_dir, path):
    make_archive(build_dir, path, {f"w{i:02}": fields(i) for i in range(COUNT)})


def test(vm):
    vm.never("drvmgr died")
    expect_running(vm, "console")
    rows = ps(vm)
    assert len(rows) == DRIVERS_MAX, f"{len(rows)} rows"
    assert_release_rows(rows, others=True)
    first, last = rows["w00"], rows[f"w{COUNT - 1:02}"]
    assert first[0] == "Running" and last[0] == "Waiting", f"{first}, {last}"
    vm.reboot()
