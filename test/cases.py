#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes of ctest's report, which has a row for each program, one with a row for each case.

    cases.py CTEST.xml JUNIT.xml

What is a case, a program says on its output: cmocka and the emulator's harness as `[ RUN ]` and
`[ OK ]`, Python's unittest as `NAME ... ok`. Whoever says nothing is one case. It prints how many
there are, and each that was skipped with its reason.

exit code: 0 written, 1 a program that passed has told of fewer cases than it ran, 2 the report
cannot be read."""
import collections
import re
import sys
import xml.etree.ElementTree as ElementTree

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
CMOCKA = re.compile(r"^\[ +(RUN|OK|FAILED|ERROR|SKIPPED) +\] (?:\S+: )?(\w.*)$", re.MULTILINE)
CMOCKA_SUM = re.compile(r"^\[  PASSED  \] (\d+) test\(s\)", re.MULTILINE)
UNITTEST = re.compile(r"^(test_\w+) \(\S+\)(?:\n.*)? \.\.\. (?:skipped ['\"](.*)['\"]$)?", re.MULTILINE)
UNITTEST_BAD = re.compile(r"^(?:FAIL|ERROR): (test_\w+) ", re.MULTILINE)
UNITTEST_SUM = re.compile(r"^Ran (\d+) tests? in ", re.MULTILINE)
REASON = re.compile(r"^skipped: (.*)$", re.MULTILINE)

Case = collections.namedtuple("Case", "name verdict reason")


class Untold(Exception):
    """A program passed that has not told of all its cases."""


def cmocka_cases(text):
    verdicts = {}
    for kind, name in CMOCKA.findall(text):
        if kind == "RUN":
            verdicts.setdefault(name, FAILED)  # one that is not heard of again has ended the program
        elif kind == "OK":
            verdicts[name] = PASSED
        elif not name[0].isdigit():  # "2 test(s), listed below"
            verdicts[name] = SKIPPED if kind == "SKIPPED" else FAILED
    return [Case(name, verdict, "") for name, verdict in verdicts.items()]


def unittest_cases(text):
    bad = set(UNITTEST_BAD.findall(text))
    return [Case(name, FAILED if name in bad else SKIPPED if reason else PASSED, reason)
            for name, reason in UNITTEST.findall(text)]


def find_cases(name, verdict, text):
    """The cases of one program. Raises Untold."""
    cases = cmocka_cases(text) + unittest_cases(text)
    sums = [int(count) for pattern in (CMOCKA_SUM, UNITTEST_SUM) for count in pattern.findall(text)]
    if verdict == PASSED and sums and sum(sums) > len(cases):
        raise Untold(f"{name} ran {sum(sums)} cases and told of {len(cases)}")
    if verdict == FAILED and not any(case.verdict == FAILED for case in cases):
        cases.append(Case("all", FAILED, ""))
    reason = REASON.findall(text)[-1:] if verdict == SKIPPED else []
    return cases if cases and not reason else [Case("all", verdict, " ".join(reason))]


def verdict_of(row):
    if row.find("failure") is not None or row.get("status") == "fail":
        return FAILED
    return PASSED if row.get("status") == "run" else SKIPPED


def expand(report):
    """(the report with a row for each case, all rows as (program, case)). Raises Untold."""
    written, found = ElementTree.Element("testsuites"), []
    for row in report.iter("testcase"):
        name, text = row.get("name"), row.findtext("system-out") or ""
        cases = find_cases(name, verdict_of(row), text)
        found += [(name, case) for case in cases]
        count = collections.Counter(case.verdict for case in cases)
        suite = ElementTree.SubElement(
            written, "testsuite", name=name, time=row.get("time", "0"), tests=str(len(cases)),
            failures=str(count[FAILED]), skipped=str(count[SKIPPED]))
        for case in cases:
            made = ElementTree.SubElement(suite, "testcase", classname=name, name=case.name)
            if case.verdict != PASSED:
                kind = "failure" if case.verdict == FAILED else "skipped"
                ElementTree.SubElement(made, kind, message=case.reason)
        if count[FAILED]:
            ElementTree.SubElement(suite, "system-out").text = text
    return ElementTree.ElementTree(written), found


def summary(found):
    count = collections.Counter(case.verdict for _, case in found)
    yield (f"{len(found)} cases in {len({name for name, _ in found})} tests: {count[PASSED]} passed, "
           f"{count[FAILED]} failed, {count[SKIPPED]} skipped")
    for name, case in found:
        if case.verdict == SKIPPED:
            where = name if case.name == "all" else f"{name}: {case.name}"
            yield f"skipped {where}: {case.reason or 'without a reason'}"


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        report = ElementTree.parse(sys.argv[1])
    except (OSError, ElementTree.ParseError) as error:
        print(f"cases: {sys.argv[1]}: {error}", file=sys.stderr)
        return 2
    try:
        written, found = expand(report)
    except Untold as reason:
        print(f"cases: {reason}", file=sys.stderr)
        return 1
    ElementTree.indent(written)
    written.write(sys.argv[2], encoding="unicode", xml_declaration=True)
    print(*summary(found), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
