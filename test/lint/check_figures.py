# SPDX-License-Identifier: BSD-2-Clause
"""Where a page says what the benchmark measures, as `KEY` (N), that is the baseline's figure; and
a decision, which stays as it is while figures change, says none."""
import json
import re

BASELINES = ("test/bench/baseline.json", "test/bench/manager.json")
DECISIONS = "docs/decisions/"
SAID = re.compile(r"`(\w+)` \(([\d,]+)\)")


def check(tree):
    figures = {}
    for path in BASELINES:
        figures |= json.loads(tree.text(path))["figures"]
    findings = []
    for path in tree.files(".md"):
        for number, line in tree.lines(path):
            for key, said in SAID.findall(line):
                if key in figures and path.startswith(DECISIONS):
                    findings.append((path, number, f"a decision says what {key} is"))
                elif key in figures and said.replace(",", "") != str(figures[key]):
                    findings.append((path, number, f"{key} is {figures[key]:,}, not {said}"))
    return findings


GOOD = {
    BASELINES[0]: '{"figures": {"yield": 50, "off": 3128}}',
    BASELINES[1]: '{"figures": {"boot_few_us": 8122}}',
    "docs/a.md": "Takes `yield` (50), `off` (3,128) and `nothing` (7).\n",
    DECISIONS + "1.md": "Is `off` of the benchmark; `one` (1).\n",
}
BAD = [
    ("docs/a.md", "a\n`yield` (51)\n", 2),
    ("docs/a.md", "`yield` (50) and `off` (3128), `boot_few_us` (8,121)\n", 1),
    (DECISIONS + "1.md", "`off` (3,128)\n", 1),
]
