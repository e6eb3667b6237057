#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""`./castellan break` itself: what it says of drivers that ran and of those that never did, and
what it takes for a leak.

    test_card.py BUILD_DIRECTORY"""
import contextlib
import importlib
import io
import json
import os
import pathlib
import sys
import tempfile
import types
import unittest
import unittest.mock

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "qemu"))

import arena  # noqa: E402
import build_driver  # noqa: E402
import score  # noqa: E402
from archive import read_archive, write_archive  # noqa: E402

program = importlib.import_module("break")  # a keyword
DIES = HERE / "corpus/dies.c"
ABSENT = """#include "cap/driver.h"

static err_t probe(void)
{
	return DRV_ENODEV;
}

int main(void)
{
	static const driver_ops_t ops = {.probe = probe};
	return driver_main(&ops);
}
"""
SERIAL_PORT = {"pio": [{"start": "0x3f8", "end": "0x3ff"}]}
build_directory = "build/release"


def release():
    """The build whose images are tested, as for break.py."""
    return pathlib.Path(os.environ.get(program.ENVIRONMENT) or build_directory).resolve()


class Program(unittest.TestCase):
    """Boots."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="castellan-card-")
        self.addCleanup(holder.cleanup)
        self.directory = pathlib.Path(holder.name)

    def run_break(self, source, *more, **fields):
        """(exit code, card, figures)"""
        manifest, figures = self.directory / "bad.drv.json", self.directory / "figures.json"
        manifest.write_bytes(arena.manifest_bytes(arena.default_manifest("bad", **fields)))
        card = io.StringIO()
        with contextlib.redirect_stdout(card):
            code = program.main([*map(str, (source, *more, manifest)), "--seconds", "1", "--json",
                                 str(figures), "--build-dir", build_directory])
        return code, card.getvalue(), json.loads(figures.read_text())

    def test_a_driver_that_ran_is_judged(self):
        code, card, figures = self.run_break(DIES)
        self.assertEqual((code, figures["outcome"], figures["held"], figures["idle"]),
                         (0, "held", True, {"bad": []}), card)
        self.assertTrue(card.endswith("\nthe system held\n"), card)
        self.assertRegex(card, r"(?m)^  then: given up after 5 restarts.*\nthe system")

    def test_a_driver_of_several_files_finds_its_headers_as_in_the_tree(self):
        place = self.directory / "bad"
        place.mkdir()
        (place / "main.c").write_text(DIES.read_text().replace(
            '"cap/driver.h"', '"cap/driver.h"\n#include "bad/die.h"').replace(
            '__asm__ volatile("ud2")', "die()"))
        (place / "die.c").write_text('#include "die.h"\nvoid die(void) { __builtin_trap(); }\n')
        with self.assertRaisesRegex(build_driver.Failure, r"main\.c cannot be built:\s[^$]*die\.h"):
            build_driver.build(release(), [place / "main.c"], self.directory / "bad.elf")
        (place / "die.h").write_text("void die(void);\n")
        with self.assertRaisesRegex(build_driver.Failure, r"main\.c cannot be built:\s[^$]*die"):
            build_driver.build(release(), [place / "main.c"], self.directory / "bad.elf")
        code, card, _ = self.run_break(place / "main.c", place / "die.c")
        self.assertEqual(code, 0, card)
        self.assertIn("invalid instruction", card)

    def test_a_driver_that_the_system_can_do_without_is_no_bystander(self):
        build = self.directory / "build"
        build.mkdir()
        for path in release().iterdir():
            if path.name != "boot.tar":
                (build / path.name).symlink_to(path)
        source = self.directory / "absent.c"
        source.write_text(ABSENT)
        content = read_archive(release() / "boot.tar")
        content["lpt.elf"] = build_driver.build(release(), [source], self.directory / "lpt.elf")
        content["lpt.drv.json"] = arena.manifest_bytes(arena.default_manifest("lpt"))
        write_archive(build / "boot.tar", content)
        with unittest.mock.patch.dict("os.environ", {program.ENVIRONMENT: str(build)}):
            code, card, figures = self.run_break(DIES)
        self.assertEqual(code, 0, card)
        self.assertIn("serial", figures["bystanders"])
        self.assertNotIn("lpt", card)

    def never_ran(self, state, line, source, **fields):
        code, card, figures = self.run_break(source, **fields)
        self.assertEqual((code, figures["outcome"], figures["held"]), (2, "idle", False), card)
        self.assertEqual(figures["idle"]["bad"][0], state)
        self.assertIn(f"\nbad: {state}, it never ran\n", card)
        self.assertRegex(card, rf"(?m)^  {line}")
        self.assertTrue(card.endswith("\nthe system was not put to the test\n"), card)

    def test_a_driver_that_was_rejected_never_ran(self):
        self.never_ran("Rejected", r"bad\.drv\.json:\d+:\d+: restart", DIES, restart="on-failur")

    def test_a_driver_that_waits_never_ran(self):
        self.never_ran("Waiting", "waits", DIES, caps=SERIAL_PORT)

    def test_a_driver_without_its_device_never_ran(self):
        source = self.directory / "absent.c"
        source.write_text(ABSENT)
        self.never_ran("Absent", r"Probing -> Absent \(", source)


