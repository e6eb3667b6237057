# SPDX-License-Identifier: BSD-2-Clause
"""A file of the archive may have any name; no byte of it steers the operator's terminal, neither
through the log nor through what a command prints."""
from guest import assert_release_rows, manifest, make_archive, ps

LIMIT = 30
HOSTILE = "\x1b]0;pwned\x07\x1b[31mx"


def archive(build_dir, path):
    make_archive(build_dir, path, members={
        f"{HOSTILE}.drv.json": b'{"name":"x"',
        f"{HOSTILE}.elf": b"not a program",
        "zz\x7f\x9b2J.drv.json": manifest("zz", image="nowhere.elf")})


def test(vm):
    vm.expect(r"drvmgr: \?\]0;pwned\?\?\[31mx\.drv\.json:1:\d+: ")
    vm.expect(r"drvmgr: \?\]0;pwned\?\?\[31mx\.elf: no manifest names it")
    rows = ps(vm)
    assert_release_rows(rows, others=True)
    assert [row[0] for name, row in rows.items() if name.startswith("?]0;pwned")] == ["Rejected"]
    raw = vm.said(r"[^\x20-\x7e\r\n\t]")
    assert not raw, f"{raw[0][0]!r} in {raw[0].string!r}"
    vm.reboot()
