# SPDX-License-Identifier: BSD-2-Clause
"""Images with a planted bug in the emulators: a copy of the tree is built once, and then again
with one file changed, which is little work. One at a time, for the copy is one."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time

import host_tests
import mutants

SKIPPED = 77  # harness.py
PATIENCE = 8  # a script that takes so many times as long as it should does not end
LEFT_OUT = shutil.ignore_patterns("build", ".git", "__pycache__")


class Emulator:
    """The images of the copy, built in `directory`."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.root, self.build = self.directory / "tree", self.directory / "build"
        self.lock = threading.Lock()
        self.seconds = {}
        self.not_here = set()  # scripts whose emulator is not installed
        shutil.copytree(host_tests.ROOT, self.root, ignore=LEFT_OUT)
        host_tests.run(["cmake", "-S", self.root, "-B", self.build, "-G", "Ninja",
                        "-DCMAKE_C_COMPILER=gcc", "-DCMAKE_BUILD_TYPE=Release"])
        self.make()

    def make(self, *targets):
        host_tests.run(["cmake", "--build", self.build, "--target",
                        *(targets or ("image", "test-images"))])

    def run(self, word, limit):
        """None if the script passes or cannot be run here, or how it fails."""
        script, machine, variant = mutants.script_of(word)
        command = [sys.executable, str(self.root / script.relative_to(host_tests.ROOT)),
                   "--build-dir", str(self.build), "--machine", machine,
                   "--log-dir", str(self.directory / "logs")]
        command[1:1] = [str(self.root / "test/qemu/harness.py")]
        command += ["--variant", variant] if variant else []
        environment = {name: value for name, value in os.environ.items()
                       if name != "CASTELLAN_IMAGE_DIR"}
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, errors="replace", env=environment) as process:
            try:
                told, _ = process.communicate(timeout=limit)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT)  # it ends its emulator
                process.communicate()
                return "does not end"
        if process.returncode == SKIPPED:
            self.not_here.add(word)
            return None
        if process.returncode == 0:
            return None
        failed = [line.split("FAILED: ", 1)[1] for line in told.splitlines() if "FAILED: " in line]
        return failed[0][:100] if failed and failed[0] else "fails"

    def baseline(self, words):
        """Runs scripts as they are; takes the time that each needs. What failed, as words."""
        failed = []
        for word in sorted(words):
            start = time.monotonic()
            reason = self.run(word, 600)
            if reason:
                failed.append(f"{word}: {reason}")
            self.seconds[word] = time.monotonic() - start
        return failed

    def judge(self, mutant):
        """What the scripts of a mutant say, or None: the first one that fails, and how."""
        with self.lock:
            source = self.root / mutant.path
            text = source.read_text()
            try:
                source.write_text(text.replace(mutant.old, mutant.new))
                self.make()
                for word in mutant.scripts:
                    limit = PATIENCE * (1 + self.seconds[word])
                    reason = None if word in self.not_here else self.run(word, limit)
                    if reason:
                        return word, reason
            finally:
                source.write_text(text)
        return None
