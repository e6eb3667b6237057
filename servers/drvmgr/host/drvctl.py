# SPDX-License-Identifier: BSD-2-Clause
"""usage: ./castellan drvctl [--json] [--socket PATH] VERB [ARGUMENT...]
       ./castellan drvctl [--json] [--socket PATH] load FILE.elf NAME.drv.json
       ./castellan drvctl [--json] [--socket PATH] replace NAME FILE.elf [FILE.drv.json]

Gives a verb of the prompt to the running machine over its second serial line, and prints the answer;
`./castellan drvctl help` lists the verbs. The machine is the one that `./castellan run` has started
from this tree, or whatever has the other end of the socket PATH, as QEMU with
`-serial mon:stdio -serial unix:PATH,server=on,wait=off`.

  --json         the answer as JSON (abi/operator.schema.json)
  --socket PATH  the line's socket
  --wait N       seconds without an answer before the machine is given up (20)
  --debug DIR    where `why` looks for the programs with debugging information (*.elf.debug) of a
                 system that was built elsewhere; may be said again
  log -f [...]   goes on with what is logged, until Ctrl-C
  top            on a terminal a table that is drawn anew until q is pressed; --once: one table
  load IMAGE MANIFEST
                 brings a driver into the running system; MANIFEST is called NAME.drv.json
  replace NAME IMAGE [MANIFEST]
                 gives a driver another image, on probation; without MANIFEST that in force stays
  check, policy FILE, schema, fields, ports, verbs
                 are of the C program build/PRESET/drvctl, with its exit codes

exit code: 0 done, 1 refused or not found, 2 used wrongly, 3 no machine answers, 130 ended by Ctrl-C
before the answer came: look with ps whether it was done. `log -f` and `top` end so with 0."""
import json
import os
import pathlib
import re
import subprocess
import sys

import lines
import live
from frames import LOAD, REPLACE, SLOW, Broken, Closed, Line, Silence, Socket

ROOT = pathlib.Path(__file__).resolve().parents[3]
PRESETS = ["release", "debug", "release-clang", "debug-clang"]
LOCAL = ("check", "schema", "fields", "ports", "verbs")
SENDS = {"load": (3, 3, "load FILE.elf NAME.drv.json"), "replace": (3, 4, "replace NAME FILE.elf [FILE.drv.json]")}
MANIFEST_END = ".drv.json"
NAME = "[a-z][a-z0-9_-]{0,30}"
BYTES_MAX, TEXT_MAX = 2 << 20, 8192  # MANAGER_LOAD_BYTES_MAX, MANAGER_LOAD_TEXT_MAX
DONE, REFUSED, WRONG, NO_MACHINE = range(4)
WAIT_MOST = 86400
INTERRUPTED = 130  # as the shell says it: 128 and SIGINT


def say(text):
    print(f"drvctl: {text}", file=sys.stderr)


