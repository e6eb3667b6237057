# SPDX-License-Identifier: BSD-2-Clause
"""Hostile drivers of the corpus, some at once in each machine: nobody else is harmed, keys and
the prompt go on, nothing leaks, and each is named. `./castellan break` does the same with one
driver alone, and test_break_long.py with each at each place."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "break"))

import arena  # noqa: E402
import cases  # noqa: E402

QEMU, APPEND = arena.QEMU, arena.APPEND
COST = 45
SECONDS = 1  # of guest time; before 2.5 more, with fewer questions
LONGER = {"holds": 2}  # whose friends excuse it for 3 s
NAMED_MS = 1000  # of boot: the sick kinds, alone or with equals, and who floods the prompt
LATER_MS = 4000  # all others: their limits count own time, which they share with each other
EXCUSED_MS = 4500  # 3 s of waits that are over, and two of 400 ms: the one that ends then, and the next
AT_END = ("hangs",)  # at any time, as one of them is stopped behind all else
CASES = {
    "floods": {"level-line": ("level-line", {}, cases.STORMS),
               "floods-manager": ("floods-manager", cases.BUDGET, cases.FLOODS),
               "floods-log": ("floods-log", {}, cases.FLOODS)},
    # Alone: beside a flood of calls it does not get all of its share.
    "spins": {"spins-but-beats": ("spins-but-beats", {}, cases.SPINS)},
    "spins-silently": {"spins-silently": ("spins-silently", {}, cases.SPINS)},
    "bursts": {"bursts": ("bursts", {}, cases.SPINS)},
    "floods-victim": {"floods-victim": ("floods-victim", {}, cases.FLOODS)},
    # Alone, too: the one keeps the other from running.
    "takes-line": {"takes-line": ("takes-line", {}, cases.OTHERS["takes-line"][1])},
    "prompt": {name: (cases.OTHERS[name][0], {}, cases.FLOODS)
               for name in ("calls-on", "calls-ps2kbd", "calls-console", "sends-screen")},
    "dies-and-lies": {name: (cases.OTHERS[name][0], {}, cases.OTHERS[name][1])
                      for name in ("dies", "dies-shouting", "lies", "scribbles", "hangs-in-call")},
    "hangs": {name: (cases.OTHERS[name][0], {}, cases.OTHERS[name][1])
              for name in ("hangs-in-init", "hangs-in-quiesce")},
    "keeps-call": {"keeps-call": ("keeps-call", {}, cases.OTHERS["keeps-call"][1])},
    # All of them together: what they cost is the manager's time.
    "crowd": {f"fails-{i}": ("fails", cases.FOR_EVER, "invalid instruction") for i in range(20)},
    **{variant: {name: (image, {}, said) for name, (image, said, _) in together.items()}
       for variant, together in cases.TOGETHER.items()},
}
ENDS = {variant: {name: state for name, (*_, state) in together.items()}
        for variant, together in cases.TOGETHER.items()}
VARIANTS = {name: {} for name in CASES}


def archive(build_dir, path, variant):
    arena.make_archive(build_dir, path, cases.hostile(build_dir, CASES[variant]))


def test(vm):
    soon = vm.variant == "prompt" or set(CASES[vm.variant]) <= set(cases.SICK)
    limit_ms = (None if vm.variant in AT_END else EXCUSED_MS if vm.variant in LONGER
                else NAMED_MS if soon else LATER_MS)
    broken = cases.run(vm, CASES[vm.variant], LONGER.get(vm.variant, SECONDS), limit_ms,
                       ENDS.get(vm.variant), vm.variant == "crowd")
    assert not broken, "; ".join(broken)
    vm.quit()
