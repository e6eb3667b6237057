#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The castellan script, with every tool that it calls replaced: what it installs, what it
calls, and that it says in one line why it cannot go on."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "castellan"
BASICS = ["sh", "awk", "cat", "cp", "dirname", "env", "find", "flock", "grep", "head", "mkdir",
          "mktemp", "readlink", "rm", "sed", "tr"]
TOOLS = {
    "ar": "",
    "apt-get": 'echo "$@" >>"$FAKES/apt-get.log"; cp "$FAKES/gcc" "$FAKES/ninja"',
    "bochs": "",
    "clang": "echo /nowhere",
    "clang-format": "",
    "cmake": 'case $1 in --version) echo "cmake version 3.25.1";; '
             '*) echo "$@" >>"$FAKES/cmake.log";; esac',
    "ctest": 'echo "$CASTELLAN_IMAGE_DIR $@" >"$FAKES/ctest.log"',
    "df": 'printf "Filesystem 1K Used Avail\\nx 9 9 9000000 1%% /\\n"',
    "gcc": "",
    "grub-mkrescue": "",
    "id": "echo 0",
    "ld.lld": "",
    "mformat": "",
    "ninja": "",
    "objcopy": "",
    "python3": 'echo "$@" >"$FAKES/python3.log"',
    "qemu-system-i386": 'case $1 in --version) echo "QEMU emulator version 7.2.22 (Debian)";; '
                        '*) echo "$@" >"$FAKES/qemu.log";; esac',
    "shellcheck": "",
    "xorriso": "",
}
# What is installed elsewhere than on the path.
FILES = ["grub/moddep.lst", "bochs/BIOS-bochs-latest", "bochs/VGABIOS-lgpl-latest",
         "lib/bochs/plugins/libbx_term_gui.so"]
# Those that are no programs of their own.
VERBS = ("run", "test", "bochs", "build", "iso", "clean", "help")
CONFIGURING = "castellan: configuring and building "
PLACES = {"GRUB_MODULES": "grub", "BOCHS_FIRMWARE": "bochs", "BOCHS_PLUGINS": "lib"}