def places():
    """Where `run` puts the socket: beside the image, or where paths are short."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return [ROOT / "build/line.sock"] + ([pathlib.Path(runtime) / "castellan-line.sock"] if runtime else [])


def run_local(arguments):
    """The C program."""
    for preset in PRESETS:
        program = ROOT / "build" / preset / "drvctl"
        if program.exists():
            os.execv(program, [str(program), *arguments])
    say("there is no build/*/drvctl: ./castellan build makes it")
    return WRONG


class NoMachine(Exception):
    """Why there is none."""


def say_slow():
    say("no answer yet: does the machine stand in gdb, or is its driver line or serial2 stopped? Its own prompt tells")


def turn(place, patience):
    """A stream to the machine, whose line has one client at a time."""
    first = min(patience, SLOW)
    try:
        return Socket(place, first)
    except Silence:
        if patience <= first:
            raise
        say("another drvctl has the line; waiting")
        return Socket(place, patience - first)


def connect(path, patience):
    """A stream to the machine. NoMachine: there is none. Silence: it has another client all the time."""
    for place in [pathlib.Path(path)] if path else places():
        if path and place.exists() and not place.is_socket():
            raise NoMachine(f"{path} is no socket")
        try:
            return turn(place, patience)
        except OSError:
            continue
    raise NoMachine(f"no machine: nobody has {path or places()[0]}; ./castellan run starts one")


def directory(path):
    if not pathlib.Path(path).is_dir():
        raise ValueError(f"--debug {path}: there is no such directory")
    return pathlib.Path(path)


def read_arguments(arguments):
    """(options, words): options are known by where they stand, before or behind the verb."""
    options, words = {"json": False, "socket": None, "wait": 20.0, "follow": False, "once": False, "debug": []}, []
    arguments = list(arguments)
    while arguments:
        word = arguments.pop(0)
        if word == "--json":
            options["json"] = True
        elif word == "-f" and words[:1] == ["log"]:
            options["follow"] = True
        elif word == "--once" and words[:1] == ["top"]:
            options["once"] = True
        elif word in ("--socket", "--wait", "--debug"):
            if not arguments:
                raise ValueError(f"{word} needs a value")
            value = arguments.pop(0)
            options[word[2:]] = [*options["debug"], directory(value)] if word == "--debug" else value
        elif word.startswith("-") and not words:
            raise ValueError(f"there is no flag {word}")
        else:
            words.append(word)
    wait = options["wait"]
    try:
        options["wait"] = float(wait)
    except ValueError:
        raise ValueError(f"--wait {wait}: that is no number of seconds") from None
    if not 0 < options["wait"] <= WAIT_MOST:
        raise ValueError(f"--wait {wait}: it may be up to {WAIT_MOST} seconds, and more than none")
    return options, words


def ask_once(options, ask):
    """ask(line) over a connection of its own."""
    stream = connect(options["socket"], options["wait"])
    try:
        return ask(Line(stream, say_slow))
    finally:
        stream.close()


def plain(line, options, words):
    try:
        return line.ask(" ".join(words), options["json"], options["wait"])
    except Closed:
        if words != ["reboot"]:
            raise
    # The machine that `run` started ends instead of booting again, and its line with it.
    done = {"verb": "reboot", "name": None, "done": True, "note": None}
    return (json.dumps(done) + "\n" if options["json"] else "reboot: done\n"), DONE


def follow(options, words):
    number = 0
    if "--from" in words[:-1]:  # there it begins, and goes on by itself
        at = words.index("--from")
        number = words[at + 1]
        words = words[:at] + words[at + 2:]
    return live.follow(lambda at: ask_once(options, lambda line: line.ask(
        " ".join([*words, "--from", str(at)]), True, options["wait"])), options["json"], options["wait"], number)


def is_live(options, words):
    """Is it a table that is drawn anew?"""
    return words == ["top"] and not options["json"] and not options["once"] and live.has_terminal()


def top(options, words):
    return live.top(lambda: ask_once(options, lambda line: plain(line, options, words)), options["wait"])


def is_why(words):
    return len(words) == 2 and words[0] == "why"


def why(line, options, words):
    """The answer to `why NAME`, with functions, files and lines if they are known; if not, says why."""
    answer, dump = lines.ask(line, words[1], options["wait"])
    if isinstance(answer, str):
        return line.ask(" ".join(words), options["json"], options["wait"])
    told = ""
    try:
        answer = lines.fill(answer, dump, options["debug"])
        told = "".join(f"{frame}\n" for frame in lines.frames(answer))
    except lines.Unknown as unknown:
        say(f"functions and lines are not known: {unknown}")
    if options["json"]:
        return json.dumps(answer) + "\n", DONE
    text, code = line.ask(" ".join(words), False, options["wait"])
    if told:  # it says more than what the guest knows
        text = "".join(row for row in text.splitlines(True) if not row.startswith("why: 0x"))
    return text + told, code


def is_question(arguments):
    """Answers what needs no machine."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
    elif arguments[:1] == ["--version"]:
        print("drvctl of castellan", subprocess.run(["sh", "cmake/version.sh"], cwd=ROOT, check=True, text=True,
                                                    stdout=subprocess.PIPE).stdout.strip())
    else:
        return False
    return True


def name_of(manifest):
    """The driver's name, by its manifest's file."""
    path = pathlib.Path(manifest)
    if not path.name.endswith(MANIFEST_END):
        raise ValueError(f"{manifest}: a manifest is called NAME{MANIFEST_END}")
    return path.name.removesuffix(MANIFEST_END)


