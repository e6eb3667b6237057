# SPDX-License-Identifier: BSD-2-Clause
"""gdb with tools/debug: its tables say what `ps`, `caps` and `audit` say; a breakpoint in one of two
drivers that run the same program at the same address does not stop the other; backtraces through the
stubs of libcap end where a program begins, in every process; what is drawn and what is told in capDL is
well-formed, and of the same capabilities."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from gdb import Gdb
from guest import ROOT, expect_running, ps
from test_second_line import LINE, QEMU, drvctl  # noqa: F401

sys.path.append(str(ROOT / "tools/debug"))
import capdl  # noqa: E402

LIMIT = 120
COST = 10
COUNTED = ("cspace", "thread", "vspace", "endpoint", "reply", "notification")  # AUDIT_COUNTED


def answer(*words):
    code, text, complaint = drvctl("--json", *words)
    assert code == 0, complaint
    return json.loads(text)


def rows(text):
    """The lines of a table, as cells."""
    return [re.split(r"  +", line.strip()) for line in text.splitlines()[1:]]


def expect_same_processes(gdb, asked):
    """ps, and threads."""
    found = {row[0] for row in rows(gdb.ask("castellan threads"))}
    living = {row["name"] for row in asked if row["state"] == "Running"}
    assert found == living | {"init", "drvmgr"}, (found, living)


def expect_same_capabilities(gdb, name, asked):
    """caps NAME: type, rights and range of each."""
    known = []
    for _, rights, what, *_ in rows(gdb.ask(f"castellan caps {name}")):
        kind, first, last = re.match(r"(\w+) (0x\w+)(?:\.\.(0x\w+))?", what).groups()
        where = (int(first, 16), int(last or first, 16)) if kind in ("pio", "irq", "mmio") else None
        known.append((kind, rights, where))
    told = [(row["type"], row["rights"],
             (int(row["first"], 16), int(row["last"], 16)) if row["type"] in ("pio", "irq", "mmio") else None)
            for row in asked]
    assert sorted(known, key=str) == sorted(told, key=str), (name, known, told)


def expect_same_counts(gdb, asked):
    """audit."""
    for kind, capabilities, objects in rows(gdb.ask("castellan counts")):
        assert int(capabilities) == asked[f"caps.{kind}"], (kind, capabilities, asked)
        if kind in COUNTED:
            assert int(objects) == asked[f"objects.{kind}"], (kind, objects, asked)


def expect_ends(gdb, names):
    """A backtrace of a process that waits goes back to _start, and says no word of what is wrong."""
    gdb.ask("set backtrace past-main on")
    for name in names:
        said = gdb.ask(f"castellan backtrace {name}")
        frames = re.findall(r"^#\d+ +(?:0x\w+ in )?(\S+)", said, re.MULTILINE)
        assert frames[-1] == "_start" and "main" in frames, said
        assert {"ipc_receive", "ipc_receive_acking", "ipc_reply_receive"} & set(frames), said
        assert "corrupt" not in said and "??" not in said and "rror" not in said, said


def expect_drawn(gdb, folder):
    assert "written" in gdb.ask(f"castellan capdl {folder}/system.cdl")
    assert "written" in gdb.ask(f"castellan graph {folder}/system.dot")
    told = capdl.read((folder / "system.cdl").read_text())
    for name in ("ps2kbd", "serial", "serial2", "console"):
        held = [slot for slot in told.capabilities if slot[0] == f"cnode@{name}"]
        table = rows(gdb.ask(f"castellan caps {name}"))
        unknown = [row for row in table if row[2].startswith(("iobitmap", "audit"))]
        assert len(held) == len(table) - len(unknown), (name, held, table)
        assert told.capabilities[f"tcb@{name}", "cspace"][0] == f"cnode@{name}"
    text = (folder / "system.dot").read_text()
    assert '"serial2\\n' in text and "pio 0x2f8-0x2ff" in text, text
    if shutil.which("dot"):
        subprocess.run(["dot", "-Tsvg", "-o", folder / "system.svg", folder / "system.dot"], check=True)


def test(vm):
    expect_running(vm, "console", "serial", "line", "serial2")
    asked = answer("ps")
    held = {row["name"]: answer("caps", row["name"]) for row in asked if row["state"] == "Running"}
    audit = {row["name"]: row["value"] for row in answer("audit")}
    with tempfile.TemporaryDirectory(prefix="castellan-") as folder, \
            Gdb(pathlib.Path(vm.image).resolve().parent) as gdb:
        folder = pathlib.Path(folder)
        gdb.attach(vm, folder / "gdb")
        expect_same_processes(gdb, asked)
        for name, capabilities in held.items():
            expect_same_capabilities(gdb, name, capabilities)
        expect_same_counts(gdb, audit)
        expect_ends(gdb, ["init", "drvmgr", *held])
        expect_drawn(gdb, folder)
        expect_one_stops(vm, gdb)


def expect_one_stops(vm, gdb):
    """Of serial and serial2, which are one program."""
    said = gdb.ask("castellan break serial2 serial_irq")
    assert "serial2 alone stops at 0x" in said, said
    gdb.begin("continue")
    ps(vm)  # through serial, whose interrupts come to the same address
    assert gdb.is_busy(), gdb.finish()
    asking = subprocess.Popen([sys.executable, str(ROOT / "servers/drvmgr/host/drvctl.py"), "--socket",
                               str(LINE), "ps"], stdout=subprocess.PIPE, text=True)
    said = gdb.finish()
    assert "in process serial2" in said and "serial_irq" in said, said
    assert any(row[:1] == ["serial2"] and row[3] == "running"
               for row in rows(gdb.ask("castellan threads")))
    passed = gdb.ask("python print(gdb.breakpoints()[0].passed)")
    assert int(passed) > 0, passed
    refused = gdb.ask("castellan break nobody serial_irq")
    assert "no process is called nobody" in refused, refused
    gdb.ask("delete")
    gdb.begin("continue")
    text, _ = asking.communicate(timeout=60)
    assert "serial2" in text and asking.returncode == 0, text
    vm.quit()
