#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What cases.py makes of the output of each kind of test."""
import unittest
import xml.etree.ElementTree as ElementTree

import cases

CMOCKA = """[==========] Running 2 test(s).
[ RUN      ] a_thing_works
[       OK ] a_thing_works
[ RUN      ] a_bad_thing_is_refused
[       OK ] a_bad_thing_is_refused
[==========] 2 test(s) run.
[  PASSED  ] 2 test(s).
"""
CMOCKA_BAD = """[ RUN      ] a_thing_works
[       OK ] a_thing_works
[ RUN      ] a_bad_thing_is_refused
0x1 != 0x2
[   LINE   ] --- /x.c:12: error: Failure!
[  FAILED  ] a_bad_thing_is_refused
[==========] 2 test(s) run.
[  PASSED  ] 1 test(s).
[  FAILED  ] 1 test(s), listed below:
[  FAILED  ] a_bad_thing_is_refused
"""
UNITTEST = """test_one (__main__.A.test_one) ... ok
test_two (__main__.A.test_two)
What it is about. ... ok
test_three (__main__.A.test_three) ... skipped 'no Bochs'
test_four (__main__.A.test_four) ... said something
FAIL

======================================================================
FAIL: test_four (__main__.A.test_four)
----------------------------------------------------------------------
Ran 4 tests in 0.1s
"""


def report(*rows):
    suite = ElementTree.Element("testsuite")
    for name, status, text in rows:
        row = ElementTree.SubElement(suite, "testcase", name=name, status=status, time="1")
        ElementTree.SubElement(row, "system-out").text = text
    return ElementTree.ElementTree(suite)


class CasesTest(unittest.TestCase):
    def found(self, status, text):
        _, found = cases.expand(report(("x", status, text)))
        return [tuple(case) for _, case in found]

    def test_a_case_may_be_named_in_words(self):
        text = CMOCKA.replace("a_thing_works", "0 a thing: works, (nearly) always")
        self.assertEqual(self.found("run", text)[0][:2], ("0 a thing: works, (nearly) always", "passed"))
        self.assertEqual(len(self.found("run", text)), 2)
        self.assertEqual(self.found("fail", text.replace("[       OK ] 0", "[  FAILED  ] 0"))[0][1], "failed")

    def test_each_case_of_cmocka_is_a_row(self):
        self.assertEqual(self.found("run", CMOCKA), [("a_thing_works", "passed", ""),
                                                     ("a_bad_thing_is_refused", "passed", "")])
        self.assertEqual(self.found("fail", CMOCKA_BAD)[1], ("a_bad_thing_is_refused", "failed", ""))
        self.assertEqual(len(self.found("fail", CMOCKA_BAD)), 2)

    def test_a_case_that_ends_its_program_has_failed(self):
        self.assertEqual(self.found("fail", CMOCKA.split("[       OK ] a_bad")[0]),
                         [("a_thing_works", "passed", ""), ("a_bad_thing_is_refused", "failed", "")])

    def test_each_case_of_unittest_is_a_row(self):
        self.assertEqual(self.found("fail", UNITTEST), [
            ("test_one", "passed", ""), ("test_two", "passed", ""),
            ("test_three", "skipped", "no Bochs"), ("test_four", "failed", "")])

    def test_a_program_without_cases_is_one(self):
        for status, verdict in (("run", "passed"), ("fail", "failed"), ("notrun", "skipped")):
            self.assertEqual(self.found(status, "nothing\n"), [("all", verdict, "")])
        self.assertEqual(self.found("fail", "[ RUN      ] a\n[       OK ] a\nleaks\n")[1],
                         ("all", "failed", ""))

    def test_what_is_skipped_is_told_with_its_reason(self):
        written, found = cases.expand(report(("a", "run", CMOCKA), ("b", "run", UNITTEST.replace(
            "FAIL: ", "ok: ")), ("c", "notrun", "variant x\nskipped: there is no Bochs\n")))
        self.assertEqual(list(cases.summary(found)), [
            "7 cases in 3 tests: 5 passed, 0 failed, 2 skipped",
            "skipped b: test_three: no Bochs", "skipped c: there is no Bochs"])
        rows = written.getroot().findall("testsuite/testcase")
        self.assertEqual([row.get("classname") for row in rows], list("aabbbbc"))
        self.assertEqual(len(written.getroot().findall(".//skipped")), 2)
        self.assertEqual([suite.get("tests") for suite in written.getroot()], ["2", "4", "1"])

    def test_a_passed_program_that_tells_of_too_few_cases_is_noticed(self):
        for text in (CMOCKA.replace("[ RUN      ] a_th", "cut").replace("[       OK ] a_th", "cut"),
                     "Ran 1 test in 1s\n"):
            with self.assertRaisesRegex(cases.Untold, "x ran"):
                self.found("run", text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
