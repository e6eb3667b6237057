# SPDX-License-Identifier: BSD-2-Clause
"""The documentation says what is there. Every system call has a page and every page a call,
with the call's number and arguments; errors that a page names exist; links resolve; paths of
the tree that are named exist, also in the help of ./castellan; no merge is left half done;
examples in C compile; what is quoted stands in the file; each sentence of the design has its
tests; commands hold what doc_commands.py says."""
import fnmatch
import json
import posixpath
import re
import subprocess
import textwrap

from doc_commands import check_commands
from markdown import TOP, blocks, prose

PAGES = "docs/syscalls/"
TABLE = "abi/syscalls.h"
ERRORS = "abi/driver_errno.h"
DESIGN = "docs/design-table.md"
# What is shown, and out of which files.
QUOTES = {"docs/port-an-old-driver.md": "docs/recipes/old-driver/",
          "docs/lossless.md": "docs/recipes/lossless/"}
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
ERROR = re.compile(r"\bDRV_E[A-Z]+\b")
CONFLICT = re.compile(r"(<{7}|>{7}|\|{7}|={7})( |$)")
ROW = re.compile(r'X\((\d+), ([A-Z0-9_]+), \w+,\s+"([^"]*)"')
ARGUMENT = re.compile(r"\| (?:ebx|esi|edi|ebp) \| `(\w+)` \|")
INDEX_ROW = re.compile(r"\| \[([A-Z0-9_]+)\]\(\1\.md\) \| (\d+) \| ([^|]*) \|")
NUMBER = re.compile(r"^Number (\d+)\.", re.MULTILINE)
HEADINGS = ("## Arguments", "## Rights", "## Result", "## Errors", "## Example")
PLACEHOLDER = re.compile(r"[*<>{}…]|[A-Z]{4,}")  # NAME.drv.json, test_*.py and the like
COMPILE = ["gcc", "-m32", "-std=c11", "-ffreestanding", "-fsyntax-only", "-nostdinc", "-Wall",
           "-Wextra", "-Werror", "-x", "c"]
INCLUDES = '#include <stdbool.h>\n#include "abi/protocol/driver.h"\n#include "cap/syscall.h"\n'


def system_calls(tree):
    """{name: (number, arguments)} of the table."""
    text = tree.text(TABLE).replace("\\\n", " ")
    return {name: (int(number), [word.strip() for word in words.split(",") if word.strip()])
            for number, name, words in ROW.findall(text)}


# --- pages of system calls ---

def check_pages(tree):
    calls = system_calls(tree)
    pages = {posixpath.basename(path)[:-3]: path for path in tree.files(".md", under=(PAGES,))
             if not path.endswith("/README.md")}
    findings = [(TABLE, 0, f"SYS_{name} has no page {PAGES}{name}.md")
                for name in calls if name not in pages]
    for name, path in pages.items():
        if name not in calls:
            findings.append((path, 0, f"there is no system call SYS_{name}"))
        else:
            findings += check_page(tree, path, name, *calls[name])
    return findings


def check_page(tree, path, name, number, arguments):
    text = tree.text(path)
    findings = []
    if not text.startswith(f"# SYS_{name}\n"):
        findings.append((path, 1, f"the title is not SYS_{name}"))
    if NUMBER.findall(text) != [str(number)]:
        findings.append((path, 3, f"the number of SYS_{name} is {number}"))
    if ARGUMENT.findall(text) != arguments:
        findings.append((path, 0, f"the arguments of SYS_{name} are {arguments}"))
    findings += [(path, 0, f"no section {heading[3:]}") for heading in HEADINGS
                 if f"\n{heading}\n" not in text]
    return findings


def check_index(tree):
    """The list of the pages: every call once, with its number and arguments."""
    index = PAGES + "README.md"
    if index not in tree.paths:
        return [(index, 0, "there is no list of the pages")]
    calls, findings, listed = system_calls(tree), [], []
    for line_number, line in tree.lines(index):
        row = INDEX_ROW.match(line)
        if not row:
            continue
        name, number, arguments = row.groups()
        listed.append(name)
        if calls.get(name) != (int(number), [word for word in arguments.split(", ") if word]):
            findings.append((index, line_number, f"SYS_{name} is {calls.get(name)}"))
    return findings + [(index, 0, f"SYS_{name} is there {listed.count(name)} times")
                       for name in calls if listed.count(name) != 1]


def check_error_names(tree):
    known = set(re.findall(r"X\((DRV_E[A-Z]+),", tree.text(ERRORS)))
    return [(path, number, f"{name} is not in {ERRORS}")
            for path in tree.files(".md") for number, line in tree.lines(path)
            for name in sorted(set(ERROR.findall(line)) - known - {"DRV_ERROR"})]


# --- links and paths ---

def check_help(tree):
    """Paths of the tree that the castellan script's help names exist."""
    findings, inside = [], False
    for number, line in tree.lines("castellan"):
        if re.search(r"<<'END'$", line) or line == "END":
            inside = not inside
        elif inside:
            wrong = [check_path(tree, "castellan", word.strip(".,;:()`")) for word in line.split()]
            findings += [("castellan", number, message) for message in wrong if message]
    return findings


