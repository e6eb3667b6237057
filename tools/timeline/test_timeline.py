# SPDX-License-Identifier: BSD-2-Clause
"""A log becomes a trace that the reader takes, with states, deaths and lines where they belong; a log that
is none, or of two runs, is refused, and so is a trace that is damaged."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import read  # noqa: E402
import timeline  # noqa: E402


def row(number, time, text, driver="a", source="drvmgr", level="info"):
    return {"number": number, "time": time, "level": level, "source": source, "driver": driver, "text": text}


LOG = [row(1, 5, "Running -> Recovering (page fault)"), row(2, 5, "failed in Running, generation 3: page fault"),
       row(4, 7, "restart 1 in 0 ms", level="warn"), row(5, 7, "Recovering -> Backoff (torn down)"),
       row(6, 9, "h\u00e9llo", source="a"), row(7, 9, "driver manager", driver=None),
       row(8, 12, "Loaded -> Probing (x)", driver="b"), row(9, 12, "ps", driver=None, source=None)]
WHY = {"driver": "a", "generation": 3, "kind": "bad-read", "cause": "read of 0x10", "address": "0x400eca",
       "function": None, "file": None, "line": 7}


def traced(rows, reasons=()):
    return read.Trace(timeline.make(rows, reasons).trace.SerializeToString())


class Made(unittest.TestCase):
    def test_states_are_slices_of_the_driver_that_has_them(self):
        trace = traced(LOG)
        self.assertEqual(trace.states(), {"a": "Backoff", "b": "Probing"})
        self.assertEqual([(event[0], event[2], event[3]) for event in trace.events
                          if event[1] == "a" and event[2] != read.INSTANT],
                         [(5000000, 1, "Running"), (5000000, 2, ""), (5000000, 1, "Recovering"),
                          (7000000, 2, ""), (7000000, 1, "Backoff")])
        self.assertEqual([event[0] for event in trace.events if event[1] == "b"], [5000000, 12000000, 12000000])

    def test_a_death_has_its_cause_where_its_generation_was_asked_for(self):
        (death,) = traced(LOG, [WHY]).deaths("a")
        self.assertEqual(death[5], {"generation": 3, "kind": "bad-read", "cause": "read of 0x10",
                                    "address": "0x400eca", "line": 7})
        (death,) = traced(LOG, [{**WHY, "generation": 2}]).deaths("a")
        self.assertEqual(death[5], {"generation": 3})

    def test_all_else_is_in_tracks_of_logs(self):
        lines = [(track, name, category) for _, track, _, name, category, _ in traced(LOG).events
                 if track.endswith(" log")]
        self.assertEqual(lines, [("a log", "restart 1 in 0 ms", "warn"), ("a log", "h\u00e9llo", "info"),
                                 ("drvmgr log", "driver manager", "info"), ("input log", "ps", "info")])

    def test_a_driver_cannot_say_that_it_died_or_changed_its_state(self):
        said = [row(1, 1, "Running -> Quarantined (it is not so)", source="a"),
                row(2, 1, "failed in Running, generation 1: never", source="a")]
        self.assertEqual((traced(said).states(), traced(said).deaths("a")), ({}, []))

    def test_no_log_is_an_empty_trace(self):
        self.assertEqual(traced([]).events, [])

    def test_a_log_of_two_runs_is_refused(self):
        for second in (row(2, 13, "x"), row(10, 11, "x")):
            with self.assertRaises(timeline.Stop):
                timeline.make(LOG + [second])


class Log(unittest.TestCase):
    def test_a_list_and_a_line_for_each_are_the_same(self):
        lines = "\n".join(map(json.dumps, LOG)) + "\n\n"
        self.assertEqual(timeline.read_log(lines), LOG)
        self.assertEqual(timeline.read_log(json.dumps(LOG + [{"error": "DRV_EIO", "text": "cut"}])), LOG)

    def test_what_is_no_log_is_refused(self):
        for text in ("x", "[1]", "[{}]", '{"number": 1', json.dumps([{**LOG[0], "time": "soon"}]), "[[]]"):
            with self.assertRaises(timeline.Stop, msg=text):
                timeline.read_log(text)

    def test_the_program_says_in_a_line_what_is_wrong(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "log").write_text(json.dumps(LOG))
            (folder / "none").write_bytes(b"\xff\xfe")
            for words, code in ((["out", "log"], 0), (["out", "none"], 1), (["out", "nowhere"], 1),
                                (["no/such", "log"], 1), ([], 2),
                                (["--socket", f"{folder}/nobody", "out"], 3)):
                done = subprocess.run([sys.executable, str(HERE / "timeline.py"), *words], cwd=folder,
                                      capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, code, (words, done.stderr))
                self.assertEqual(len(done.stderr.splitlines()), int(code != 0), done.stderr)


class Damaged(unittest.TestCase):
    def test_a_trace_that_is_cut_off_is_refused(self):
        data = timeline.make(LOG).trace.SerializeToString()
        whole = len(read.Trace(data).events)
        for end in range(1, len(data)):
            try:
                self.assertLess(len(read.Trace(data[:end]).events), whole)  # cut between two packets
            except read.Wrong:
                pass

    def test_what_contradicts_itself_is_refused(self):
        for change in ("end", "back", "track", "twice"):
            line = timeline.make(LOG)
            kinds = line.kinds
            if change == "end":
                for _ in range(2):
                    line.event("b", kinds.SLICE_END, 20)
            elif change == "back":
                line.event("b", kinds.INSTANT, 1, "x", "x")
            elif change == "track":
                line.tracks["c"] = 99
                line.event("c", kinds.INSTANT, 20, "x", "x")
            else:
                del line.tracks["a"]
                line.tracks.pop("input log")
                line.track("a")
            with self.assertRaises(read.Wrong, msg=change):
                read.Trace(line.trace.SerializeToString())


if __name__ == "__main__":
    unittest.main(verbosity=2)
