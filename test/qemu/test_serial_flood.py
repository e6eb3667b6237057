# SPDX-License-Identifier: BSD-2-Clause
"""The other end of a serial line sends noise without a pause, as fast as the machine takes it: nobody is
named for it, nobody ends, the prompt on the other line answers, and when the noise is over, so does this
one. How much that is in a second of the guest's time depends on the host; what the driver does when it is
too much has test/unit/serial/test_uart_flood.c."""
import json
import pathlib
import random
import socket
import subprocess
import sys
import tempfile
import threading

from guest import ROOT, expect_running, ps

LIMIT = 120
COST = 3
_private = tempfile.TemporaryDirectory(prefix="castellan-")
LINE = pathlib.Path(_private.name) / "line"
QEMU = ["-chardev", f"socket,path={LINE},server=on,wait=off,id=second", "-serial", "chardev:second"]
DRVCTL = [sys.executable, str(ROOT / "servers/drvmgr/host/drvctl.py"), "--socket", str(LINE)]
SECONDS = 1  # of guest time: what is too much is named after 100 ms, and is a failure at once
LEAST = 5000  # bytes in that time, or it was no flood
PIECE = random.Random(1).randbytes(4096)


class Noise(threading.Thread):
    """Sends it until it is told to end."""

    def __init__(self):
        super().__init__()
        self.over, self.sent = threading.Event(), 0

    def run(self):
        with socket.socket(socket.AF_UNIX) as stream:
            stream.connect(str(LINE))
            stream.settimeout(0.1)
            while not self.over.is_set():
                try:
                    self.sent += stream.send(PIECE)
                except TimeoutError:
                    pass


def test(vm):
    expect_running(vm, "console", "serial2", "line")
    noise = Noise()
    noise.start()
    begun = vm.guest_seconds()
    while vm.guest_seconds() < begun + SECONDS:
        rows = ps(vm)
    noise.over.set()
    noise.join()
    assert noise.sent > LEAST, noise.sent
    for name in ("serial", "serial2", "line", "console"):
        assert rows[name][:3] == ("Running", 1, 0), (name, rows[name])
    assert not vm.said("storm"), vm.said("storm")[0][0]
    done = subprocess.run([*DRVCTL, "--json", "ps"], capture_output=True, text=True, timeout=60, check=True)
    assert {row["name"] for row in json.loads(done.stdout)} >= {"serial2", "line"}
    vm.quit()
