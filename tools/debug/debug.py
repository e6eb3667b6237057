# SPDX-License-Identifier: BSD-2-Clause
"""usage: ./castellan debug [--do COMMAND]... [NAME] [-- QEMU ARGUMENTS]
       ./castellan record FILE [-- QEMU ARGUMENTS]
       ./castellan replay [--debug] [--do COMMAND]... FILE

debug   boots under gdb, with the symbols of the kernel and of the process that runs; with the NAME of a
        driver, up to its main(). `help castellan` at gdb's prompt lists what there is besides. The log is
        in build/debug.log, and `./castellan drvctl` asks the machine while it runs.
record  boots with this terminal as the serial line, and writes into FILE all that comes from outside;
        `reboot` at the prompt ends it, and Ctrl-C is the guest's. Into FILE.json goes what was booted.
replay  runs the same once more, instruction for instruction; --debug: under gdb.
--do    a command for gdb in place of its prompt; may be said again. The last one done, all ends.
--build DIRECTORY
        of the image, if not build/release

exit code: 0 done, 1 the recording is of another image, or cannot be read, or a machine that runs has the
second line already, 2 wrong usage, 3 gdb is missing;
of record and replay otherwise QEMU's"""
import hashlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import tarfile

import names
from emulator import ROOT, Stop, debugged, files, qemu, say

FAILED, WRONG = 1, 2


class Arguments:
    """What the command line says."""

    def __init__(self, verb, words):
        self.verb, self.build, self.debug = verb, ROOT / "build/release", False
        self.does, self.names, self.qemu = [], [], []
        words = list(words)
        if "--" in words:
            at = words.index("--")
            words, self.qemu = words[:at], words[at + 1:]
        while words:
            self._take(words.pop(0), words)
        if verb == "debug" and len(self.names) > 1:
            raise Stop("debug: the name of one driver is all that it takes", WRONG)
        if verb != "debug" and len(self.names) != 1:
            raise Stop(f"{verb}: one file is expected", WRONG)
        if verb == "replay" and self.qemu:
            raise Stop("replay: QEMU gets the arguments that it was recorded with", WRONG)

    def _take(self, word, words):
        takes = {"debug": ("--do", "--build"), "record": ("--build",),
                 "replay": ("--do", "--build", "--debug")}[self.verb]
        if word.startswith("-") and word not in takes:
            raise Stop(f"{self.verb}: there is no {word}; there are: {' '.join(takes)}", WRONG)
        if word in ("--do", "--build") and not words:
            raise Stop(f"{self.verb}: {word} needs a value", WRONG)
        if word == "--do":
            self.does.append(words.pop(0))
        elif word == "--build":
            self.build = pathlib.Path(words.pop(0)).resolve()
        elif word == "--debug":
            self.debug = True
        else:
            self.names.append(word)

    def file(self):
        return pathlib.Path(self.names[0])


def line_socket():
    """Where drvctl looks for the second serial line: as in the castellan script."""
    line = str(ROOT / "build/line.sock")
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return f"{runtime}/castellan-line.sock" if len(line) > 100 and runtime else line


def is_taken(path):
    """Does a machine that runs have that socket? QEMU would take it away from it."""
    with socket.socket(socket.AF_UNIX) as stream:
        stream.settimeout(1)
        try:
            stream.connect(path)
        except TimeoutError:  # others wait for it
            return True
        except OSError:
            return False
    return True


def check_name(words):
    """Stops at a name that no process of the image has: gdb would wait for it for ever."""
    if not words.names:
        return
    name = words.names[0]
    try:
        known = names.booted(words.build)
    except (OSError, tarfile.TarError, ValueError, KeyError) as error:
        raise Stop(f"debug: {words.build}/boot.tar cannot be read: {error}", FAILED) from error
    if name not in known:
        raise Stop(f"debug: {names.unknown(name, known)}", WRONG)


def do_debug(words):
    check_name(words)
    log, line = words.build.parent / "debug.log", line_socket()
    if is_taken(line):
        raise Stop(f"debug: a machine that runs already has {line}, where drvctl finds it: end that one first",
                   FAILED)
    say(f"the log is in {log}; ./castellan drvctl asks the machine")
    first = [f"castellan break {words.names[0]} main", "continue"] if words.names else []
    debugged(words.build, qemu(words.build, arguments=[
        "-serial", f"file:{str(log).replace(',', ',,')}",
        "-serial", f"unix:{line.replace(',', ',,')},server=on,wait=off", *words.qemu]), first + words.does, not words.does)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def version():
    """Version and commit of the tree."""
    return subprocess.run(["sh", "cmake/version.sh"], cwd=ROOT, check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()


def booted(words):
    """What a recording is of, to compare."""
    return {"files": {path.name: digest(path) for path in files(words.build)}, "qemu": words.qemu}


def do_record(words):
    file = words.file()
    try:
        file.with_name(file.name + ".json").write_text(json.dumps({"version": version(), **booted(words)}, indent=1) + "\n",
                                                       encoding="utf-8")
    except OSError as error:
        raise Stop(f"cannot write {file}: {error.strerror}", FAILED) from error
    say(f"to leave: reboot at the prompt, or kill {os.getpid()} from elsewhere")
    name = str(file).replace(",", ",,")
    command = qemu(words.build, f"rr=record,rrfile={name}", [
        "-chardev", "stdio,id=serial,signal=off", "-serial", "chardev:serial", *words.qemu])
    os.execvp(command[0], command)


def recorded(file):
    """What FILE.json says."""
    try:
        known = json.loads(file.with_name(file.name + ".json").read_text(encoding="utf-8"))
        wrong = None if file.exists() else f"there is no {file}"
        if not isinstance(known, dict) or not isinstance(known.get("qemu"), list):
            wrong = f"{file}.json is not what record writes"
    except OSError as error:
        wrong = f"{error.filename}: {error.strerror}"
    except ValueError:
        wrong = f"{file}.json is not what record writes"
    if wrong:
        raise Stop(f"replay: {wrong}", FAILED)
    return known


def do_replay(words):
    file = words.file()
    known = recorded(file)
    of = known.pop("version", "an unknown version")
    words.qemu = list(known["qemu"])
    if known != booted(words):
        raise Stop(f"{file} was recorded with another image than what is in {words.build}: with that of {of}, "
                   f"and this tree is {version()}", FAILED)
    replay = f"rr=replay,rrfile={str(file).replace(',', ',,')}"
    if words.debug or words.does:
        debugged(words.build, qemu(words.build, replay, [
            "-serial", f"file:{words.build.parent}/debug.log", *words.qemu]), words.does, not words.does)
    command = qemu(words.build, replay, ["-serial", "stdio", *words.qemu])
    os.execvp(command[0], command)


def main(arguments):
    verbs = {"debug": do_debug, "record": do_record, "replay": do_replay}
    asked = "--check-usage" in arguments
    arguments = [word for word in arguments if word != "--check-usage"]
    if not arguments or arguments[0] not in verbs:
        print(__doc__, file=sys.stderr)
        return WRONG
    if any(word in ("-h", "--help") for word in arguments[1:]):
        print(__doc__)
        return 0
    try:
        words = Arguments(arguments[0], arguments[1:])
        if asked and words.verb == "replay":  # before anything is built
            recorded(words.file())
        if not asked:
            verbs[arguments[0]](words)
    except Stop as stop:
        say(stop)
        return stop.code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