class CastellanTest(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory(prefix="castellan-script-")
        self.addCleanup(self.holder.cleanup)
        self.root = pathlib.Path(self.holder.name) / "tree"
        self.fakes = pathlib.Path(self.holder.name) / "bin"
        for directory in (self.root, self.fakes):
            directory.mkdir()
        shutil.copy(SCRIPT, self.root)
        for name in BASICS:
            (self.fakes / name).symlink_to(shutil.which(name))
        for name, body in TOOLS.items():
            self.fake(name, body)
        self.places = pathlib.Path(self.holder.name) / "places"
        for name in FILES:
            (self.places / name).parent.mkdir(parents=True, exist_ok=True)
            (self.places / name).touch()

    def fake(self, name, body):
        path = self.fakes / name
        path.write_text(f"#!{shutil.which('sh')}\n{body}\n")
        path.chmod(0o755)

    def remove(self, name):
        (self.fakes / name).unlink()

    def move_to(self, name):
        place = pathlib.Path(self.holder.name) / name
        self.root.rename(place)
        self.root = place

    def log(self, name):
        path = self.fakes / f"{name}.log"
        return path.read_text() if path.exists() else ""

    def environment(self):
        return {"PATH": str(self.fakes), "FAKES": str(self.fakes), "TERM": "dumb",
                **{name: str(self.places / place) for name, place in PLACES.items()}}

    def run_script(self, *arguments, script=None, cwd="/", **environment):
        return subprocess.run([script or self.root / "castellan", *arguments], cwd=cwd,
                              env=self.environment() | environment,
                              capture_output=True, text=True,
                              check=False, stdin=subprocess.DEVNULL, timeout=60)

    def start(self, *arguments):
        """The script in the background, as a process group of its own."""
        process = subprocess.Popen([self.root / "castellan", *arguments], cwd="/", text=True,
                                   env=self.environment(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   start_new_session=True)
        self.addCleanup(self.stop, process)
        return process

    def stop(self, process):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stderr.close()

    def refuses(self, code, text, *arguments):
        result = self.run_script(*arguments)
        self.assertEqual(result.returncode, code, result.stderr)
        complaint = [line for line in result.stderr.splitlines()
                     if not line.startswith(("castellan: installing", CONFIGURING))]
        self.assertEqual(len(complaint), 1, result.stderr)
        self.assertIn(text, complaint[0])

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
            self.assertTrue(result.stdout.startswith("usage: "), arguments)
        self.assertEqual(self.run_script("build", "debug", "--help").returncode, 0)
        self.assertEqual([self.log(name) for name in ("cmake", "ctest", "qemu")], [""] * 3)
        self.refuses(2, "unknown verb", "frobnicate", "--help")

    def test_wrong_usage_is_told_apart(self):
        self.refuses(2, "unknown verb", "frobnicate")
        self.refuses(2, "unknown argument", "run", "--frobnicate")
        self.refuses(2, "no preset frobnicate; there are: release debug ", "build", "frobnicate")

    def test_a_word_that_is_nearly_right_is_named(self):
        self.refuses(2, "unknown verb buidl; did you mean build? there are: run test", "buidl")
        self.refuses(2, "no preset relase; did you mean release?", "build", "relase")
        self.refuses(2, "unknown argument --headles; did you mean --headless?", "run", "--headles")
        self.assertNotIn("did you mean", self.run_script("frobnicate").stderr)

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

    def test_arguments_that_no_verb_takes_are_refused(self):
        for arguments in (("clean", "all"), ("help", "run"), ("iso", "all"), ("--help", "run"),
                          ("build", "release", "all")):
            self.refuses(2, "too many arguments: " + arguments[-1], *arguments)

    def test_a_path_that_the_build_tools_misread_is_refused(self):
        for character in "'\"`$\\;,|#&*?[]<>^\t\n":
            self.move_to(f"a{character}b")
            self.refuses(1, "cannot build in", "build")
            self.assertEqual(self.log("cmake"), "")
        self.move_to("with two blanks - ünd (more) ~@{}%=:!+")
        result = self.run_script("build")
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_release_is_the_image_and_every_other_preset_everything(self):
        self.run_script("build")
        self.assertIn("--preset release --target image\n", self.log("cmake"))
        self.run_script("build", "debug")
        self.assertIn("--build --preset debug\n", self.log("cmake"))

    def test_with_all_there_nothing_is_installed(self):
        for arguments in (("run", "--headless"), ("build",), ("test",)):
            result = self.run_script(*arguments)
            self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.log("apt-get"), "")

    def test_what_is_missing_is_installed_and_nothing_else(self):
        self.remove("ninja")
        result = self.run_script("build")
        self.assertEqual(result.returncode, 0, result.stderr)
        update, install = self.log("apt-get").splitlines()
        self.assertIn("update", update)
        self.assertTrue(install.endswith("--no-install-recommends ninja-build"), install)

    def test_a_user_installs_through_sudo(self):
        self.remove("ninja")
        self.fake("id", "echo 1000")
        self.fake("sudo", 'echo sudo >>"$FAKES/apt-get.log"; exec "$@"')
        self.assertEqual(self.run_script("build").returncode, 0)
        self.assertEqual(self.log("apt-get").count("sudo"), 2)

    def test_without_a_way_to_install_it_says_what_is_missing(self):
        self.remove("cmake")
        self.fake("id", "echo 1000")
        self.refuses(3, "missing: cmake; neither root nor sudo", "build")
        self.remove("apt-get")
        self.refuses(3, "missing: cmake; no apt-get", "build")

    def test_a_failed_installation_gives_the_reason_of_apt_get(self):
        self.remove("ninja")
        self.fake("apt-get", "echo Reading; echo 'E: Unable to locate' >&2; exit 100")
        self.refuses(3, "could not install ninja-build: E: Unable to locate", "build")

    def test_an_installation_that_did_not_help_is_noticed(self):
        self.remove("ninja")
        self.fake("apt-get", "")
        self.refuses(3, "installed, but still missing: ninja-build", "build")

    def test_too_old_programs_are_named(self):
        self.fake("qemu-system-i386", 'echo "QEMU emulator version 4.2.1"')
        self.refuses(4, "QEMU is 4.2, 5.2 or later", "run", "--headless")
        self.fake("cmake", 'echo "cmake version 3.18.4"')
        self.refuses(4, "cmake is 3.18, 3.25 or later", "build")

    def test_newer_major_versions_are_not_too_old(self):
        self.fake("qemu-system-i386", 'case $1 in --version) echo "QEMU emulator version '
                                      '10.0.2";; esac')
        self.assertEqual(self.run_script("run", "--headless").returncode, 0)

    def test_no_space_is_noticed_before_anything_is_written(self):
        self.fake("df", 'printf "F 1K Used Avail\\nx 9 9 10240 1%% /\\n"')
        self.refuses(5, "10 MiB free", "build")
        self.assertFalse((self.root / "build").exists())
        self.remove("ninja")
        self.refuses(5, "10 MiB free", "build")
        self.assertEqual(self.log("apt-get"), "")

    def test_run_boots_the_release_image_on_this_terminal(self):
        result = self.run_script("run", "--headless", "--", "-append", "trace=input")
        self.assertEqual(result.returncode, 0, result.stderr)
        arguments = self.log("qemu")
        self.assertIn("-kernel build/release/castellan.elf -initrd build/release/boot.tar",
                      arguments)
        self.assertIn("-display none -serial mon:stdio -append trace=input", arguments)
        self.assertTrue(result.stderr.startswith(f"{CONFIGURING}release\n"), result.stderr)
        self.assertNotIn("no display", result.stderr)

    def test_the_screen_is_a_window_or_run_says_that_there_is_none(self):
        result = self.run_script("run")
        self.assertIn("no display: log and prompt here, no screen", result.stderr)
        self.assertIn("-display none -serial mon:stdio\n", self.log("qemu"))
        self.fake("qemu-system-i386", '[ $1 != -display ] || { echo gtk; exit; }; '
                  + TOOLS["qemu-system-i386"])
        result = self.run_script("run", DISPLAY=":0")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn("no display", result.stderr)
        self.assertIn("-no-reboot -serial mon:stdio\n", self.log("qemu"))
        self.run_script("run", "--headless", DISPLAY=":0")
        self.assertIn("-display none", self.log("qemu"))

    def test_run_ends_with_the_exit_code_of_the_emulator(self):
        self.fake("qemu-system-i386", 'case $1 in --version) echo "version 7.2";; '
                                      '*) exit 9;; esac')
        self.assertEqual(self.run_script("run", "--headless").returncode, 9)

    def test_arguments_of_test_go_on_to_ctest(self):
        self.run_script("test", "-L", "unit")
        self.assertIn("-L unit", self.log("ctest"))
        self.assertIn("--output-junit", self.log("ctest"))
        self.assertTrue(self.log("ctest").startswith(str(self.root / "build/release")))
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

    def test_long_tests_run_when_they_are_asked_for(self):
        self.run_script("test", "-L", "long")
        self.assertTrue(self.log("ctest").endswith("-C long -L long\n"), self.log("ctest"))

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

    def wait_for(self, path):
        """Until a process that this test started has made the named pipe's other end."""
        with open(path, encoding="utf-8") as pipe:
            return pipe.read()

    def test_a_second_build_says_that_it_waits_and_waits(self):
        started, go_on = (self.fakes / name for name in ("started", "go-on"))
        for pipe in (started, go_on):
            os.mkfifo(pipe)
        self.fake("cmake", 'case $1 in --version) echo "cmake version 3.25.1";; '
                           '--build) echo "begin $3" >>"$FAKES/cmake.log"; '
                           '[ $3 = debug ] || { echo >"$FAKES/started"; cat "$FAKES/go-on"; }; '
                           'echo "end $3" >>"$FAKES/cmake.log";; esac')
        first = self.start("build")
        self.wait_for(started)
        second = self.start("build", "debug")
        self.assertEqual(second.stderr.readline(),
                         "castellan: another castellan is building here, waiting\n")
        self.assertEqual(self.log("cmake"), "begin release\n")
        go_on.write_text("")
        self.assertEqual((first.wait(), second.wait(), second.stderr.read()),
                         (0, 0, f"{CONFIGURING}debug\n"))
        self.assertEqual(self.log("cmake").split("\n")[:-1],
                         ["begin release", "end release", "begin debug", "end debug"])

    def test_a_build_that_was_killed_locks_nobody_out(self):
        started = self.fakes / "started"
        os.mkfifo(started)
        self.fake("cmake", 'case $1 in --version) echo "cmake version 3.25.1";; '
                           '--build) [ $3 = debug ] || { echo >"$FAKES/started"; '
                           'read -r _ <"$FAKES/never"; };; esac')
        os.mkfifo(self.fakes / "never")
        first = self.start("build")
        self.wait_for(started)
        self.stop(first)
        # The last of those that were killed may still be on its way out: then this one waits.
        self.assertEqual(self.run_script("build", "debug").returncode, 0)

    def test_a_build_may_call_castellan_and_the_emulator_holds_no_lock(self):
        again = f"'{self.root / 'castellan'}' build debug"
        self.fake("cmake", 'case $1 in --version) echo "cmake version 3.25.1";; --build) '
                           f'[ $3 = debug ] || {again} || exit 1;; esac')
        self.fake("qemu-system-i386", f'case $1 in --version) echo "version 7.2";; *) {again};; '
                                      'esac')
        for arguments in (("build",), ("run", "--headless")):
            result = self.run_script(*arguments)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertNotIn("waiting", result.stderr)

    def test_a_failed_build_under_the_lock_keeps_its_exit_code(self):
        self.fake("df", 'printf "F 1K Used Avail\\nx 9 9 10240 1%% /\\n"')
        self.refuses(5, "10 MiB free", "build")

    def test_bench_measures_the_release_image_and_leaves_standard_output_to_the_table(self):
        self.fake("cmake", TOOLS["cmake"] + "; echo building")
        result = self.run_script("bench", "--json", "-")
        self.assertEqual((result.returncode, result.stdout), (0, ""), result.stderr)
        self.assertIn("--preset release --target bench-image", self.log("cmake"))
        self.assertEqual(self.log("python3"), "test/bench/bench.py --json -\n")

    def test_prove_installs_the_provers_that_are_missing(self):
        self.refuses(3, "frama-c-base why3 z3 cvc4", "prove")
        self.assertIn("frama-c-base why3 z3 cvc4", self.log("apt-get"))

    def test_what_is_proved_is_listed_without_the_provers(self):
        self.assertEqual(self.run_script("prove", "--list", "irq").returncode, 0)
        self.assertEqual(self.log("python3"), "test/prove/prove.py --list irq\n")
        self.assertEqual(self.run_script("prove", "irq", "--list").returncode, 0)
        self.assertEqual(self.log("apt-get"), "")

    def test_help_of_bench_builds_nothing(self):
        self.assertEqual(self.run_script("bench", "--help").returncode, 0)
        self.assertEqual(self.log("cmake"), "")

    def test_mutate_and_coverage_need_a_compiler_and_build_for_themselves(self):
        for verb in ("mutate", "coverage"):
            self.assertEqual(self.run_script(verb, "word").returncode, 0)
            self.assertEqual(self.log("python3"), f"test/mutate/{verb}.py word\n")
        self.assertEqual(self.log("cmake"), "")

    def test_bochs_runs_its_own_tests_and_is_installed_only_then(self):
        self.remove("bochs")
        self.assertEqual(self.run_script("test").returncode, 0)
        self.assertEqual(self.log("apt-get"), "")
        self.fake("apt-get", 'echo "$@" >>"$FAKES/apt-get.log"; cp "$FAKES/gcc" "$FAKES/bochs"')
        result = self.run_script("bochs", "-R", "iso")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(self.log("apt-get").endswith("--no-install-recommends bochs\n"))
        self.assertTrue(self.log("ctest").endswith("-L bochs -R iso\n"), self.log("ctest"))

    def test_failures_of_build_and_tests_are_exit_code_1(self):
        self.fake("ctest", "exit 8")
        self.assertEqual(self.run_script("test").returncode, 1)
        self.fake("cmake", 'case $1 in --version) echo "cmake version 3.25.1";; '
                           '--build) exit 2;; esac')
        self.refuses(1, "the build of release failed", "build")

    def test_it_works_from_anywhere_and_through_a_link(self):
        link = pathlib.Path(self.holder.name) / "link"
        link.symlink_to(self.root / "castellan")
        result = self.run_script("build", script=link, cwd=os.path.dirname(link))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue((self.root / "build").is_dir())

    def test_clean_removes_what_was_built(self):
        self.run_script("build")
        self.assertEqual(self.run_script("clean").returncode, 0)
        self.assertFalse((self.root / "build").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
