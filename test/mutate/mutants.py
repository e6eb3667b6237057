# SPDX-License-Identifier: BSD-2-Clause
"""The lists of bugs to plant: what is in one, and whether it fits the tree."""
import collections
import pathlib
import re

import complete
import host_tests
import user_tests

HERE = pathlib.Path(__file__).parent
LISTS = [HERE / name for name in ("mutants.txt", "machine.txt", "user.txt", "design.txt")]
# That a list must have.
FEWEST = {"mutants.txt": 200, "machine.txt": 60, "user.txt": 700, "design.txt": 48}
UNDER = {"mutants.txt": ("microkernel/object/", "microkernel/syscall/"),
         "machine.txt": ("microkernel/arch/", "microkernel/boot/", "abi/ports.h"),
         "user.txt": user_tests.UNDER,
         "design.txt": ("microkernel/", "abi/", *user_tests.UNDER)}
SUFFIXES = (".c", ".h", ".S", ".ld")
SCRIPTS = host_tests.ROOT / "test/qemu"

TABLE = host_tests.ROOT / "docs/design-table.md"

# `scripts`: the emulator's tests, see script_of(). `row` of the table, and its test `named`, or both "".
Mutant = collections.namedtuple("Mutant",
                                "listed name path breaks old new explained scripts row named")


def parse(listed):
    """The blocks of a list, which says itself what is in one."""
    mutants = []
    for block in listed.read_text().split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if not lines:
            continue
        name, path = lines[0].split()
        parts = {mark: [line[1:] for line in lines[1:] if line[0] == mark] for mark in ":-+!@=%"}
        if sum(map(len, parts.values())) != len(lines) - 1 or not parts["-"] or not parts[":"]:
            raise ValueError(f"{listed.name}: {name} is malformed")
        mutants.append(Mutant(listed.name, name, path, " ".join(parts[":"]).strip(),
                              "\n".join(parts["-"]), "\n".join(parts["+"]),
                              " ".join(parts["!"]).strip(), scripts_of(parts),
                              " ".join(parts["="]).strip(), " ".join(parts["%"]).strip()))
    return mutants


def scripts_of(parts):
    named = [word.removeprefix("qemu.") for word in parts["%"] if word.startswith("qemu.")]
    return " ".join(parts["@"]).split() + named


def parse_all():
    return [mutant for listed in LISTS for mutant in parse(listed)]


def script_of(word):
    """(path, machine, variant or None) of a word [MACHINE/]SCRIPT[:VARIANT]."""
    place, _, variant = word.partition(":")
    machine, _, script = place.rpartition("/")
    return SCRIPTS / f"test_{script}.py", machine or "pc", variant or None


def rows():
    """{a row of the design's table, its first cell: the tests that it names}."""
    cells = [line.split("|")[1:-1] for line in TABLE.read_text().splitlines()
             if line.startswith("| ") and "`" in line.rsplit("|", 2)[-2]]
    return {row[0].strip(): set(re.findall(r"`([\w.]+)`", row[-1])) for row in cells}


def check_design(mutants):
    """Is the test of each bug one that its row of the table names? And has each row a bug?"""
    table, broken = rows(), {mutant.row for mutant in parse_all()}
    wrong = [f"{mutant.name}: {TABLE.name} has no such row with that test" for mutant in mutants
             if mutant.listed == "design.txt" and mutant.named not in table.get(mutant.row, ())]
    return wrong + [f"{TABLE.name}: no bug of design.txt breaks: {row}" for row in table
                    if row not in broken]


def is_user(path):
    return path.startswith(user_tests.UNDER)


def suites_of(path):
    """The kernel's tests on the host that may notice a bug there, those first that most likely do."""
    if is_user(path) or path in host_tests.UNTESTED or not path.endswith((".c", ".h")):
        return ()
    if path == host_tests.ROOT_TASK:
        return (host_tests.KERNEL,)
    if path == "abi/ports.h":
        return host_tests.BOOT, host_tests.CLAIMS, host_tests.KERNEL
    path = pathlib.PurePosixPath(path)
    if path.is_relative_to("microkernel/arch/i386"):
        return (host_tests.MACHINE,)
    if path.is_relative_to("microkernel/arch"):
        return host_tests.MACHINE, host_tests.KERNEL
    if path.is_relative_to("microkernel/boot"):
        return (host_tests.BOOT,)
    if path.is_relative_to("abi"):
        return host_tests.BOOT, host_tests.KERNEL
    return (host_tests.KERNEL,)


def problem(mutant, root=host_tests.ROOT):
    """Why it does not apply, or None."""
    path = root / mutant.path
    if not mutant.path.startswith(UNDER[mutant.listed]) or path.suffix not in SUFFIXES or \
            not path.is_file():
        return "not a source of this list"
    missing = [word for word in mutant.scripts if not script_of(word)[0].is_file()]
    if missing:
        return f"there is no test {' '.join(missing)}"
    if not mutant.scripts and not mutant.named and not is_user(mutant.path) and \
            not suites_of(mutant.path):
        return "no test runs it"
    count = path.read_text().count(mutant.old)
    return None if count == 1 else f"its text occurs {count} times in {mutant.path}"


def check(mutants):
    """Do the lists fit the tree? What is wrong, one line each."""
    names = collections.Counter(mutant.name for mutant in mutants)
    wrong = [f"{name}: twice in the lists" for name, count in names.items() if count > 1]
    wrong += [f"{mutant.name}: {problem(mutant)}" for mutant in mutants if problem(mutant)]
    counts = collections.Counter(mutant.listed for mutant in mutants)
    wrong += [f"{listed}: only {counts[listed]} mutants" for listed, fewest in FEWEST.items()
              if counts[listed] < fewest]
    return wrong + check_design(mutants) + complete.check(mutants)
