# SPDX-License-Identifier: BSD-2-Clause
"""What the manager left may be what its successors die of. Nine of them in a row that come to take it
over and not to serve change nothing; after the tenth one all begins anew."""
from guest import (assert_equal_audits, assert_release_rows, audit, expect_running,
                   make_archive as archive, ps)
from killing import FAULT, Killer

LIMIT = 120
MOST = 10  # TRIES_MAX of servers/drvmgr/kept/kept.c
TAKEN_OVER = b"drvmgr: %u drivers are as they were"


def place_of(killer, text):
    """The instruction that names a text of the manager's."""
    image = (killer.vm.log_dir / "drvmgr.elf").read_bytes()
    address = next(part["vaddr"] + image.index(text) - part["offset"] for part in killer.segments
                   if 0 <= image.find(text) - part["offset"] < part["filesz"])
    named = killer.code.index(address.to_bytes(4, "little"))
    return max(at for at in killer.instructions if at <= named)


def kill(killer, place, times):
    """The operator kills the manager, and then so many of its successors die when they have taken
    over; the one behind them is about to begin."""
    killer.vm.type("kill drvmgr\n")
    for _ in range(times):
        assert killer.go_to_begin()
        killer.write([place], FAULT)
        killer.stub.ask("s")  # a step: from here it would be there already
    assert killer.go_to_begin()


def deaths(vm):
    """How often in a row it died, as the root task said last."""
    return int(vm.said(r"init: it died (\d+) times in a row before it served")[-1][1])


def test(vm):
    expect_running(vm)
    before = audit(vm)
    killer = Killer(vm, 0)
    place = place_of(killer, TAKEN_OVER)
    kill(killer, place, MOST - 1)
    killer.stub.resume()
    vm.expect(r"drvmgr: (\d+) drivers are as they were, \1 of them live")
    assert deaths(vm) == MOST - 1
    assert_release_rows(ps(vm))
    assert_equal_audits(before, audit(vm))
    killer.stub.stop()
    kill(killer, place, MOST)
    killer.stub.resume()
    vm.expect("castellan: driver manager, driver ABI")
    expect_running(vm)
    assert deaths(vm) == MOST
    assert_release_rows(ps(vm))
    assert_equal_audits(before, audit(vm))
    killer.stub.stop()
    killer.stub.leave()
    vm.reboot()
