# SPDX-License-Identifier: BSD-2-Clause
"""gdb with the commands of tools/debug, as a program that is typed at."""
import os
import select
import shutil
import subprocess
import time

from channel import Failure
from guest import ROOT
from machine import Skip

MARK = "-- that was all --"


class Gdb:
    """A session; the target is still to be named."""

    def __init__(self, build, limit=100):
        if not shutil.which("gdb"):
            raise Skip("gdb is not installed; ./castellan setup installs it")
        self.limit, self.text = limit, b""
        self.process = subprocess.Popen(
            ["gdb", "-q", "-nx", "-iex", "set width 0", "-iex", "set style enabled off", "-iex", "set remotetimeout 60",
             "-ex", f"source {ROOT}/tools/debug/castellan.py", str(build / "castellan.elf.debug")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, "CASTELLAN_BUILD": str(build)})
        self.ask("set confirm off")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def begin(self, command):
        """Types it; finish() has what is said."""
        self.process.stdin.write(f"{command}\necho {MARK}\\n\n".encode())
        self.process.stdin.flush()

    def finish(self):
        deadline = time.monotonic() + self.limit
        while MARK.encode() not in self.text:
            ready, _, _ = select.select([self.process.stdout], [], [], max(deadline - time.monotonic(), 0))
            data = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not data:
                raise Failure(f"gdb does not answer: {self.text.decode()[-2000:]}")
            self.text += data
        said, _, self.text = self.text.partition(MARK.encode())
        return said.decode().replace("(gdb) ", "").strip("\n")

    def ask(self, command):
        self.begin(command)
        return self.finish()

    def is_busy(self):
        """Has what was begun not ended?"""
        while select.select([self.process.stdout], [], [], 0)[0]:
            self.text += os.read(self.process.stdout.fileno(), 65536)
        return MARK.encode() not in self.text

    def attach(self, vm, path):
        """To the machine of `vm`, which stands still from now on."""
        vm.qmp("stop")
        vm.monitor(f"gdbserver unix:{path},server=on,wait=off")
        return self.ask(f"target remote {path}")
