#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Each goal of the manager's table is one that can be missed, and that is said."""
import re
import unittest

import manager
from cases import SICK, named_ms
from guest import RELEASE_DRIVERS

RELEASE_DRIVERS.update(dict.fromkeys(("console", "ps2kbd", "screen", "serial")))
# What the manager says, abi/protocol/manager.h.
SAID = ("keeps others from running", "sends more than its share: 500 messages in 100 ms",
        "lets its interrupt line storm: line 3")


class Goals(unittest.TestCase):
    def setUp(self):
        self.met = {manager.judged(keys): goal for _, keys, _, goal in manager.rows()
                    if goal is not None}

    def test_what_is_held_to_a_goal(self):
        """Written a second time, so that no goal moves unseen."""
        self.assertEqual(self.met, {
            "restart_console_p99": 2000, "restart_ps2kbd_p99": 2000, "restart_screen_p99": 2000,
            "restart_serial_p99": 2000, "restart_big_p99": 15000, "wait_max": 500,
            **{f"named_{name}": 1000 for name in (
                "spins-but-beats", "spins-silently", "floods-log", "floods-manager",
                "floods-victim", "level-line", "bursts")},
            **{f"prompt_{name}_max": 50 for name in (
                "spins-but-beats", "spins-silently", "floods-log", "floods-manager",
                "floods-victim", "level-line", "bursts")},
            "memory_driver": 65536, "idle_few": 100000, "idle_many": 600000,
            "boot_driver": 150000, "death_few_max": 2000, "death_many_max": 4000,
            "report_max": 100, "key_event": 2500, "key_cell": 6000, "key_death_max": 2000})

    def test_goals_that_are_met(self):
        self.assertEqual(manager.exceeded(self.met), [])

    def test_each_goal_that_is_missed(self):
        for key, goal in self.met.items():
            for figure, how in ((goal + 1, "1 over its goal"), (None, "never")):
                with self.subTest(key=key, figure=figure):
                    found = manager.exceeded({**self.met, key: figure})
                    self.assertEqual(len(found), 1, found)
                    self.assertTrue(found[0].startswith(f"{key} ("), found)
                    self.assertIn(how, found[0])

    def test_who_is_named_for_something_else_is_not_named(self):
        for name, expected in SICK.items():
            other = (100, "does no work: a call is not answered for 750 ms")
            said = next(text for text in SAID if re.search(expected, text))
            with self.subTest(name=name):
                self.assertIsNone(named_ms([], expected))
                self.assertIsNone(named_ms([other], expected))
                self.assertEqual(named_ms([other, (300, said), (400, said)], expected), 300)


if __name__ == "__main__":
    unittest.main(verbosity=2)
