# SPDX-License-Identifier: BSD-2-Clause
"""The messages that docs/troubleshooting.md explains are messages of the sources: the first cell of each
row of its tables stands, but for what differs from time to time, in a string of a program."""
import re

PAGE = "docs/troubleshooting.md"
ROW = re.compile(r"\| `(.+?)` \| (.*) \|$")
SUFFIXES = (".c", ".h", ".S", ".py")
OTHERS = ("test/", "docs/")  # what says nothing to whoever uses the system
# Strings that stand behind each other, a name of a macro or the end of a line between them.
STRINGS = re.compile(r'(?:"(?:[^"\\\n]|\\.)*"(?:\s|\\\n|\b[A-Z][A-Z_0-9]*\b|\bf(?="))*)+')
PART = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\b[A-Z][A-Z_0-9]*\b')
# What a program puts in: of C, of Python, of the shell.
DIFFERS = re.compile(r"%[-0-9.*]*(?:ll?)?[a-zA-Z]|\{[^{}]*\}|\$\{[^}]*\}|\$[a-zA-Z_]\w*")
GAP = "…"
LETTERS = 8  # a message has at least so many that do not differ


def plain(text):
    """A string with one sign for each thing that differs."""
    text = text.replace('\\"', '"').replace("\\n", "").replace("%%", "%")
    return re.sub(f"{GAP}+", GAP, DIFFERS.sub(GAP, text))


def messages(text):
    """All strings of a source, each with those that it is written together with."""
    for run in STRINGS.finditer(text):
        yield plain("".join(GAP if part.group(1) is None else part.group(1)
                            for part in PART.finditer(run.group(0))))


def check(tree):
    if PAGE not in tree.paths:
        return []
    sources = [path for path in tree.files(*SUFFIXES) + ["castellan"]
               if path in tree.paths and not path.startswith(OTHERS)]
    said = "\n".join(message for path in sources for message in messages(tree.text(path)))
    findings = []
    for number, line in tree.lines(PAGE):
        if not line.startswith("|") or line in ("| message | what to do |", "|---|---|"):
            continue
        row = ROW.match(line)
        if not row or not row.group(2):
            findings.append((PAGE, number, "a row is a message in backticks and what to do"))
        elif len(row.group(1).replace(GAP, "")) < LETTERS:
            findings.append((PAGE, number, "all of the message differs"))
        elif row.group(1) not in said:
            findings.append((PAGE, number, f"no program says {row.group(1)}"))
    return findings


TABLE = "| message | what to do |\n|---|---|\n"
GOOD = {
    "a.c": 'f("%s took longer "\n  "than " LIMIT " of %u ms", a);\n',
    "b.py": 'say(f"there is no {name}: "\n    f"look {where()} again")\n',
    "castellan": 'die $CODE "cannot build in $where: it is ${what:-full}" \\\n\t"of things"\n',
    "test/c.c": 'f("only a test says this");\n',
    PAGE: "# T\n\n" + TABLE + "| `… took longer than … of … ms` | Wait. |\n"
          "| `there is no …: look … again` | Look. |\n"
          "| `cannot build in …: it is …of things` | Go. |\n",
}
BAD = [
    (PAGE, TABLE + "| `… took shorter than … of … ms` | Wait. |\n", 3),
    (PAGE, TABLE + "| `only a test says this` | Do not. |\n", 3),
    (PAGE, TABLE + "| `there is no …: look … again` |  |\n", 3),
    (PAGE, TABLE + "| `… ms` | Wait. |\n", 3),
    (PAGE, TABLE + "| there is no | Look. |\n", 3),
]
