# SPDX-License-Identifier: BSD-2-Clause
"""What abi/ says has a version. test/lint/abi.digests has a line for each, newest last:
`kernel 2.0 driver 1 DIGEST`. The digest is of the text of abi/, without comments and layout; when
it changes, one of the versions is raised, and CHANGELOG.md says so. `lint.py abi --update` writes
the line: a new one for a new version, or the last one anew while CHANGELOG.md has its version
under "Unreleased"."""
import hashlib
import re

LEDGER = "test/lint/abi.digests"
KERNEL, DRIVER, CHANGES = "abi/types.h", "abi/protocol/driver.h", "CHANGELOG.md"
UPDATE = "python3 test/lint/lint.py abi --update"
LINE = re.compile(r"kernel (\d+)\.(\d+) driver (\d+) ([0-9a-f]{64})")
KERNEL_VERSION = re.compile(r"#define\s+ABI_VERSION\s+0x([0-9a-f]{4})([0-9a-f]{4})u")
DRIVER_VERSION = re.compile(r"#define\s+DRIVER_ABI_MAX\s+(\d+)u")
STRING_OR_COMMENT = re.compile(r'("(?:\\.|[^"\\])*")|/\*.*?\*/|//[^\n]*', re.DOTALL)


def digest(texts):
    """Of {path: text}: comments, blanks and line ends do not count."""
    total = hashlib.sha256()
    for path in sorted(texts):
        code = STRING_OR_COMMENT.sub(lambda found: found.group(1) or " ", texts[path])
        total.update(f"{path}\n{' '.join(code.replace(chr(92) + chr(10), ' ').split())}\n".encode())
    return total.hexdigest()


def find(tree, path, pattern):
    """(line, numbers) of the version that a header defines; (0, None): none."""
    for number, line in tree.lines(path) if path in tree.paths else []:
        found = pattern.match(line)
        if found:
            return number, found.groups()
    return 0, None


def read(tree):
    """({path: (line, version)}, digest) of the tree; a version is None where none is said."""
    kernel_line, kernel = find(tree, KERNEL, KERNEL_VERSION)
    driver_line, driver = find(tree, DRIVER, DRIVER_VERSION)
    versions = {KERNEL: (kernel_line, kernel and tuple(int(part, 16) for part in kernel)),
                DRIVER: (driver_line, driver and (int(driver[0]),))}
    return versions, digest({path: tree.text(path)
                             for path in tree.files(".h", ".json", under=("abi/",))})


def ledger(tree):
    """(findings, [({path: version}, digest)]): what is wrong with the file, and its lines."""
    findings, lines = [], []
    for number, line in tree.lines(LEDGER) if LEDGER in tree.paths else []:
        found = LINE.fullmatch(line)
        if not found:
            findings.append((LEDGER, number, "not `kernel X.Y driver Z DIGEST`"))
            continue
        major, minor, driver = (int(part) for part in found.groups()[:3])
        versions = {KERNEL: (major, minor), DRIVER: (driver,)}
        if lines and not is_newer(versions, lines[-1][0]):
            findings.append((LEDGER, number, "no newer version than the line above"))
        lines.append((versions, found.group(4)))
    if not lines and not findings:
        findings.append((LEDGER, 0, f"has no line: {UPDATE}"))
    return findings, lines


def is_newer(versions, old):
    return versions != old and all(versions[path] >= old[path] for path in versions)


def named(versions):
    return f"kernel ABI {'.'.join(map(str, versions[KERNEL]))}", f"driver ABI {versions[DRIVER][0]}"


def check_changes(tree, versions):
    text = tree.text(CHANGES) if CHANGES in tree.paths else ""
    return [(CHANGES, 0, f"does not say what is in {name}") for name in named(versions)
            if not re.search(re.escape(name) + r"(?![\d.]\d|\d)", text, re.IGNORECASE)]


