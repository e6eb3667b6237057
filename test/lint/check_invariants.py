# SPDX-License-Identifier: BSD-2-Clause
"""A numbered invariant has one definition: its number alone says which is meant."""
import re

UNDER = ("abi/", "drivers/", "hw/", "libs/", "microkernel/", "servers/")
# "Invariant K1: ", also over a line's end, or "Invariant K1, at any time, …"; or a row of a list.
DEFINED = re.compile(r"\bInvariant\s+(?:\*\s+)?([A-Z]+\d+)[:,]|^ \*   ([A-Z]+\d+)  ", re.MULTILINE)


def check(tree):
    first, findings = {}, []
    for path in tree.files(".c", ".h", ".S", under=UNDER):
        text = tree.text(path)
        for found in DEFINED.finditer(text):
            name, line = found[1] or found[2], text.count("\n", 0, found.start()) + 1
            if name in first:
                findings.append((path, line, f"invariant {name} is defined in {first[name]} as well"))
            first.setdefault(name, f"{path}:{line}")
    return findings


GOOD = {"libs/good.h": "/* Invariants:\n *   K1  one.\n *   K2  two. */\n/* Invariant A1, always: x. */\n",
        "microkernel/good.c": "/* Invariant B1: a; K1 of good.h holds. Invariants K1 and K2 hold. */\n"}
BAD = [
    ("servers/bad.h", "/* x.\n * Invariant K1: another. */\n", 2),
    ("servers/bad.c", "/* Of it\n *   K2  another. */\n", 2),
    ("servers/worse.h", "/* A long line, and then: invariant\n * A1 holds. Invariant\n * A1: b. */\n", 2),
]
