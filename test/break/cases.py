# SPDX-License-Identifier: BSD-2-Clause
"""The corpus as the suite runs it: {name: (image of the corpus, fields of its manifest beyond
the default or its own, what the manager is to say of it)}."""
import json
import pathlib
import re

import arena
import score
from archive import read_archive
from machine import PROMPT

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"
BUDGET = {"cpu": {"budget_us": 50000, "period_us": 100000}}
# Beside the victims, whose priority is 12.
PLACES = {"default": {}, "equal": {"priority": 12}, "higher": {"priority": 20}, "budget": BUDGET}
SPINS, FLOODS = "keeps others from running|uses all of its share", "sends more than its share"
STORMS, OVER = "lets its interrupt line storm", "took longer than its limit"
SICK = {"spins-but-beats": SPINS, "spins-silently": SPINS, "floods-log": FLOODS,
        "floods-manager": FLOODS, "floods-victim": FLOODS, "level-line": STORMS, "bursts": SPINS}
OTHERS = {"hangs-in-probe": ("hangs", OVER), "hangs-in-init": ("hangs", OVER),
          "hangs-in-recover": ("hangs", "gave up: DRV_EIO"),
          "hangs-in-run": ("hangs", "spins: |uses all of its share"),
          "hangs-in-quiesce": ("hangs", OVER), "hangs-in-stop": ("hangs", OVER),
          "takes-line": ("takes-line", f"{FLOODS}|uses all of its share"),
          "calls-on": ("calls-on", FLOODS), "calls-screen": ("floods-prompt", FLOODS),
          "calls-ps2kbd": ("floods-prompt", FLOODS), "calls-console": ("floods-prompt", FLOODS),
          "sends-screen": ("floods-prompt", FLOODS), "sends-ps2kbd": ("floods-prompt", FLOODS),
          "hangs-in-call": ("hangs", "spins: |uses all of its share"),
          "dies": ("dies", "invalid instruction"),
          "dies-shouting": ("dies-shouting", "invalid instruction"), "lies": ("lies", "failed in Running"),
          "scribbles": ("scribbles", "failed in Running"),
          "keeps-call": ("keeps-call", f"{FLOODS}|goes on sending")}
# It fails as often as any policy allows for ever: 20 times a second.
FOR_EVER = {"restart": {"policy": "on-failure", "first_ms": 45, "base_ms": 45, "factor_pct": 100,
                        "max_ms": 45, "burst": 100, "window_ms": 5000}}
PACE_AT_ONCE, PACE_EACH_MS = 35, 15  # servers/drvmgr/core/pace.h
# Those that need each other: {name: (image, what is said of it, the state in which it ends)}, or
# None for any.
TOGETHER = {
    "blames": {"blames": ("blames", "gave up: DRV_ETIMEDOUT", "Quarantined"),
               "spins-but-beats": ("spins-but-beats", SPINS, None)},
    "drives": {"drives": ("drives", f"{FLOODS}|goes on sending", "Quarantined"),
               "proxy": ("proxy", "^nothing$", "Running")},
    "signals": {"streams": ("streams", None, None), "relay": ("relay", "^nothing$", "Running")},
    "alibi": {"asks": ("keeps-call", f"{FLOODS}|goes on sending", "Quarantined"),
              "alibi": ("alibi", "gave up: DRV_EIO", None)},
    "sits": {"sits": ("sits", "does no work: a call is not answered", None)},
    "holds": {"holds": ("holds", "waits, and not in its event loop; for slow", None),
              "slow": ("slow", None, "Running")}}


def hostile(build_dir, cases):
    """What arena.make_archive() wants, for some cases."""
    images = read_archive(build_dir / "test/corpus.tar")
    result = {}
    for name, (image, fields, _) in cases.items():
        own = [path for path in (CORPUS / f"{name}.drv.json", CORPUS / f"{image}.drv.json")
               if path.exists()]
        base = json.loads(own[0].read_text()) if own else arena.default_manifest(name)
        fields = {**base, **fields, "name": name, "image": f"{image}.elf"}
        result[name] = (arena.manifest_bytes(fields), f"{image}.elf", images[f"{image}.elf"])
    return result


def named_ms(found, expected):
    """When, of [(ms, text)] that the manager said against a driver, it first said what it is to; or
    None."""
    return next((when for when, text in found if re.search(expected, text)), None)


def off_pace(figures):
    """What is wrong with how often all started again together, who fail without end. Each may wait
    for its turn, which is counted already."""
    restarts = sum(row[2] for row in figures["hostile"].values() if row)
    in_turn = figures["guest_ms"] // PACE_EACH_MS
    if in_turn // 2 <= restarts <= PACE_AT_ONCE + in_turn + len(figures["hostile"]):
        return []
    return [f"{restarts} restarts in {figures['guest_ms']} ms"]


def run(vm, cases, seconds, limit_ms=None, ends=None, crowd=False):
    """Lets the cases loose and says in words what did not hold, or was not named as it should
    within `limit_ms` of boot, or is not in the state in which it should end: {name: state};
    `crowd`: or did not start again at the pace of all together, who differ by name alone, so that one
    further life shows what one leaves."""
    vm.expect(PROMPT)
    lives = list(cases)[:1] if crowd else None
    figures, rows = score.judge(arena.Arena(vm, cases).run(seconds, lives), list(cases))
    broken = [f"{what}: {text}" for what, text, held in rows if not held]
    broken += [f"{name}: {'; '.join(why)}" for name, why in figures["idle"].items() if why]
    broken += off_pace(figures) if crowd else []
    for name, (_, _, expected) in cases.items():
        if not expected:
            continue
        found = figures["verdicts"][name] or [(0, "nothing")]
        named = named_ms(found, expected)
        if named is None or (limit_ms and named > limit_ms):
            when, verdict = found[0]
            broken.append(f"{name}: the manager said {verdict!r} after {when} ms, and what it is to "
                          f"say {'never' if named is None else f'after {named} ms'}")
    for name, state in (ends or {}).items():
        row = figures["hostile"][name]
        if state and (not row or row[0] != state):
            broken.append(f"{name}: ends as {row}, not {state}")
    return broken
