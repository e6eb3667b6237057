# SPDX-License-Identifier: BSD-2-Clause
"""The machine-independent kernel names no register of a processor, in code or comment: what it
wants of one is a function of arch/arch.h."""
import re

UNDER = ("microkernel/base/", "microkernel/boot/", "microkernel/object/", "microkernel/syscall/")
# The general ones (eax, ax, al; esi, si; eip; eflags), segments by their use in code, and those of
# the system. "ip", "flags", "bp" and the like without e are words and names, too.
REGISTER = re.compile(
    r"\b(?:e[abcd]x|[abcd]x|[abcd][lh]|e[sd]i|e[bs]p|eip|eflags|cr[0-4]|dr[0-7]|xmm[0-7]"
    r"|gdtr|idtr|ldtr)\b|(?:\.|->)[cdefgs]s\b", re.IGNORECASE)


def check(tree):
    return [(path, number, f"names the register {found[0]}")
            for path in tree.files(".c", ".h", ".S", under=UNDER)
            for number, line in tree.lines(path) if (found := REGISTER.search(line))]


GOOD = {
    "microkernel/object/a.c": "/* The result, beside the flags. */\nframe_set_result(f, DRV_OK);\n",
    "microkernel/boot/print.c": 'print("%x of %u", a, b);\nint max, dx1, fs;\n',
    "microkernel/arch/i386/a.c": "frame->eax = 1;\n",
    "microkernel/arch/arch.h": "uint32_t edi, esi;\n",
}
BAD = [
    ("microkernel/object/bad.c", "int f;\nframe->eax = 1;\n", 2),
    ("microkernel/syscall/bad.c", "/* The number is in EBX. */\n", 1),
    ("microkernel/base/bad.h", "#define FLUSH write_cr3(CR3)\n", 1),
    ("microkernel/boot/bad.S", "\tmovl $1, %eax\n", 1),
    ("microkernel/boot/bad.S", "\tmovw %ax, %ds\n", 1),
    ("microkernel/object/bad.h", "\tframe->cs = 3;\n", 1),
]