def read_file(path):
    try:
        return pathlib.Path(path).read_bytes()
    except OSError as error:
        raise ValueError(f"{error.filename}: {error.strerror}") from None


def read_files(words):
    """(name, image, text or None: that in force) of what is sent. ValueError: they are none."""
    least, most, usage = SENDS[words[0]]
    if not least <= len(words) <= most:
        raise ValueError(f"{words[0]}: type {usage}")
    image, manifest = (words[1:3]) if words[0] == "load" else (words[2], words[3] if len(words) == 4 else None)
    name = name_of(manifest) if words[0] == "load" else words[1]
    if not re.fullmatch(NAME, name):
        raise ValueError(f"{manifest or words[0]}: {name} is no name of a driver")
    files = read_file(image), read_file(manifest) if manifest else None
    for what, data, most in (("image", files[0], BYTES_MAX - len(files[1] or b"")),
                             ("manifest", files[1], TEXT_MAX)):
        if data is not None and not 0 < len(data) <= most:
            raise ValueError(f"the {what} has {len(data)} bytes; it may have 1 to {most}")
    return name, *files


def in_force(line, name, patience):
    """(the error's name, the manifest in force without what it says of the image's bytes, or why there is none)."""
    answer, code = line.ask(f"manifest {name}", True, patience)
    manifest = json.loads(answer)
    if code != DONE:
        return manifest["error"], manifest["text"].removeprefix("manifest ") + "\n"
    manifest.pop("sha256", None)
    return "DRV_OK", json.dumps(manifest, indent=1).encode()


def show_progress(done, of):
    """On a terminal, in place."""
    if sys.stderr.isatty():
        print(f"\r{100 * done // of:3} %" if done < of else "\r\x1b[K", end="", file=sys.stderr, flush=True)


def send(line, options, words):
    """Sends a driver's files and prints what is said of them."""
    name, image, text = read_files(words)
    error, text = ("DRV_OK", text) if text else in_force(line, name, options["wait"])
    if error == "DRV_OK":
        error, said = line.load(name, image, text, options["wait"], show_progress,
                                REPLACE if words[0] == "replace" else LOAD)
    else:
        said = text
    refused = error != "DRV_OK"
    what = f"{words[0]} {name}: {error if refused else 'done'}"
    if not options["json"]:
        print(f"{said}{what}")
    elif refused:
        print(json.dumps({"error": error, "text": said + what}))
    else:
        print(json.dumps({"verb": words[0], "name": name, "done": True, "note": said or None}))
    return REFUSED if refused else DONE


def main(arguments):
    if is_question(arguments):
        return DONE
    try:
        options, words = read_arguments(arguments)
    except ValueError as error:
        say(error)
        return WRONG
    if not words:
        print(__doc__, file=sys.stderr)
        return WRONG
    if words[0] in SENDS:
        try:
            read_files(words)
        except ValueError as error:
            say(error)
            if options["json"]:
                print(json.dumps({"error": "DRV_EINVAL", "text": str(error)}))
            return WRONG
    is_file = words[0] == "policy" and ("--simulate" in words or words[-1].endswith(".json"))
    if words[0] in LOCAL or is_file:
        return run_local(words)
    try:
        if options["follow"]:
            text, code = follow(options, words)
        elif is_live(options, words):
            text, code = top(options, words)
        elif words[0] in SENDS:
            return ask_once(options, lambda line: send(line, options, words))
        else:
            ask = why if is_why(words) else plain
            text, code = ask_once(options, lambda line: ask(line, options, words))
    except NoMachine as error:
        say(error)
        return NO_MACHINE
    except lines.Unknown as unknown:
        say(unknown)
        return REFUSED
    except Closed:
        say("no machine answers: it has closed the line")
        return NO_MACHINE
    except Silence:
        say(f"no machine answers, for {options['wait']:g} s (--wait)")
        return NO_MACHINE
    except Broken as error:
        say(error)
        return REFUSED
    except KeyboardInterrupt:
        if options["follow"] or words[0] == "top":
            return DONE
        say(f"{words[0]}: ended before the answer came: whether it was done, ps shows")
        return INTERRUPTED
    except BrokenPipeError:  # whoever reads it has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    sys.stdout.write(text)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
