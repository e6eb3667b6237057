#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""`bench.py --json -` with two rounds prints all figures, under the keys that others read, and no
bound is exceeded: `test_smoke.py --build-dir DIR`."""
import argparse
import json
import pathlib
import subprocess
import sys

KEYS = {
    "acknowledge", "boot", "call_budget", "call_contended", "call_same", "call_same_timed", "call_traced",
    "call_spaces", "call_spaces_timed", "call_words", "call_words_timed", "clock", "derive",
    "fault", "foreign_bind", "foreign_cancel", "foreign_nested", "foreign_receive",
    "foreign_release", "foreign_revoke", "foreign_work", "idle_max", "idle_median", "idle_p99",
    "info", "interrupt", "irq_driver", "irq_driver_busy", "lines_c", "lines_s", "load_max",
    "load_median", "load_p99", "map", "nap_late_us", "null", "off", "poll", "port", "port_mapped",
    "process", "retype_frame", "retype_thread", "revoke", "signal", "signal_wake", "text",
    "text_boot", "trace_adds", "unmap", "yield"}


def problems(said):
    """What is wrong with what the program printed."""
    figures = json.loads(said)["figures"]
    yield from (f"no figure {key}" for key in sorted(KEYS - set(figures)))
    yield from (f"{key} is not in the list of this test" for key in sorted(set(figures) - KEYS))
    yield from (f"{key} is {value!r}" for key, value in figures.items()
                if not isinstance(value, int) or value < 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build-dir", type=pathlib.Path, required=True)
    command = [sys.executable, pathlib.Path(__file__).with_name("bench.py"), "--build-dir",
               parser.parse_args().build_dir, "--rounds", "2", "--json", "-"]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if result.returncode:
        print(f"bench.py ends with {result.returncode}")
        return 1
    found = list(problems(result.stdout))
    print("\n".join(found) or f"{len(KEYS)} figures")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
