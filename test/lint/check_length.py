# SPDX-License-Identifier: BSD-2-Clause
"""A C file has at most 400 lines, a test 600; a longer one is two."""
MOST, MOST_OF_TEST = 400, 600
# path: reason
EXCEPTIONS = {}


def check(tree):
    findings = []
    for path in tree.files(".c", ".h", ".S"):
        count = len(tree.lines(path))
        most = MOST_OF_TEST if path.startswith("test/") else MOST
        if count > most and path not in EXCEPTIONS:
            findings.append((path, most + 1, f"{count} lines, {most} are the limit"))
    return findings


GOOD = {"a.c": "\n" * MOST, "test/a.c": "\n" * MOST_OF_TEST,
        "README.md": "\n" * (MOST + 1)}
BAD = [
    ("bad.c", "\n" * (MOST + 1), MOST + 1),
    ("test/bad.c", "\n" * (MOST_OF_TEST + 1), MOST_OF_TEST + 1),
]
