#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the kernel's host tests reach of microkernel/object and microkernel/syscall, by lines and
branches, one row a file. docs/coverage.md explains the lines that they do not reach.

exit code: 0 measured, 1 a test fails, 2 wrong usage, 3 the tests cannot be built."""
import argparse
import json
import os
import pathlib
import sys
import tempfile

import host_tests

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))

import usage  # noqa: E402

MEASURED = ("microkernel/object/", "microkernel/syscall/")


def measure(tests):
    """{path: {line: [times it ran, branches, branches that were taken]}}, from gcov's notes."""
    seen = {}
    for notes in sorted(tests.directory.glob("*.gcda")):
        told = json.loads(host_tests.run(["gcov", "--json-format", "--stdout", "--branch-probabilities",
                                          notes], cwd=tests.directory))
        for source in told["files"]:
            path = pathlib.Path(source["file"])
            if not path.is_relative_to(tests.root):
                continue
            lines = seen.setdefault(path.relative_to(tests.root).as_posix(), {})
            for line in source["lines"]:
                add(lines, line)
    return {path: lines for path, lines in sorted(seen.items()) if path.startswith(MEASURED)}


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
        text = (host_tests.ROOT / path).read_text().splitlines()
        for number, (count, taken) in sorted(lines.items()):
            if count == 0:
                print(f"{path}:{number}: never runs: {text[number - 1].strip()}")
            elif not all(taken):
                print(f"{path}:{number}: {taken.count(False)} of {len(taken)} branches are never "
                      f"taken: {text[number - 1].strip()}")


def main():
    parser = usage.Parser(prog="castellan coverage", description=__doc__,
                          formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", action="store_true", help="name what is not reached, too")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count(),
                        help="at once (default: as many as processors)")
    arguments = parser.parse_args()
    parser.finish(arguments)
    with tempfile.TemporaryDirectory(prefix="castellan-coverage-") as directory:
        try:
            tests = host_tests.HostTests(directory, ["-Og", "--coverage"], arguments.jobs)
        except (host_tests.BuildError, FileNotFoundError) as error:
            print(f"coverage: cannot build the tests: {error}", file=sys.stderr)
            return 3
        failed = tests.baseline()
        if failed:
            print(f"fails: {'; '.join(failed)}", file=sys.stderr)
            return 1
        seen = measure(tests)
    print_table(seen)
    if arguments.lines:
        print_lines(seen)
    return 0


if __name__ == "__main__":
    sys.exit(main())
