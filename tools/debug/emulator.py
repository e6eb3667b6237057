# SPDX-License-Identifier: BSD-2-Clause
"""How QEMU and gdb are called: for a machine that is debugged, recorded or replayed."""
import os
import pathlib
import shlex
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PATIENCE = 60  # seconds, of gdb
ICOUNT = "shift=3,align=off"  # with sleep=off a recorded machine stands still
MISSING = 3  # what the castellan script says where something is missing


def say(text):
    print(f"castellan: {text}", file=sys.stderr)


class Stop(Exception):
    """Why it cannot go on, and the exit code."""

    def __init__(self, text, code):
        super().__init__(text)
        self.code = code


def files(build):
    """The kernel and the archive that are booted."""
    return build / "castellan.elf", build / "boot.tar"


def qemu(build, replay="", arguments=()):
    """QEMU's command line. `replay`: what follows the `-icount` of a run that is recorded or replayed."""
    kernel, archive = files(build)
    command = ["qemu-system-i386", "-kernel", str(kernel), "-initrd", str(archive), "-no-reboot",
               "-display", "none", "-monitor", "none"]
    if replay:
        command += ["-icount", f"{ICOUNT},{replay}", "-rtc", "base=2000-01-01,clock=vm", "-nic", "none"]
    return command + list(arguments)


def debugged(build, command, does, asks):
    """gdb, which starts the machine `command` and does `does`; then it asks, or ends. Does not return."""
    if not shutil.which("gdb"):
        raise Stop("gdb is missing: apt-get install gdb, or ./castellan setup", MISSING)
    os.environ["CASTELLAN_BUILD"] = str(build)
    remote = shlex.join([*command, "-S", "-gdb", "stdio"])
    words = ["gdb", "-q", *([] if asks else ["-batch"]), f"{build}/castellan.elf.debug"]
    # A machine that is slow to begin with is asked once, since a second answer would be taken for another's.
    for line in [f"set remotetimeout {PATIENCE}", f"source {HERE}/castellan.py", f"target remote | exec {remote}", *does]:
        words += ["-ex", line]
    os.execvp(words[0], words)
