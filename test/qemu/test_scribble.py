# SPDX-License-Identifier: BSD-2-Clause
"""Whatever the manager accepts can be written over completely, all ones, zeroes and random bits, in
each width, and read: the kernel, its clock and the other drivers do not notice. Once with all that
can be had, beside the release drivers and without them, and with ranges at random, of which exactly
those are accepted that abi/ports.h and the ISA window allow. The seed is in what fails;
CASTELLAN_SCRIBBLE_SEED sets the first. test_scribble_long.py goes on with it."""
import os

import scribble

LIMIT = 60
COST = 6
SEED = int(os.environ.get("CASTELLAN_SCRIBBLE_SEED", "1"))
# Something to write to behind the ports.
DEVICES = ["-drive", "if=floppy,driver=null-co,read-zeroes=on,size=1474560",
           "-audiodev", "none,id=quiet", "-device", "sb16,audiodev=quiet",
           "-device", "adlib,audiodev=quiet", "-parallel", "null",
           "-device", "ne2k_isa,iobase=0x300,irq=9"]
DISK = ["-drive", "if=ide,driver=null-co,read-zeroes=on,size=16777216"]
# Variant: the seed, whether without the release drivers, whether all that can be had.
RUNS = {"pc": (SEED, False, True), "q35-bare": (SEED, True, True), "isapc": (SEED, False, True),
        "pc-8M-bare": (SEED, True, True), "q35-512M": (SEED, False, True),
        "pc-bare-random": (SEED, True, False), "isapc-random": (SEED + 1, False, False)}


def settings(variant):
    machine, second, *_ = [*variant.split("-"), ""]
    memory = second if second[:-1].isdigit() else "16M"
    return {"QEMU": ["-M", machine, *DEVICES, *DISK], "MEMORY": memory,
            "SERIAL": "debugcon" if "-bare" in variant else True}


VARIANTS = {variant: settings(variant) for variant in RUNS}


def plan_of(variant):
    return scribble.Plan(*RUNS[variant])


def archive(build_dir, path, variant):
    plan_of(variant).write(build_dir, path)


def test(vm):
    plan = plan_of(vm.variant)
    accepted = [name for name, (_, size) in plan.chosen.items() if size]
    plan.check(vm)
    print(f"{vm.variant}: {len(accepted)} of {len(plan.chosen)} accepted")
    if plan.bare:
        vm.quit()
    else:
        vm.reboot()