class Quick(arena.Arena):
    """Nobody is watched: it is told what the counters are, one after the other."""

    def __init__(self, *counts):
        self.counts, self.now, self.lost_prompt = list(counts), 0, None
        self.rows = {name: ("Running", 1, 0) for name in arena.BYSTANDERS}
        self.trace = types.SimpleNamespace(look=lambda: self.now)

    def pass_ms(self, ms):
        self.now += ms

    def ps(self):
        return True

    def audit(self):
        return self.counts.pop(0)

    def command(self, text):
        return True

    def end_life(self, name):
        return "Stopped"


class Leaks(unittest.TestCase):
    def leak(self, *endpoints):
        watched = Quick(*({"caps.endpoint": count} for count in endpoints))
        result = watched.leak("bad")
        self.assertEqual(watched.counts, [])
        return result

    def test_what_stays_is_a_leak(self):
        self.assertEqual(self.leak(55, 55, 56, 56), {"caps.endpoint": (55, 56)})
        self.assertEqual(self.leak(55, 55, 55, 55), {})

    def test_only_what_is_held_now_and_was_not_before_is_a_leak(self):
        for counter, before, after, held in (
                ("caps.endpoint", "46", "45", True), ("caps.endpoint", "45", "46", False),
                ("free_bytes", "4096", "8192", True), ("free_bytes", "8192", "4096", False),
                ("irq_bound", "1, 4", "1", False), ("irq_unmasked", "4", "1", False)):
            _, text, found = score.leak_row("bad", {counter: (before, after)})
            self.assertEqual(found, held, text)
            self.assertIn(f"{counter} {before} -> {after}", text)
        both = {"caps.endpoint": ("46", "45"), "caps.frame": ("4", "5")}
        self.assertFalse(score.leak_row("bad", both)[2])

    def test_what_a_starved_victim_is_late_with_is_none(self):
        self.assertEqual(self.leak(55, 56, 56, 56, 56), {})

    def test_without_a_prompt_nothing_is_known(self):
        watched = Quick(None, None)
        self.assertIsNone(watched.leak("bad"))


