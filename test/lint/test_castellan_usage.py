#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The castellan script's arguments, and those of the programs that it calls: wrong ones are refused
before any long work, with the nearest word; help and lists need nothing."""
import os
import pathlib
import re
import signal
import subprocess
import sys
import unittest

from castellan_script import SCRIPT, VERBS, ScriptTest


class UsageTest(ScriptTest):
    def test_help_names_every_verb(self):
        for arguments in ((), ("help",), ("--help",)):
            result = self.run_script(*arguments)
            self.assertEqual(result.returncode, 0)
            for verb in (*VERBS, "bench", "break", "prove", "mutate", "coverage"):
                self.assertRegex(result.stdout, rf"(?m)^  {verb}\b")

    def test_help_of_a_verb_does_nothing_else(self):
        for arguments in ((verb, word) for verb in VERBS for word in ("-h", "--help")):
            result = self.run_script(*arguments)
            self.assertEqual((result.returncode, result.stderr), (0, ""), arguments)
            told = "usage: " if arguments[0] == "help" else f"  {arguments[0]} "
            self.assertTrue(result.stdout.startswith(told), arguments)
        self.assertEqual(self.run_script("build", "debug", "--help").returncode, 0)
        self.assertEqual([self.log(name) for name in ("cmake", "ctest", "qemu")], [""] * 3)
        self.refuses(2, "unknown verb", "frobnicate", "--help")

    def test_help_tells_of_one_verb(self):
        text = self.run_script("help", "run").stdout
        self.assertRegex(text, r"^  run \[--headless \| --curses\] \[--calls\]")
        self.assertNotIn("  test", text)
        self.assertRegex(self.run_script("help", "clean").stdout, r"^  clean +remove build/\n$")
        for verb in VERBS:
            self.assertNotEqual(self.run_script("help", verb).stdout, "", verb)
        self.assertEqual(self.run_script("help", "bench").returncode, 0)
        self.assertIn("bench/bench.py --help", self.log("python3"))
        self.refuses(2, "help: no verb frobnicate; there are: run", "help", "frobnicate")

    def test_the_version_is_told_behind_a_verb_too(self):
        (self.root / "cmake").mkdir()
        (self.root / "cmake" / "version.sh").write_text("echo '1.2.3 (abc)'\n")
        for arguments in (("--version",), ("run", "--version"), ("build", "debug", "--version")):
            self.assertEqual(self.run_script(*arguments).stdout, "castellan 1.2.3 (abc)\n")
        self.assertEqual(self.log("cmake"), "")

    def test_wrong_usage_is_told_apart(self):
        self.refuses(2, "unknown verb", "frobnicate")
        self.refuses(2, "unknown argument", "run", "--frobnicate")
        self.refuses(2, "no preset frobnicate; there are: release debug ", "build", "frobnicate")

    def test_a_word_that_is_nearly_right_is_named_where_python_is_there(self):
        self.fake("python3", f'exec {sys.executable} "$@"')
        self.refuses(2, "unknown verb buidl; did you mean build? there are: run drvctl debug", "buidl")
        self.refuses(2, "no preset relase; did you mean release?", "build", "relase")
        self.refuses(2, "unknown argument --headles; did you mean --headless?", "run", "--headles")
        self.assertNotIn("did you mean", self.run_script("frobnicate").stderr)
        self.remove("python3")
        self.refuses(2, "unknown verb buidl; there are: run drvctl debug", "buidl")

    def test_the_list_of_verbs_is_that_of_help(self):
        listed = re.search(r"there are: (.*)", self.run_script("frobnicate").stderr).group(1)
        self.assertEqual(set(listed.split()), set(re.findall(r"(?m)^  ([a-z]+)\b", self.run_script(
            "help").stdout)))
        for verb in listed.split():
            self.assertNotIn("unknown verb", self.run_script(verb, "--help").stderr)

    def test_programs_refuse_their_arguments_before_anything_is_installed_or_built(self):
        self.fake("python3", 'case " $* " in *" --check-usage "*) echo "$@" >"$FAKES/python3.log"; '
                             'echo "wrong usage" >&2; exit 2;; esac')
        self.remove("qemu-system-i386")
        for verb in ("bench", "break", "prove", "mutate", "coverage"):
            self.refuses(2, "wrong usage", verb, "rnage")
            self.assertRegex(self.log("python3"), rf"/\w+\.py --check-usage rnage\n$")
            self.assertEqual([self.log(name) for name in ("apt-get", "cmake")], [""] * 2, verb)
        self.refuses(2, "wrong usage", "bench", "--json", "-", "--manager")
        self.assertIn("manager.py --check-usage --json -\n", self.log("python3"))

    def test_programs_read_their_arguments_as_the_script_has_them_read(self):
        parts = {"prove/prove.py": "range", "mutate/mutate.py": None, "mutate/coverage.py": None,
                 "bench/bench.py": None, "bench/manager.py": None,
                 "break/break.py": SCRIPT.parent / "test/break/corpus/floods-manager.c"}
        for program, good in parts.items():
            for arguments, code in (([good] if good else [], 0), (["rnage"], 2), (["--lst"], 2)):
                result = subprocess.run(
                    [sys.executable, SCRIPT.parent / "test" / program, "--check-usage", *arguments],
                    capture_output=True, text=True, check=False, timeout=60)
                self.assertEqual(result.returncode, code, (program, arguments, result.stderr))
                self.assertEqual(result.stdout, "")

    def test_programs_end_without_a_word_when_nobody_reads_on(self):
        for program, arguments in (("mutate/mutate.py", ["--list"]), ("prove/prove.py", ["--list"])):
            reading, writing = os.pipe()
            os.close(reading)
            result = subprocess.run([sys.executable, SCRIPT.parent / "test" / program, *arguments],
                                    stdout=writing, stderr=subprocess.PIPE, text=True, check=False,
                                    timeout=60)
            os.close(writing)
            self.assertEqual((result.returncode, result.stderr), (128 + signal.SIGPIPE, ""), program)

    def test_the_debugger_reads_its_arguments_before_anything_is_installed_or_built(self):
        program = SCRIPT.parent / "tools/debug/debug.py"
        run = str(self.root / "run")
        pathlib.Path(run).touch()
        pathlib.Path(run + ".json").write_text('{"files": {}, "qemu": []}', encoding="utf-8")
        for good in (["debug"], ["debug", "serial", "--", "-m", "64M"], ["debug", "--do", "quit"],
                     ["record", run], ["replay", "--debug", run], ["replay", "--do", "quit", run]):
            result = subprocess.run([sys.executable, program, "--check-usage", *good], capture_output=True,
                                    text=True, check=False, timeout=60)
            self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""), good)
        for wrong, why in ((["debug", "a", "b"], "one driver"), (["record"], "one file"),
                           (["record", "--do", "x", "run"], "there is no --do"), (["replay", "a", "b"], "one file"),
                           (["replay", "run", "--", "-m", "64M"], "recorded with"),
                           (["debug", "--do"], "needs a value"), (["debug", "--frob"], "there is no --frob")):
            result = subprocess.run([sys.executable, program, "--check-usage", *wrong], capture_output=True,
                                    text=True, check=False, timeout=60)
            self.assertEqual(result.returncode, 2, wrong)
            self.assertIn(why, result.stderr)
        result = subprocess.run([sys.executable, program, "--check-usage", "replay", f"{run}2"],
                                capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual((result.returncode, result.stderr),
                         (1, f"castellan: replay: {run}2.json: No such file or directory\n"))
        program = SCRIPT.parent / "tools/timeline/timeline.py"
        for words, code in ((["run"], 0), (["run", "log"], 0), (["--socket", "x", "run"], 0),
                            (["--calls", "run"], 0), (["--calls", "--build", "x", "run"], 0), (["--calls"], 2),
                            (["--calls", "run", "log"], 2), (["--build"], 2), ([], 2),
                            (["a", "b", "c"], 2), (["--frob", "a"], 2), (["--socket", "x", "a", "b"], 2)):
            result = subprocess.run([sys.executable, program, "--check-usage", *words], capture_output=True,
                                    text=True, check=False, timeout=60)
            self.assertEqual((result.returncode, result.stdout), (code, ""), words)
        self.fake("python3", 'case " $* " in *" --check-usage "*) echo "wrong usage" >&2; exit 2;; esac')
        self.remove("gdb")
        for verb in ("debug", "record", "replay", "timeline"):
            self.refuses(2, "wrong usage", verb, "rnage")
            self.assertEqual([self.log(name) for name in ("apt-get", "cmake")], [""] * 2, verb)

    def test_a_debugger_that_is_missing_is_installed_or_named(self):
        self.remove("gdb")
        self.refuses(3, "missing: gdb", "debug")
        self.assertIn("gdb", self.log("apt-get"))
        self.refuses(3, "missing: gdb", "replay", "--debug", "run")
        self.assertEqual(self.run_script("record", "run").returncode, 0)
        self.assertTrue(self.log("python3").endswith("tools/debug/debug.py record run\n"))

    def test_a_pipe_that_breaks_elsewhere_is_told(self):
        code = ("import sys; sys.path.insert(0, 'test'); import usage\n"
                "def main(): raise BrokenPipeError('of the machine')\nusage.run(main)")
        result = subprocess.run([sys.executable, "-c", code], cwd=SCRIPT.parent, capture_output=True,
                                text=True, check=False, timeout=60)
        self.assertEqual(result.returncode, 1)
        self.assertIn("of the machine", result.stderr)

    def test_a_lint_that_needs_a_build_says_so(self):
        lint = [sys.executable, SCRIPT.parent / "test/lint/lint.py", "headers"]
        for more in ([], ["--build-dir", self.root]):
            result = subprocess.run(lint + more, capture_output=True, text=True, check=False, timeout=60)
            self.assertEqual((result.returncode, result.stdout), (2, ""))
            self.assertIn("headers reads jsmn/jsmn.h of a build: --build-dir build/debug", result.stderr)

    def test_arguments_that_no_verb_takes_are_refused(self):
        for arguments in (("clean", "all"), ("help", "run", "all"), ("iso", "all"), ("--help", "run"),
                          ("build", "release", "all"), ("setup", "all")):
            self.refuses(2, "too many arguments: " + " ".join(arguments[1:] if arguments[0] == "help"
                                                              else arguments[-1:]), *arguments)

    def test_arguments_of_test_go_on_to_ctest(self):
        self.run_script("test", "-L", "unit")
        self.assertIn("-L unit", self.log("ctest"))
        self.assertIn("--output-junit", self.log("ctest"))
        self.assertNotIn("long", self.log("ctest"))

    def test_a_test_that_is_not_there_is_refused_and_a_list_given_before_anything_is_built(self):
        self.fake("ctest", 'case " $* " in *" -R nosuch "*) echo "Total Tests: 0";; '
                           '*" -N"*) echo "Total Tests: 7";; *) exit 8;; esac')
        for verb in ("test", "bochs"):
            self.refuses(2, "there is no such test; ./castellan test -N", verb, "-R", "nosuch")
        result = self.run_script("test", "-N")
        self.assertEqual((result.returncode, result.stdout), (0, "Total Tests: 7\n"), result.stderr)
        self.assertNotIn("--build", self.log("cmake"))
        self.assertEqual(self.run_script("test", "-R", "boot").returncode, 1)
        self.assertIn("--build", self.log("cmake"))

    def test_an_argument_that_ctest_does_not_know_is_refused_before_anything_is_built(self):
        for arguments in (("--nope",), ("boot",), ("-L", "unit", "-q"), ("--test-dir", "x"), ("",)):
            for verb in ("test", "bochs"):
                self.refuses(2, "no argument of ctest", verb, *arguments)
        self.refuses(2, "-R needs a value", "test", "-j4", "-R")
        self.assertEqual(self.log("cmake"), "")
        result = self.run_script("test", "-E", "-q35", "-j", "2", "--stop-on-failure")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("-E -q35 -j 2 --stop-on-failure", self.log("ctest"))

    def test_every_argument_that_is_let_through_is_one_of_ctest(self):
        arms = re.search(r"check_ctest_arguments\(\).*?\n}", SCRIPT.read_text(), re.S).group()
        allowed = set(re.findall(r"(?<=[\s])--?[\w-]+(?= ?[|)])", arms))
        known = subprocess.run(["ctest", "--help"], capture_output=True, text=True, check=True)
        self.assertGreater(len(allowed), 30)
        self.assertLessEqual(allowed, set(re.findall(r"(?<![\w-])--?[\w-]+", known.stdout)))

    def test_what_is_proved_is_listed_without_the_provers(self):
        self.assertEqual(self.run_script("prove", "--list", "irq").returncode, 0)
        self.assertEqual(self.log("python3"), f"{self.root}/test/prove/prove.py --list irq\n")
        self.assertEqual(self.run_script("prove", "irq", "--list").returncode, 0)
        self.assertEqual(self.log("apt-get"), "")

    def test_help_of_bench_builds_nothing(self):
        self.assertEqual(self.run_script("bench", "--help").returncode, 0)
        self.assertEqual(self.log("cmake"), "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
