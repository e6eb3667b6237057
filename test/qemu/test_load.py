# SPDX-License-Identifier: BSD-2-Clause
"""A driver is brought into the running system and taken out again, with the checks of boot; what is
refused changes nothing; and behind ten loads and unloads nothing is held that was not held before.
test_load_long.py does it a thousand times."""
import hashlib
import re

import loading
from guest import DEVICES, ROOT, caps, ps
from loading import (ABORT, AWAIT, BEGIN, COMMIT, COMPARE, CUT, LOAD, PUT, STATES, UNLOAD, entry, text)

APPEND = "trace=input"
LIMIT = 120
COST = 6
TIMES = 10


def errors():
    """{name: its number}, by abi/driver_errno.h."""
    found = re.findall(r"X\((DRV_\w+), (-?\d+)", (ROOT / "abi/driver_errno.h").read_text())
    return {name: int(value) for name, value in found}


def entries(build_dir, times):
    e = errors()
    image = loading.images(build_dir)["actor.elf"]
    digest = hashlib.sha256(image).hexdigest()
    good = text("guest", sha256=digest, caps=DEVICES)
    most = (2 << 20) + 1

    def refused(error, name="guest", image=image, manifest=good):
        return entry(LOAD, name, e[error], image=image, manifest=manifest)

    steps = loading.cycles(image, good, times)
    steps += [
        # What is no upload.
        entry(BEGIN, "guest", e["DRV_EINVAL"], sizes=(0, 10)),
        entry(BEGIN, "guest", e["DRV_EINVAL"], sizes=(10, 0)),
        entry(BEGIN, "guest", e["DRV_EINVAL"], sizes=(most - 1, 10)),
        entry(BEGIN, "guest", e["DRV_EINVAL"], sizes=(0xffffffff, 10)),
        entry(BEGIN, "guest", e["DRV_EINVAL"], sizes=(10, 8193)),
        entry(BEGIN, "Guest!", e["DRV_EINVAL"], sizes=(10, 10)),
        entry(BEGIN, "", e["DRV_EINVAL"], sizes=(10, 10)),
        entry(PUT, "none", e["DRV_ENOENT"], times=10),
        entry(COMMIT, "none", e["DRV_ENOENT"]),
        entry(ABORT, "none", e["DRV_ENOENT"]),
        # What is none yet.
        entry(BEGIN, "guest", sizes=(100, 10)),
        entry(PUT, "behind", e["DRV_EINVAL"], argument=1, times=10),
        entry(PUT, "much", e["DRV_EINVAL"], argument=0, times=111),
        entry(PUT, "far", e["DRV_EINVAL"], argument=0xfffffff0, times=32),
        entry(PUT, "some", argument=0, times=100),
        entry(COMMIT, "early", e["DRV_EINVAL"]),
        entry(ABORT, "guest"),
        entry(COMMIT, "late", e["DRV_ENOENT"]),
        entry(CUT, "guest", image=image, manifest=good),
        entry(BEGIN, "guest", sizes=(100, 10)),  # instead
        entry(COMMIT, "instead", e["DRV_EINVAL"]),
        # What is refused as at boot.
        refused("DRV_EFORMAT", manifest=b"{"),
        refused("DRV_EFORMAT", manifest=text("guest", sha256="0" * 64)),
        refused("DRV_EFORMAT", image=image[:100]),
        refused("DRV_EFORMAT", manifest=text("guest", abi=60000)),
        refused("DRV_EINVAL", manifest=text("other")),
        refused("DRV_EEXIST", name="console", manifest=text("console")),
        refused("DRV_EEXIST", manifest=text("guest", provides=["serial"])),
        # Who wants what another has waits for it.
        entry(LOAD, "zother", image=image, manifest=text("zother", caps={"pio": [{"start": "0x3f8", "end": "0x3ff"}]})),
        entry(AWAIT, "zother", argument=STATES["Waiting"]),
        entry(UNLOAD, "zother"),
        # What may not be unloaded.
        entry(UNLOAD, "nobody", e["DRV_ENOENT"]),
        entry(UNLOAD, "console", e["DRV_EINVAL"]),
        entry(COMPARE),
        entry(LOAD, "guest", image=image, manifest=good),
        entry(AWAIT, "guest", argument=STATES["Running"]),
        entry(UNLOAD, "guest", e["DRV_EBUSY"]),
        entry(LOAD, "guest", e["DRV_EEXIST"], image=image, manifest=good),
    ]
    return steps


def archive(build_dir, path):
    loading.archive(build_dir, path, entries(build_dir, TIMES), memory_kib=1024)


def test(vm):
    vm.never("loader: unexpected")
    vm.expect(r"loader: all \d+ done\n")
    assert len(vm.said(r"loader: audit equal\n")) == 2, vm.said(r"loader: audit .*")
    assert not vm.said("audit different")
    rows = ps(vm)
    assert rows["guest"][0] == "Running" and rows["guest"][1] == TIMES + 2, rows
    assert "zother" not in rows
    for said in (r"loader: told: guest\.drv\.json.*SHA-256 is not the manifest's sha256",
                 r"drvmgr: zother: waits for serial: ports"):
        assert vm.said(said), said
    held = caps(vm, "guest")
    assert any("0x300" in line for line in held), held
    # It is as any other: dies, comes again, and outlives the manager.
    vm.type("kill guest\n")
    vm.expect(r"drvmgr: guest: Initialising -> Running")
    vm.type("kill drvmgr\n")
    vm.expect(r"drvmgr: \d+ drivers are as they were, (\d+) of them live")
    rows = ps(vm)
    assert rows["guest"] == ("Running", TIMES + 3, 1), rows
    vm.type("kill guest\n")  # made again of an image that the last incarnation had taken
    vm.expect(r"drvmgr: guest: Initialising -> Running")
    assert ps(vm)["guest"] == ("Running", TIMES + 4, 2)
    vm.reboot()
