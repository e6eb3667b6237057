# SPDX-License-Identifier: BSD-2-Clause
"""Commands over the second serial line, `./castellan drvctl`, beside a prompt: both get their own
answers, and all of them. The manager, the line's server and its driver die in the middle of an
answer: that is right, or an error says why it is not there, and what changes something is done once."""
import json
import pathlib
import re
import subprocess
import sys
import threading

import loading
import operating
from guest import ROOT, expect_running, ps
from machine import PROMPT
from operating import DRVCTL, FILES, LINE, drvctl, rows

sys.path.insert(0, str(ROOT / "servers/drvmgr/host"))
import frames  # noqa: E402
import lines  # noqa: E402
from image import build_id  # noqa: E402

QEMU = operating.QEMU
LIMIT = 90
COST = 5


def expect_exit_codes():
    assert drvctl("why", "serial")[0] == 0
    code, text, _ = drvctl("why", "nobody")
    assert code == 1 and "there is no driver of that name" in text, text
    code, text, _ = drvctl("stop", "line")
    assert code == 1 and "runs through it" in text, text
    code, text, _ = drvctl("pss")
    assert code == 2 and "did you mean ps" in text, text
    assert drvctl()[0] == 2 and drvctl("--nonsense", "ps")[0] == 2
    done = subprocess.run([*DRVCTL[:2], "--socket", f"{LINE}-of-nobody", "ps"], capture_output=True,
                          check=False)
    assert done.returncode == 3, done


def expect_lines():
    """A killed driver died in its event loop, in which function and line the host knows, if it has the
    debugging information of that very image."""
    code, text, complaint = drvctl("--json", "why", "screen")
    why = json.loads(text)
    assert code == 0 and not complaint and why["kind"] == "killed", (text, complaint)
    first, names = why["backtrace"][0], [frame["function"] for frame in why["backtrace"]]
    assert set(first) == {"address", "function", "file", "line"}, first
    assert names[-2:] == ["main", "_start"] and why["function"] == names[0], why
    assert (ROOT / why["file"]).is_file() and why["line"] > 0, why
    assert re.search(r"^why: 0x\w+  main \(drivers/vga/main\.c:\d+\)\n", drvctl("why", "screen")[1], re.MULTILINE)
    found, lines.directories = lines.directories, lambda: [ROOT / "docs"]
    try:
        stream = frames.Socket(LINE)
        answer, dump = lines.ask(frames.Line(stream), "screen", 20)
        stream.close()
        lines.fill(answer, dump)
        raise AssertionError("another build's lines were told")
    except lines.Unknown as unknown:
        assert "the system was built from something else" in str(unknown), unknown
    finally:
        lines.directories = found


def ask_beside(vm, disturb):
    """All of the log again and again while `disturb` is done at the prompt; each answer is whole."""
    answers, ended = [], threading.Event()

    def run():
        stream = frames.Socket(LINE)
        line = frames.Line(stream)
        while not ended.is_set():
            try:
                answers.append(line.ask("log drvmgr --json"))
            except frames.Broken as error:
                answers.append((str(error), 1))
        stream.close()

    asking = threading.Thread(target=run, daemon=True)
    asking.start()
    try:
        disturb()
    finally:
        ended.set()
        asking.join()
    for text, code in answers:
        value = json.loads(text)
        if code == 0:
            numbers = [row["number"] for row in value]
            assert numbers == sorted(set(numbers)), numbers
            assert value[0]["text"].startswith("driver manager"), value[0]
            assert all(set(row) == set(value[0]) for row in value), value
        else:  # an error in place of its end
            assert "error" in (value if isinstance(value, dict) else value[-1]), text
    assert any(code == 0 for _, code in answers), answers
    vm.command("log init")


def kill_all(vm, names):
    for name in names:
        vm.command(f"kill {name}")
        if name == "drvmgr":
            vm.expect(r"drivers are as they were", "the manager again")
        else:
            vm.expect(rf"drvmgr: {name}: \w+ -> Running \(", f"{name} again")


