# SPDX-License-Identifier: BSD-2-Clause
"""The manual pages in docs/man say what the tree says: each is as make.py makes it of its template, and
mandoc finds nothing in it."""
import pathlib
import re
import shutil
import subprocess
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "docs/man"))

import make  # noqa: E402

NEEDS = "drvctl"
PLACE = "docs/man/"
PAGE = re.compile(r".*\.[1-9]")
FINDING = re.compile(r"mandoc: .*?:(\d+):\d+: (.*)")


def check_current(tree, template):
    """A page is what its template makes now."""
    name, path = (where.relative_to(tree.root).as_posix() for where in (template, template.with_suffix("")))
    try:
        made = make.page(tree.root, tree.build_dir / NEEDS, template)
    except (KeyError, IndexError, OSError) as error:
        return [(name, 0, f"cannot be made: {error!r}")]
    if path not in tree.paths:
        return [(name, 0, "makes a page that is not there")]
    return [] if tree.text(path) == made else [
        (path, 0, "is not what is made now: python3 docs/man/make.py build/debug/drvctl")]


def check_format(tree, path):
    """What mandoc finds in one page."""
    said = subprocess.run(["mandoc", "-Tlint", "-Wstyle", tree.root / path], capture_output=True,
                          text=True, check=False)
    found = [(int(number), what) for number, what in map(re.Match.groups, filter(
        None, map(FINDING.match, (said.stdout + said.stderr).splitlines())))]
    if said.returncode and not found:
        found = [(0, said.stdout + said.stderr)]
    return [(path, number, what) for number, what in found]


def check(tree):
    if not shutil.which("mandoc"):
        return [(PLACE, 0, "mandoc is missing; ./castellan setup installs it")]
    findings = [finding for template in make.templates(tree.root)
                for finding in check_current(tree, template)]
    for path in tree.files("", under=(PLACE,)):
        if PAGE.fullmatch(path):
            findings += check_format(tree, path)
    return findings


HEAD = ".Dd November 30, 2026\n.Dt A 1\n.Os\n.Sh NAME\n.Nm a\n.Nd something\n.Sh DESCRIPTION\n"
MADE = '.\\" Made by docs/man/make.py of a.1.in: change that, or what it is made from.\n' + HEAD
GOOD = {
    "castellan": "usage() {\n\tcat <<'END'\nusage: x\n\n  help [VERB]  this text\n\nWhat `x` says.\n\n"
                 "exit code: 0 done, 1 not. `x` ends.\nEND\n}\n",
    PLACE + "a.1.in": HEAD + "@castellan@\n@notes@\n",
    PLACE + "a.1": MADE + '.Bl -tag -width Ds\n.It Sy "help [VERB]"\nthis text\n.El\n.Pp\nWhat\n'
                          '.Ql "x"\nsays.\n',
}
BAD = [
    (PLACE + "a.1", HEAD, 0),
    (PLACE + "a.1", GOOD[PLACE + "a.1"].replace("this text", "that text"), 0),
    (PLACE + "a.1.in", HEAD + "@nothing@\n", 0),
    (PLACE + "b.1.in", HEAD, 0),
    (PLACE + "b.1", HEAD + ".Bl -tag -width Ds\n.It a\nb\n", 8),
    (PLACE + "b.1", HEAD + "A sentence. Another one.\n", 8),
]
