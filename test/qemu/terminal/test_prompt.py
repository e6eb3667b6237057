#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The prompt at a real terminal, tmux's: keys as a person presses them, and what is then to be seen.
Commands over the second serial line make the log speak in between.

    test_prompt.py IMAGE_DIR"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
DRVCTL = ROOT / "servers/drvmgr/host/drvctl.py"
IMAGES = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else ROOT / "build/release"
PROMPT = "castellan> "
LIMIT = 120  # seconds, to notice a hang
BOLD, GREEN = "\x1b[1m", "\x1b[32m"


class Terminal:
    """A terminal with the system in it."""

    def __init__(self, columns=80, append="", rows=40):
        self.directory = tempfile.TemporaryDirectory(prefix="castellan-tmux-")
        self.place = pathlib.Path(self.directory.name)
        command = ["qemu-system-i386", "-nodefaults", "-display", "none", "-vga", "std", "-no-reboot",
                   "-kernel", f"{IMAGES}/castellan.elf", "-initrd", f"{IMAGES}/boot.tar",
                   "-append", f"'{append}'", "-serial", "mon:stdio",
                   "-serial", f"unix:{self.place}/line,server=on,wait=off"]
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), " ".join(command))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._tmux("kill-server", check=False)
        self.directory.cleanup()

    def _tmux(self, *arguments, check=True):
        return subprocess.run(["tmux", "-S", f"{self.place}/tmux", *arguments], check=check, text=True,
                              capture_output=True, timeout=LIMIT).stdout

    def press(self, *keys):
        """Keys by their names in tmux, or texts."""
        self._tmux("send-keys", "--", *keys)

    def rows(self, *more):
        """What is to be seen, without empty rows at its end."""
        return self._tmux("capture-pane", "-p", *more).rstrip("\n").split("\n")

    def cursor(self):
        """Column and row."""
        return tuple(map(int, self._tmux("display-message", "-p", "#{cursor_x} #{cursor_y}").split()))

    def wait(self, ready, what):
        end = time.monotonic() + LIMIT
        while not ready():
            if time.monotonic() > end:
                raise AssertionError("\n".join([f"waited for {what}", *self.rows()]))

    def sees(self, line, at=None):
        """The last line is the prompt and this, and the cursor `at` characters into it, or behind it."""
        column = len(PROMPT) + (len(line) if at is None else at)

        def is_so():
            rows = self.rows()
            return (rows[-1].ljust(len(PROMPT)).rstrip() == (PROMPT + line).rstrip()
                    and self.cursor() == (column, len(rows) - 1))

        self.wait(is_so, f"{PROMPT}{line} with the cursor in column {column}, which is in {self.cursor()}")

    def says(self, text, times=1):
        self.wait(lambda: sum(text in row for row in self.rows("-S", "-")) >= times, text)

    def drvctl(self, *words):
        subprocess.run([sys.executable, DRVCTL, "--socket", f"{self.place}/line", *words], check=True,
                       capture_output=True, timeout=LIMIT)

    def ready(self):
        self.says("line: Initialising -> Running")
        self.sees("")
        return self


class Shell(Terminal):
    """A terminal of bash, in the root of the tree, with `line` the machine's other end."""

    def __init__(self, machine, columns=80, rows=24, **environment):
        self.directory = tempfile.TemporaryDirectory(prefix="castellan-tmux-")
        self.place = pathlib.Path(self.directory.name)
        words = "".join(f"{name}={value} " for name, value in environment.items())
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", str(ROOT),
                   f"{words}PS1='$ ' drvctl='{sys.executable} {DRVCTL} --socket {machine.place}/line' "
                   "bash --norc --noprofile")


