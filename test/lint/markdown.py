# SPDX-License-Identifier: BSD-2-Clause
"""What is in a page: its fenced blocks, and the rest; and with what a path of the tree begins."""
import re

TOP = ("abi/", "microkernel/", "libs/", "servers/", "drivers/", "test/", "cmake/", "docs/",
       ".ci/")
FENCE = re.compile(r"\s*```(\w*)")


def blocks(tree, path, language):
    """(number of the first line, text) of each fenced block of the language."""
    found, start, held = [], None, []
    for number, line in tree.lines(path):
        fence = FENCE.match(line)
        if fence and start is None:
            start, kind, held = number + 1, fence.group(1), []
        elif fence:
            if kind == language:
                found.append((start, "\n".join(held) + "\n"))
            start = None
        elif start is not None:
            held.append(line)
    return found


def prose(tree, path):
    """(number, text) of the lines outside of fenced blocks."""
    outside = True
    for number, line in tree.lines(path):
        if FENCE.match(line):
            outside = not outside
        elif outside:
            yield number, line
