# SPDX-License-Identifier: BSD-2-Clause
"""The keyboard's interrupts go nowhere: somebody masks its line at the interrupt controller, whenever
a key is to come. All keys come nevertheless, for the driver looks: once a second, and after two that
it found so a hundred times a second. Then the line is as before."""
from guest import expect_running
from test_asked import stats

MACHINES = ["pc", "q35"]
LIMIT = 60
APPEND = "trace=input"
MASTER_MASK = 0x21
KEYBOARD = 1 << 1
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ENOUGH = 8  # bytes that were found without an interrupt


def lost(vm):
    return int(dict(stats(vm, "ps2kbd")[0])["lost"])


def mask(vm):
    """Until the kernel writes the mask, as at any other interrupt. What else is masked meanwhile stays
    so: the machine stands still."""
    vm.qmp("stop")
    before = int(vm.monitor(f"i/b {MASTER_MASK:#x}").split("=")[1], 16)
    vm.monitor(f"o/b {MASTER_MASK:#x} {before | KEYBOARD:#x}")
    vm.qmp("cont")


def test(vm):
    expect_running(vm)
    vm.expect(r"castellan> ")
    vm.keys("a")
    assert lost(vm) == 0
    text = ""
    while lost(vm) < ENOUGH:
        letter = LETTERS[len(text) % len(LETTERS)]
        mask(vm)
        vm.press(letter)
        text += letter
    found = lost(vm)
    vm.keys("heard")
    assert lost(vm) == found
    typed = "".join(key[1] for key in vm.said(r"input: key (\w) down\n"))
    assert typed == "a" + text + "heard", typed
    vm.never(r"input: lost")
    vm.reboot()
