# SPDX-License-Identifier: BSD-2-Clause
"""Where user.txt has to plant at least one bug: each public function of libcap, each row of the
lifecycle's tables, each field of a manifest that is enforced, each handler and its row, and each
source file."""
import collections
import pathlib
import re

import host_tests

ROOT = host_tests.ROOT
HEADERS = "libs/libcap/include/cap"
LIFECYCLE = "servers/drvmgr/core/lifecycle.c"
FIELDS = "servers/drvmgr/claims/fields.c"
SERVICE = "servers/drvmgr/doors/service.c"
SESSION = "libs/libcap/driver/session.c"
DRIVERS = ("drivers/serial/main.c", "drivers/vga/main.c", "drivers/ps2/main.c")

SOURCES = ("libs/libcap/*/*.c", "servers/*/*.c", "servers/drvmgr/*/*.c", "drivers/*/*.c",
           "drivers/*/*/*.c")
# What must be found to be looked for.
FEWEST = {"function": 180, "row": 85, "field": 55, "handler": 40, "source": 100}

# What needs none, and why.
EXCEPTIONS = {
    "function message_buffer": "a constant of abi/; the host's tests put their own in its place",
    "function steps_clock": "an instruction that only the machine has",
    "function steps_note": "a page that only the machine has; who calls it has bugs",
    "function steps_note_at": "a page that only the machine has; who calls it has bugs",
    "function sys_enter": "one call, which only programs of tests make",
    "source libs/libcap/gate/steps.c": "a page and an instruction that only the machine has",
    "source servers/console/cmdline.c": "glue between two that have bugs",
    "source servers/console/desktop.c": "glue that only the emulator runs; desk.c decides",
    "source servers/console/display.c": "glue that only the emulator runs; layout.c decides",
    "source servers/console/look.c": "glue that only the emulator runs; view.c tells",
    "source servers/console/main.c": "glue that only the emulator runs",
    "source servers/drvmgr/claims/tokens.c": "compiles the code of others",
    "source servers/drvmgr/hands/idle.c": "glue that only the emulator runs",
    "source servers/drvmgr/hands/memory.c": "glue that only the emulator runs",
    "source servers/drvmgr/kept/ledger_store.c": "one instruction",
    "source servers/init/report.c": "speaks only when the manager does not",
}
# Not of the machine, or with rules of their own.
LEFT_OUT = ("servers/drvmgr/host/",)

Function = collections.namedtuple("Function", "name path first last")  # lines, from 1 on


def functions(path):
    """Those that a source or header defines, as clang-format leaves them."""
    found, lines = [], (ROOT / path).read_text().splitlines()
    for number, line in enumerate(lines):
        if line != "{":
            continue
        first = number
        while first and lines[first - 1] and not lines[first - 1].endswith((";", "}", "*/", "\\")) \
                and not lines[first - 1].startswith("#"):
            first -= 1
        head = re.sub(r"__attribute__\(\(.*?\)\)", "", " ".join(lines[first:number]))
        name = re.search(r"(\w+)\)?\((?!\w+\)\()", head)
        last = lines.index("}", number)
        if name:
            found.append(Function(name.group(1), path, first + 1, last + 1))
    return found


def declared():
    """{public function of libcap: its header}"""
    names = {}
    for header in sorted((ROOT / HEADERS).glob("*.h")):
        text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.DOTALL)
        text = re.sub(r"^[ \t]*#(.*\\\n)*.*$", "", text, flags=re.MULTILINE)
        text = re.sub(r"__attribute__\(\(.*?\)\)", "", text)
        for name in re.findall(r"^(?!typedef|\s)[\w *]*?(\w+)\([^;{]*[;{]", text, re.MULTILINE):
            if not name.isupper():  # a list that a macro expands
                names[name] = header.relative_to(ROOT).as_posix()
    return names


def sources():
    return sorted(path for pattern in SOURCES
                  for path in (found.relative_to(ROOT).as_posix() for found in ROOT.glob(pattern))
                  if not path.startswith(LEFT_OUT))


def changed(mutant, text):
    """The first and last line that it changes."""
    place, old, new = text.find(mutant.old), mutant.old, mutant.new
    end = place + len(old)
    while old and new and old[0] == new[0]:
        old, new, place = old[1:], new[1:], place + 1
    while old and new and old[-1] == new[-1]:
        old, new, end = old[:-1], new[:-1], end - 1
    while end > place + 1 and text[end - 1] == "\n":
        end -= 1
    while place < end - 1 and text[place] in "\n \t":
        place += 1
    return text.count("\n", 0, place) + 1, text.count("\n", 0, max(place, end - 1)) + 1


