#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Plants the bugs of mutants.txt in the kernel, one at a time and in a private copy, and runs
the kernel's host tests until one fails. A bug that no test notices is a missing test.

exit code: 0 each bug is killed or explained, 1 one survives or does not apply any more, 2 wrong
usage, 3 the tests cannot be built or fail without any bug."""
import argparse
import collections
import concurrent.futures
import pathlib
import sys
import tempfile
import time

import host_tests

LIST = pathlib.Path(__file__).with_name("mutants.txt")
FEWEST = 40  # that the list must have
UNDER = ("microkernel/object/", "microkernel/syscall/")

Mutant = collections.namedtuple("Mutant", "name path breaks old new explained")


def parse(text):
    """The blocks of the list, which says itself what is in one."""
    mutants = []
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if not lines:
            continue
        name, path = lines[0].split()
        parts = {mark: [line[1:] for line in lines[1:] if line[0] == mark] for mark in ":-+!"}
        if sum(map(len, parts.values())) != len(lines) - 1 or not parts["-"] or not parts[":"]:
            raise ValueError(f"{LIST.name}: {name} is malformed")
        mutants.append(Mutant(name, path, " ".join(parts[":"]).strip(), "\n".join(parts["-"]),
                              "\n".join(parts["+"]), " ".join(parts["!"]).strip()))
    return mutants


def problem(mutant, root=host_tests.ROOT):
    """Why it does not apply, or None."""
    path = root / mutant.path
    if not mutant.path.startswith(UNDER) or path.suffix not in (".c", ".h") or not path.is_file():
        return "not a source of the kernel's objects or calls"
    count = path.read_text().count(mutant.old)
    return None if count == 1 else f"its text occurs {count} times in {mutant.path}"


def check(mutants):
    """Does the list fit the tree? What is wrong, one line each."""
    names = collections.Counter(mutant.name for mutant in mutants)
    wrong = [f"{name}: twice in the list" for name, count in names.items() if count > 1]
    wrong += [f"{mutant.name}: {problem(mutant)}" for mutant in mutants if problem(mutant)]
    if len(mutants) < FEWEST:
        wrong.append(f"only {len(mutants)} mutants")
    return wrong


def plant(tests, mutant, directory):
    """The objects that differ: of one source, or, for a header, of all that may include it."""
    text = (tests.root / mutant.path).read_text()
    copy = directory / mutant.path
    copy.parent.mkdir(parents=True)
    copy.write_text(text.replace(mutant.old, mutant.new))
    if copy.suffix == ".c":
        return [tests.compile(copy, directory / "planted.o")]
    return [tests.compile(source, directory / f"planted-{number}.o", directory / "microkernel")
            for number, source in enumerate(tests.kernel_sources())]


def judge(tests, mutant):
    """The verdict on one mutant, in words."""
    reason = problem(mutant, tests.root)
    if reason:
        return f"DOES NOT APPLY: {reason}"
    with tempfile.TemporaryDirectory(dir=tests.directory) as name:
        directory = pathlib.Path(name)
        try:
            planted = plant(tests, mutant, directory)
        except host_tests.BuildError as error:
            return f"DOES NOT APPLY: it does not compile\n{error}"
        for test in tests.by_speed():
            failed = tests.fails(test, tests.link(test, directory, planted))
            if failed:
                return f"KILLED by {test}: {failed}"
    return f"EXPLAINED: {mutant.explained}" if mutant.explained else "SURVIVED"


def run_all(mutants, jobs):
    """Progress, one line for each; how many are neither killed nor explained."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="castellan-mutate-") as directory:
        print(f"building the tests and running them as they are ({len(mutants)} mutants follow)",
              flush=True)
        tests = host_tests.HostTests(directory, ["-O1"], jobs)
        failed = tests.baseline()
        if failed:
            print(f"fails without any bug: {'; '.join(failed)}", file=sys.stderr)
            return None
        counts = collections.Counter()
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            verdicts = pool.map(lambda mutant: judge(tests, mutant), mutants)
            for number, (mutant, verdict) in enumerate(zip(mutants, verdicts), 1):
                kind = verdict.split(":")[0].split(" by ")[0]
                counts[kind] += 1
                print(f"{number:3}/{len(mutants)} {mutant.name}: {verdict}", flush=True)
                if not kind.startswith("KILLED"):
                    print(f"        {mutant.path}: {mutant.breaks}", flush=True)
    print(f"{', '.join(f'{count} {kind}' for kind, count in sorted(counts.items()))}; "
          f"{time.monotonic() - start:.0f} s")
    return counts["SURVIVED"] + counts["DOES NOT APPLY"]


def main():
    parser = argparse.ArgumentParser(prog="castellan mutate", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="*", help="only these mutants")
    parser.add_argument("--list", action="store_true", help="only list them")
    parser.add_argument("--check", action="store_true", help="only check that each applies")
    parser.add_argument("-j", "--jobs", type=int, default=2, help="at once (default: 2)")
    arguments = parser.parse_args()
    mutants = parse(LIST.read_text())
    if arguments.check:
        wrong = check(mutants)
        print("\n".join(wrong) or f"{len(mutants)} mutants apply")
        return 1 if wrong else 0
    unknown = set(arguments.name) - {mutant.name for mutant in mutants}
    if unknown:
        parser.error(f"no mutant {' '.join(sorted(unknown))}; --list lists them")
    if arguments.name:
        mutants = [mutant for mutant in mutants if mutant.name in arguments.name]
    if arguments.list:
        for mutant in mutants:
            print(f"{mutant.name:32} {mutant.path}: {mutant.breaks}")
        return 0
    try:
        bad = run_all(mutants, arguments.jobs)
    except (host_tests.BuildError, FileNotFoundError) as error:
        print(f"mutate: cannot build the tests: {error}", file=sys.stderr)
        return 3
    return 3 if bad is None else 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
