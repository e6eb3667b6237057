# SPDX-License-Identifier: BSD-2-Clause
"""From a driver's death report, as `why` and `dump` tell it in JSON, to functions, files and lines.

    report.py --dump FILE [--why FILE] [--debug DIRECTORY...]

prints the answer to `why` with what the debugging information knows filled in; --text for people.
0: done, 1: the report or the build does not fit, 2: used wrongly."""
import argparse
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import image as images  # noqa: E402
from image import Problem, ROOT  # noqa: E402

REGISTERS = tuple(images.NUMBERS)
DEFAULT_DEBUG = [ROOT / "build" / "release" / "bin"]


def number(value):
    return int(value, 16) if isinstance(value, str) else value


def dump_of(rows):
    """What `dump NAME --json` answers, [{"name", "value"}], as {name: value}; "held" has the number of
    capabilities by type, "steps" the last steps, "stack" {address: bytes}."""
    dump = {"held": {}, "steps": [], "stack": {}}
    try:
        for row in rows:
            word, _, rest = row["name"].partition(" ")
            if word == "held":
                dump["held"][rest] = int(row["value"])
            elif word == "step":
                dump["steps"].append(row["value"])
            elif word == "stack":
                dump["stack"][int(rest, 16)] = bytes.fromhex(row["value"])
            else:
                dump[row["name"]] = row["value"]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Problem(f"no dump of a report: {error}") from error
    return dump


class Stack:
    """The copy of a dead driver's stack: {address: bytes from there on}."""

    def __init__(self, pieces):
        self.bytes = {base + offset: byte for base, piece in pieces.items()
                      for offset, byte in enumerate(piece)}

    def word(self, address):
        found = [self.bytes.get(address + n) for n in range(4)]
        return None if None in found else int.from_bytes(bytes(found), "little")


def walk(dump, directories):
    """[(address, [(function, file, line)])] of a dump, the innermost first."""
    try:
        build = dump["build_id"]
        registers = {name: number(dump[name]) for name in REGISTERS}
        stack = Stack(dump["stack"])
    except (KeyError, TypeError, ValueError) as error:
        raise Problem(f"no dump of a report: {error} is missing or wrong") from error
    if not build or not build.strip("0"):
        raise Problem("its image has no build id")
    image = images.Image(images.find(build, directories), build)
    return images.backtrace(image, registers, stack.word)


def frames_of(dump, directories):
    """[{address, function, file, line}] of a dump, the innermost first; functions that were inlined
    have frames of their own, with the address of the one that they are in."""
    frames = []
    for address, places in walk(dump, directories):
        for function, file, line in places or [(None, None, None)]:
            frames.append({"address": f"0x{address:x}", "function": function, "file": file,
                           "line": line})
    return frames


def explain(why, dump, directories):
    """The answer to `why` with function, file, line and backtrace filled in."""
    frames = frames_of(dump, directories)
    known = next((frame for frame in frames if frame["file"]), None)
    named = next((frame for frame in frames if frame["function"]), None)
    return {**why, "function": named and named["function"], "file": known and known["file"],
            "line": known and known["line"], "backtrace": frames}


def text(frame):
    """"0x400eca  ps2_step (drivers/ps2/controller.c:120)\""""
    where = f" ({frame['file']}:{frame['line']})" if frame["file"] else ""
    return f"{frame['address']:>10}  {frame['function'] or '?'}{where}"


def main(arguments):
    parser = argparse.ArgumentParser(prog="report.py", description=__doc__.split("\n\n")[0])
    parser.add_argument("--dump", required=True, type=pathlib.Path)
    parser.add_argument("--why", type=pathlib.Path)
    parser.add_argument("--debug", nargs="+", type=pathlib.Path, default=DEFAULT_DEBUG)
    parser.add_argument("--text", action="store_true")
    options = parser.parse_args(arguments)
    try:
        dump = dump_of(json.loads(options.dump.read_text()))
        why = json.loads(options.why.read_text()) if options.why else {}
        answer = explain(why, dump, options.debug)
    except (OSError, ValueError, Problem) as error:
        print(f"report.py: {error}", file=sys.stderr)
        return 1
    if options.text:
        print("\n".join(text(frame) for frame in answer["backtrace"]))
    else:
        print(json.dumps(answer, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