class ShellTest(unittest.TestCase):
    """What the host's side does at a terminal: `drvctl top` is a table that lives, Tab completes."""

    def start(self, **more):
        machine = Terminal()
        self.addCleanup(machine.__exit__)
        shell = Shell(machine.ready(), **more)
        self.addCleanup(shell.__exit__)
        return machine, shell

    @staticmethod
    def is_drawn(shell, text):
        return any(text in row for row in shell.rows())

    def test_the_table_is_drawn_anew_until_a_key_ends_it(self):
        machine, shell = self.start()
        shell.press("$drvctl top; echo ended with $?", "Enter")
        shell.wait(lambda: self.is_drawn(shell, "screen"), "the table")
        self.assertEqual(shell.rows()[0], "drvctl top: over a second, every two; q ends it")
        self.assertRegex(shell.rows()[2], r"^NAME +STATE ")
        self.assertIn("\x1b[32m", "".join(shell.rows("-e")), "what runs is green")
        # Others come in between, and what they do is to be seen.
        machine.drvctl("stop", "ps2kbd")
        shell.wait(lambda: any(row.startswith("ps2kbd") and "Stopped" in row for row in shell.rows()), "the end")
        machine.drvctl("start", "ps2kbd")
        shell.wait(lambda: any(row.startswith("ps2kbd") and "Running" in row for row in shell.rows()), "the start")
        shell.press("q")
        shell.says("ended with 0")
        self.assertFalse(self.is_drawn(shell, "STATE"), "the terminal is as it was")

    def test_a_small_terminal_has_what_fits_and_no_color_no_colours(self):
        _, shell = self.start(columns=30, rows=6, NO_COLOR=1)
        shell.press("$drvctl top; echo ended with $?", "Enter")
        shell.wait(lambda: self.is_drawn(shell, "Running"), "the table")
        self.assertEqual(len([row for row in shell.rows() if "Running" in row]), 3)
        self.assertNotRegex("".join(shell.rows("-e")), "\x1b\\[3[0-7]m")
        shell.press("C-c")
        shell.says("ended with 0")

    def test_it_says_so_when_the_machine_is_gone(self):
        machine, shell = self.start()
        shell.press("$drvctl --wait 2 top; echo ended with $?", "Enter")
        shell.wait(lambda: self.is_drawn(shell, "Running"), "the table")
        machine.__exit__()
        shell.says("ended with 3")
        shell.says("no machine")

    def test_tab_completes_in_bash(self):
        machine, shell = self.start()
        shell.press(". cmake/castellan.bash", "Enter", "./castellan dr", "Tab")
        shell.wait(lambda: shell.rows()[-1] == "$ ./castellan drvctl", "the verb")
        shell.press(f"--socket {machine.place}/line why scr", "Tab")
        shell.wait(lambda: "".join(shell.rows()).endswith("/line why screen"), "the driver's name")
        shell.press("C-u", "./castellan drvctl check drivers/ps2/ps2k", "Tab")
        shell.wait(lambda: shell.rows()[-1].endswith("check drivers/ps2/ps2kbd.drv.json"), "the file's name")
        shell.press("C-u", "./castellan run --h", "Tab")
        shell.wait(lambda: shell.rows()[-1] == "$ ./castellan run --headless", "the flag")

    def test_without_a_terminal_it_is_one_table(self):
        machine, shell = self.start()
        for number, words in enumerate(("top --once", "top | cat", "--json top")):
            # Its end has a number: that of the command before may still be on the screen.
            end = f"ended {number} with"
            shell.press("C-l", f"$drvctl {words}; echo {end} $?", "Enter")
            shell.wait(lambda: any(row.startswith(end) for row in shell.rows()), "its end")
            rows = shell.rows()
            self.assertIn(f"{end} 0", rows, words)
            self.assertIn("ps2kbd", "".join(rows), words)