def hits(mutants):
    """{path: the (first, last) of each bug there}"""
    found = collections.defaultdict(list)
    for mutant in mutants:
        if mutant.listed == "user.txt" and (ROOT / mutant.path).is_file():
            found[mutant.path].append(changed(mutant, (ROOT / mutant.path).read_text()))
    return found


def is_hit(found, path, first, last):
    return any(begin <= last and end >= first for begin, end in found[path])


def rows(path, pattern):
    """(words of the pattern, first line, last) of each match in a file."""
    text = (ROOT / path).read_text()
    for match in re.finditer(pattern, text, re.MULTILINE | re.DOTALL):
        yield (" ".join(filter(None, match.groups())), text.count("\n", 0, match.start()) + 1,
               text.count("\n", 0, match.end()) + 1)


def table(path, begin):
    """The names in braces behind `begin`."""
    text = (ROOT / path).read_text()
    text = text[text.index(begin):]
    return re.findall(r"\b[a-z]\w+\b", text[text.index("{"):text.index("};")])


def fields():
    """(schema and field, first line, last) of each row of the tables, but those for later."""
    lines, schema = (ROOT / FIELDS).read_text().splitlines(), None
    for number, line in enumerate(lines, 1):
        begin = re.match(r"static const field_t (\w+)_fields|const field_t (\w+)", line)
        schema = begin.group(1) or begin.group(2) if begin else schema
        name = re.match(r"\t(?:\{|LIMIT\()\"([$\w]+)\", ", line)
        if name and schema and "FIELD_ANYTHING" not in line:
            last = number
            while not re.match(r"\t[{L}]|\};", lines[last]):
                last += 1
            yield f"{schema}.{name.group(1)}", number, last


def wanted():
    """(what, path, first line, last) of all that needs a bug."""
    public = declared()
    for path in [*sorted(set(public.values())), *sources()]:
        for function in functions(path) if path.startswith("libs/") else ():
            if public.pop(function.name, None):
                yield (f"function {function.name}", *function[1:])
    for name, header in public.items():
        yield f"function {name}, which nobody defines", header, 0, 0
    for what, first, last in rows(LIFECYCLE, r"\{(STATE_\w+), (EVENT_\w+), STATE_\w+\},"):
        yield f"row {what}", LIFECYCLE, first, last
    for what, first, last in rows(LIFECYCLE, r"\t\[(STATE_\w+)\] += \{"):
        yield f"row {what} of what it holds", LIFECYCLE, first, last
    for what, first, last in fields():
        yield f"field {what}", FIELDS, first, last
    for what, first, last in rows(SERVICE, r"\{(MANAGER_\w+), +ASKER_\w+, +\w+, +\w+\},"):
        yield f"row {what}", SERVICE, first, last
    doors = [function for name in ("service", "upload", "verbs")
             for function in functions(f"servers/drvmgr/doors/{name}.c")]
    handlers = {name: doors for name in table(SERVICE, "static const handler_t handlers[]")}
    handlers |= {name: functions(SESSION) for name in table(SESSION, "message_t *answer) = {")}
    for path in DRIVERS:
        handlers |= {name: functions(path) for name in table(path, "driver_ops_t ops = {")}
    for name, defined in handlers.items():
        for function in defined:
            if function.name == name:
                yield (f"handler {name}", *function[1:])
    for path in sources():
        yield f"source {path}", path, 1, len((ROOT / path).read_text())


def check(mutants):
    """What has no bug, one line each."""
    found, wrong, excused, counts = hits(mutants), [], set(), collections.Counter()
    for what, path, first, last in wanted():
        counts[what.split()[0]] += 1
        if is_hit(found, path, first, last):
            continue
        if what in EXCEPTIONS:
            excused.add(what)
        else:
            wrong.append(f"{path}:{first}: user.txt plants no bug in {what}")
    wrong += [f"complete.py: {what} is no exception any more"
              for what in EXCEPTIONS if what not in excused]
    return wrong + [f"complete.py: found only {counts[kind]} of: {kind}"
                    for kind, fewest in FEWEST.items() if counts[kind] < fewest]