def check(tree):
    said, now = read(tree)
    findings = [(path, 0, "says no version") for path, (_, version) in said.items()
                if version is None]
    if findings:
        return findings
    findings, lines = ledger(tree)
    if findings:
        return findings
    versions = {path: version for path, (_, version) in said.items()}
    old, before = lines[-1]
    if versions == old:
        findings = check_changes(tree, versions)
    if versions == old and now != before:
        findings.append((KERNEL, said[KERNEL][0],
                         f"abi/ is not what {' and '.join(named(old))} were: raise ABI_VERSION "
                         f"(by a major one if a program that was built with it would "
                         f"misunderstand) or DRIVER_ABI_MAX, say in {CHANGES} what changed, and "
                         f"run {UPDATE}; while that version is not released, the command is "
                         "enough"))
    for path in versions:
        if versions[path] < old[path]:
            findings.append((path, said[path][0], f"the version was higher in {LEDGER}"))
        elif versions[path] > old[path]:
            findings.append((path, said[path][0], f"a new version: say in {CHANGES} what changed, "
                                                  f"and run {UPDATE}"))
    return findings


def is_unreleased(tree, versions):
    """Does the changelog name the version in its first section, which is "Unreleased", alone?"""
    sections = re.split(r"^## ", tree.text(CHANGES), flags=re.MULTILINE)[1:]
    name = named(versions)[0].lower()
    return (bool(sections) and sections[0].startswith("Unreleased")
            and name in sections[0].lower()
            and not any(name in section.lower() for section in sections[1:]))


def update(tree):
    """Writes the line of the versions that abi/ says now; what is in the way, or None."""
    said, now = read(tree)
    versions = {path: version for path, (_, version) in said.items()}
    _, lines = ledger(tree)
    if None in versions.values():
        return "abi/ says no version"
    if lines and versions == lines[-1][0]:
        if now != lines[-1][1] and not is_unreleased(tree, versions):
            return (f"{' and '.join(named(versions))} are released: raise ABI_VERSION or "
                    "DRIVER_ABI_MAX first")
        lines.pop()
    elif lines and not is_newer(versions, lines[-1][0]):
        return "the versions of abi/ are not newer than the last line's"
    text = "".join(f"kernel {'.'.join(map(str, old[KERNEL]))} driver {old[DRIVER][0]} {of}\n"
                   for old, of in lines + [(versions, now)])
    (tree.root / LEDGER).write_text(text, encoding="utf-8")
    return None


TYPES = "/* a */\n#define ABI_VERSION 0x00020001u\ntypedef int a_t;\n"
ABI = {KERNEL: TYPES, DRIVER: "#define DRIVER_ABI_MAX 1u\n", "abi/a.json": '{"a": "// b"}\n'}
SAID = f"kernel 1.0 driver 1 {'0' * 64}\nkernel 2.1 driver 1 "
GOOD = {**ABI, LEDGER: f"{SAID}{digest(ABI)}\n",
        CHANGES: "## Unreleased\n\nKernel ABI 2.1, driver ABI 1.\n"}
# The same without comments and with another layout is the same.
GOOD[KERNEL] = "#define ABI_VERSION 0x00020001u /* b */\n\ntypedef  int\n\ta_t;\n"
BAD = [
    (KERNEL, TYPES.replace("int", "long"), 2),
    (KERNEL, TYPES.replace("20001", "20002"), 2),
    (KERNEL, TYPES.replace("20001", "20000"), 2),
    (KERNEL, "typedef int a_t;\n", 0),
    (DRIVER, "\n#define DRIVER_ABI_MAX 2u\n", 2),
    (LEDGER, f"{SAID}none\n", 2),
    (LEDGER, "", 0),
    (LEDGER, f"kernel 2.1 driver 1 {'0' * 64}\nkernel 2.1 driver 1 {digest(ABI)}\n", 2),
    (CHANGES, "## Unreleased\n\nKernel ABI 2.11, driver ABI 1.\n", 0),
]
