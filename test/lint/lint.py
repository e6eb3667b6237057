#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs one lint over the tree: `lint.py NAME [--root DIR] [--build-dir DIR]`.

A lint is a module check_NAME.py with

    check(tree)   a list of (path, line, message), paths relative to the root
    GOOD          {path: text} of files that it must accept, all in one tree
    BAD           a list of (path, text, line): files that it must refuse, each put beside
                  GOOD alone, and the line that must be named (0: the file as a whole)

Before the tree is judged, the lint is: it must accept GOOD and refuse each of BAD.
NEEDS of a lint says what of a build it reads, and is a path below it.
Findings are printed as `path:line: message`; the exit code is 1 if there are any.

A lint that compares with a file of its own also has update(tree), for `lint.py NAME --update`:
writes that file anew; what is in the way as text, or None.
"""
import argparse
import importlib
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = {".git", "build", "__pycache__"}


class Tree:
    """The files under `root` that belong to the repository."""

    def __init__(self, root, build_dir=None):
        self.root = pathlib.Path(root)
        self.build_dir = build_dir
        self.paths = sorted(self._without_builds(self._list()))

    def _list(self):
        """What git knows or would take; without git, all but the build."""
        if (self.root / ".git").exists():
            listed = subprocess.run(
                ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others",
                 "--exclude-standard"],
                cwd=self.root, capture_output=True, text=True, check=False)
            if listed.returncode == 0:
                return {name for name in listed.stdout.split("\0")
                        if name and (self.root / name).is_file()}
        return {path.relative_to(self.root).as_posix() for path in self.root.rglob("*")
                if path.is_file() and not SKIPPED & set(path.relative_to(self.root).parts)}

    def _without_builds(self, paths):
        """Build directories may lie in the tree under any name."""
        caches = {path.relative_to(self.root).parent.as_posix() + "/"
                  for path in self.root.glob("*/CMakeCache.txt")}
        return [path for path in paths if not path.startswith(tuple(caches))]

    def files(self, *suffixes, under=("",)):
        """Paths that end in one of `suffixes` and lie under one of `under`."""
        return [path for path in self.paths
                if path.endswith(suffixes) and path.startswith(tuple(under))]

    def text(self, path):
        return (self.root / path).read_text(encoding="utf-8", errors="replace")

    def lines(self, path):
        """(number, text) of each line."""
        return list(enumerate(self.text(path).splitlines(), 1))


def plant(files, build_dir):
    """A tree of `files` in a directory that lives as long as the answer's first part."""
    holder = tempfile.TemporaryDirectory(prefix="castellan-lint-")
    for path, text in files.items():
        target = pathlib.Path(holder.name) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return holder, Tree(holder.name, build_dir)


def test_lint(lint, build_dir):
    """What is wrong with the lint itself, as lines of text."""
    holder, tree = plant(lint.GOOD, build_dir)
    with holder:
        problems = [f"refuses what is good: {finding}" for finding in lint.check(tree)]
    for path, text, line in lint.BAD:
        holder, tree = plant({**lint.GOOD, path: text}, build_dir)
        with holder:
            found = {(where, number) for where, number, _ in lint.check(tree)}
        if found != {(path, line)}:
            problems.append(f"does not find {path}:{line}, planted as {text!r}: {found}")
    return problems


def main():
    parser = argparse.ArgumentParser(description="Run one lint over the tree.")
    parser.add_argument("name", choices=sorted(
        path.stem.removeprefix("check_") for path in HERE.glob("check_*.py")))
    parser.add_argument("--root", default=HERE.parent.parent, type=pathlib.Path)
    parser.add_argument("--build-dir", type=pathlib.Path)
    parser.add_argument("--update", action="store_true", help="of abi: write its file anew")
    options = parser.parse_args()
    lint = importlib.import_module(f"check_{options.name}")
    needed = getattr(lint, "NEEDS", None)
    if needed and not (options.build_dir and (options.build_dir / needed).exists()):
        parser.error(f"{options.name} reads {needed} of a build: --build-dir build/debug, after "
                     "`./castellan build debug`")
    problems = test_lint(lint, options.build_dir)
    for problem in problems:
        print(f"the lint itself {problem}")
    if problems:
        return 1
    if options.update:
        refusal = lint.update(Tree(options.root)) if hasattr(lint, "update") else "has no file"
        if refusal:
            print(f"{options.name}: not updated: {refusal}")
            return 1
    findings = lint.check(Tree(options.root, options.build_dir))
    for path, line, message in findings:
        print(f"{path}:{line}: {message}")
    if not findings:
        print(f"{options.name}: clean; found what was planted {len(lint.BAD)} times")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
