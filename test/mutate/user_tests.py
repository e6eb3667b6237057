# SPDX-License-Identifier: BSD-2-Clause
"""The host's tests of servers, drivers and libcap, built as the suite has them, sanitizers included,
in a copy of the tree. When one file of it has changed, only what is made of that file is built anew,
and only the tests run that are built with it. One bug at a time, for the copy is one; building and
running use all processors."""
import collections
import concurrent.futures
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time

import host_tests

UNDER = ("servers/", "libs/", "drivers/")
LEFT_OUT = shutil.ignore_patterns("build", ".git", "__pycache__")
KERNEL_SUITES = [suite.name for suite in host_tests.SUITES] + ["arch"]
PATIENCE = 10  # seconds, and so many times as long as it should take: then a test does not end
FIRST = 1      # so many tests are tried at first, then twice as many, and so on

# `made` are the programs that it runs, from the build on; `sources` what they are built from.
Test = collections.namedtuple("Test", "name command environment made sources")


class UserTests:
    """All those tests, and others that are `named`, built in `directory`."""

    def __init__(self, directory, jobs, named=()):
        self.directory, self.jobs, self.named = pathlib.Path(directory), jobs, named
        self.root, self.build = self.directory / "tree", self.directory / "build"
        self.lock = threading.Lock()
        self.seconds = {}
        self.killed = collections.Counter()  # (path, test): how many bugs there it noticed
        shutil.copytree(host_tests.ROOT, self.root, ignore=LEFT_OUT, dirs_exist_ok=True)
        # A bug may leave something unused.
        host_tests.run(["cmake", "-S", self.root, "-B", self.build, "-G", "Ninja",
                        "-DCMAKE_C_COMPILER=gcc", "-DCMAKE_BUILD_TYPE=Debug",
                        "-DCASTELLAN_HOST_FLAGS=-w"])
        components = [path.parent.name for path in self.root.glob("test/unit/*/CMakeLists.txt")]
        self.make(["drvctl", "serial",
                   *(f"test/unit/{name}/all" for name in sorted(components) if name not in KERNEL_SUITES),
                   *(word.replace(".", "-") for word in named if word.startswith("unit."))])
        found, parts = list(self._listed()), self._parts()
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            self.tests = list(pool.map(lambda test: self._with_sources(test, parts), found))

    def make(self, targets):
        host_tests.run(["ninja", "-C", self.build, "-j", self.jobs, *dict.fromkeys(targets)])

    def _listed(self):
        """What ctest would run of user space, without the sources. It knows no command whose program is
        not built."""
        told = host_tests.run(["ctest", "--test-dir", self.build, "-L", "^unit$",
                               "--show-only=json-v1"])
        for test in json.loads(told)["tests"]:
            properties = {entry["name"]: entry["value"] for entry in test["properties"]}
            made = [os.path.relpath(word, self.build) for word in test.get("command", ())
                    if pathlib.Path(word).is_relative_to(self.build)
                    and "ninja" not in word and word != str(self.build)]
            if made:
                variables = dict(word.split("=", 1) for word in properties.get("ENVIRONMENT", ()))
                yield Test(test["name"], test["command"], variables, made, None)

    def _parts(self):
        """{object, from the build on: the sources that it was compiled from}."""
        parts, current = {}, None
        for line in host_tests.run(["ninja", "-C", self.build, "-t", "deps"]).splitlines():
            if line.startswith(" "):
                current.add(self._place(line.strip()))
            elif line:
                current = parts.setdefault(line.split(":")[0], set())
        return parts

    def _place(self, word):
        """A path as Ninja spells it, from the root of the tree on."""
        return os.path.relpath(self.build / word, self.root)

    def _with_sources(self, test, parts):
        sources = set()
        for made in test.made:
            for word in host_tests.run(["ninja", "-C", self.build, "-t", "inputs", made]).split("\n"):
                sources |= parts.get(word, {self._place(word)})
        return test._replace(sources=sources)

    def lint(self, name):
        """None, or what a lint finds in the copy."""
        result = subprocess.run([sys.executable, self.root / "test/lint/lint.py", name], check=False,
                                cwd=self.root, capture_output=True, text=True, errors="replace")
        return result.stdout.split("\n")[0][:100] if result.returncode else None

    def run(self, test):
        """None, or what failed: a case's name, the time limit or the end of the program."""
        limit = PATIENCE * (1 + self.seconds.get(test.name, 60))
        try:
            result = subprocess.run(test.command, cwd=self.directory, capture_output=True, text=True,
                                    errors="replace", check=False, timeout=limit,
                                    env=os.environ | test.environment)
        except subprocess.TimeoutExpired:
            return "does not end"
        if result.returncode == 0:
            return None
        failed = host_tests.FAILED.search(result.stdout + result.stderr)
        return failed.group(1) if failed else f"ends with {result.returncode}"

    def baseline(self):
        """Runs all as they are; takes the time that each needs. What failed, as words."""
        failed = []
        for test in self.tests:
            start = time.monotonic()
            reason = self.run(test)
            if reason:
                failed.append(f"{test.name}: {reason}")
            self.seconds[test.name] = time.monotonic() - start
        return failed

    def _in_order(self, path):
        """The tests built with a source: those first that noticed most, that have its name, that are
        built from least, and that are quick."""
        stem = pathlib.PurePath(path).stem
        return sorted((test for test in self.tests if path in test.sources),
                      key=lambda test: (-self.killed[path, test.name], stem not in test.name,
                                        len(test.sources), self.seconds.get(test.name, 0)))

    @contextlib.contextmanager
    def _planted(self, mutant):
        source = self.root / mutant.path
        text = source.read_text()
        try:
            source.write_text(text.replace(mutant.old, mutant.new))
            yield
        finally:
            source.write_text(text)

    def _judge_named(self, mutant):
        """Whether that test fails, which needs not even be built then; emulators are others' business."""
        if mutant.named.startswith("lint."):
            failed = self.lint(mutant.named.removeprefix("lint."))
            return failed and (mutant.named, failed)
        for test in self.tests:
            if test.name == mutant.named:
                try:
                    self.make(test.made)
                except host_tests.BuildError:
                    return test.name, "it does not compile"
                failed = self.run(test)
                return failed and (test.name, failed)
        return None

    def judge(self, mutant):
        """The first test that fails, and how, or None."""
        if mutant.named:
            with self.lock, self._planted(mutant):
                return self._judge_named(mutant)
        with self.lock, self._planted(mutant), \
                concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            tests, many = self._in_order(mutant.path), FIRST
            while tests:
                tried, tests, many = tests[:many], tests[many:], 2 * many
                self.make(made for test in tried for made in test.made)
                for test, failed in zip(tried, pool.map(self.run, tried)):
                    if failed:
                        self.killed[mutant.path, test.name] += 1
                        return test.name.removeprefix("unit."), failed
        return None
