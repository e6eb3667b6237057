# SPDX-License-Identifier: BSD-2-Clause
"""usage: make.py DRVCTL

Writes the manual pages beside this file from NAME.SECTION.in: mdoc, in which a line @WHAT@ stands for
what the tree says itself. DRVCTL is the C program of a build, such as build/debug/drvctl.

  @verbs@     of the prompt: abi/protocol/operator.h, as `drvctl verbs` prints it
  @fields@    of a manifest: servers/drvmgr/claims/fields.c, as `drvctl fields` prints it
  @commands@  of the C program: `drvctl --help`
  @options@   of the front end: servers/drvmgr/host/drvctl.py
  @castellan@ what the castellan script's help lists
  @notes@     what that help says below its list
  @exits@     which exit codes that help names
  @file PATH@ a file of the tree
"""
import pathlib
import re
import subprocess
import sys
import textwrap

HERE = pathlib.Path(__file__).resolve().parent
WIDTH = 78
ENTRY = re.compile(r"^  (\S.*)$")
LIST = ".Bl -tag -width Ds"
SENTENCE = re.compile(r"(?<=[.?!:]) (?=[A-Z`])")
MARKED = re.compile(r"(\(?)(?:`([^`]+)`|(\w+)\(\))([.,;:)]*)")


def escaped(text):
    """Text as roff takes it: nothing in it is a command."""
    text = text.replace("\\", "\\e")
    return "\\&" + text if text.startswith((".", "'")) else text


def argument(text):
    """Text as one argument of a macro, none of whose words are macros."""
    return '"' + text.replace("\\", "\\e").replace('"', '""') + '"'


def marked(match):
    """A word in backticks, or NAME(), as a line of its own with the signs before and behind it."""
    before, text, function, behind = match.groups()
    words = [f".{'Fn' if function else 'Ql'}", before, argument(text or function), *behind]
    return "\n" + " ".join(word for word in words if word) + "\n"


def flowing(text):
    """Text as lines of mdoc: a sentence begins a line, words in backticks and functions are marked."""
    result = []
    for sentence in SENTENCE.split(" ".join(text.split())):
        for piece in MARKED.sub(marked, sentence).split("\n"):
            if piece.startswith((".Ql ", ".Fn ")):
                result.append(piece)
            else:
                result += [escaped(line) for line in textwrap.wrap(
                    piece.strip(), WIDTH, break_long_words=False, break_on_hyphens=False)]
    return result


def entries(text):
    """[(head, what it does)] of a help text: heads are indented by two blanks, what they do stands behind
    two more, or in lines that are indented further."""
    found = []
    for line in text.splitlines():
        entry = ENTRY.match(line)
        if entry:
            head, _, rest = entry.group(1).partition("  ")
            found.append((head, [rest.strip()]))
        elif line.startswith("   ") and found:
            found[-1][1].append(line.strip())
        elif found and line.strip():
            break
    return [(head, " ".join(lines).strip()) for head, lines in found]


def listed(rows):
    """A list of mdoc of (head, text)."""
    lines = [LIST]
    for head, text in rows:
        lines += [f".It Sy {argument(head)}", *flowing(text)]
    return lines + [".El"]


def rows(table):
    """The cells of a Markdown table, without its heading."""
    return [[cell.strip() for cell in line.strip("|").split(" | ")]
            for line in table.splitlines()[2:]]


def verbs(table):
    return [(command.strip("` "), f"{text[0].upper()}{text[1:]}") for command, text in rows(table)]


def field_text(kind, otherwise, meaning):
    when = {"": "", "required": ", required"}.get(otherwise, f", otherwise {otherwise}")
    return f"{kind[0].upper()}{kind[1:]}{when}: {meaning}."


def fields(table):
    return [(field.strip("` "), field_text(*rest)) for field, *rest in rows(table)]


def help_of(script):
    """The text of the castellan script's help."""
    return script.partition("<<'END'\n")[2].partition("\nEND\n")[0]


def notes(text):
    """Its paragraphs below the list, and what it says of exit codes."""
    below = [paragraph for paragraph in text.split("\n\n") if not paragraph.startswith("  ")][1:]
    exits = [paragraph for paragraph in below if paragraph.startswith("exit code: ")]
    return [paragraph for paragraph in below if paragraph not in exits], exits[0][len("exit code: "):]


def paragraphs(texts):
    return [line for text in texts for line in [".Pp", *flowing(text)]]


def exits(text):
    """What is told of exit codes, as a list of them and what else is said."""
    codes, _, rest = text.partition(". ")
    found = re.findall(r"(\d) ([^,]+(?:, (?!\d )[^,]+)*)", " ".join(codes.split()))
    said = listed([(code, f"{what[0].upper()}{what[1:].rstrip('.')}.") for code, what in found])
    return said + (paragraphs([rest]) if rest else [])


def shown(path):
    return [".Bd -literal -offset indent",
            *[escaped(line.expandtabs(4)) for line in path.read_text(encoding="utf-8").splitlines()], ".Ed"]


def insertion(root, ask, words):
    """What stands for a line @WORDS@, as lines."""
    what, _, rest = words.partition(" ")
    script = help_of((root / "castellan").read_text(encoding="utf-8"))
    makers = {
        "verbs": lambda: listed(verbs(ask("verbs"))),
        "fields": lambda: listed(fields(ask("fields"))),
        "commands": lambda: listed(entries(ask("--help"))),
        "options": lambda: listed(entries(
            (root / "servers/drvmgr/host/drvctl.py").read_text(encoding="utf-8").split('"""')[1])),
        "castellan": lambda: listed(entries(script)),
        "notes": lambda: paragraphs(notes(script)[0]),
        "exits": lambda: exits(notes(script)[1]),
        "file": lambda: shown(root / rest),
    }
    return makers[what]()


def templates(root):
    return sorted((root / "docs/man").glob("*.in"))


def page(root, drvctl, template):
    """The page that a template of the tree `root` makes."""
    def ask(command):
        return subprocess.run([drvctl, command], check=True, capture_output=True, text=True).stdout

    lines = [f'.\\" Made by docs/man/make.py of {template.name}: change that, or what it is made from.']
    for line in template.read_text(encoding="utf-8").splitlines():
        mark = re.fullmatch(r"@(.+)@", line)
        lines += insertion(root, ask, mark.group(1)) if mark else [line]
    return "\n".join(lines) + "\n"


def main(arguments):
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    root = HERE.parents[1]
    for template in templates(root):
        template.with_suffix("").write_text(page(root, arguments[0], template), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
