# SPDX-License-Identifier: BSD-2-Clause
"""drvctl over a line that changes, loses and repeats bytes, and is cut: each answer is right and whole, or an
error says why there is none. Several drvctl at once each get their own answer, also beside one that goes on
with the log. Completion in bash offers what this machine has."""
import json
import pathlib
import random
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading

from guest import ROOT, expect_running

sys.path.insert(0, str(ROOT / "servers/drvmgr/host"))
import frames  # noqa: E402

LIMIT = 120
COST = 8
_private = tempfile.TemporaryDirectory(prefix="castellan-")
PLACE = pathlib.Path(_private.name)
LINE, BAD = PLACE / "line", PLACE / "bad"
QEMU = ["-chardev", f"socket,path={LINE},server=on,wait=off,id=second", "-serial", "chardev:second"]
DRVCTL = [sys.executable, str(ROOT / "servers/drvmgr/host/drvctl.py"), "--socket", str(LINE)]
SEEDS, ASKED_EACH = 4, 2
HARM = 1 / 1000  # of a byte
frames.AGAIN = 0.1  # seconds: what is asked twice does no harm
KINDS = ("flips", "drops", "repeats", "cuts")
COMPLETE = """
. {root}/cmake/castellan.bash
COMP_WORDS=({words}) COMP_CWORD={last}
complete -p ./castellan >/dev/null && _castellan && printf '%s\\n' "${{COMPREPLY[@]}}"
"""


class Proxy:
    """A socket beside the machine's; what passes is spoilt. Each seed does one kind of harm."""

    def __init__(self, seed):
        self.random, self.kind = random.Random(seed), KINDS[seed % len(KINDS)]
        self.server = socket.socket(socket.AF_UNIX)
        BAD.unlink(missing_ok=True)
        self.server.bind(str(BAD))
        self.server.listen()
        self.spoilt = 0
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _spoil(self, data):
        """What comes out, and whether the line is cut behind it. It goes byte by byte, however many come at
        once."""
        result = bytearray()
        for byte in data:
            if self.random.random() > HARM:
                result.append(byte)
                continue
            self.spoilt += 1
            if self.kind == "cuts":
                return bytes(result), True
            result += {"flips": bytes([byte ^ 1 << self.random.randrange(8)]), "drops": b"",
                       "repeats": bytes([byte]) * 2}[self.kind]
        return bytes(result), False

    def _pass(self, near, far):
        """Of one connection, until an end of it closes or it is cut."""
        while True:
            for stream in select.select([near, far], [], [])[0]:
                data = stream.recv(4096)
                spoilt, cut = self._spoil(data)
                (far if stream is near else near).sendall(spoilt)
                if cut or not data:
                    return

    def _serve(self):
        while True:
            near, _ = self.server.accept()
            with near, socket.socket(socket.AF_UNIX) as far:
                if near.recv(1, socket.MSG_PEEK) == b"!":
                    return
                far.connect(str(LINE))
                try:
                    self._pass(near, far)
                except OSError:
                    pass

    def close(self):
        with socket.socket(socket.AF_UNIX) as stream:
            stream.connect(str(BAD))
            stream.sendall(b"!")
        self.thread.join()
        self.server.close()


def once(path, command):
    """What a command answers as JSON over a connection of its own."""
    stream = frames.Socket(path)
    try:
        text, code = frames.Line(stream).ask(command, True, 20)
    finally:
        stream.close()
    assert code == 0, text
    return json.loads(text)


def try_once(command):
    """The same over the bad line; None: an error said that there is no answer."""
    try:
        return once(BAD, command)
    except (frames.Silence, frames.Broken):
        return None


def expect_right_or_nothing(vm):
    """Rows that do not change are asked for; and what changes something is done once, or at most once
    where nobody knows."""
    wanted = {command: once(LINE, command) for command in ("help", "policy screen", "tree")}
    right = {kind: 0 for kind in KINDS}
    spoilt = dict(right)
    for seed in range(SEEDS):
        proxy = Proxy(seed)
        before = restarts(LINE)
        for command, answer in [*wanted.items()] * ASKED_EACH:
            found = try_once(command)
            assert found in (None, answer), (seed, command, found)
            right[proxy.kind] += found is not None
        done = try_once("kill screen")
        after = restarts(LINE)
        while done and after == before:  # the kill is answered before screen has started again
            after = restarts(LINE)
        assert after - before == 1 if done else after - before <= 1, (seed, done, before, after)
        spoilt[proxy.kind] += proxy.spoilt
        proxy.close()
    assert all(spoilt.values()), spoilt
    for kind in KINDS:  # a bad line is no reason for an error, but a cut one
        assert right[kind] == len(wanted) * ASKED_EACH * SEEDS // len(KINDS) or kind == "cuts", right
    vm.expect(r"drvmgr: screen: Initialising -> Running")


