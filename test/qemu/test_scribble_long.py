# SPDX-License-Identifier: BSD-2-Clause
"""test_scribble.py on each machine with several sizes of memory, and with many seeds.
CASTELLAN_SCRIBBLE_SEED sets the first, CASTELLAN_SCRIBBLE_SEEDS how many for each."""
import itertools
import os

import scribble
from test_scribble import SEED, settings

LABEL = "long"
LIMIT = 120
SEEDS = int(os.environ.get("CASTELLAN_SCRIBBLE_SEEDS", "8"))
PLACES = list(itertools.product(("pc", "q35", "isapc"), ("8M", "16M", "512M", "3G"),
                                ("beside", "bare")))
RUNS = {f"{machine}-{memory}-{where}-{seed}": (seed, where == "bare", seed == SEED)
        for machine, memory, where in PLACES for seed in range(SEED, SEED + SEEDS)}
VARIANTS = {variant: settings(variant) for variant in RUNS}
accepted = []


def archive(build_dir, path, variant):
    scribble.Plan(*RUNS[variant]).write(build_dir, path)


def test(vm):
    plan = scribble.Plan(*RUNS[vm.variant])
    plan.check(vm)
    accepted.append(sum(size is not None for _, size in plan.chosen.values()))
    if len(accepted) == len(RUNS):
        print(f"{len(RUNS)} machines, {sum(accepted)} manifests accepted and written over")
    if plan.bare:
        vm.quit()
    else:
        vm.reboot()
