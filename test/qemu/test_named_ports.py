# SPDX-License-Identifier: BSD-2-Clause
"""A client names ports to the keyboard driver in all that it can send: no request is done at a
port that the client chose, neither at another's nor at the driver's own, and typing goes on."""
from guest import FRESH, assert_release_rows, make_archive, ps

APPEND = "trace=input"
LIMIT = 30
LEAST = 400  # checks that the client makes


def archive(build_dir, path):
    make_archive(build_dir, path, {"namer": {"image": "namer.elf", "uses": ["ps2kbd"],
                                             "heartbeat": {"period_ms": 1000, "misses": 10}}})


def test(vm):
    found = vm.expect(r"namer: ports: (\d+) passed, (\d+) failed\n")
    wrong = "".join(match[0] for match in vm.said(r"namer: .* instead of .*"))
    assert found[2] == "0", wrong
    assert int(found[1]) >= LEAST, f"{found[1]} checks only"
    vm.keys("typing goes on")
    vm.expect_screen(r"^castellan> typing goes on +$")
    rows = ps(vm)
    assert_release_rows(rows, others=True)
    assert rows["namer"] == FRESH, rows
    vm.reboot()
