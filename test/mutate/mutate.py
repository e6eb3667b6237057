#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Plants the bugs of mutants.txt and machine.txt in the kernel and those of user.txt in servers,
drivers and libcap, one at a time and in a private copy, and runs the host tests that are built with
it until one fails, and for some the emulator's tests that the list names. A bug that no test notices
is a missing test. Of each bug of design.txt one test of its row in docs/design-table.md has to fail.

exit code: 0 each bug is killed or explained, 1 one survives or does not apply any more, 2 wrong
usage, 3 the tests cannot be built or fail without any bug."""
import argparse
import collections
import concurrent.futures
import contextlib
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import emulator
import host_tests
import mutants
import user_tests

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))

import usage  # noqa: E402


class Bench:
    """All that the chosen mutants need, built in `directory`."""

    def __init__(self, chosen, directory, jobs):
        self.suites, self.user, self.emulator = {}, None, None
        suites = [suite for mutant in chosen if not mutant.named
                  for suite in mutants.suites_of(mutant.path)]
        for suite in host_tests.SUITES:
            if suite in suites:
                print(f"building the {suite.name} tests", flush=True)
                place = pathlib.Path(directory) / suite.name
                place.mkdir()
                self.suites[suite.name] = host_tests.HostTests(place, ["-O1"], jobs, suite)
        if any(mutant.named or mutants.is_user(mutant.path) for mutant in chosen):
            print("building the tests of user space", flush=True)
            self.user = user_tests.UserTests(pathlib.Path(directory) / "user", jobs,
                                             {mutant.named for mutant in chosen})
        self.scripts = {word for mutant in chosen for word in mutant.scripts}
        if self.scripts:
            print("building the images for the emulators", flush=True)
            self.emulator = emulator.Emulator(pathlib.Path(directory) / "emulator")

    def baseline(self):
        """What fails as it is, as words."""
        print("running the tests as they are", flush=True)
        failed = [reason for tests in self.suites.values() for reason in tests.baseline()]
        failed += self.user.baseline() if self.user else []
        return failed + (self.emulator.baseline(self.scripts) if self.emulator else [])

    def judge(self, mutant):
        """The verdict on one mutant, in words."""
        of_user = mutant.named or mutants.is_user(mutant.path)
        suites = [self.user] if of_user else \
            [self.suites[suite.name] for suite in mutants.suites_of(mutant.path)]
        with self.user.lock if of_user else contextlib.nullcontext():  # nothing is planted there
            reason = mutants.problem(mutant, suites[0].root if suites else host_tests.ROOT)
        if reason:
            return f"DOES NOT APPLY: {reason}"
        try:
            if of_user:
                found = self.user.judge(mutant)
            else:
                found = next(filter(None, (judge_on_host(tests, mutant) for tests in suites)), None)
            if not found and mutant.scripts:
                found = self.emulator.judge(mutant)
        except host_tests.BuildError as error:
            return f"DOES NOT APPLY: it does not compile\n{error}"
        if found:
            return f"KILLED by {found[0]}: {found[1]}"
        if mutant.explained:
            return f"EXPLAINED: {mutant.explained}"
        missing = [word for word in mutant.scripts if word in self.emulator.not_here]
        return f"NOT RUN: no emulator for {' '.join(missing)}" if missing else "SURVIVED"


def plant(tests, mutant, directory):
    """What is linked first: the object of a source, or, for a header, an archive of all objects,
    since all may include it."""
    text = (tests.root / mutant.path).read_text()
    copy = directory / mutant.path
    copy.parent.mkdir(parents=True)
    copy.write_text(text.replace(mutant.old, mutant.new))
    if copy.suffix == ".c":
        return [tests.compile(copy, directory / "planted.o")]
    first = [directory / "microkernel", directory]
    kernel = [tests.compile(source, directory / f"planted-{number}.o", first)
              for number, source in enumerate(tests.kernel_sources())]
    return [tests.pack(kernel, directory / "planted.a")]


def judge_on_host(tests, mutant):
    """Which test fails, and how, or None."""
    with tempfile.TemporaryDirectory(dir=tests.directory) as name:
        directory = pathlib.Path(name)
        planted = plant(tests, mutant, directory)
        for test in tests.by_speed():
            failed = tests.fails(test, tests.link(test, directory, planted))
            if failed:
                return test, failed
    return None


def run_all(chosen, jobs):
    """Progress, one line for each; how many are neither killed nor explained."""
    start = time.monotonic()
    counts = collections.Counter()
    with tempfile.TemporaryDirectory(prefix="castellan-mutate-") as directory:
        bench = Bench(chosen, directory, jobs)
        failed = bench.baseline()
        if failed:
            print(f"fails without any bug: {'; '.join(failed)}", file=sys.stderr)
            return None
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            verdicts = pool.map(bench.judge, chosen)
            for number, (mutant, verdict) in enumerate(zip(chosen, verdicts), 1):
                kind = verdict.split(":")[0].split(" by ")[0]
                counts[mutant.listed, kind] += 1
                print(f"{number:3}/{len(chosen)} {mutant.name}: {verdict}", flush=True)
                if not kind.startswith("KILLED"):
                    print(f"        {mutant.path}: {mutant.breaks}", flush=True)
    for (listed, kind), count in sorted(counts.items()):
        print(f"{listed}: {count} {kind}")
    print(f"{time.monotonic() - start:.0f} s")
    return sum(count for (_, kind), count in counts.items()
               if kind in ("SURVIVED", "DOES NOT APPLY"))


def commit():
    """The commit that is checked out, or "none": a seed that changes with it."""
    result = subprocess.run(["git", "-c", "safe.directory=*", "rev-parse", "HEAD"],
                            cwd=host_tests.ROOT, capture_output=True, text=True, check=False)
    return result.stdout.strip() or "none"


def sample(chosen, count, seed):
    """So many of them in the order of the lists, the same for the same seed."""
    kept = set(random.Random(seed).sample(range(len(chosen)), min(count, len(chosen))))
    return [mutant for place, mutant in enumerate(chosen) if place in kept]


def main():
    parser = usage.Parser(prog="castellan mutate", description=__doc__,
                          formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="*", help="only these mutants")
    parser.add_argument("--list", action="store_true", help="only list them")
    parser.add_argument("--check", action="store_true", help="only check that each applies")
    parser.add_argument("--sample", type=int, metavar="N", help="only N of them, at random")
    parser.add_argument("--seed", metavar="S", help="which N (default: by the commit)")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count(),
                        help="at once (default: as many as processors)")
    arguments = parser.parse_args()
    chosen = mutants.parse_all()
    known = [mutant.name for mutant in chosen]
    for name in arguments.name:
        if name not in known:
            parser.error(f"there is no mutant {name!r}{usage.nearest(name, known)}; "
                         "--list lists all")
    if arguments.sample is not None and arguments.sample < 1:
        parser.error(f"--sample {arguments.sample} is not 1 or more")
    if arguments.seed and not arguments.sample:
        parser.error("--seed is of --sample")
    parser.finish(arguments)
    if arguments.check:
        wrong = mutants.check(chosen)
        print("\n".join(wrong) or f"{len(chosen)} mutants apply")
        return 1 if wrong else 0
    if arguments.name:
        chosen = [mutant for mutant in chosen if mutant.name in arguments.name]
    if arguments.sample:
        seed = arguments.seed or commit()
        chosen = sample(chosen, arguments.sample, seed)
        print(f"a sample of {len(chosen)}, --seed {seed}", flush=True)
    if arguments.list:
        for mutant in chosen:
            print(f"{mutant.name:32} {mutant.path}: {mutant.breaks}")
        return 0
    try:
        bad = run_all(chosen, arguments.jobs)
    except (host_tests.BuildError, FileNotFoundError) as error:
        print(f"mutate: cannot build the tests: {error}", file=sys.stderr)
        return 3
    return 3 if bad is None else 1 if bad else 0


if __name__ == "__main__":
    usage.run(main)
