# SPDX-License-Identifier: BSD-2-Clause
"""C files are as clang-format with the tree's .clang-format leaves them."""
import pathlib
import re
import subprocess

STYLE = pathlib.Path(__file__).resolve().parents[2] / ".clang-format"
FINDING = re.compile(r"(.+?):(\d+):\d+: error: (.*)")


def check(tree):
    paths = tree.files(".c", ".h")
    if not paths:
        return []
    result = subprocess.run(
        ["clang-format", f"--style=file:{STYLE}", "--dry-run", "-Werror", *paths],
        cwd=tree.root, capture_output=True, text=True, check=False)
    findings = {}
    for line in result.stderr.splitlines():
        found = FINDING.match(line)
        if found:
            path, number = found.group(1), int(found.group(2))
            findings.setdefault((path, number), "not as clang-format leaves it")
    if result.returncode and not findings:
        findings[(".clang-format", 0)] = result.stderr
    return [(path, line, message) for (path, line), message in findings.items()]


GOOD = {"a.c": "int f(void)\n{\n\treturn 0;\n}\n"}
BAD = [
    ("bad.c", "int f(void)\n{\n    return 0;\n}\n", 2),
    ("bad.h", "int  f(void);\n", 1),
]