def anchors(tree, path):
    """The anchors that a page's headings make."""
    return {re.sub(r"[^\w\- ]", "", line.lstrip("#").strip().lower()).replace(" ", "-")
            for _, line in prose(tree, path) if line.startswith("#")}


def check_link(tree, path, target):
    """What is wrong with a link, or None."""
    if re.match(r"[a-z]+:", target):
        return None
    name, _, anchor = target.partition("#")
    where = posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) if name else path
    if where not in tree.paths and not (tree.root / where).is_dir():
        return f"the link {target} leads nowhere"
    if anchor and where.endswith(".md") and anchor not in anchors(tree, where):
        return f"the link {target} leads to no heading"
    return None


def check_path(tree, path, words):
    """What is wrong with a path of the tree in backticks, or None."""
    if not words.startswith(TOP) or PLACEHOLDER.search(words) or " " in words:
        return None
    name = words.rstrip("/")
    if name in tree.paths or any(other.startswith(name + "/") for other in tree.paths):
        return None
    return f"there is no {words}"


def check_references(tree):
    findings = []
    for path in tree.files(".md"):
        for number, line in prose(tree, path):
            wrong = [check_link(tree, path, target) for target in LINK.findall(line)]
            wrong += [check_path(tree, path, words) for words in CODE.findall(line)]
            findings += [(path, number, message) for message in wrong if message]
    return findings


def check_conflicts(tree):
    """No page has what a merge leaves where it could not decide."""
    return [(path, number, "a merge was not finished here")
            for path in tree.files(".md") for number, line in tree.lines(path)
            if CONFLICT.match(line)]


# --- examples ---

def check_examples(tree):
    """Every block of C on the pages compiles; the first on a page is the declaration."""
    source = INCLUDES
    for path in tree.files(".md", under=(PAGES,)):
        for line, text in blocks(tree, path, "c"):
            source += f'#line {line} "{path}"\n{text}'
    system = subprocess.run(["gcc", "-print-file-name=include"], capture_output=True, text=True,
                            check=True).stdout.strip()
    result = subprocess.run(
        COMPILE + ["-isystem", system, f"-I{tree.root}", f"-I{tree.root}/libs/libcap/include",
                   "-"], cwd=tree.root, input=source, capture_output=True, text=True,
        check=False)
    findings = [(path, int(line), f"the example does not compile: {message}")
                for path, line, message in re.findall(
                    r"^([^\s:]+):(\d+):\d+: (?:fatal )?error: (.*)$", result.stderr,
                    re.MULTILINE)]
    if result.returncode and not findings:
        findings = [(PAGES, 0, f"the examples do not compile: {result.stderr}")]
    return findings


def check_quotes(tree):
    """What a page shows of C and JSON stands in a file that is built and tested."""
    findings = []
    for page_path, directory in QUOTES.items():
        sources = [tree.text(path) for path in tree.paths if path.startswith(directory)]
        shown = [block for language in ("c", "json") if page_path in tree.paths
                 for block in blocks(tree, page_path, language)]
        findings += [(page_path, line, f"this stands nowhere in {directory}")
                     for line, text in shown
                     if not any(textwrap.dedent(text) in source for source in sources)]
    return findings


TEST = re.compile(r"`(qemu|unit|lint)\.(?:test_)?(\w+)`")
TEST_PLACES = {"qemu": ("test/qemu/test_{}.py",), "lint": ("test/lint/check_{}.py",),
               "unit": ("test/unit/*/test_{}.c", "test/host-abi/test_{}.c")}


def check_design(tree):
    """Each row of the table names tests, all of which there are."""
    findings = []
    for number, line in tree.lines(DESIGN) if DESIGN in tree.paths else []:
        if not line.startswith("|") or line.startswith(("|---", "| designed |", "| the old system |")):
            continue
        named = TEST.findall(line.rsplit("|", 2)[1])
        findings += [(DESIGN, number, f"there is no test {kind}.{name}") for kind, name in named
                     if not any(fnmatch.filter(tree.paths, place.format(name))
                                for place in TEST_PLACES[kind])]
        if not named:
            findings.append((DESIGN, number, "no test holds this"))
    return findings


def check(tree):
    return (check_pages(tree) + check_index(tree) + check_error_names(tree) + check_references(tree)
            + check_conflicts(tree) + check_help(tree) + check_examples(tree)
            + check_quotes(tree) + check_design(tree) + check_commands(tree))


def page(name, number, rows="", example="", error="DRV_EPERM"):
    return (f"# SYS_{name}\n\nNumber {number}. Text.\n\n## Arguments\n\n{rows}\n\n## Rights\n\n"
            f"## Result\n\n## Errors\n\n`{error}`\n\n## Example\n\n```c\n{example}\n```\n")


