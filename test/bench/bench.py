#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Measures the kernel in guest instructions and prints one table.

    bench.py [--build-dir DIR] [--rounds N] [--json FILE|-] [--update-baseline] [--no-bounds]

Boots castellan-bench.elf with `-icount shift=0,align=off,sleep=off`: one tick of the time-stamp
counter is one instruction. README.md says how each row is measured. The exit code is 0 if every
row was measured and no bound is exceeded, and 1 if not."""
import json
import os
import pathlib
import re
import subprocess
import sys

from image import Image, text_bytes

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))

import usage  # noqa: E402

ROOT = HERE.parents[1]
BASELINE = HERE / "baseline.json"
ENVIRONMENT = "CASTELLAN_IMAGE_DIR"  # overrides --build-dir, as for the tests
QEMU = ["qemu-system-i386", "-nodefaults", "-no-user-config", "-M", "pc", "-m", "128M",
        "-accel", "tcg", "-icount", "shift=0,align=off,sleep=off",
        "-rtc", "base=2026-01-01,clock=vm", "-display", "none", "-vga", "std", "-no-reboot",
        "-serial", "stdio", "-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
LIMIT = 900  # seconds of real time after which the guest hangs
EXIT_CODE = 1  # the guest wrote 0 to the exit port
NANOSECOND, CYCLES = 10**9, 32768  # the clock chip's own frequency
THREAD_BYTES, FRAME_BYTES = 1024, 4096
CHILDREN = 1000
ROUNDS_MAX = 4000  # what the guest can keep
WORSE = 5  # per cent from which a change is marked

OVERHEAD = 2  # instructions of reading the counter twice that fall between the two readings

# Row: (key, text, figure of seL4, goal); the lower the better.
ROWS = [
    ("call_spaces_timed", "call + reply, two address spaces, limits finite", "499", 260),
    ("call_spaces", "  no limits", "499", 240),
    ("call_traced", "  no limits, trace=calls", "-", None),
    ("trace_adds", "    so much more", "-", 60),
    ("call_same_timed", "call + reply, one address space, limits finite", "495", 240),
    ("call_same", "  no limits", "495", 220),
    ("call_words_timed", "call + reply, 10 words each way, limits finite", "~1,870", 350),
    ("call_words", "  no limits", "~1,870", None),
    ("call_contended", "call + reply while an equal is ready", "-", 400),
    ("call_budget", "call + reply, server with a budget", "-", 400),
    ("signal_wake", "signal -> higher-priority waiter runs, two spaces", "564", 140),
    ("signal", "signal, no waiter", "417", 80),
    ("poll", "poll, nothing there", "287", 65),
    ("irq_driver", "interrupt -> a driver's `irq` callback, idle", "422", 200),
    ("irq_driver_busy", "  pre-empting", "422", 230),
    ("interrupt", "interrupt -> bare wait, other space, pre-empting", "422", None),
    ("acknowledge", "acknowledge an interrupt", "494", 75),
    ("yield", "cheapest real system call (SYS_YIELD)", "105", 46),
    ("null", "  a call that does nothing (SYS_NULL)", "-", None),
    ("clock", "  SYS_CLOCK", "-", None),
    ("info", "  SYS_CAP_INFO", "-", None),
    ("port", "8-bit port read through a capability call", "484", 100),
    ("port_mapped", "8-bit port read on a mapped range", "-", 1),
    ("derive", "derive + release one capability", "~1,890", 320),
    ("revoke", "revoke, per child (of 1,000)", "363", 100),
    ("retype_thread", "retype one thread, zeroing aside", "1,071", 330),
    ("retype_frame", "retype one 4 KiB frame, zeroing aside", "945", 300),
    ("map", "map a page", "831", 215),
    ("unmap", "unmap a page", "603", 190),
    ("fault", "fault -> handler -> resumed, two spaces", "1,555", 370),
    ("process", "process: create -> alive -> all revoked", "57,658", 17500),
    ("boot", "boot, kernel entry -> first user instruction", "994,700", 80000),
    ("text", "kernel text and constants that stay in use, bytes", "60,854", 36000),
    ("text_boot", "  and what runs at boot alone", "with it", 8000),
    ("lines_c", "kernel, lines of C and headers", "-", 6000),
    ("lines_s", "kernel, lines of assembly", "-", None),
    ("off", "longest stretch with interrupts off", "-", 5000),
    ("idle_median", "interrupt latency, idle: median", "-", None),
    ("idle_p99", "  99th percentile", "-", None),
    ("idle_max", "  maximum", "-", None),
    ("load_median", "interrupt latency, worst loads: median", "-", None),
    ("load_p99", "  99th percentile", "-", 4000),
    ("load_max", "  maximum", "-", 5000),
    ("foreign_work", "a more urgent thread's delay by others' work, a call", "-", 5000),
    ("foreign_receive", "  a receive, 15,000 senders to be refused", "-", 5000),
    ("foreign_cancel", "  a cancellation of them", "-", 5000),
    ("foreign_release", "  a release of a full capability space that was sent", "-", 5000),
    ("foreign_nested", "  of four, each in another", "-", 5000),
    ("foreign_bind", "  replacing a full space that a thread was bound to", "-", 5000),
    ("foreign_revoke", "  a revocation of who held a full space", "-", 5000),
    ("nap_late_us", "10 ms nap at top priority, sleepers below: late, us", "-", 1000),
]
FOREIGN = ("foreign_receive", "foreign_cancel", "foreign_release", "foreign_nested",
           "foreign_bind", "foreign_revoke")
# A run that exceeds one of them fails. Most are the row's goal; two are above a goal that is not
# reached: the whole round trip, where it took 986 instructions or a slice of ten million before.
GOALS = {key: goal for key, _, _, goal in ROWS}
BOUNDS = {key: GOALS[key] for key in ("off", "load_p99", "load_max", "foreign_work", *FOREIGN,
                                      "nap_late_us", "lines_c", "trace_adds")}
BOUNDS |= {"call_contended": 700, "call_budget": 700}
PLAIN = ["call_spaces", "call_traced", "call_same", "call_words", "call_spaces_timed", "call_same_timed",
         "call_words_timed", "call_contended", "call_budget", "signal_wake", "signal", "poll",
         "acknowledge", "info", "null", "yield", "clock", "port", "port_mapped", "derive", "map",
         "unmap", "fault", "process"]
ALARMS = {"interrupt": "busy", "irq_driver_busy": "driver-busy", "irq_driver": "driver-idle"}
IDLE = ("idle", "driver-idle")
PROBES = ("yield", "derive", "release")  # what a more urgent thread calls under each load
US = 1000  # instructions


class Failure(Exception):
    """It could not be measured; the text says why."""


def median(values):
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def percentile(values, per_cent):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * per_cent // 100)]


# --- the guest ---

def run_guest(build_dir, rounds):
    """Boots the benchmark and answers its lines."""
    image = build_dir / "castellan-bench.elf"
    child = build_dir / "bin" / "bench-child.elf"
    for path in (image, child):
        if not path.exists():
            raise Failure(f"{path} does not exist: build the target bench-image first")
    # QEMU ends the name of a module at a blank or comma, so it gets a relative one.
    command = QEMU + ["-kernel", str(image.resolve()), "-append", f"rounds={rounds}",
                      "-initrd", str(child.relative_to(build_dir))]
    try:
        result = subprocess.run(command, cwd=build_dir, stdin=subprocess.DEVNULL,
                                capture_output=True,
                                timeout=LIMIT, check=False)
    except FileNotFoundError as error:
        raise Failure(f"cannot start QEMU: {error}") from error
    except subprocess.TimeoutExpired as error:
        said = (error.stdout or b"").decode("latin-1").splitlines()[-3:]
        raise Failure(f"the guest hangs; it said last: {said}") from error
    lines = result.stdout.decode("latin-1").replace("\r", "").splitlines()
    for line in lines:
        if line.startswith("bench failed") or "panic" in line:
            raise Failure("the guest said: " + line)
    if result.returncode != EXIT_CODE or "bench end" not in lines:
        raise Failure(f"the guest ended early, QEMU's exit code is {result.returncode}; "
                      f"it said last: {lines[-3:]} {result.stderr.decode()}")
    return lines


class Said:
    """What the guest said: samples and lateness of interrupts by row, the longest calls of a more
    urgent thread by load, and how long the longest possible wait took if it ended."""

    def __init__(self, lines):
        self.samples, self.alarms, self.probes, self.wait_over = {}, {}, {}, None
        for line in lines:
            word, *rest = line.removeprefix("bench ").split() or [""]
            if line.startswith("bench ") and hasattr(self, "_take_" + word.replace("-", "_")):
                getattr(self, "_take_" + word.replace("-", "_"))(*rest)

    def _take_samples(self, row, *values):
        self.samples.setdefault(row, []).extend(map(int, values))

    def _take_alarm(self, row, before, after, period, woken):
        lateness = alarm_lateness(int(before, 16), int(after, 16), int(period), int(woken, 16))
        if lateness is None:
            return
        if row in IDLE:
            lateness %= int(period) * NANOSECOND // CYCLES
        self.alarms.setdefault(row, []).append(lateness)

    def _take_probe(self, load, *longest):
        self.probes[load] = dict(zip(PROBES, map(int, longest)))

    def _take_wait_over(self, ms):
        self.wait_over = int(ms)

    def delays(self):
        """{load: (instructions, call)}: by how much the worst call under each load took longer
        than the same call where it took least."""
        least = {call: min(longest[call] for longest in self.probes.values()) for call in PROBES}
        return {load: max((longest[call] - least[call], call) for call in PROBES)
                for load, longest in self.probes.items()}


def alarm_lateness(before, after, period, woken):
    """Instructions from the interrupt's due time to the handler's first instruction. The
    clock chip of the emulator counts whole cycles of 32768 Hz from instruction 0 on and raises
    its line one nanosecond, which is one instruction, behind the last one. The counter includes
    the instruction that reads it. None: the setting straddles two cycles, so the due time is
    not known."""
    cycle = before * CYCLES // NANOSECOND
    if cycle != after * CYCLES // NANOSECOND:
        return None
    return woken - 1 - ((cycle + period) * NANOSECOND // CYCLES + 1)


# --- the image and the sources ---

def count_lines(suffixes):
    """Lines of the kernel that hold more than a comment."""
    total = 0
    for path in sorted((ROOT / "microkernel").rglob("*")):
        if path.suffix in suffixes:
            code = re.sub(r"/\*.*?\*/", lambda found: "\n" * found[0].count("\n"),
                          path.read_text(), flags=re.DOTALL)
            total += sum(1 for line in code.splitlines() if line.strip())
    return total


# --- the figures ---

def figures(said, image):
    """({key: figure}, details)."""
    samples, alarms = said.samples, said.alarms
    if min(samples["empty"]) != OVERHEAD:
        raise Failure(f"an empty measurement took {min(samples['empty'])}, not {OVERHEAD}")
    net = {name: [max(value - OVERHEAD, 0) for value in values]
           for name, values in samples.items()}
    retype = {kind: median(net[f"retype_{kind}"]) for kind in ("thread", "frame", "stale")}
    zeroing = retype["frame"] - retype["stale"]
    result = {key: median(net[key]) for key in PLAIN}
    result |= {key: median(alarms[row]) for key, row in ALARMS.items()}
    loads = {name: values for name, values in alarms.items()
             if name not in ("idle", *ALARMS.values())}
    under_load = [value for values in loads.values() for value in values]
    result |= {
        "revoke": median(net["revoke_1000"]) // CHILDREN,
        "retype_thread": retype["thread"] - zeroing * THREAD_BYTES // FRAME_BYTES,
        "retype_frame": retype["stale"],
        "trace_adds": result["call_traced"] - result["call_spaces"],
        "boot": samples["boot"][0],
        **text_bytes(Image(image)),
        "lines_c": count_lines({".c", ".h"}),
        "lines_s": count_lines({".S"}),
        "off": max(max(under_load) - min(alarms["busy"]), *samples["starving"]),
        "foreign_work": max(delay for delay, _ in said.delays().values()),
        **{row: max(net[row]) for row in FOREIGN},
        "nap_late_us": -(-max(samples["nap"]) // US),
    }
    for name, values in (("idle", alarms["idle"]), ("load", under_load)):
        result |= {f"{name}_median": median(values), f"{name}_p99": percentile(values, 99),
                   f"{name}_max": max(values)}
    details = {
        "loads": {name: {"median": median(values), "max": max(values), "count": len(values),
                         "delay": said.delays()[name][0], "delayed": said.delays()[name][1]}
                  for name, values in loads.items()},
        "starving": max(samples["starving"]),
        "wait_over_ms": said.wait_over,
        "with_zeroing": {f"retype_{kind}": retype[kind] for kind in ("thread", "frame")},
    }
    return result, details


def measure(build_dir, rounds):
    said = Said(run_guest(build_dir, rounds))
    try:
        result, details = figures(said, build_dir / "castellan.elf")
    except (KeyError, ValueError, OSError) as error:
        raise Failure(f"no figure for {error}") from error
    missing = [key for key, *_ in ROWS if key not in result]
    if missing:
        raise Failure(f"no figure for {missing}")
    return result, details


def exceeded(result, details):
    """Lines of text: which bound is exceeded, and by how much."""
    lines = [f"{key} is {result[key]:,}: {result[key] - bound:,} over its bound of {bound:,}"
             for key, bound in BOUNDS.items() if result[key] > bound]
    if details["wait_over_ms"]:
        lines.append(f"a wait of 0xfffffffe ms ended after {details['wait_over_ms']} ms")
    return lines


# --- the table ---

HEADER = """\
Guest instructions, {qemu}, -icount shift=0: one
time-stamp tick is one instruction, a step of a `rep` counts as one. Medians of {rounds} rounds
(fewer where one is long), user-level stubs included, the reading of the counter taken off.
test/bench/README.md says how each row is measured."""


def show(value):
    return "-" if value is None else f"{value:,}"


def change(before, after, comparable):
    if before is None or after is None:
        return "-"
    if before == after:
        return "="
    if before == 0:
        return "?"
    per_cent = (after - before) * 100 / before
    return f"{per_cent:+.1f}%{' WORSE' if comparable and per_cent > WORSE else ''}"


def print_table(result, committed, details, rounds, qemu):
    baseline, comparable = committed.get("figures", {}), committed.get("rounds") == rounds
    print(HEADER.format(qemu=qemu, rounds=rounds))
    print()
    form = "{:<50} {:>8} {:>9} {:>9} {:>9}  {}"
    print(form.format("work", "seL4", "goal", "baseline", "now", "change"))
    for key, text, peer, goal in ROWS:
        before, after = baseline.get(key), result.get(key)
        bound = "-" if goal is None else f"<= {goal:,}"
        print(form.format(text, peer, bound, show(before), show(after),
                          change(before, after, comparable)).rstrip())
    if not comparable:
        print(f"\nThe baseline has {committed.get('rounds')} rounds, so nothing is marked as worse: "
              "medians under loads differ.")
    print("\nLatest interrupt under each load (less the row of the bare wait, that is how long the "
          "load\nkept interrupts off), and the longest delay of a call of a more urgent thread:")
    for name, load in sorted(details["loads"].items(), key=lambda item: -item[1]["max"]):
        print(f"  {name:<22} {load['max']:>9,}   of {load['count']:>3} interrupts"
              f"   {load['delay']:>9,} {load['delayed']}")


def qemu_version():
    try:
        text = subprocess.run([QEMU[0], "--version"], capture_output=True, text=True,
                              check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise Failure(f"cannot start QEMU: {error}") from error
    return re.sub(r"emulator version ", "", text.splitlines()[0])


def write_json(target, document):
    text = json.dumps(document, indent=1, sort_keys=True) + "\n"
    if target == "-":
        print(text, end="")
    else:
        pathlib.Path(target).write_text(text)


def parse_arguments(arguments):
    parser = usage.Parser(
        prog="castellan bench",
        description="Measures the kernel in guest instructions beside the committed baseline.",
        epilog="exit code: 0 measured and within the bounds, 1 could not be measured or a bound "
               f"is exceeded ({', '.join(BOUNDS)}), 2 wrong usage. No other figure is a failure.")
    parser.add_argument("--build-dir", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--rounds", type=int, default=1000, metavar="N",
                        help=f"of each measurement, 1..{ROUNDS_MAX} (default 1000; fewer are "
                             "quicker)")
    parser.add_argument("--json", metavar="FILE",
                        help="also write the figures there; -: only that, on standard output")
    parser.add_argument("--update-baseline", action="store_true",
                        help=f"write the figures to {BASELINE.relative_to(ROOT)}")
    parser.add_argument("--no-bounds", action="store_true",
                        help="a bound that is exceeded is told, but no failure")
    options = parser.parse_args(arguments)
    if not 1 <= options.rounds <= ROUNDS_MAX:
        parser.error(f"--rounds {options.rounds} is not 1..{ROUNDS_MAX}")
    parser.finish(options)
    return options


def main(arguments):
    options = parse_arguments(arguments)
    build_dir = pathlib.Path(os.environ.get(ENVIRONMENT) or options.build_dir).resolve()
    try:
        qemu = qemu_version()
        committed = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
        result, details = measure(build_dir, options.rounds)
    except Failure as failure:
        print(f"bench: cannot measure: {failure}", file=sys.stderr)
        return 1
    document = {"figures": result, "details": details, "rounds": options.rounds,
                "qemu": qemu, "baseline": committed.get("figures", {})}
    if options.json != "-":
        print_table(result, committed, details, options.rounds, qemu)
    if options.json:
        write_json(options.json, document)
    if options.update_baseline:
        write_json(BASELINE, {"figures": result, "qemu": qemu, "rounds": options.rounds})
    over = exceeded(result, details)
    for line in over:
        print(f"bench: {line}", file=sys.stderr)
    return 1 if over and not options.no_bounds else 0


if __name__ == "__main__":
    usage.run(main, sys.argv[1:])
