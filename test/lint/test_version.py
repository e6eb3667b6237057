#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""cmake/version.sh names the commit, says when the tree is not quite that, and leaves a header alone
that is right."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
GIT = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]


class VersionTest(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="castellan-version-")
        self.addCleanup(holder.cleanup)
        self.tree = pathlib.Path(holder.name) / "tree"
        (self.tree / "cmake").mkdir(parents=True)
        shutil.copy(ROOT / "cmake/version.sh", self.tree / "cmake")
        shutil.copy(ROOT / "castellan", self.tree)
        (self.tree / "VERSION").write_text("1.2.3\n")

    def git(self, *arguments):
        return subprocess.run([*GIT, *arguments], cwd=self.tree, check=True, capture_output=True,
                              text=True).stdout.strip()

    def commit(self):
        self.git("init", "-q")
        self.git("add", ".")
        self.git("commit", "-q", "-m", "first")
        return self.git("rev-parse", "--short=12", "HEAD")

    def version(self, *arguments):
        return subprocess.run(["sh", self.tree / "cmake/version.sh", *arguments], cwd="/", check=True,
                              capture_output=True, text=True).stdout

    def test_the_commit_is_named_and_a_changed_tree_says_so(self):
        commit = self.commit()
        self.assertEqual(self.version(), f"1.2.3 ({commit})\n")
        (self.tree / "notes").write_text("of which git does not know\n")
        self.assertEqual(self.version(), f"1.2.3 ({commit})\n")
        (self.tree / "VERSION").write_text("1.2.4\n")
        self.assertEqual(self.version(), f"1.2.4 ({commit}, changed)\n")

    def test_without_git_the_commit_is_unknown_also_in_a_tree_of_others(self):
        self.assertEqual(self.version(), "1.2.3 (unknown commit)\n")
        subprocess.run([*GIT, "init", "-q"], cwd=self.tree.parent, check=True)
        self.assertEqual(self.version(), "1.2.3 (unknown commit)\n")

    def test_a_header_is_written_if_it_is_not_so_yet(self):
        header = self.tree / "version.h"
        self.version(header)
        self.assertEqual(header.read_text(), '#define CASTELLAN "castellan 1.2.3 (unknown commit)"\n')
        before = header.stat().st_mtime_ns
        self.version(header)
        self.assertEqual(header.stat().st_mtime_ns, before)
        (self.tree / "VERSION").write_text("1.2.4\n")
        self.version(header)
        self.assertIn("1.2.4", header.read_text())

    def test_the_script_says_the_same(self):
        said = subprocess.run([self.tree / "castellan", "--version"], cwd="/", check=True,
                              capture_output=True, text=True).stdout
        self.assertEqual(said, f"castellan {self.version()}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
