# SPDX-License-Identifier: BSD-2-Clause
"""An image of many pieces takes handles of the manager's, a frame each: no more than a driver's share,
so that whatever the others take an ordinary driver starts."""
import elf
from archive import read_archive
from guest import (DRIVERS_MAX, RELEASE_DRIVERS, SECOND_LINE, TEST_DRIVERS, expect_running,
                   make_archive, manifest, ps)

MEMORY = "128M"
LIMIT = 60
COUNT = DRIVERS_MAX - len(RELEASE_DRIVERS) - len(SECOND_LINE) - 2  # one is refused, one ordinary
PAGES = 63  # six frames, of one page to 32
KIB = 2048


def pieces(image, count):
    """Each lies under two page tables."""
    return elf.add_segments(image, [(0x1000000 * (n + 1) + 0x3ff000, PAGES * 4096)
                                    for n in range(count)])


def archive(build_dir, path):
    actor = read_archive(build_dir / TEST_DRIVERS)["actor.elf"]
    fat = {f"a{i:02}.drv.json": manifest(f"a{i:02}", "fat.elf", memory_kib=KIB)
           for i in range(COUNT)}
    make_archive(build_dir, path, {"z": {"requires": [f"a{COUNT - 1:02}"]}}, members={
        "fat.elf": pieces(actor, 3), "fatter.elf": pieces(actor, 5), **fat,
        "fatter.drv.json": manifest("fatter", "fatter.elf", memory_kib=KIB)})


def test(vm):
    vm.expect(r"drvmgr: fatter\.drv\.json: fatter\.elf is in too many pieces: it takes \d+ of the "
              r"manager's handles, and each driver has 56\n")
    expect_running(vm, "z")
    rows = ps(vm)
    assert rows["fatter.drv.json"][0] == "Rejected", rows
    assert all(rows[f"a{i:02}"] == ("Running", 1, 0) for i in range(COUNT)), rows
    vm.quit()
