# SPDX-License-Identifier: BSD-2-Clause
"""The system boots and works on every CPU that QEMU knows, from the 486 to the latest: all
drivers run, one dies and comes back, keys arrive, and the machine resets.

Each model in its first version; with CASTELLAN_ALL_MODELS=1 in all of its versions."""
import os
import re
import subprocess

from guest import assert_release_rows, expect_running, ps

APPEND = "trace=input"
LIMIT = 30
COST = 7
ALL = "CASTELLAN_ALL_MODELS"
MODEL = re.compile(r"^x86 (\S+)", re.MULTILINE)
HOST = ("host",)  # needs the host's virtualization
VERSION = re.compile(r"-v\d+$|-(no|IB)\w+")


def models():
    """The names of CPU models that this QEMU has, the oldest first."""
    text = subprocess.run(["qemu-system-i386", "-cpu", "help"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    names = [name for name in MODEL.findall(text) if name not in HOST]
    if not os.environ.get(ALL):
        names = [name for name in names if not VERSION.search(name)]
    return sorted(names, key=lambda name: (name[0].isupper(), name))


VARIANTS = {name: {"QEMU": ["-cpu", name]} for name in models()}
# Its highest leaf is 0: what it says above means nothing, and nobody can tell whether it has a
# local APIC that would have to be turned off.
NO_LEAF = "no-leaf-1"
VARIANTS[NO_LEAF] = {"QEMU": ["-cpu", "max,level=0,-apic"]}


def test(vm):
    if vm.variant == NO_LEAF:
        vm.expect("castellan: CPUID has no leaf 1: a local APIC that is on lets no interrupt through")
    expect_running(vm)
    assert_release_rows(ps(vm))
    vm.press("a")
    vm.command("kill ps2kbd")
    vm.expect("ps2kbd: killed by the operator in Running, generation 1")
    expect_running(vm, "ps2kbd")
    vm.press("b")
    assert_release_rows(ps(vm), but={"ps2kbd": ("Running", 2, 1)})
    vm.reboot()
