# SPDX-License-Identifier: BSD-2-Clause
"""What is said of work in a manifest is obeyed: a driver that takes 500 ms for a call, and one that
takes 40 ms for each interrupt, fail where `progress_ms` and `ack_ms` are less, and do not where they
are more."""
from guest import expect_running, make_archive, ps

LIMIT = 30
# A second serial port: ports 0x2f8..0x2ff and line 3.
QEMU = ["-chardev", "null,id=second", "-serial", "chardev:second"]
PORTS = [{"start": "0x2f8", "end": "0x2ff", "width": [8]}]
VARIANTS = {"less": {}, "more": {}}
LIMITS = {"less": (300, 20), "more": (1000, 200)}  # progress_ms, ack_ms


def archive(build_dir, path, variant):
    progress_ms, ack_ms = LIMITS[variant]
    line = {"line": 3, "trigger": "level", "ack_ms": ack_ms}
    share = {"cpu": {"budget_us": 30000, "period_us": 100000}}
    make_archive(build_dir, path, {
        "napper": {"image": "napper.elf", "restart": "never", **share,
                   "heartbeat": {"progress_ms": progress_ms}},
        "asks": {"image": "napper.elf", "uses": ["napper"], "hold": False,
                 "heartbeat": {"misses": 10}},
        "naps-irq": {"image": "napper.elf", "restart": "never", "caps": {"irq": [line], "pio": PORTS}},
    })


def test(vm):
    expect_running(vm, "console", "napper", "asks", "naps-irq")
    answer = vm.expect(r"asks: answer: (\w+)\n")[1]
    if vm.variant == "more":
        assert answer == "read", answer
        rows = ps(vm)
        assert rows["napper"] == rows["naps-irq"] == rows["asks"] == ("Running", 1, 0), rows
        assert not vm.said("does no work")
    else:
        vm.expect(r"drvmgr: naps-irq: Recovering -> Quarantined")
        assert answer in ("DRV_EGONE", "DRV_EQUARANTINED"), answer
        assert vm.said(r"drvmgr: napper: failed in Running, generation 1: does no work: a call is not")
        assert vm.said(r"drvmgr: naps-irq: failed in Running, generation 1: does no work: an interrupt "
                       r"is not acknowledged, line 3")
        assert ps(vm)["asks"] == ("Running", 1, 0)
    vm.reboot()
