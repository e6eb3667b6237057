# SPDX-License-Identifier: BSD-2-Clause
"""What is typed before the machine runs is answered in full once the prompt is there, a line as
well as more than the UART and QEMU's monitor hold; and what is typed then is answered too."""
from guest import RELEASE_DRIVERS

NAMES = [f"line-{number}-0123456789abcdef" for number in range(20)]
SHORT = "caps nobody\n"
LONG = "".join(f"{name}\n" for name in NAMES)
VARIANTS = {
    "line": {"TYPED": SHORT},
    "text": {"TYPED": LONG},
    "shared-line": {"TYPED": SHORT, "SERIAL": "shared"},
    "shared-text": {"TYPED": LONG, "SERIAL": "shared"},
}
LIMIT = 30


def test(vm):
    vm.expect("drvmgr: serial: Initialising -> Running")
    if vm.variant.endswith("line"):
        vm.expect("castellan> caps nobody\n")
        vm.expect("caps nobody: ")
    else:
        for name in NAMES:
            vm.expect(f"castellan> {name}\n")
            vm.expect(f"^{name}: no such command")
    vm.command("ps")
    for name in RELEASE_DRIVERS:
        vm.expect(f"^{name} +Running")
    vm.reboot()
