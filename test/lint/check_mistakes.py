# SPDX-License-Identifier: BSD-2-Clause
"""What cppcheck finds in the sources of the system: mistakes, not style."""
import os
import re
import subprocess

UNDER = ("microkernel/", "servers/", "libs/", "drivers/", "hw/")
COMMAND = [
    "cppcheck", "--quiet", "--std=c11", "--platform=unix32", "--enable=warning,performance,portability",
    "--template={file}:{line}: {message} [{id}]", "--suppress=missingInclude",
    "-I.", "-Ilibs/libcap/include", "-Imicrokernel", "-Iservers/drvmgr", "-Idrivers",
    '-DCASTELLAN=""', "-DRE36_DEV_TRUST_BOOT=0"]
FINDING = re.compile(r"(.+?):(\d+): (.*)")
# What it takes for a mistake and is none: (where, its name for it), and why.
NO_MISTAKES = {
    # The ends of what the linker puts together are symbols, and it takes each for an object.
    ("microkernel/", "comparePointers"),
    # It takes &boot.memory for a value that is read; boot_memory_init() fills it.
    ("microkernel/boot/memory.c", "ctuuninitvar"),
    # It takes ~0x80 for what a byte can hold: a code has 7 bits when it is looked up.
    ("drivers/ps2/keyboard/scancode.c", "arrayIndexOutOfBoundsCond"),
}


def check(tree):
    paths = tree.files(".c", under=UNDER)
    if not paths:
        return []
    command = [*COMMAND, f"-j{os.cpu_count()}"]
    if tree.build_dir and len(paths) > len(GOOD) + 1:  # of the tree, and not of what is planted
        kept = (tree.build_dir / "cppcheck").resolve()
        kept.mkdir(exist_ok=True)
        command.append(f"--cppcheck-build-dir={kept}")  # what has not changed is not looked at again
    result = subprocess.run([*command, *paths], cwd=tree.root, capture_output=True, text=True,
                            check=False)
    findings = []
    for line in (result.stdout + result.stderr).splitlines():
        found = FINDING.match(line)
        if not found:
            findings.append(("test/lint/check_mistakes.py", 0, line))
        elif not any(found[1].startswith(path) and f"[{name}]" in line for path, name in NO_MISTAKES):
            findings.append((found[1], int(found[2]), found[3]))
    return findings


GOOD = {"servers/good.c": "int f(int *p)\n{\n\treturn p ? *p : 0;\n}\n"}
BAD = [
    ("servers/bad.c", "int f(int *p)\n{\n\tint x = *p;\n\treturn p ? x : 0;\n}\n", 3),
    ("drivers/bad.c", "int f(void)\n{\n\tint a[2] = {0, 1};\n\treturn a[2];\n}\n", 4),
    ("libs/bad.c", "int f(void)\n{\n\tint x;\n\treturn x;\n}\n", 4),
]
