# SPDX-License-Identifier: BSD-2-Clause
"""No function answers a bare -1: there is a DRV_E… for every reason. The page of errors has each of
them once, in the order and with the number and the meaning of the table, and says what to do."""
import re

UNDER = ("microkernel/", "libs/libcap/", "servers/", "drivers/", "test/drivers/")
# Binary minus has blanks around it (clang-format), so `-1` is a constant.
MINUS_ONE = re.compile(r"\breturn\b[^;]*(?<![\w)\]])-1u?\s*\)*\s*[;:]")
COMPARISON = re.compile(r"\? -1 : 1;|\? 1 : -1;")  # of three ways, as memcmp() answers
COMMENT = re.compile(r"/\*.*?\*/|//.*")


PAGE, TABLE = "docs/errors.md", "abi/driver_errno.h"
ENTRY = re.compile(r'X\((DRV_[A-Z]+), (-?\d+), +"([^"]*)"\)')
ROW = re.compile(r"\| `(DRV_[A-Z]+)` \| (-?\d+) \| ([^|]*) \| ([^|]*\w[^|]*) \|$")


def check_page(tree):
    errors = ENTRY.findall(tree.text(TABLE).replace("\\\n", " ")) if TABLE in tree.paths else []
    lines = tree.lines(PAGE) if PAGE in tree.paths else []
    rows = [(number, found.groups()) for number, line in lines if (found := ROW.match(line))]
    wrong = [(PAGE, number, f"row {place} of {TABLE} is another") for place, (number, row)
             in enumerate(rows, 1) if errors[place - 1:place] != [row[:3]]]
    missing = [name for name, _, _ in errors[len(rows):]]
    return wrong + ([(PAGE, 0, f"no row for {' '.join(missing)}")] if missing else [])


def check(tree):
    return check_page(tree) + [(path, number, "a bare -1 is no error: return a DRV_E…")
            for path in tree.files(".c", ".h", under=UNDER)
            for number, line in tree.lines(path)
            if MINUS_ONE.search(COMMENT.sub("", line)) and not COMPARISON.search(line)]


GOOD = {
    "drivers/a.c": "return DRV_EIO;\nreturn n - 1;\nreturn -16;\nx = -1;\n"
                   "return a < b ? -1 : 1;\nreturn 0; /* return -1; */\nreturn a[i] - 1;\n",
    "test/unit/a.c": "return -1;\n",
    TABLE: '#define E(X) \\\n\tX(DRV_OK, 0, "fine") \\\n\tX(DRV_EIO, -5,   "bad device")\n',
    PAGE: "| name |\n|---|\n| `DRV_OK` | 0 | fine | nothing |\n| `DRV_EIO` | -5 | bad device | reset |\n",
}
BAD = [
    ("drivers/bad.c", "return -1;\n", 1),
    ("servers/bad.c", "\nreturn (-1);\n", 2),
    ("microkernel/bad.c", "return x ? 0 : -1;\n", 1),
    ("libs/libcap/gate/bad.c", "return x ? -1 : 0;\n", 1),
    (PAGE, "| `DRV_OK` | 0 | fine | nothing |\n", 0),
    (PAGE, "| `DRV_OK` | 0 | fine | nothing |\n| `DRV_EIO` | -6 | bad device | reset |\n", 2),
    (PAGE, "| `DRV_OK` | 0 | good | nothing |\n| `DRV_EIO` | -5 | bad device | reset |\n", 1),
    (PAGE, "| `DRV_OK` | 0 | fine | nothing |\n| `DRV_EIO` | -5 | bad device |  |\n", 0),
    (PAGE, GOOD[PAGE] + "| `DRV_EGO` | -7 | bad device | reset |\n", 5),
]
