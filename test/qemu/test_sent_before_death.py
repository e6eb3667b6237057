# SPDX-License-Identifier: BSD-2-Clause
"""A driver sends its manager a capability with each call, and the manager dies when it has taken
such a call and not looked at it: no record names what came along. Its next incarnation releases
that, so that nothing is left of any number of deaths. What belongs to a device cannot be sent, and
of what a process is made of, which is not released, no driver has a capability, but for the frame of
its kept page, to write alone."""
import re
import subprocess

from guest import (DEVICES, RELEASE_DRIVERS, assert_equal_audits, audit, caps, expect_running,
                   held, make_archive)
from killing import FAULT, Killer

LIMIT = 60
KINDS = {"endpoint", "notification", "reply", "frame", "pio", "irq", "mmio"}  # all that one can have
LOOKS = 30  # a sweep ends within these
REFUSED = -2  # DRV_EPERM
HANDLER = r"^([0-9a-f]+) T service_request\b"  # whose first instruction is the bad one


def archive(build_dir, path):
    make_archive(build_dir, path, {"giver": {"image": "giver.elf", "caps": DEVICES}})


def check_kinds(vm):
    for name in (*RELEASE_DRIVERS, "giver"):
        found = {line.split()[0] for line in caps(vm, name)}
        assert found <= KINDS and (found == KINDS or name != "giver"), (name, found)


def begin_of_handler(vm, base):
    listing = subprocess.run(["nm", str(vm.log_dir / "drvmgr.elf")], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    found = re.findall(HANDLER, listing, re.MULTILINE)
    assert len(found) == 1, "the manager has no such function"
    return int(found[0], 16) - base


def when_swept(vm, before):
    """The audit when it is as before, or after as many looks as the slowest sweep can take."""
    for _ in range(LOOKS):
        after = audit(vm)
        if held(after) == held(before):
            break
    return after


def test(vm):
    vm.never(r"giver: sending")
    expect_running(vm, *RELEASE_DRIVERS, "giver")
    vm.expect(rf"giver: ports: {REFUSED}, line: {REFUSED}, memory: {REFUSED}\n")
    check_kinds(vm)
    before = audit(vm)
    killer = Killer(vm, seed=0)
    place = begin_of_handler(vm, killer.base)
    while not all(vm.said(rf"giver: it died with {what}\n")  # and not with another's call
                  for what in ("notification", "frame")):
        killer.write([place], FAULT)
        killer.stub.resume()
        vm.expect(r"init: drvmgr died: invalid instruction")
        after = when_swept(vm, before)
        killer.stub.stop()
    assert_equal_audits(before, after)
    killer.stub.leave()
    vm.reboot()
