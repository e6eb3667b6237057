# SPDX-License-Identifier: BSD-2-Clause
"""Where the i8042 should be something answers nonsense, always the same. The driver gives up after
exactly the bytes that its budgets allow, none of which is dangerous, and the system goes on."""
import base64

from guest import expect_running

MACHINES = ["pc", "q35"]
LIMIT = 60
PORTS = {"data": 0x60, "command": 0x64}
TRIES = 3
READ_CONFIG = 0x20


def answers(**bytes_read):
    """A machine with these at the two ports; what is written there is kept."""
    arguments = ["-machine", "i8042=off"]
    for name, port in PORTS.items():
        arguments += ["-chardev", f"ringbuf,id={name},size=4096", "-device",
                      f"isa-debugcon,iobase={port:#x},chardev={name},readback={bytes_read[name]:#x}"]
    return {"QEMU": arguments}


# Bit 0 of the status: a byte is there; bit 1: none can be written; bit 5: of the mouse.
VARIANTS = {"ones": answers(command=0xff, data=0xff),
            "zeros-without-end": answers(command=0x01, data=0x00),
            "reports-without-end": answers(command=0x01, data=0xaa),
            "mouse-without-end": answers(command=0x21, data=0xfa),
            "silent": answers(command=0x00, data=0x00),
            "busy": answers(command=0x02, data=0x00)}
FAILS = {"silent", "busy"}  # all others are no controller
WRITTEN = {"silent": TRIES * [READ_CONFIG]}  # by each instance


def written(vm, name):
    return list(base64.b64decode(vm.qmp("ringbuf-read", device=name, size=4096, format="base64")))


def test(vm):
    expect_running(vm, "serial", "screen", "console")
    times = 0
    if vm.variant in FAILS:  # until there is time to look
        times = int(vm.expect(r"drvmgr: ps2kbd: restart (\d+) in \d{4,} ms")[1])
        assert len(vm.said(r"ps2kbd: failed in Initialising, .* answered DRV_ETIMEDOUT ")) == times
    elif not vm.said(r"drvmgr: ps2kbd: Probing -> Absent \(no such device\)"):
        vm.expect(r"drvmgr: ps2kbd: Probing -> Absent \(no such device\)")
    commands, data = written(vm, "command"), written(vm, "data")
    assert (commands, data) == (times * WRITTEN.get(vm.variant, []), []), (commands, data)
    vm.reboot()
