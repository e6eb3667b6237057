# SPDX-License-Identifier: BSD-2-Clause
"""The machine-independent kernel has one mutable global, `kernel`, and the machine's part those
that are listed here. Asked of the compiler: each file is compiled and its symbols are listed."""
import concurrent.futures
import os
import re
import subprocess
import tempfile

MACHINE = "microkernel/arch/"
UNDER = ("microkernel/base/", "microkernel/object/", "microkernel/syscall/",
         "microkernel/boot/", MACHINE)
ALLOWED = {"kernel"}
# State; stacks; and what the processor itself reads, each in pages of its own.
MACHINES_OWN = {"machine", "double_fault_stack", "nmi_stack", "kernel_stack_guard",
                "kernel_stack_top", "boot_directory", "boot_tables", "boot_spare_table",
                "main_tss", "iobitmap_window"}
ROOT_IMAGE = "microkernel/boot/root_image.S"  # the root task's own memory
COMPILE = ["gcc", "-m32", "-ffreestanding", "-fno-pic", "-fno-common", "-std=c11", "-w", "-c",
           "-DRE36_DEV_TRUST_BOOT=0", '-DCASTELLAN=""']
SYMBOL = re.compile(r"\S+ [bBdDsS] (\S+?)(?:\.\d+)?$")


def line_of(tree, path, name):
    """Where the variable is named first at file level or as a static."""
    for number, line in tree.lines(path):
        if re.search(rf"^\s*(?:static\s)?[^(]*\b{re.escape(name)}\b", line):
            return number
    return 0


def globals_of(tree, path):
    with tempfile.NamedTemporaryFile(suffix=".o") as built:
        result = subprocess.run(
            COMPILE + [f"-I{tree.root}", f"-I{tree.root / 'microkernel'}", "-o", built.name,
                       str(tree.root / path)], capture_output=True, text=True, check=False)
        if result.returncode:
            return [(path, 0, f"does not compile: {result.stderr.splitlines()[0]}")]
        symbols = subprocess.run(["nm", built.name], capture_output=True, text=True,
                                 check=True).stdout
    allowed = MACHINES_OWN if path.startswith(MACHINE) else ALLOWED
    names = [found.group(1) for found in map(SYMBOL.match, symbols.splitlines()) if found]
    return [(path, line_of(tree, path, name), f"mutable global {name}")
            for name in names if name not in allowed]


def check(tree):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        paths = [path for path in tree.files(".c", ".S", under=UNDER) if path != ROOT_IMAGE]
        results = pool.map(lambda path: globals_of(tree, path), paths)
    return [finding for findings in results for finding in findings]


GOOD = {
    "microkernel/object/a.c": "int kernel;\nstatic const int table[2] = {1, 2};\n"
                              "int f(int i) { return table[i]; }\n",
    "microkernel/arch/i386/a.c": "int machine;\nstatic char nmi_stack[2];\n",
    "microkernel/arch/i386/a.S": '\t.section .bss.pages, "aw", @nobits\nmain_tss:\n',
    ROOT_IMAGE: "\t.data\nroot_image:\n",
}
BAD = [
    ("microkernel/object/bad.c", "\nint counter = 1;\n", 2),
    ("microkernel/base/bad.c", "static int hidden;\nint f(void) { return hidden++; }\n", 1),
    ("microkernel/object/bad.c", "int machine;\n", 1),
    ("microkernel/arch/i386/bad.c", "int a(void);\nstatic int seen;\nint a(void) { return "
     "seen++; }\n", 2),
    ("microkernel/arch/i386/bad.S", "\t.data\nseen:\t.long 0\n", 2),
    ("microkernel/syscall/bad.c", "int f(void)\n{\n\tstatic int n;\n\treturn n++;\n}\n", 3),
]
