# SPDX-License-Identifier: BSD-2-Clause
"""`./castellan drvctl` and the second serial line of the machine that a test script boots: it takes QEMU from
here."""
import contextlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile

from guest import ROOT

HOST = ROOT / "servers/drvmgr/host"
sys.path.insert(0, str(HOST))
import drvctl as program  # noqa: E402

_private = tempfile.TemporaryDirectory(prefix="castellan-")
FILES = pathlib.Path(_private.name)
LINE = FILES / "line"
QEMU = ["-chardev", f"socket,path={LINE},server=on,wait=off,id=second", "-serial", "chardev:second"]
DRVCTL = [sys.executable, str(HOST / "drvctl.py"), "--socket", str(LINE)]


def drvctl(*words):
    """(exit code, what it prints, what it complains of)."""
    done = subprocess.run([*DRVCTL, *map(str, words)], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def called(*words):
    """The same of a call in this process, which spares most of the time."""
    out, complaint = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(complaint):
        code = program.main(["--socket", str(LINE), *map(str, words)])
    return code, out.getvalue(), complaint.getvalue()


def rows():
    """{name: its row} of `ps`."""
    code, text, complaint = drvctl("--json", "ps")
    assert code == 0, complaint
    return {row["name"]: row for row in json.loads(text)}
