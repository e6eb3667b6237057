# SPDX-License-Identifier: BSD-2-Clause
"""The system works on the CPUs of the other emulator, which has no instruction, register or
control bit that the model has not.

The oldest, one of another maker, one with NX and PCID, and the newest; with
CASTELLAN_ALL_MODELS=1 all that it knows."""
import os
import re
import subprocess

import bochs
import test_cpu_models

MACHINES = ["bochs"]
APPEND = test_cpu_models.APPEND
LIMIT = 60
COST = 11
FEW = ["pentium", "amd_k6_2_chomper", "corei7_sandy_bridge_2600k", "tigerlake"]


def models():
    """The names of CPU models to be tried."""
    if not os.environ.get(test_cpu_models.ALL):
        return FEW
    bochs.check_installed()
    text = subprocess.run(["bochs", "--help", "cpu"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True).stdout
    return re.findall(r"^([a-z]\w+)$", text, re.MULTILINE)


VARIANTS = {name: {"BOCHS": [f"{bochs.CPU}, model={name}"]} for name in models()}
test = test_cpu_models.test
