# SPDX-License-Identifier: BSD-2-Clause
"""A log becomes a trace that the reader takes, with states, deaths and lines where they belong; a log that
is none, or of two runs, is refused, and so is a trace that is damaged."""
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import read  # noqa: E402
import timeline  # noqa: E402
import calls  # noqa: E402

calls.TICK_NS = 1000000  # so that times can be read
CLOCK = {"ticks": 5, "count_at": 8, "count_over": 4, "ticks_ms": 100, "ticks_ns": 0, "counter_per_tick": 1000,
         "trace_base": 0xC0100000, "trace_mask": 255, "trace_at": 0}


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


def ring(*records, size=256, start=0):
    """The ring and how much of it was written: records from position `start` on."""
    data = bytearray(b"\xee" * size)
    for index, (counter, kind, frame, what) in enumerate(records):
        struct.pack_into("<4I", data, (start + 16 * index) % size, counter & 0xFFFFFFFF, frame | kind, what, counter >> 32)
    return bytes(data), start + 16 * len(records)


def taken(*records, **where):
    data, written = ring(*records, **where)
    return calls.take(lambda at, size: data, {**CLOCK, "trace_at": written}, {0x40: "a", 0x80: "b"})


class Ring(unittest.TestCase):
    def test_what_is_recorded_is_whose_it_is_and_when_on_the_kernels_clock(self):
        tick = (calls.TRAPS, 0x40, 32)
        self.assertEqual(taken((4000, *tick), (4500, 1, 0x40, 33), (4600, 0, 0x80, 0), (6000, *tick), (6200, 3, 4, 33)),
                         [(100000000, 2, "a", 32), (100250000, 1, "a", 33), (100300000, 0, "b", 0),
                          (101000000, 2, "a", 32), (101200000, 3, None, 33)])

    def test_a_ring_that_was_filled_has_its_oldest_record_behind_its_newest(self):
        found = taken(*[(count, 1, 0x40, count) for count in range(20)])
        self.assertEqual([what for *_, what in found], list(range(4, 20)))
        self.assertEqual(len(taken((1, 1, 0x40, 1), size=256, start=0)), 1)

    def test_times_beyond_a_word_and_threads_that_are_gone_are_told(self):
        ((ns, kind, thread, what),) = taken(((3 << 32) + 5, 1, 0xC00, 7))
        self.assertEqual((kind, thread, what), (1, "thread 0xc00", 7))
        self.assertGreater(ns, 3 << 32)

    def test_ticks_of_a_processor_that_waits_are_left_out(self):
        self.assertEqual(taken((1, 3, 0, 32), (2, 3, 0, 33 | 7 << 8)), [(101001000, 3, None, 33 | 7 << 8)])

    def test_a_kernel_that_records_nothing_is_told(self):
        with self.assertRaises(calls.NotRecorded):
            calls.take(None, {**CLOCK, "trace_base": 0}, {})
        self.assertEqual(taken(), [])


def called(*records):
    return [event[:4] + event[5:] for event in read.Trace(
        timeline.make([], (), records).trace.SerializeToString()).events]


class Calls(unittest.TestCase):
    def test_a_call_is_a_slice_that_ends_with_its_result(self):
        self.assertEqual(called((10, 1, "a", 33), (20, 0, "a", 0), (30, 2, "a", 128 | 22 << 8), (40, 0, "a", 0xFFFFFFFE)),
                         [(10, "a calls", 1, "CLOCK", {}), (20, "a calls", 2, "", {"result": 0}),
                          (30, "a calls", 1, "YIELD", {}), (40, "a calls", 2, "", {"result": "-2"})])

    def test_who_waits_is_in_its_call_while_others_run_and_interrupts_come(self):
        self.assertEqual(called((1, 1, "a", 25), (2, 0, "b", 0), (3, 2, "b", 33), (4, 0, "b", 7), (5, 3, None, 36), (9, 0, "a", 1)),
                         [(1, "a calls", 1, "IPC_CALL", {}), (3, "interrupts", 3, "line 1", {"while": "b"}),
                          (5, "interrupts", 3, "line 4", {"while": "in the kernel, or nobody ran"}),
                          (9, "a calls", 2, "", {"result": 1})])

    def test_a_call_whose_thread_was_ended_ends_where_it_is_seen_again(self):
        self.assertEqual(called((1, 1, "a", 24), (2, 2, "b", 14), (5, 1, "a", 999)),
                         [(1, "a calls", 1, "IPC_RECV", {}), (2, "b calls", 1, "exception 14", {}),
                          (5, "a calls", 2, "", {}), (5, "a calls", 1, "call 999", {})])

    def test_calls_and_the_log_are_in_the_order_of_their_times(self):
        trace = read.Trace(timeline.make(LOG, [WHY], [(6000000, 1, "b", 0), (6000001, 0, "b", 0)]).trace.SerializeToString())
        self.assertEqual([event[0] for event in trace.events if event[1] == "b calls"], [6000000, 6000001])
        self.assertEqual(trace.states(), {"a": "Backoff", "b": "Probing"})


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
                                (["--socket", f"{folder}/nobody", "out"], 3),
                                (["--calls", "--socket", f"{folder}/nobody", "out"], 3)):
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
