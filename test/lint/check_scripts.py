# SPDX-License-Identifier: BSD-2-Clause
"""Shell scripts are clean by shellcheck; Python files compile."""
import re
import subprocess

FINDING = re.compile(r"(.+?):(\d+):\d+: (?:error|warning|note): (.*)")


def is_shell(tree, path):
    first = tree.text(path).split("\n", 1)[0] if "." not in path.rsplit("/", 1)[-1] else ""
    return path.endswith(".sh") or (first.startswith("#!") and first.endswith("sh"))


def check(tree):
    findings = []
    shell = [path for path in tree.paths if is_shell(tree, path)]
    if shell:
        result = subprocess.run(["shellcheck", "--format=gcc", *shell], cwd=tree.root,
                                capture_output=True, text=True, check=False)
        for line in result.stdout.splitlines():
            found = FINDING.match(line)
            if found:
                findings.append((found.group(1), int(found.group(2)), found.group(3)))
    for path in tree.files(".py"):
        try:
            compile(tree.text(path), path, "exec")
        except SyntaxError as error:
            findings.append((path, error.lineno or 0, error.msg))
    return findings


GOOD = {"run": '#!/bin/sh\necho "$1"\n', "a.py": "print(1)\n"}
BAD = [
    ("castellan", "#!/bin/sh\n\nrm $1\n", 3),
    (".ci/run", "#!/bin/bash\nif [ $x ]; then :; fi\n", 2),
    ("castellan", "#!/bin/sh\n[[ 1 == 1 ]] && echo\n", 2),
    ("bad.py", "def f(:\n", 1),
]
