# SPDX-License-Identifier: BSD-2-Clause
"""The castellan script in a tree of its own, with every tool that it calls replaced by one that
writes down what it is called with."""
import fcntl
import os
import pathlib
import pty
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "castellan"
BASICS = ["sh", "awk", "cat", "cp", "dirname", "env", "find", "flock", "grep", "head", "mkdir",
          "mktemp", "readlink", "rm", "sed", "stty", "timeout", "tr"]
TOOLS = {
    "ar": "",
    "apt-get": 'echo "$@" >>"$FAKES/apt-get.log"; cp "$FAKES/gcc" "$FAKES/ninja"',
    "bochs": "",
    "clang": "echo /nowhere",
    "clang-format": "",
    "cmake": 'case $1 in --version) echo "cmake version 3.25.1";; '
             '*) echo "$@" >>"$FAKES/cmake.log";; esac',
    "ctest": 'echo "$CTEST_PARALLEL_LEVEL at once: $@" >"$FAKES/ctest.log"',
    "cppcheck": "",
    "dot": "",
    "df": 'printf "Filesystem 1K Used Avail\\nx 9 9 9000000 1%% /\\n"',
    "gcc": "",
    "gcovr": "",
    "gdb": "",
    "grub-mkrescue": "",
    "id": "echo 0",
    "ld.lld": "",
    "mandoc": "",
    "mformat": "",
    "ninja": "",
    "nproc": "echo 7",
    "objcopy": "",
    "python3": 'echo "$@" >"$FAKES/python3.log"',
    "qemu-system-i386": 'case $1 in --version) echo "QEMU emulator version 7.2.22 (Debian)";; '
                        '*) echo "$@" >"$FAKES/qemu.log";; esac',
    "shellcheck": "",
    "tmux": "",
    "xorriso": "",
}
# What is installed elsewhere than on the path.
FILES = ["grub/moddep.lst", "bochs/BIOS-bochs-latest", "bochs/VGABIOS-lgpl-latest",
         "lib/bochs/plugins/libbx_term_gui.so"]
# Those that are no programs of their own.
VERBS = ("run", "test", "bochs", "build", "iso", "setup", "clean", "help")
CONFIGURING = "castellan: configuring and building "
PLACES = {"GRUB_MODULES": "grub", "BOCHS_FIRMWARE": "bochs", "BOCHS_PLUGINS": "lib"}


class ScriptTest(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory(prefix="castellan-script-")
        self.addCleanup(self.holder.cleanup)
        self.root = pathlib.Path(self.holder.name).resolve() / "tree"
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

    def run_at_terminal(self, *arguments, columns=80, rows=24, **environment):
        """The script at a terminal of that size."""
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        try:
            return subprocess.run([self.root / "castellan", *arguments], cwd="/", check=False, text=True,
                                  env=self.environment() | environment, stdin=slave, stdout=slave,
                                  stderr=subprocess.PIPE, timeout=60)
        finally:
            os.close(slave)

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
