# SPDX-License-Identifier: BSD-2-Clause
"""Each hostile driver of the corpus alone, the sick kinds at four places: at the default one, as
high as its victims, above them, and with a budget; and those for so long that it is no longer only named. The score card holds, the prompt answers
within its limit included, and the driver is named."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "break"))

import arena  # noqa: E402
import cases  # noqa: E402

LABEL = "long"
QEMU, APPEND = arena.QEMU, arena.APPEND
SECONDS = 4  # of guest time
LASTING = 13  # the same, of what is a failure after 10
NAMED_MS = 1000  # of boot: the sick kinds
CASES = {f"{name}-{place}": {name: (name, fields, verdict)}
         for name, verdict in cases.SICK.items() for place, fields in cases.PLACES.items()}
CASES |= {f"{name}-lasting": {name: (name, {}, f"goes on {what} its share")} for name, what in (
    ("spins-but-beats", "using all of"), ("floods-manager", "sending more than"))}
CASES |= {name: {name: (image, {}, verdict)} for name, (image, verdict) in cases.OTHERS.items()}
VARIANTS = {name: {} for name in CASES}


def archive(build_dir, path, variant):
    arena.make_archive(build_dir, path, cases.hostile(build_dir, CASES[variant]))


def test(vm):
    lasts = vm.variant.endswith("-lasting")
    named_ms = None if lasts or vm.variant in cases.OTHERS else NAMED_MS
    broken = cases.run(vm, CASES[vm.variant], LASTING if lasts else SECONDS, named_ms)
    assert not broken, "; ".join(broken)
    vm.quit()