class Service(unittest.TestCase):
    def service(self, *said, ended_ms=4100):
        """said: (when, replies, ms) of the asker, and failures if there are any"""
        lines = [(0, "castellan")] + [
            (time, f"asker: {replies} replies, {failed[0] if failed else 0} failures in {passed} ms, "
                   "slowest 3 ms, last error 0") for time, replies, passed, *failed in said]
        return score.service(lines, 100, ended_ms)

    def test_the_worst_second_counts_whenever_it_is(self):
        for worst in range(3):
            said = [(1000 * at + 1100, 40 if at == worst else 333, 1000) for at in range(3)]
            self.assertEqual(self.service(*said), (40, 1000 * worst + 1100, 0, 3))

    def test_a_long_second_is_no_better_for_it(self):
        self.assertEqual(self.service((1100, 333, 1000), (4100, 600, 3000))[0], 200)

    def test_what_the_manifest_grants_cannot_be_asked_for(self):
        def least(budget_ms, period_ms, priority=20):
            return score.least_service(arena.manifest_bytes({"priority": priority, "cpu": {
                "budget_us": budget_ms * 1000, "period_us": period_ms * 1000}}))

        self.assertEqual([least(*cpu) for cpu in ((25, 100), (50, 100), (100, 200), (75, 100))],
                         [score.LEAST, 100, 83, 25])
        self.assertEqual((least(90, 100), least(5000, 6000)), (0, 0))
        self.assertEqual((least(75, 100, 12), least(75, 100, 11)), (25, score.LEAST))
        for text in (b"{}", b"[]", b"{", b'{"priority": 20}', b'{"priority": 20, "cpu": {}}'):
            self.assertEqual(score.least_service(text), score.LEAST)

    def test_silence_is_no_service(self):
        good = [(1000 * at + 1100, 333, 1000) for at in range(3)]
        self.assertEqual(self.service(*good)[0], 333)
        self.assertEqual(self.service(*good[:1])[:2], (0, 4100))
        self.assertEqual(self.service(*good[2:])[:2], (0, 2100))
        self.assertIsNone(self.service())

    def test_a_failure_at_any_time_counts(self):
        said = [(1100, 333, 1000), (2100, 333, 1000), (3100, 333, 1000), (5000, 333, 1900, 2)]
        self.assertEqual(self.service(*said)[2], 2)


class Card(unittest.TestCase):
    def figures(self, *lines, row=("Quarantined", 6, 5), lived_ms=1000):
        facts = {"alive": True, "reason": None, "leaks": {}, "answers": [1], "keys": [],
                 "keys_seen": [], "rows": row and {"bad": row}, "lost_prompt": None, "begun_ms": 0,
                 "worked_ms": 900, "lived_ms": lived_ms,
                 "lines": [(10 * at, f"drvmgr: bad: {text}") for at, text in enumerate(lines)]}
        return score.judge(facts, ["bad"])[0]

    def test_the_service_row_has_the_bound_of_the_manifest(self):
        served = {"worst": 90, "worst_ms": 1, "failures": 0, "slowest_ms": 1}
        for least, held in ((83, True), (90, True), (91, False), (score.LEAST, False)):
            figures = {**self.figures(), "service": served, "least": least}
            row = next(row for row in score.rows_of(figures) if row[0] == "service")
            self.assertEqual(row[2], held)
            self.assertIn(f"(>= {least})", row[1])

    def test_verdicts_are_told_in_order_and_the_last_always(self):
        said = ["zebra", "yak", "yak", "ant", "xerus", "bee", "given up"]
        self.assertEqual(score.told(self.figures(*said), "bad"),
                         ["bad: Quarantined, generation 6, 5 restarts",
                          "  named 0 ms after boot: zebra", "  then: yak", "  then: ant",
                          "  then: xerus", "  then: 1 more", "  then: given up"])

    def test_verdicts_of_the_life_after_are_not_told(self):
        said = ["first", "second"]
        self.assertEqual(len(self.figures(*said)["verdicts"]["bad"]), 2)
        self.assertEqual(self.figures(*said, lived_ms=5)["verdicts"]["bad"], [(0, "first")])

    def test_one_that_ran_and_waits_again_did_run(self):
        ran = self.figures("Loaded -> Probing (all is there)", row=("Waiting", 1, 1))
        waits = self.figures("waits for serial", row=("Waiting", 0, 0))
        self.assertEqual((ran["idle"]["bad"], waits["idle"]["bad"]),
                         ([], ["Waiting", "waits for serial"]))

    def test_without_a_table_it_is_not_said_that_one_was_rejected(self):
        figures = self.figures("failed", row={})
        self.assertEqual(figures["idle"]["bad"], [])
        self.assertEqual(score.told(figures, "bad")[0], "bad: no table came")

    def test_what_broke_comes_before_what_never_ran(self):
        figures = self.figures(row=("Absent", 0, 0))
        self.assertEqual([score.outcome(figures, [("kernel", "", held)])
                          for held in (True, False)], [score.IDLED, score.BROKEN])


if __name__ == "__main__":
    build_directory = sys.argv.pop(1)
    unittest.main(verbosity=2)
