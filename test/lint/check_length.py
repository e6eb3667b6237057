# SPDX-License-Identifier: BSD-2-Clause
"""A C file has at most 400 lines; a longer one is two. A function has at most 60."""
MOST, MOST_OF_FUNCTION = 400, 60
# path: reason
EXCEPTIONS = {}


def long_functions(path, lines):
    """By its braces: clang-format puts those of a function into the first column."""
    findings, start = [], None
    for number, line in lines:
        if line == "{":
            start = number
        elif line == "}" and start:
            length = number - start - 1
            if length > MOST_OF_FUNCTION:
                findings.append((path, start, f"a function of {length} lines, "
                                              f"{MOST_OF_FUNCTION} are the limit"))
            start = None
    return findings


def check(tree):
    findings = []
    for path in tree.files(".c", ".h", ".S"):
        count = len(tree.lines(path))
        if count > MOST and path not in EXCEPTIONS:
            findings.append((path, MOST + 1, f"{count} lines, {MOST} are the limit"))
        findings += long_functions(path, tree.lines(path))
    return findings


GOOD = {"a.c": "\n" * MOST, "test/a.c": "\n" * MOST,
        "f.c": "void f(void)\n{\n" + "\tg();\n" * MOST_OF_FUNCTION + "}\n",
        "README.md": "\n" * (MOST + 1)}
BAD = [
    ("bad.c", "\n" * (MOST + 1), MOST + 1),
    ("long.c", "void f(void)\n{\n" + "\tg();\n" * (MOST_OF_FUNCTION + 1) + "}\n", 2),
    ("test/bad.c", "\n" * (MOST + 1), MOST + 1),
]
