# SPDX-License-Identifier: BSD-2-Clause
"""A numbered invariant has one definition: its number alone says which is meant. One that follows
another in a comment begins a line, so that a formatter has not run it into the other's text."""
import re

UNDER = ("abi/", "drivers/", "hw/", "libs/", "microkernel/", "servers/")
# "Invariant K1: ", also over a line's end, or "Invariant K1, at any time, …"; or a row of a list.
DEFINED = re.compile(r"\bInvariant\s+(?:\*\s+)?([A-Z]+\d+)[:,]|^ \*   ([A-Z]+\d+)  ", re.MULTILINE)
BEGINS = re.compile(r"^\s*(?:/\*|\*)?\s*\Z")


def is_run_in(text, found):
    """Does it stand inside a line, behind another of the same comment?"""
    comment = text[text.rfind("/*", 0, found.start() + 2):found.start()]
    line = text[text.rfind("\n", 0, found.start()) + 1:found.start()]
    return not BEGINS.match(line) and DEFINED.search(comment) is not None


def check(tree):
    first, findings = {}, []
    for path in tree.files(".c", ".h", ".S", under=UNDER):
        text = tree.text(path)
        for found in DEFINED.finditer(text):
            name, line = found[1] or found[2], text.count("\n", 0, found.start()) + 1
            if name in first:
                findings.append((path, line, f"invariant {name} is defined in {first[name]} as well"))
            if is_run_in(text, found):
                findings.append((path, line, f"invariant {name} does not begin its line"))
            first.setdefault(name, f"{path}:{line}")
    return findings


GOOD = {"libs/good.h": "/* Invariants:\n *   K1  one.\n *   K2  two. */\n/* Invariant A1, always: x. */\n",
        "microkernel/good.c": "/* Invariant B1: a; K1 of good.h holds. Invariants K1 and K2 hold. */\n",
        "drivers/good.h": "/* Of it. Invariant D1: a.\n *\n * Invariant D2: b. */\n/* x. Invariant D3: c. */\n"}
BAD = [
    ("servers/bad.h", "/* x.\n * Invariant K1: another. */\n", 2),
    ("servers/bad.c", "/* Of it\n *   K2  another. */\n", 2),
    ("servers/worse.h", "/* A long line, and then: invariant\n * A1 holds. Invariant\n * A1: b. */\n", 2),
    ("libs/bad.h", "/* Invariant B2: a line, and\n * its end. Invariant B3: b. */\n", 2),
]
