# SPDX-License-Identifier: BSD-2-Clause
"""A kernel built with RE36_DEV_TRUST_BOOT=1 says so at boot and in the audit, and is otherwise
the kernel that is built without: both get the same drivers, hostile ones among them, which are
refused the same; what they said and what is held afterwards is compared."""
import re

import test_refusals
from guest import audit, held, ps

APPEND = test_refusals.APPEND
LIMIT = 240
VARIANTS = {"release": {}, "trusting": {"IMAGE": "castellan-trusting.elf"}}
archive = test_refusals.archive

BOOT_LINE = "castellan: RE36_DEV_TRUST_BOOT: thread 0 may map what it was not given\n"
FLAG = 1  # AUDIT_TRUST_BOOT of abi/audit.h
IMAGE_PAGES = 2 << 12  # by so many bytes the larger image may leave less memory
BYTES = ("free_bytes", "ram_bytes")
FREE = re.compile(r"\d+ KiB of memory|that one is \w+")
seen = {}  # what each variant did


def said(vm):
    """All lines of the log but the one, without how much memory is left, and without a prompt that
    stood in their place."""
    lines = {FREE.sub("", found[1])
             for found in vm.said(r"^(?:castellan> +)?((?!audit)\w+: .*\n)")}
    return sorted(lines - {BOOT_LINE})


def test(vm):
    trusting = vm.variant == "trusting"
    reboot, vm.reboot = vm.reboot, lambda: None
    test_refusals.test(vm)
    vm.reboot = reboot
    assert bool(vm.said(re.escape(BOOT_LINE))) == trusting
    counters = held(audit(vm))
    assert counters.pop("flags") == (FLAG if trusting else 0)
    counters.pop("caps.untyped")  # into how many pieces the memory behind the image is cut
    memory = [counters.pop(name) for name in BYTES]
    mine = {"ps": ps(vm), "audit": counters, "said": said(vm)}
    vm.reboot()
    for mine_memory, other in zip(memory, seen.get("memory", memory)):
        assert abs(mine_memory - other) <= IMAGE_PAGES, f"{mine_memory} and {other} bytes"
    for what, value in mine.items():
        assert value == seen.get(what, value), \
            f"{what} without trust: {seen[what]}\nand with it: {value}"
    seen.update(mine, memory=memory)
