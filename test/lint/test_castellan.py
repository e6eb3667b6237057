#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The castellan script: what it installs, what it calls, and that it says in one line why it cannot
go on. What it makes of its arguments is in test_castellan_usage.py."""
import os
import pathlib
import re
import socket
import sys
import unittest

from castellan_script import CONFIGURING, TOOLS, ScriptTest


class CastellanTest(ScriptTest):
    def test_a_path_that_the_build_tools_misread_is_refused(self):
        for character in "'\"`$\\;,|#&*?[]<>^ \t\n":
            self.move_to(f"a{character}b")
            self.refuses(1, "cannot build in", "build")
            self.assertEqual(self.log("cmake"), "")
        self.move_to("with-ünd-(more)-~@{}%=:!+")
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

    def test_a_machine_that_runs_keeps_its_line(self):
        self.fake("python3", f'exec {sys.executable} "$@"')
        line = self.root / "build/line.sock"
        line.parent.mkdir()
        with socket.socket(socket.AF_UNIX) as machine:
            machine.bind(str(line))
            machine.listen()
            self.refuses(1, f"a machine that runs already has {line}", "run", "--headless")
            self.assertNotIn("-chardev", self.log("qemu"))
            self.refuses(1, f"a machine that runs has {line}", "clean")
        # Of one that has ended the socket is still there.
        self.assertEqual(self.run_script("run", "--headless").returncode, 0)
        self.assertIn(f"path={line},", self.log("qemu"))

    def test_run_boots_the_release_image_on_this_terminal(self):
        result = self.run_script("run", "--headless", "--", "-append", "trace=input")
        self.assertEqual(result.returncode, 0, result.stderr)
        arguments = self.log("qemu")
        self.assertIn(f"-kernel {self.root}/build/release/castellan.elf "
                      f"-initrd {self.root}/build/release/boot.tar",
                      arguments)
        line = (f"-serial mon:stdio -chardev socket,id=line,path={self.root}/build/line.sock,"
                "server=on,wait=off -serial chardev:line")
        self.assertIn(f"-display none {line} -append trace=input", arguments)
        self.assertTrue(result.stderr.startswith(f"{CONFIGURING}release\n"), result.stderr)
        self.assertNotIn("no display", result.stderr)

    def test_calls_are_recorded_where_they_are_asked_for_and_can_be_read_beside_the_line(self):
        self.assertEqual(self.run_script("run", "--headless", "--calls").returncode, 0)
        self.assertIn(f"-gdb unix:{self.root}/build/line.sock.gdb,server=on,wait=off", self.log("qemu"))
        self.assertIn(" -append trace=calls", self.log("qemu"))
        self.run_script("run", "--calls", "--headless", "--", "-append", "trace=input")
        self.assertIn(" -append trace=input trace=calls", self.log("qemu"))
        self.run_script("run", "--headless")
        self.assertNotIn("gdb", self.log("qemu").splitlines()[-1])

    def test_the_screen_is_a_window_or_run_says_that_there_is_none(self):
        result = self.run_script("run")
        self.assertIn("no display: log and prompt here, no screen", result.stderr)
        self.assertIn("-display none -serial mon:stdio ", self.log("qemu"))
        self.fake("qemu-system-i386", '[ $1 != -display ] || { echo gtk; exit; }; '
                  + TOOLS["qemu-system-i386"])
        result = self.run_script("run", DISPLAY=":0")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn("no display", result.stderr)
        self.assertIn("-no-reboot -serial mon:stdio ", self.log("qemu"))
        self.run_script("run", "--headless", DISPLAY=":0")
        self.assertIn("-display none", self.log("qemu"))

    def test_a_display_that_takes_no_window_is_as_none(self):
        self.fake("qemu-system-i386", '[ $1 != -display ] || { echo gtk; exit; }; '
                  '[ $1 != -M ] || exit "$BROKEN"; ' + TOOLS["qemu-system-i386"])
        result = self.run_script("run", DISPLAY=":99", BROKEN="1")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("display :99 takes no window: log and prompt here", result.stderr)
        self.assertIn("-display none -serial mon:stdio ", self.log("qemu"))
        self.run_script("run", DISPLAY=":99", BROKEN="0")
        self.assertNotIn("-display none", self.log("qemu"))

    def test_the_guest_is_told_what_the_terminal_is_like(self):
        def appended(*more, **environment):
            result = self.run_at_terminal("run", "--headless", *more, columns=132, **environment)
            self.assertEqual(result.returncode, 0, result.stderr)
            found = re.search(r" -append (.*)", self.log("qemu"))
            return found and found[1]

        self.assertEqual(appended(TERM="xterm"), "terminal=colour columns=132")
        self.assertEqual(appended(TERM="xterm", NO_COLOR="1"), "columns=132")
        self.assertEqual(appended(TERM="xterm", NO_COLOR=""), "terminal=colour columns=132")
        self.assertEqual(appended(TERM="dumb"), None)
        self.assertEqual(appended("--", "-append", "trace=input", "-s", TERM="xterm"),
                         "terminal=colour columns=132 -append trace=input terminal=colour columns=132 -s")
        self.run_script("run", "--headless", TERM="xterm")  # into a file
        self.assertNotIn("-append", self.log("qemu"))

    def test_the_screen_can_be_in_the_terminal_and_the_serial_line_is_as_wide(self):
        self.refuses(2, "--curses needs a terminal", "run", "--curses")
        result = self.run_at_terminal("run", "--curses", columns=100, rows=30)
        self.assertEqual(result.returncode, 3)
        self.assertIn("this QEMU has no -display curses", result.stderr)
        self.fake("qemu-system-i386", '[ "$1 $2" != "-display help" ] || { echo curses; exit; }; '
                  + TOOLS["qemu-system-i386"])
        result = self.run_at_terminal("run", "--curses", columns=100, rows=30)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("-display curses -serial vc:100Cx30C ", self.log("qemu"))
        self.assertEqual(self.run_at_terminal("run", "--curses", columns=80, rows=25).returncode, 0)
        for size in ({"columns": 79, "rows": 25}, {"columns": 80, "rows": 24}):
            result = self.run_at_terminal("run", "--curses", **size)
            self.assertEqual(result.returncode, 2)
            self.assertIn("needs 80 columns and 25 rows, and this terminal has "
                          f"{size['columns']} and {size['rows']}", result.stderr)

    def test_run_ends_with_the_exit_code_of_the_emulator(self):
        self.fake("qemu-system-i386", 'case $1 in --version) echo "version 7.2";; '
                                      '*) exit 9;; esac')
        self.assertEqual(self.run_script("run", "--headless").returncode, 9)

    def test_long_tests_run_when_they_are_asked_for(self):
        self.run_script("test", "-L", "long")
        self.assertTrue(self.log("ctest").endswith("-C long -L long\n"), self.log("ctest"))

    def test_one_test_more_runs_at_once_than_there_are_processors_unless_told_otherwise(self):
        for environment, told in (({}, "8"), ({"CTEST_PARALLEL_LEVEL": "3"}, "3")):
            self.run_script("test", **environment)
            self.assertTrue(self.log("ctest").startswith(f"{told} at once: "), self.log("ctest"))
            self.assertNotIn(" -j", self.log("ctest"))

    def test_the_report_of_the_tests_has_a_row_for_each_case(self):
        self.fake("ctest", 'case " $* " in *" -N "*) ;; *) mkdir -p build/debug; '
                           'echo >build/debug/ctest.xml; exit "${FAILS:-0}";; esac')
        result = self.run_script("test")
        self.assertEqual(result.returncode, 0, result.stderr)
        place = f"{self.root}/build/debug"
        self.assertEqual(self.log("python3"), f"test/cases.py {place}/ctest.xml {place}/junit.xml\n")
        self.assertEqual(self.run_script("test", FAILS="8").returncode, 1)
        self.fake("python3", "case $1 in -c) ;; *) exit 1;; esac")
        self.assertEqual(self.run_script("test").returncode, 1)

    def test_setup_installs_what_any_verb_needs_and_builds_nothing(self):
        self.remove("bochs")
        self.fake("apt-get", 'echo "$@" >>"$FAKES/apt-get.log"; cp "$FAKES/gcc" "$FAKES/bochs"')
        self.fake("clang", f"echo {self.places}")
        (self.places / "lib/libclang_rt.asan.a").touch()
        for name in ("reuse", "clang-tidy", "frama-c", "why3", "z3", "cvc4", "cvc5"):
            self.fake(name, "")
        result = self.run_script("setup")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(self.log("apt-get").endswith("--no-install-recommends bochs\n"))
        self.assertEqual(self.log("cmake"), "")

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
        self.assertEqual(self.log("python3"), f"{self.root}/test/bench/bench.py --json -\n")

    def test_files_are_named_from_where_the_caller_is(self):
        self.fake("python3", 'echo "$PWD $@" >>"$FAKES/python3.log"')
        self.fake("qemu-system-i386", TOOLS["qemu-system-i386"].replace('echo "$@"', 'pwd'))
        here = str(self.places.resolve())
        for verb in ("bench", "break", "mutate", "coverage"):
            self.assertEqual(self.run_script(verb, "word", cwd=here).returncode, 0)
        said = self.log("python3").splitlines()
        self.assertEqual(len(said), 8)  # each is asked for its usage first
        for line in said:
            self.assertTrue(line.startswith(f"{here} {self.root}/test/"), line)
        self.assertEqual(self.run_script("run", "--headless", cwd=here).returncode, 0)
        self.assertEqual(self.log("qemu"), here + "\n")

    def test_prove_installs_the_provers_that_are_missing(self):
        self.refuses(3, "frama-c-base why3 z3 cvc4", "prove")
        self.assertIn("frama-c-base why3 z3 cvc4", self.log("apt-get"))

    def test_mutate_and_coverage_need_a_compiler_and_build_for_themselves(self):
        for verb in ("mutate", "coverage"):
            self.assertEqual(self.run_script(verb, "word").returncode, 0)
            self.assertEqual(self.log("python3"), f"{self.root}/test/mutate/{verb}.py word\n")
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

    def test_a_failed_build_is_not_what_break_calls_a_system_that_did_not_hold(self):
        good = 'case $1 in --version) echo "cmake version 3.25.1";; {}) exit 1;; esac'
        for step, why in (("--build", "the build"), ("--preset | --fresh", "the configuration")):
            self.fake("cmake", good.format(step))
            self.refuses(2, f"{why} of release failed", "break", "word")
        self.fake("cmake", TOOLS["cmake"])
        self.fake("python3", 'case " $* " in *" --check-usage "*) ;; *) exit 1;; esac')
        self.assertEqual(self.run_script("break", "word").returncode, 1)

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
