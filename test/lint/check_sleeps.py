# SPDX-License-Identifier: BSD-2-Clause
"""No test sleeps: it waits for what it needs to see."""
import re

SLEEP = re.compile(r"\b(?:sleep|usleep|nanosleep|clock_nanosleep|alarm)\s*\("
                   r"|^\s*sleep\s+[\d.$]")
UNDER = ("test/", ".ci/", "castellan")


def check(tree):
    return [(path, number, "a test must not sleep")
            for path in tree.files("", under=UNDER) if not path.endswith("check_sleeps.py")
            for number, line in tree.lines(path) if SLEEP.search(line)]


GOOD = {"test/a.py": "vm.expect('driver: sleeping')\n", "test/a.c": "not_asleep();\n"}
BAD = [
    ("test/qemu/bad.py", "import time\ntime.sleep(1)\n", 2),
    ("test/unit/bad.c", "\tusleep(100);\n", 1),
    ("castellan", "\tsleep 1\n", 1),
]
