#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the host's tests reach of the kernel, the servers, the drivers and libcap, by lines and
branches, one row a file, as gcovr counts them; and which files no host test is built with.
docs/coverage.md explains the lines of the kernel that they do not reach.

exit code: 0 measured, 1 a test fails, 2 wrong usage, 3 the tests cannot be built."""
import argparse
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))

import usage  # noqa: E402

BUILD = ROOT / "build/coverage"
MEASURED = ("microkernel/", "servers/", "libs/", "drivers/")


class Failure(Exception):
    """It could not be measured: the exit code and what was said."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


def run(code, *command):
    """Runs it; what it says is told if it fails, which is `code`."""
    result = subprocess.run([str(word) for word in command], cwd=ROOT, capture_output=True, text=True,
                            errors="replace", check=False)
    if result.returncode:
        raise Failure(code, result.stdout + result.stderr)


def measure(jobs):
    """{path: {line: [times it ran, branches, branches that were taken]}}."""
    for notes in BUILD.rglob("*.gcda"):  # of an earlier run
        notes.unlink()
    run(3, "cmake", "-S", ROOT, "-B", BUILD, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
        "-DCMAKE_C_COMPILER=gcc", "-DCASTELLAN_SANITIZE=OFF", "-DCASTELLAN_HOST_FLAGS=--coverage",
        "-DCASTELLAN_HOST_LINK_FLAGS=--coverage")
    run(3, "cmake", "--build", BUILD, "--target", "host-tests", "--parallel", jobs)
    # All is built, so nothing has to be built before a test.
    run(1, "ctest", "--test-dir", BUILD, "-L", "unit", "-FS", ".*", "-j", jobs,
        "--output-on-failure", "--no-tests=error")
    report = BUILD / "coverage.json"
    run(3, "gcovr", "--root", ROOT, "--object-directory", BUILD, "-j", jobs, "--json", report,
        *(f"--filter={place}" for place in MEASURED), BUILD)
    seen = {}
    for source in json.loads(report.read_text())["files"]:
        lines = seen.setdefault(source["file"], {})
        for line in source["lines"]:
            if not line.get("gcovr/noncode"):
                add(lines, line)
    return dict(sorted(seen.items()))


def add(lines, line):
    """A line of a header counts once, however many sources include it."""
    taken = [branch["count"] > 0 for branch in line["branches"]]
    old = lines.setdefault(line["line_number"], [0, []])
    old[0] += line["count"]
    if len(old[1]) != len(taken):
        old[1] = max(old[1], taken, key=len)
    else:
        old[1] = [one or other for one, other in zip(old[1], taken)]


def share(reached, total):
    return f"{reached:5}/{total:<5}{100 * reached / total if total else 100:6.1f} %"


def print_table(seen):
    print(f"{'file':36} {'lines':>17}   {'branches':>17}")
    all_counts = [0, 0, 0, 0]
    for path, lines in seen.items():
        branches = [taken for line in lines.values() for taken in line[1]]
        counts = [sum(line[0] > 0 for line in lines.values()), len(lines),
                  sum(branches), len(branches)]
        all_counts = [one + other for one, other in zip(all_counts, counts)]
        print(f"{path:36} {share(*counts[:2])}   {share(*counts[2:])}")
    print(f"{'all':36} {share(*all_counts[:2])}   {share(*all_counts[2:])}")


def print_lines(seen):
    """What was not reached, as compilers write it."""
    for path, lines in seen.items():
        text = (ROOT / path).read_text().splitlines()
        for number, (count, taken) in sorted(lines.items()):
            if count == 0:
                print(f"{path}:{number}: never runs: {text[number - 1].strip()}")
            elif not all(taken):
                print(f"{path}:{number}: {taken.count(False)} of {len(taken)} branches are never "
                      f"taken: {text[number - 1].strip()}")


def print_unseen(seen):
    """Files that are compiled for the machine alone: the emulator's tests run them. What is compiled
    to be measured has notes, though it may be all tables and have no line that runs."""
    unseen = [path.relative_to(ROOT).as_posix() for place in MEASURED
              for path in sorted((ROOT / place).rglob("*.c"))]
    notes = [path.as_posix() for path in BUILD.rglob("*.gcno")]
    unseen = [path for path in unseen if path not in seen
              and not any(note.endswith(f"/{path}.gcno") for note in notes)]
    print(f"\nno host test is built with these {len(unseen)} files:")
    for path in unseen:
        print(f"  {path}")


def main():
    parser = usage.Parser(prog="castellan coverage", description=__doc__,
                          formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", action="store_true", help="name what is not reached, too")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count(),
                        help="at once (default: as many as processors)")
    arguments = parser.parse_args()
    parser.finish(arguments)
    try:
        seen = measure(arguments.jobs)
    except (Failure, FileNotFoundError) as error:
        print(f"coverage: {error}", file=sys.stderr)
        return getattr(error, "code", 3)
    print_table(seen)
    print_unseen(seen)
    if arguments.lines:
        print_lines(seen)
    return 0


if __name__ == "__main__":
    usage.run(main)
