# SPDX-License-Identifier: BSD-2-Clause
"""The kernel's host tests, built without CMake from any copy of the tree: for tools that want
other flags than the suites have, or sources that differ in one file. The tree is never changed."""
import collections
import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLAGS = ["-std=c11", "-w", "-D_POSIX_C_SOURCE=200809L", f'-DCASTELLAN_SOURCE_DIR="{ROOT}"']
COPIED = ["abi", "hw", "libs/libcap/include", "libs/libcap/pure", "microkernel",
          "servers/drvmgr/claims", "test/fake", "test/unit"]
COMMON = [".", "libs/libcap/include", "microkernel"]

# `sources` are the kernel's, `tests` what they are tested with; patterns from the root on.
Suite = collections.namedtuple("Suite", "name sources tests include flags")
# No host test runs them, the emulators do.
UNTESTED = ("microkernel/arch/i386/memory.c", "microkernel/arch/i386/print.c",
            "microkernel/boot/main.c")
ROOT_TASK = "microkernel/boot/root.c"  # made of objects, so tested with them
KERNEL = Suite(
    "kernel", ["microkernel/object/*.c", "microkernel/syscall/*.c", ROOT_TASK],
    ["test/fake/*.c", "test/unit/kernel/*.c", "microkernel/boot/m[eu]*.c",
     "microkernel/boot/[pw]*.c"], COMMON + ["test/fake", "test/unit/kernel"],
    ["-Dsched_yield=kernel_sched_yield"])  # the host's libraries have and call such a function
MACHINE = Suite(
    "machine", ["microkernel/arch/i386/*.c"],
    ["test/unit/arch/*.c", "test/unit/arch/*.S"],
    ["test/unit/arch/fake", "test/unit/arch"] + COMMON,
    ["-fno-pie", "-no-pie", "-mcmodel=large"])  # test/unit/arch/CMakeLists.txt
BOOT = Suite("boot", ["microkernel/boot/*.c"], ["test/unit/boot/*.c"],
             COMMON + ["test/fake", "test/unit/boot"], [])
# Not the kernel's: what the manager makes of the table of ports.
CLAIMS = Suite("claims", ["servers/drvmgr/claims/grantable.c", "libs/libcap/pure/format.c"],
               ["test/unit/drvmgr/test_grantable.c"],
               [".", "libs/libcap/include", "servers/drvmgr"], [])
SUITES = (KERNEL, MACHINE, BOOT, CLAIMS)

FEWER = {"test_kernel_random": ["20240229", "20000"],  # arguments: a seed, fewer operations
         "test_kernel_model": ["--ops", "20000", "--no-shrink"],
         "test_kernel_search": ["6", "4", "2"]}  # slots, slots, sets of rights
FAILED = re.compile(r"^\[  FAILED  \] (?:\S+: )?([a-z]\w+)", re.MULTILINE)
PATIENCE = 10  # a test that takes so many times as long as it should does not end


class BuildError(Exception):
    """The compiler's or linker's own words."""


def run(command, **options):
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                            errors="replace", check=False, **options)
    if result.returncode:
        raise BuildError(result.stdout + result.stderr)
    return result.stdout


class HostTests:
    """All tests of a suite, compiled into `directory` with `flags`, which are also the linker's.
    Everything comes from a copy of the sources that is made first, so that the tree may change."""

    def __init__(self, directory, flags, jobs, suite=KERNEL):
        self.directory = pathlib.Path(directory)
        self.suite = suite
        self.flags = [*suite.flags, *flags]
        self.root = self.directory / "tree"
        for name in COPIED:
            shutil.copytree(ROOT / name, self.root / name)
        sources = self.kernel_sources() + sorted(
            path for pattern in suite.tests for path in self.root.glob(pattern))
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            objects = dict(zip(sources, pool.map(self._compile_own, sources)))
        self.programs = {path.stem: made for path, made in objects.items()
                         if path.stem.startswith("test_")}
        kernel = self.kernel_sources()
        self.helpers = [made for path, made in objects.items()
                        if path not in kernel and made not in self.programs.values()]
        self.archive = self.pack([objects[path] for path in kernel], self.directory / "rest.a")
        self.seconds = dict.fromkeys(self.programs, 60.0)

    def _compile_own(self, source):
        name = source.relative_to(self.root).as_posix().replace("/", "-")
        return self.compile(source, (self.directory / name).with_suffix(".o"))

    def kernel_sources(self):
        return sorted(path for pattern in self.suite.sources for path in self.root.glob(pattern)
                      if path.relative_to(self.root).as_posix() not in UNTESTED)

    def compile(self, source, made, first=()):
        """`first`: where headers are looked for before all other places."""
        include = [f"-I{name}" for name in
                   [*first, *(self.root / name for name in self.suite.include)]]
        run(["gcc", *FLAGS, *include, *self.flags, "-c", "-o", made, source], cwd=made.parent)
        return made

    def pack(self, kernel, archive):
        """All that tests are linked with, with these objects of the kernel's sources."""
        run(["ar", "rcs", archive, *kernel, *self.helpers])
        return archive

    def link(self, name, directory, instead=()):
        """The test with objects or archives that come before the archive."""
        program = pathlib.Path(directory) / name
        run(["gcc", *self.flags, "-o", program, self.programs[name], *instead, self.archive,
             "-lcmocka"])
        return program

    def fails(self, name, program):
        """None, or what failed: a test's name, the time limit or the end of the program."""
        try:
            result = subprocess.run([str(program), *FEWER.get(name, [])], cwd=program.parent,
                                    capture_output=True, text=True, errors="replace",
                                    check=False,
                                    timeout=PATIENCE * self.seconds[name] + PATIENCE)
        except subprocess.TimeoutExpired:
            return "does not end"
        if result.returncode == 0:
            return None
        failed = FAILED.search(result.stdout + result.stderr)
        return failed.group(1) if failed else f"ends with {result.returncode}"

    def baseline(self):
        """Runs all as they are; takes the time that each needs. What failed, as words."""
        failed = []
        for name in self.programs:
            program = self.link(name, self.directory)
            start = time.monotonic()
            reason = self.fails(name, program)
            if reason:
                failed.append(f"{name}: {reason}")
            self.seconds[name] = time.monotonic() - start
        return failed

    def by_speed(self):
        return sorted(self.programs, key=self.seconds.get)
