# SPDX-License-Identifier: BSD-2-Clause
"""The keyboard driver is killed while keys are typed: it comes back, what was typed meanwhile
arrives, in order, and nothing of the old instance is left."""
from guest import (assert_equal_audits, audit, expect_running, expect_states, make_archive, ps)

MACHINES = ["pc", "q35"]
APPEND = "trace=input"
LINES = 1 << 1 | 1 << 12
SCREEN_PAGES = 0x8000 // 4096


def archive(build_dir, path):
    make_archive(build_dir, path)


def stop(vm, name):
    vm.command(f"stop {name}")
    expect_states(vm, name, "Quiescing", "Stopping", "Stopped")
    return audit(vm)


def start(vm, name):
    vm.command(f"start {name}")
    expect_states(vm, name, "Loaded", "Probing", "Initialising", "Running")


def kill_and_type(vm, times):
    for number in range(times):
        vm.keys("abc")
        vm.command("kill ps2kbd")
        vm.keys("xyz", report=False)
        vm.expect(r"ps2kbd: killed by the operator in Running, generation \d+")
        expect_states(vm, "ps2kbd", "Recovering", "Backoff", "Probing", "Initialising",
                      "Running")
        vm.keys("q")
        vm.press("up")
        rows = ps(vm)
        assert rows["ps2kbd"][0] == "Running" and rows["ps2kbd"][2] == number + 1, rows
    typed = "".join(found[1] for found in vm.said(r"input: key ([a-z]) down\n"))
    assert typed.endswith("abcxyzq" * times), typed
    assert not vm.said("input: lost")


def test(vm):
    expect_running(vm)
    vm.expect_screen("Type a command: ")
    running = audit(vm)
    stopped = stop(vm, "ps2kbd")
    for counter in ("irq_bound", "irq_unmasked"):
        assert running[counter] & LINES == LINES and not stopped[counter] & LINES
    assert stopped["caps.pio"] == running["caps.pio"] - 2
    assert stopped["caps.irq"] == running["caps.irq"] - 4
    assert stopped["objects.thread"] == running["objects.thread"] - 1
    assert stopped["free_bytes"] > running["free_bytes"]
    start(vm, "ps2kbd")
    vm.keys("q")  # arrives when the console has opened its session again
    assert_equal_audits(running, audit(vm))
    kill_and_type(vm, 3)
    assert ps(vm)["ps2kbd"] == ("Running", 5, 3)
    assert_equal_audits(running, audit(vm))
    assert_equal_audits(stopped, stop(vm, "ps2kbd"))
    # The screen's memory is unmapped with the driver and mapped with its successor.
    without = stop(vm, "screen")
    assert without["mmio_pages"] == running["mmio_pages"] - SCREEN_PAGES
    start(vm, "screen")
    vm.command("kill screen")
    expect_states(vm, "screen", "Recovering", "Backoff", "Probing", "Initialising", "Running")
    vm.expect_screen(r"screen +Running")
    assert_equal_audits(without, stop(vm, "screen"))
    start(vm, "screen")
    start(vm, "ps2kbd")
    vm.keys("The end")
    vm.expect_screen("The end")
    assert_equal_audits(running, audit(vm))
    vm.reboot()
