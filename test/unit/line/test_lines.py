# SPDX-License-Identifier: BSD-2-Clause
"""What drvctl asks for `why` belongs together: of one death, or of one without a report."""
import json
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "servers/drvmgr/host"))
import lines  # noqa: E402


class Line:
    """Answers `why` and `dump` by turns with these generations; none: no report at all."""

    def __init__(self, *generations):
        self.answers = list(generations)

    def ask(self, command, as_json, _patience):
        assert as_json
        generation = self.answers.pop(0)
        if command.startswith("why "):
            return json.dumps({"driver": "disk", "generation": generation, "backtrace": []}), 0
        return json.dumps([] if generation is None else
                          [{"name": "generation", "value": str(generation)}]), 0


class Ask(unittest.TestCase):
    def ask(self, *generations):
        return lines.ask(Line(*generations), "disk", 1)

    def test_both_of_one_death(self):
        why, dump = self.ask(3, 3)
        self.assertEqual((why["generation"], dump[0]["value"]), (3, "3"))

    def test_one_that_died_in_between_is_asked_of_again(self):
        why, dump = self.ask(3, 4, 4, 4)
        self.assertEqual((why["generation"], dump[0]["value"]), (4, "4"))

    def test_without_a_report_there_is_none(self):
        self.assertEqual(self.ask(3, None)[1], [])

    def test_a_death_without_a_report_is_told_though_one_before_has_one(self):
        why, dump = self.ask(5, 3, 5, 3)
        self.assertEqual((why["generation"], dump), (5, []))
        self.assertEqual(lines.fill(why, dump), why)

    def test_one_that_dies_without_a_pause_is_told_so(self):
        with self.assertRaises(lines.Unknown):
            self.ask(*range(2 * lines.TRIES))


if __name__ == "__main__":
    unittest.main(verbosity=2)