class PromptTest(unittest.TestCase):
    def start(self, **more):
        terminal = Terminal(**more)
        self.addCleanup(terminal.__exit__)
        return terminal.ready()

    def test_the_line_is_edited_anywhere(self):
        vm = self.start()
        vm.press("stat scree")
        vm.press("Home", "Right", "C-f", "Right", "Right")
        vm.sees("stat scree", 4)
        vm.press("s")
        vm.sees("stats scree", 5)
        vm.press("C-e", "n", "Left", "Left", "C-b", "BSpace")
        vm.sees("stats sceen", 8)
        vm.press("rx", "Left", "DC")
        vm.sees("stats screen", 9)
        vm.press("C-a", "C-a", "C-k")  # the first one is QEMU's
        vm.sees("")
        vm.press("why serial", "C-w")
        vm.sees("why ")
        vm.press("x", "C-u")
        vm.sees("")
        vm.press("xyz", "C-c")
        vm.sees("")
        vm.press("version serial", "Left", "Left", "Enter")
        vm.says("version: driver ABI")
        vm.sees("")

    def test_commands_come_back(self):
        vm = self.start()
        vm.press("help ps", "Enter")
        vm.says("the drivers, how they are")
        vm.press("help top", "Enter")
        vm.says("what drivers use")
        vm.press("dra", "Up")
        vm.sees("help top")
        vm.press("C-p")
        vm.sees("help ps")
        vm.press("Up")
        vm.sees("help ps")
        vm.press("C-n", "Down")
        vm.sees("dra")
        vm.press("C-u", "Up", "Up", "Enter")
        vm.says("the drivers, how they are", 2)
        vm.sees("")

    def test_tab_knows_verbs_names_and_levels(self):
        vm = self.start()
        vm.press("qui", "Tab", "seri", "Tab", "Tab")
        vm.says("serial  serial2")
        vm.sees("quiesce serial")
        vm.press("C-u", "log --le", "Tab", "w", "Tab", "Tab")
        vm.says("serial  screen")
        vm.sees("log --level warn ")
        vm.press("C-u", "frob", "Tab")
        vm.sees("frob")
        vm.press("C-u", "quit", "Enter")
        vm.says("quit: the prompt has no end")
        vm.press("kil", "Enter")
        vm.says("did you mean kill?")
        vm.press("help why", "Enter")
        vm.says("The driver need not be there any more.")

    def test_the_log_is_followed_until_a_key(self):
        vm = self.start()
        vm.press("log -f --level warn s", "Tab", "cr", "Tab", "Enter")
        vm.drvctl("kill", "ps2kbd")  # of which it says nothing
        vm.drvctl("kill", "screen")
        vm.wait(lambda: [row for row in vm.rows() if "warn  drvmgr: screen: killed by the operator" in row],
                "a line of the log")
        self.assertNotIn(PROMPT.strip(), vm.rows()[-1])
        self.assertFalse([row for row in vm.rows() if "ps2kbd: killed" in row], vm.rows())
        vm.press("q")
        vm.sees("")  # that key is no part of the next command
        vm.press("log -f", "Enter")
        vm.wait(lambda: PROMPT.strip() not in vm.rows()[-1], "the log")
        vm.press("C-c", "ps")
        vm.sees("ps")
        vm.press("Enter")
        vm.says("HEARTBEAT")
        vm.drvctl("kill", "screen")
        plain = "drvmgr: screen: Initialising -> Running"  # as the log by itself is shown: at boot, and now
        vm.wait(lambda: sum(row.startswith(plain) for row in vm.rows("-S", "-")) == 2, plain)
        vm.sees("")

    def test_a_foreign_line_never_stands_inside_the_edited_one(self):
        vm = self.start()
        vm.press("stop screen", "Left", "Left", "Left")
        vm.sees("stop screen", 8)
        vm.drvctl("kill", "ps2kbd")
        vm.says("ps2kbd: Initialising -> Running", 2)
        vm.sees("stop screen", 8)
        self.assertEqual([row for row in vm.rows("-S", "-") if "stop" in row], [PROMPT + "stop screen"])
        vm.press("x")
        vm.sees("stop scrxeen", 9)

    def test_the_console_s_death_loses_nothing_of_what_is_typed(self):
        vm = self.start()
        vm.press("help ps", "Enter")
        vm.says("the drivers, how they are")
        vm.press("version screen", "Left", "Left", "Left")
        vm.sees("version screen", 11)
        vm.drvctl("kill", "console")
        vm.says("console: Initialising -> Running", 2)
        vm.sees("version screen", 11)
        vm.press("Up")
        vm.sees("help ps")
        vm.drvctl("kill", "console")
        vm.says("console: Initialising -> Running", 3)
        vm.sees("help ps")
        vm.press("Down")
        vm.sees("version screen")
        vm.press("Enter")
        vm.says("version: driver ABI")
        self.assertNotIn("may not have been done", "\n".join(vm.rows("-S", "-")))

    def test_a_line_that_is_longer_than_the_terminal_is_wide_moves_under_the_cursor(self):
        vm = self.start(columns=60, append="columns=60")
        text = "".join(chr(ord("a") + i % 26) for i in range(70))
        room = 60 - 1 - len(PROMPT)
        vm.press(text)
        vm.sees(text[-room:])
        vm.press("Home")
        vm.sees(text[:room], 0)
        vm.press("X")
        vm.sees("X" + text[:room - 1], 1)
        vm.press("Enter")
        vm.says("no such command")

    def test_colours_are_there_if_the_terminal_has_them_and_else_none(self):
        vm = self.start(append="terminal=colour columns=80")
        vm.press("ps", "Enter")
        vm.says("HEARTBEAT")
        vm.sees("")
        text = "\n".join(vm.rows("-e"))
        self.assertIn(BOLD, text)
        self.assertIn(GREEN, text)
        plain = self.start()
        plain.press("ps", "Enter")
        plain.says("HEARTBEAT")
        plain.sees("")
        self.assertNotIn("\x1b", "\n".join(plain.rows("-e")))

    def test_the_screen_is_cleared_and_the_line_stays(self):
        vm = self.start()
        vm.press("why ser", "Left", "C-l")
        vm.wait(lambda: vm.rows() == [PROMPT + "why ser"], "a clear screen")
        vm.sees("why ser", 6)


if __name__ == "__main__":
    if not shutil.which("tmux"):
        print("skipped: tmux is not installed; ./castellan setup installs it")
        sys.exit(77)
    unittest.main(verbosity=2)