def restarts(path):
    return next(row["restarts"] for row in once(path, "ps") if row["name"] == "screen")


def expect_many_at_once():
    """QEMU has one client at a time, so the others wait for their turn."""
    commands = [["--json", "ps"], ["--json", "tree"], ["--json", "why", "serial"], ["--json", "ps"]]
    running = [subprocess.Popen([*DRVCTL, *words], stdout=subprocess.PIPE, text=True) for words in commands]
    answers = [json.loads(program.communicate(timeout=60)[0]) for program in running]
    assert [program.returncode for program in running] == [0] * len(running)
    assert {row["name"] for row in answers[0]} == {row["name"] for row in answers[3]}, answers
    assert answers[2]["driver"] == "serial", answers[2]


def expect_log_that_goes_on(vm):
    """It does not keep the line: what is asked beside it is answered, and it says what was logged."""
    running = subprocess.Popen([*DRVCTL, "log", "-f", "drvmgr"], stdout=subprocess.PIPE, text=True)
    lines = iter(running.stdout.readline, "")
    assert any("driver manager" in line for line in lines)
    for victim in ("ps2kbd", "line"):  # the second one serves this very line
        done = subprocess.run([*DRVCTL, "kill", victim], capture_output=True, text=True, timeout=60,
                              check=False)
        assert done.returncode == (victim == "line"), done
        vm.expect(rf"drvmgr: {victim}: Initialising -> Running")
        assert any(f"{victim}: Initialising -> Running" in line for line in lines), victim
        assert {row["name"] for row in once(LINE, "ps")} >= {"line", "ps2kbd"}
    running.send_signal(signal.SIGINT)
    assert running.wait(60) == 0
    refused = subprocess.run([*DRVCTL, "log", "-f", "nobody"], capture_output=True, text=True, timeout=60,
                             check=False)
    assert refused.returncode == 1 and "there is no driver of that name" in refused.stdout, refused


def completed(*words):
    """What bash offers behind these words, the last of which is only begun."""
    script = COMPLETE.format(root=ROOT, words=" ".join(f"'{word}'" for word in words), last=len(words) - 1)
    done = subprocess.run(["bash", "--norc", "-c", script], cwd=ROOT, check=True, capture_output=True,
                          text=True, timeout=60)
    return done.stdout.split()


def expect_completion():
    drvctl = ("./castellan", "drvctl", "--socket", str(LINE))
    assert completed("./castellan", "drv") == ["drvctl"]
    assert completed("./castellan", "run", "--h") == ["--headless"]
    assert completed("./castellan", "build", "release") == ["release", "release-clang"]
    verbs = {row["verb"] for row in once(LINE, "help")}
    assert set(completed(*drvctl, "re")) == {verb for verb in verbs if verb.startswith("re")} | {"replace"}
    assert completed(*drvctl, "why", "scr") == ["screen"]
    assert completed(*drvctl, "--json", "why", "serial") == ["serial", "serial2"]
    assert completed(*drvctl, "log", "-") == ["-f", "--level", "--from"]
    assert completed(*drvctl, "log", "--level", "w") == ["warn"]
    assert completed(*drvctl, "check", "drivers/vga/v") == [], "no manifest begins so"
    assert completed(*drvctl, "check", "drivers/ps2/ps2k") == ["drivers/ps2/ps2kbd.drv.json"]
    assert completed(*drvctl, "load", "drivers/ps2/ps2kbd.") == []
    assert completed(*drvctl, "load", "x.elf", "drivers/ps2/ps2kbd.") == ["drivers/ps2/ps2kbd.drv.json"]
    nobody = ("./castellan", "drvctl", "--socket", str(PLACE / "nobody"))
    assert completed(*nobody, "why", "scr") == [] and completed(*nobody, "che") == ["check"]


def test(vm):
    expect_running(vm, "console", "serial2", "line")
    expect_many_at_once()
    expect_completion()
    expect_right_or_nothing(vm)
    expect_log_that_goes_on(vm)
    vm.quit()
