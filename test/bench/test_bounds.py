#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The benchmark fails when a bound is exceeded and only then: planted figures, no emulator."""
import contextlib
import io
import json
import unittest
from unittest import mock

import bench

# Others read the exit code and these keys, so they are spelled out a second time.
BOUNDS = {"off": 5000, "load_p99": 4000, "load_max": 5000, "foreign_work": 5000,
          "foreign_receive": 5000, "foreign_cancel": 5000, "foreign_release": 5000,
          "foreign_nested": 5000, "foreign_bind": 5000, "foreign_revoke": 5000,
          "nap_late_us": 1000, "lines_c": 6000, "trace_adds": 60, "call_contended": 700, "call_budget": 700}
AT_BOUNDS = {key: BOUNDS.get(key, 1) for key, *_ in bench.ROWS}


def run(figures, *arguments, wait_over_ms=None):
    """(exit code, standard output, standard error) of a run that measured these figures."""
    details = {"loads": {}, "wait_over_ms": wait_over_ms}
    said, told = io.StringIO(), io.StringIO()
    with mock.patch.object(bench, "measure", return_value=(figures, details)), \
            mock.patch.object(bench, "qemu_version", return_value="QEMU"), \
            contextlib.redirect_stdout(said), contextlib.redirect_stderr(told):
        code = bench.main(list(arguments))
    return code, said.getvalue(), told.getvalue()


class Bounds(unittest.TestCase):
    def test_bounds_are_these(self):
        self.assertEqual(bench.BOUNDS, BOUNDS)

    def test_what_is_at_its_bound_passes(self):
        code, said, told = run(AT_BOUNDS)
        self.assertEqual((code, told), (0, ""))
        self.assertIn("cheapest real system call", said)

    def test_each_that_is_one_over_fails_and_is_named_alone(self):
        for key, bound in BOUNDS.items():
            with self.subTest(key):
                code, _, told = run({**AT_BOUNDS, key: bound + 1})
                self.assertEqual(code, 1)
                self.assertEqual(told, f"bench: {key} is {bound + 1:,}: 1 over its bound of "
                                       f"{bound:,}\n")

    def test_all_that_are_over_are_named(self):
        _, _, told = run({key: 10**6 for key in AT_BOUNDS})
        self.assertEqual(len(told.splitlines()), len(BOUNDS))

    def test_what_has_no_bound_does_not_fail(self):
        code, _, _ = run({key: BOUNDS.get(key, 10**6) for key in AT_BOUNDS})
        self.assertEqual(code, 0)

    def test_a_wait_that_ended_early_fails(self):
        code, _, told = run(AT_BOUNDS, wait_over_ms=231)
        self.assertEqual(code, 1)
        self.assertIn("0xfffffffe ms ended after 231 ms", told)

    def test_without_bounds_it_is_told_but_no_failure(self):
        code, _, told = run({**AT_BOUNDS, "off": 5001}, "--no-bounds")
        self.assertEqual(code, 0)
        self.assertIn("off is 5,001", told)

    def test_what_cannot_be_measured_fails(self):
        told = io.StringIO()
        with mock.patch.object(bench, "run_guest", return_value=["bench end"]), \
                mock.patch.object(bench, "qemu_version", return_value="QEMU"), \
                contextlib.redirect_stderr(told):
            self.assertEqual(bench.main(["--rounds", "2"]), 1)
        self.assertIn("cannot measure: no figure", told.getvalue())

    def test_json_on_standard_output_is_nothing_but_the_figures(self):
        code, said, told = run({**AT_BOUNDS, "off": 5001}, "--json", "-")
        self.assertEqual(code, 1)
        self.assertEqual(json.loads(said)["figures"], {**AT_BOUNDS, "off": 5001})
        self.assertIn("off is 5,001", told)


if __name__ == "__main__":
    unittest.main(verbosity=2)