PRESET_FILE = json.dumps({f"{kind}Presets": [{"name": "debug"}]
                          for kind in ("configure", "build", "test", "workflow")})
GOOD = {
    TABLE: '#define S(X) \\\n\tX(0, NULL, null, "", "") \\\n\tX(1, ONE, one, \\\n\t  "a, b", "")\n',
    ERRORS: '#define E(X) X(DRV_EPERM, -2, "")\n',
    "abi/protocol/driver.h": "typedef int err_t;\n",
    "libs/libcap/include/cap/syscall.h": "",
    PAGES + "README.md": "| [NULL](NULL.md) | 0 |  |  |\n| [ONE](ONE.md) | 1 | a, b |  |\n",
    PAGES + "NULL.md": page("NULL", 0),
    PAGES + "ONE.md": page("ONE", 1, "| ebx | `a` | x |\n| esi | `b` | y |",
                           "err_t f(void);\nerr_t f(void)\n{\n\treturn 0;\n}"),
    "docs/port-an-old-driver.md": "# Port\n\n1. x\n\n   ```c\n   a;\n   \tb;\n   ```\n",
    "docs/recipes/old-driver/a.c": "x;\na;\n\tb;\ny;\n",
    DESIGN: "| designed | tests |\n|---|---|\n| x | `qemu.a` `unit.test_b` `lint.c` |\n",
    "test/qemu/test_a.py": "", "test/unit/kernel/test_b.c": "", "test/lint/check_c.py": "",
    "castellan": "usage() {\n\tcat <<'END'\n  help  this text; abi/protocol/driver.h.\n  build [PRESET]\n"
                 "END\n}\n# docs/none.md\n",
    "CMakePresets.json": PRESET_FILE,
    "test/CMakeLists.txt": "# licence\n# Labels: unit (host).\nadd_custom_target(shot)\n",
    "README.md": "# Top\n\nSee [one](docs/syscalls/ONE.md#rights), `abi/protocol/driver.h`, `abi/`, "
                 "`test/lint/check_NAME.py`.\n\n```sh\ncmake --preset debug # why\n"
                 "cmake --build --preset debug --target shot\n./castellan build debug\n"
                 "ctest --preset debug -L unit\n```\n",
}
BAD = [
    (PAGES + "README.md", "| [NULL](NULL.md) | 0 |  |  |\n", 0),
    (PAGES + "README.md", "| [NULL](NULL.md) | 0 |  |  |\n| [ONE](ONE.md) | 2 | a, b |  |\n", 2),
    (PAGES + "README.md", "| [NULL](NULL.md) | 0 | a |  |\n| [ONE](ONE.md) | 1 | a, b |  |\n", 1),
    (PAGES + "TWO.md", page("TWO", 2), 0),
    (PAGES + "NULL.md", page("NULL", 7), 3),
    (PAGES + "NULL.md", page("NULL", 0, "| ebx | `a` | x |"), 0),
    (PAGES + "NULL.md", page("NULL", 0).replace("## Rights", ""), 0),
    (PAGES + "NULL.md", page("NULL", 0, error="DRV_ENOTHING"), 15),
    (PAGES + "NULL.md", page("NULL", 0, example="extern int x = y;"), 20),
    ("docs/port-an-old-driver.md", "x\n```c\na;\nb;\n```\n", 3),
    (DESIGN, "| designed | tests |\n| x | `qemu.a` `unit.test_a` |\n", 2),
    (DESIGN, "| `qemu.a` | none |\n", 1),
    ("docs/port-an-old-driver.md", "x\n```json\na;\n\tc;\n```\n", 3),
    ("docs/a.md", "text\n[a](b.md)\n", 2),
    ("docs/a.md", "[a](syscalls/ONE.md#nothing)\n", 1),
    ("docs/a.md", "`abi/nothing.h`\n", 1),
    ("docs/a.md", "a\n<<<<<<< HEAD\n", 2),
    ("docs/a.md", "a\n=======\n", 2),
    ("docs/a.md", "a\n>>>>>>> other\n", 2),
    ("castellan", "cat <<'END'\n  help  this text\n  build [PRESET]; docs/none.md\nEND\n", 3),
    ("CONTRIBUTING.md", "```sh\n./castellan dance\n```\n", 2),
    ("CONTRIBUTING.md", "```sh\n./castellan build fast\n```\n", 2),
    ("CONTRIBUTING.md", "```sh\ncmake --preset fast\n```\n", 2),
    ("CONTRIBUTING.md", "```sh\ncmake --build --preset debug --target none\n```\n", 2),
    ("CONTRIBUTING.md", "```sh\nctest --preset debug -L none\n```\n", 2),
    ("CONTRIBUTING.md", "```sh\nctest --preset fast\n```\n", 2),
    ("CONTRIBUTING.md", "```sh\nmake world\n```\n", 2),
    ("CONTRIBUTING.md", "```sh\npython3 test/none.py\n```\n", 2),
    ("CONTRIBUTING.md", "```sh\nqemu-system-i386 -kernel castellan.elf\n```\n", 2),
]
