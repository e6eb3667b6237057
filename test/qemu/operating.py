# SPDX-License-Identifier: BSD-2-Clause
"""`./castellan drvctl` and the second serial line of the machine that a test script boots: it takes QEMU from
here."""
import json
import pathlib
import subprocess
import sys
import tempfile

from guest import ROOT

_private = tempfile.TemporaryDirectory(prefix="castellan-")
FILES = pathlib.Path(_private.name)
LINE = FILES / "line"
QEMU = ["-chardev", f"socket,path={LINE},server=on,wait=off,id=second", "-serial", "chardev:second"]
DRVCTL = [sys.executable, str(ROOT / "servers/drvmgr/host/drvctl.py"), "--socket", str(LINE)]


def drvctl(*words):
    """(exit code, what it prints, what it complains of)."""
    done = subprocess.run([*DRVCTL, *map(str, words)], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def rows():
    """{name: its row} of `ps`."""
    code, text, complaint = drvctl("--json", "ps")
    assert code == 0, complaint
    return {row["name"]: row for row in json.loads(text)}
