# SPDX-License-Identifier: BSD-2-Clause
"""Every source file names its licence in its first line, or its second behind `#!`."""
# REUSE-IgnoreStart
TAG = "SPDX-License-Identifier: BSD-2-Clause"
SUFFIXES = (".c", ".h", ".S", ".ld", ".py", ".sh", ".cmake", ".cfg", ".yml", "CMakeLists.txt", "Containerfile")
SCRIPTS = ("castellan", ".ci/run")


def check(tree):
    findings = []
    for path in tree.files(*SUFFIXES) + [path for path in tree.paths if path in SCRIPTS]:
        lines = tree.text(path).splitlines()
        at = 1 if lines and lines[0].startswith("#!") else 0
        if at >= len(lines) or TAG not in lines[at]:
            findings.append((path, at + 1, f"no {TAG}"))
    return findings


GOOD = {
    "a.c": f"/* {TAG} */\n",
    "castellan": f"#!/bin/sh\n# {TAG}\n",
    "README.md": "no source\n",
}
BAD = [
    ("bad.c", f"int x;\n/* {TAG} */\n", 1),
    ("bad.S", "", 1),
    ("test/CMakeLists.txt", "add_test()\n", 1),
    (".ci/run", "#!/bin/sh\necho\n", 2),
    ("bad.py", "# SPDX-License-Identifier: Other\n", 1),
]
# REUSE-IgnoreEnd
