# SPDX-License-Identifier: BSD-2-Clause
"""From the answers to `why` and `dump` to functions, files and lines (tools/death): what only a machine with
the sources and the debugging information knows."""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools" / "death"))
TRIES = 3  # it may die again between two questions


class Unknown(Exception):
    """Why there is nothing to tell."""


def directories():
    """Where programs with debugging information are, those of the build that `run` boots first."""
    found = sorted((ROOT / "build").glob("*/bin"))
    return sorted(found, key=lambda path: path.parent.name != "release")


def ask(line, name, patience):
    """(why, dump) of one death, as JSON has them; the dump is empty where that one has no report, though
    one before has. Or (text, exit code) of what was answered instead."""
    before = None
    for _ in range(TRIES):
        text, code = line.ask(f"why {name}", True, patience)
        if code:
            return text, code
        why = json.loads(text)
        text, code = line.ask(f"dump {name}", True, patience)
        if code:
            return text, code
        dump = json.loads(text)
        of = {row["name"]: row["value"] for row in dump}
        if not dump or of["generation"] == str(why["generation"]):
            return why, dump
        if before == (why["generation"], of["generation"]):
            return why, []
        before = why["generation"], of["generation"]
    raise Unknown(f"{name} dies faster than it is asked of")


def fill(why, dump, places=None):
    """The answer to `why` with function, file, line and backtrace, where they are known. `places`: where
    programs with debugging information are, if not in this tree."""
    if not dump:
        return why
    try:
        import report
    except ImportError as error:
        raise Unknown(str(error)) from error
    try:
        return report.explain(why, report.dump_of(dump), places or directories())
    except report.Problem as problem:
        raise Unknown(f"{problem}; drvctl --debug DIRECTORY names another place to look") from problem


def frames(why):
    """The lines that stand below `why` as text."""
    return [f"why: {frame['address']}  {frame['function']}" +
            (f" ({frame['file']}:{frame['line']})" if frame["file"] else "")
            for frame in why["backtrace"] if frame["function"]]
