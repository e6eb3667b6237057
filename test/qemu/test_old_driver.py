# SPDX-License-Identifier: BSD-2-Clause
"""The old driver of docs/port-an-old-driver.md, whose loop knows nothing of a manager: it ticks, is
killed again and again while a client reads it, hangs on purpose, and is back each time; it stops,
starts, is reset and quiesced like any other. The times that are read are those of the machine's clock."""
from archive import read_archive
from guest import expect_running, expect_states, expect_step, make_archive, ps

LIMIT = 60
BEGIN, END = "12:34:05", "12:44:05"  # the machine's clock when it is switched on, and long after the end
UNREAD = "00:00:00"  # until an instance's first tick
QEMU = ["-rtc", f"base=2026-11-30T{BEGIN}"]
KILLS = 10
TICKS = r"reader: (\d\d:\d\d:\d\d) and it ticks\n"
RESTART = ["Recovering", "Backoff", "Probing", "Initialising", "Running"]
# Whichever of its limits is over first: it neither comes back nor acknowledges its line.
HANGS = r"drvmgr: old-clock: failed in Running, generation \d+: (spins: |does no work: an interrupt)"


def archive(build_dir, path):
    content = read_archive(build_dir / "test/old-clock.tar")
    members = {name: content[name] for name in ("old-clock.elf", "old-clock.drv.json")}
    make_archive(build_dir, path, {"reader": {"image": "reader.elf", "uses": ["old-clock"]}},
                 members=members)


def check_times(times):
    """They begin where the machine's clock did and go on."""
    times = [time for time in times if time != UNREAD]
    assert times == sorted(times) and len(set(times)) > 1, times
    assert BEGIN <= times[0] and times[-1] < END, times


def test(vm):
    expect_running(vm, "old-clock", "reader")
    vm.expect(TICKS)
    vm.expect(TICKS)
    for _ in range(KILLS):
        vm.command("kill old-clock")
        expect_step(vm, "old-clock", "Running")
        vm.expect(TICKS)
    vm.command("stop old-clock")
    expect_states(vm, "old-clock", "Quiescing", "Stopping", "Stopped")
    vm.command("start old-clock")
    expect_step(vm, "old-clock", "Running")
    vm.expect(TICKS)
    vm.command("reset old-clock")
    expect_states(vm, "old-clock", "Quiescing", "Initialising", "Running")
    vm.expect(TICKS)
    vm.command("quiesce old-clock")
    expect_states(vm, "old-clock", "Quiescing", "Quiesced")
    vm.command("start old-clock")
    expect_states(vm, "old-clock", "Initialising", "Running")
    vm.expect(TICKS)
    vm.command("stop reader")
    expect_step(vm, "reader", "Stopped")
    vm.command("start reader")
    vm.expect(r"reader: has it hang: DRV_OK\n")
    vm.expect(HANGS)
    expect_states(vm, "old-clock", *RESTART)
    vm.expect(TICKS)
    check_times([found[1] for found in vm.said(TICKS)])
    rows = ps(vm)
    assert rows["old-clock"][:2] == ("Running", KILLS + 3), rows
    assert rows["reader"][0] == "Running", rows
    vm.reboot()
