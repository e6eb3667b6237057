# SPDX-License-Identifier: BSD-2-Clause
"""Hostile drivers of the corpus, several at once in each machine: nobody else is harmed, keys and
the prompt go on, and nothing leaks. `./castellan break` does the same with one driver alone."""
import json
import pathlib
import re
import sys

from archive import read_archive
from machine import PROMPT

HERE = pathlib.Path(__file__).resolve().parents[1] / "break"
sys.path.append(str(HERE))

import arena  # noqa: E402
import score  # noqa: E402

QEMU, APPEND = arena.QEMU, arena.APPEND
SECONDS = 2  # of guest time
NAMED_MS = 1000  # from boot on, within which a culprit is named
# The console is below drivers of the default priority, each of which may have 25 ms in 100: two of
# them keep the prompt's answer waiting for longer than the score card allows.
PROMPT_MS = 100
BUDGET = {"cpu": {"budget_us": 50000, "period_us": 100000}}
SPINS, FLOODS = "keeps others from running|uses all of its share", "sends more than its share"
STORMS = "lets its interrupt line storm"
# {variant: {name: (image of the corpus, fields of its manifest beyond the default or its own,
# what the manager says of it first)}}
CASES = {
    "line-and-manager": {
        "level-line": ("level-line", {}, STORMS),
        "floods-manager": ("floods-manager", BUDGET, FLOODS),
    },
    "log-and-victim": {
        "floods-log": ("floods-log", {}, FLOODS),
        "floods-victim": ("floods-victim", {}, FLOODS),
    },
    "spins": {
        "spins-but-beats": ("spins-but-beats", {}, SPINS),
    },
}
VARIANTS = {name: {} for name in CASES}


def hostile_of(build_dir, variant):
    """{name: (manifest, image file, image)} of one machine."""
    images = read_archive(build_dir / "test/corpus.tar")
    hostile = {}
    for name, (image, fields, _) in CASES[variant].items():
        own = HERE / "corpus" / f"{image}.drv.json"
        base = json.loads(own.read_text()) if own.exists() else arena.default_manifest(name)
        fields = {**base, **fields, "name": name, "image": f"{image}.elf"}
        hostile[name] = (arena.manifest_bytes(fields), f"{image}.elf", images[f"{image}.elf"])
    return hostile


def archive(build_dir, path, variant):
    arena.make_archive(build_dir, path, hostile_of(build_dir, variant))


def test(vm):
    vm.expect(PROMPT)
    names = list(CASES[vm.variant])
    figures, rows = score.judge(arena.Arena(vm, names).run(SECONDS), names)
    broken = [f"{what}: {text}" for what, text, held in rows if not held and what != "prompt"]
    if figures["prompt"]["lost_at_ms"] or figures["prompt"]["p99_ms"] > PROMPT_MS:
        broken.append(f"prompt: {figures['prompt']}")
    for name, (_, _, expected) in CASES[vm.variant].items():
        when, verdict = (figures["verdicts"][name] or [(0, "nothing")])[0]
        if not re.search(expected or "^nothing$", verdict) or when > NAMED_MS:
            broken.append(f"{name}: the manager said {verdict!r} after {when} ms")
    assert not broken, "; ".join(broken)
    vm.quit()
