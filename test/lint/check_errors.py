# SPDX-License-Identifier: BSD-2-Clause
"""No function answers a bare -1: there is a DRV_E… for every reason."""
import re

UNDER = ("microkernel/", "libs/libcap/", "servers/", "drivers/", "test/drivers/")
# Binary minus has blanks around it (clang-format), so `-1` is a constant.
MINUS_ONE = re.compile(r"\breturn\b[^;]*(?<![\w)\]])-1u?\s*\)*\s*[;:]")
COMPARISON = re.compile(r"\? -1 : 1;|\? 1 : -1;")  # of three ways, as memcmp() answers
COMMENT = re.compile(r"/\*.*?\*/|//.*")


def check(tree):
    return [(path, number, "a bare -1 is no error: return a DRV_E…")
            for path in tree.files(".c", ".h", under=UNDER)
            for number, line in tree.lines(path)
            if MINUS_ONE.search(COMMENT.sub("", line)) and not COMPARISON.search(line)]


GOOD = {
    "drivers/a.c": "return DRV_EIO;\nreturn n - 1;\nreturn -16;\nx = -1;\n"
                   "return a < b ? -1 : 1;\nreturn 0; /* return -1; */\nreturn a[i] - 1;\n",
    "test/unit/a.c": "return -1;\n",
}
BAD = [
    ("drivers/bad.c", "return -1;\n", 1),
    ("servers/bad.c", "\nreturn (-1);\n", 2),
    ("microkernel/bad.c", "return x ? 0 : -1;\n", 1),
    ("libs/libcap/gate/bad.c", "return x ? -1 : 0;\n", 1),
]