def expect_loads(vm):
    """A driver comes over the line, and goes; what is refused says why, and changes nothing."""
    image = loading.images(vm.image.parent)["actor.elf"]
    (FILES / "guest.elf").write_bytes(image)
    manifest = FILES / "guest.drv.json"
    load = ("load", str(FILES / "guest.elf"), str(manifest))
    manifest.write_text('{"name":"guest","abi":1,"sha256":"' + "0" * 64 + '"}')
    code, text, complaint = drvctl(*load)
    assert code == 1 and "load guest: DRV_EFORMAT" in text and "SHA-256" in text, text + complaint
    answer = json.loads(drvctl("--json", *load)[1])
    assert answer["error"] == "DRV_EFORMAT" and "SHA-256" in answer["text"], answer
    assert "guest" not in rows()
    for wrong in (load[:2], (*load, "more"), ("load", "nothing", str(manifest)),
                  ("load", load[1], load[1]), ("load", str(FILES / "empty"), str(manifest))):
        (FILES / "empty").write_bytes(b"")
        code, _, complaint = drvctl(*wrong)
        assert code == 2 and complaint, wrong
    manifest.write_text('{"name":"guest","abi":1}')
    assert drvctl(*load)[:2] == (0, "load guest: done\n")
    vm.expect(r"drvmgr: guest: Initialising -> Running")
    code, text, _ = drvctl(*load)
    assert code == 1 and "DRV_EEXIST" in text, text
    assert "guest.drv.json: guest is loaded: stop it and unload it first" in text, text
    build = build_id(FILES / "guest.elf")
    assert vm.said(rf"drvmgr: guest\.drv\.json: accepted: guest, ABI 1, build {build[:8]}, \d+ KiB"), build
    code, text, _ = drvctl("unload", "guest")
    assert code == 1 and "it has not ended; stop it first" in text, text
    code, text, _ = drvctl("unload", "screen")
    assert code == 1 and "it came with the system" in text, text
    assert drvctl("stop", "guest")[0] == 0
    vm.expect(r"drvmgr: guest: Stopping -> Stopped")
    assert json.loads(drvctl("--json", "unload", "guest")[1])["done"]
    assert "guest" not in rows()
    assert json.loads(drvctl("--json", *load)[1]) == {"verb": "load", "name": "guest", "done": True,
                                                      "note": None}
    vm.expect(r"drvmgr: guest: Initialising -> Running")
    vm.type("load guest.elf guest.drv.json\n")
    vm.expect("load: that is for drvctl on another machine")
    vm.type("stop guest\n")
    vm.expect(r"drvmgr: guest: Stopping -> Stopped")
    vm.type("unload guest\n")
    vm.expect("drvmgr: guest: is unloaded")
    assert "guest" not in rows()


def run_recipe(vm, name, skipped):
    """The commands of a page's quick loop, on the images of this build; but for as many as are skipped."""
    text = (ROOT / "docs/recipes" / name).read_text(encoding="utf-8")
    block = next(block for block in re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL) if "drvctl" in block)
    for line in [line.split() for line in block.splitlines()][skipped:]:
        if line[0] == "ninja":
            assert all((vm.image.parent / word).exists() for word in line[3:]), line
            continue
        assert line[:2] == ["./castellan", "drvctl"], line
        words = [word.replace("build/debug", str(vm.image.parent)).replace("docs/", f"{ROOT}/docs/") for word in line[2:]]
        code, text, complaint = drvctl(*words)
        assert code == 0, (line, text, complaint)
        if words[0] in ("load", "stop"):
            driver = pathlib.Path(words[-1]).name.partition(".")[0]
            ends = "Running" if words[0] == "load" else "Stopped"
            while rows()[driver]["state"] != ends:
                assert rows()[driver]["state"] not in ("Rejected", "Quarantined", "Absent"), rows()[driver]


def test(vm):
    expect_running(vm, "console", "serial2", "line")
    vm.expect(PROMPT)
    found = rows()
    assert {row["state"] for row in found.values()} == {"Running"}, found
    assert drvctl("ps")[1].startswith("NAME ")
    why = json.loads(drvctl("--json", "why", "screen")[1])
    assert {"driver", "generation", "cause", "kind", "function", "file", "line", "backtrace"} <= set(why)
    assert why["kind"] is None and why["backtrace"] == [], why
    expect_exit_codes()
    vm.type("ps")  # half a line, which stays
    code, text, complaint = drvctl("kill", "screen")
    assert code == 0, text + complaint
    vm.expect(r"drvmgr: screen: \w+ -> Running \(")
    vm.type("\n")
    vm.expect(r"^screen +Running +2 +1")
    expect_lines()
    ask_beside(vm, lambda: [ps(vm) for _ in range(3)])
    ask_beside(vm, lambda: kill_all(vm, ["drvmgr"] * 3))
    ask_beside(vm, lambda: kill_all(vm, ["line", "serial2", "line"]))
    expect_loads(vm)
    run_recipe(vm, "add-a-driver.md", 3)  # the first time nothing is there to stop
    run_recipe(vm, "add-a-driver.md", 0)
    assert drvctl("stop", "example-rtc")[0] == 0
    while drvctl("unload", "example-rtc")[0]:
        pass
    run_recipe(vm, "write-a-client.md", 0)
    before = rows()["ps2kbd"]["generation"]
    code, text, complaint = drvctl("kill", "ps2kbd")
    assert code == 0, text + complaint
    assert rows()["ps2kbd"]["generation"] == before + 1
    code, text, _ = drvctl("kill", "line")  # which answers nobody any more
    assert code == 1 and "may have been done" in text, text
    assert rows()["line"]["restarts"] >= 3, "it was killed three times"
    vm.quit()
