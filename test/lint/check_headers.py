# SPDX-License-Identifier: BSD-2-Clause
"""Every header compiles alone, and twice in a row, as freestanding C11 for the i386; those
of abi/ also as C++."""
import concurrent.futures
import os
import subprocess

UNDER = ("abi/", "hw/", "microkernel/", "libs/libcap/", "servers/", "drivers/", "test/drivers/")
COMMON = ["-m32", "-ffreestanding", "-fsyntax-only", "-nostdinc", "-Wall", "-Wextra",
          "-Werror", "-Wundef"]
NEEDS = "jsmn/jsmn.h"
HOSTED = ("servers/drvmgr/host/",)  # programs of the host
C11 = ["gcc", "-x", "c", "-std=c11", "-Wstrict-prototypes"]
CXX = ["clang", "-x", "c++", "-std=c++17"]
DIRECTORIES = ["", "microkernel", "libs/libcap/include", "servers/drvmgr", "drivers"]


def compiler_headers(compiler):
    found = subprocess.run([compiler, "-print-file-name=include"], capture_output=True,
                           text=True, check=True)
    return found.stdout.strip()


def compile_header(tree, path, command, system):
    """Compiler errors of the header as findings; one at most, the first."""
    arguments = command + COMMON + ["-isystem", system, "-isystem", str(tree.build_dir / "jsmn")]
    arguments += [f"-I{tree.root / directory}" for directory in DIRECTORIES] + ["-"]
    twice = f'#include "{tree.root / path}"\n' * 2
    result = subprocess.run(arguments, input=twice, capture_output=True, text=True,
                            check=False)
    if result.returncode == 0:
        return []
    for line in result.stderr.splitlines():
        if ": error:" in line or ": fatal error:" in line:
            place, message = line.split(" ", 1)
            number = place.split(":")[1] if place.startswith(str(tree.root / path)) else "0"
            return [(path, int(number), f"as {command[2]}: {message}")]
    return [(path, 0, f"as {command[2]}: {result.stderr}")]


def check(tree):
    jobs = [(tree, path, C11, compiler_headers(C11[0]))
            for path in tree.files(".h", under=UNDER) if not path.startswith(HOSTED)]
    jobs += [(tree, path, CXX, compiler_headers(CXX[0]))
             for path in tree.files(".h", under=("abi/",))]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda job: compile_header(*job), jobs)
    return [finding for findings in results for finding in findings]


def guarded(name, text):
    return f"#ifndef {name}\n#define {name}\n{text}\n#endif\n"


GOOD = {
    "abi/good.h": guarded("A", "#include <stdint.h>\ntypedef uint32_t word_t;"),
    "libs/libcap/include/cap/good.h": guarded(
        "B", '#include <stddef.h>\n#include "abi/good.h"\nword_t f(size_t restrict_);'),
}
BAD = [
    ("abi/bad.h", guarded("C", "uint32_t f(void);"), 3),
    ("abi/cplusplus.h", guarded("D", "enum e { E };\nstatic enum e const x = 0;"), 4),
    ("drivers/bad.h", "struct s { int x; };\n", 1),
    ("microkernel/bad.h", guarded("E", "#include <stdio.h>"), 3),
]
