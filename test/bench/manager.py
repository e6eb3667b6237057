#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Measures the driver manager in guest time and prints one table.

    manager.py [--build-dir DIR] [--json FILE|-] [--update-baseline] [--no-bounds]

Boots the release image with drivers that measure (manager/meter.c), at eight nanoseconds an
instruction. README.md says how each row is measured. The exit code is 0 if all could be measured and
each goal is met, and 1 if not."""
import json
import os
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# test/break first: test/ has another cases.py.
sys.path[:0] = [str(ROOT / "test" / "break"), str(ROOT / "test" / "qemu"), str(ROOT / "test")]

import arena  # noqa: E402
import cases  # noqa: E402
import gdbstub  # noqa: E402
import guest  # noqa: E402
import key_way  # noqa: E402
import machine  # noqa: E402
import score  # noqa: E402
import usage  # noqa: E402
from archive import read_archive, write_archive  # noqa: E402
from bench import change, median, percentile, qemu_version, write_json  # noqa: E402

BASELINE = HERE / "manager.json"
ENVIRONMENT = "CASTELLAN_IMAGE_DIR"  # overrides --build-dir, as for the tests
LIMIT = 300  # seconds of real time, on a busy machine
PER_US = 125  # instructions
GONE_US = 3000000  # after which the meter gives the manager up
MANY = 32
SETTLE_MS, IDLE_MS = 1000, 20000
SICK_SECONDS = 2
REPORTED, REPORTS_EACH = ("screen", "ps2kbd", "serial"), 7  # who is killed, and how often
# As many failures as are made here are forgiven, and each restart is a first one.
PATIENT = {"policy": "on-failure", "base_ms": 10, "max_ms": 10, "burst": 60, "window_ms": 3000,
           "reset_ms": 100}
METER = {"abi": 1, "image": "bench-meter.elf", "uses": ["operator"], "priority": 20}
BIG = {"name": "big", "abi": 1, "image": "bench-big.elf", "memory_kib": 8192,
       "restart": PATIENT}


class Failure(Exception):
    """It could not be measured; the text says why."""


# --- machines ---

def shipped():
    """All drivers of the release: the machines here have a second serial port."""
    return {**guest.RELEASE_DRIVERS, **guest.SECOND_LINE}


def extra(count):
    """Manifests of so many drivers that do nothing."""
    return [{"name": f"extra-{number}", "abi": 1, "image": "bench-small.elf"}
            for number in range(count)]


def pack(build_dir, path, manifests, patient=False, first=None):
    """The release archive with these drivers, the one named `first` more urgent than the release's;
    its length."""
    content = read_archive(build_dir / "boot.tar")
    images = read_archive(build_dir / "test" / "meters.tar")
    for fields in manifests:
        content[fields["image"]] = images[fields["image"]]
        content[f"{fields['name']}.drv.json"] = arena.manifest_bytes(fields)
    for name in shipped() if patient else ():
        fields = json.loads(content[f"{name}.drv.json"])
        content[f"{name}.drv.json"] = arena.manifest_bytes({**fields, "restart": PATIENT})
    if first:
        content["boot.list"] = f"{first} 24\n".encode() + content["boot.list"]
    write_archive(path, content)
    return path.stat().st_size


def machine_of(build_dir, directory, name, memory="64M"):
    return machine.Vm(build_dir / "castellan.elf", directory / "boot.tar", directory / name,
                      arguments=arena.QEMU, memory=memory, limit=LIMIT)


def samples(vm):
    """{what: [us]} of all that the meter said until it said that it was done."""
    vm.expect(r"meter-\w+: end", "the end of the measurement")
    result = {}
    for found in vm.said(r"meter-\w+: samples (\S+)((?: \d+)+)\n"):
        result.setdefault(found[1], []).extend(map(int, found[2].split()))
    return result


# --- measurements: each adds {key: figure} to what it is given ---

def measure_restarts(build_dir, directory, result):
    pack(build_dir, directory / "boot.tar", [{**METER, "name": "meter-kill"}, BIG], True)
    with machine_of(build_dir, directory, "restarts") as vm:
        found = samples(vm)
    for name, values in found.items():
        result |= {f"restart_{name}_median": median(values),
                   f"restart_{name}_p99": percentile(values, 99),
                   f"restart_{name}_max": max(values)}
    missing = {*guest.RELEASE_DRIVERS, "big"} - set(found)
    if missing:
        raise Failure(f"{', '.join(sorted(missing))} did not run")


def measure_loaded(build_dir, directory, result):
    """How long the large driver takes beside two that never rest."""
    images = read_archive(build_dir / "test" / "corpus.tar")
    spinners = {f"extra-spins-{number}": (
        arena.manifest_bytes({"name": f"extra-spins-{number}", "abi": 1, "image": "spins.elf"}),
        "spins.elf", images["spins-but-beats.elf"]) for number in range(2)}
    pack(build_dir, directory / "boot.tar", [{**METER, "name": "meter-large"}, BIG])
    content = read_archive(directory / "boot.tar")
    for name, (manifest, image, code) in spinners.items():
        content |= {f"{name}.drv.json": manifest, image: code}
    write_archive(directory / "boot.tar", content)
    with machine_of(build_dir, directory, "loaded") as vm:
        values = samples(vm)["big"]
    result |= {"loaded_big_median": median(values), "loaded_big_p99": percentile(values, 99),
               "loaded_big_max": max(values)}


def measure_wait(build_dir, directory, result):
    """What others wait for at most while a large driver ends and begins."""
    meter = {**METER, "name": "meter-wait", "cpu": {"budget_us": 400000, "period_us": 600000}}
    pack(build_dir, directory / "boot.tar", [meter, BIG], first="meter-wait")
    with machine_of(build_dir, directory, "wait") as vm:
        values = samples(vm)["wait"]
    result |= {"wait_median": median(values), "wait_p99": percentile(values, 99),
               "wait_max": max(values)}


def counts(more):
    """[(word, how many drivers beyond the release's and `more`)]"""
    return (("few", 0), ("many", MANY - more - len(shipped())))


def measure_boot(build_dir, directory, result):
    """Time and memory of a further driver: those of many less those of the fewest, divided."""
    free, sizes = {}, {}
    for word, count in counts(1):
        sizes[word] = pack(build_dir, directory / "boot.tar",
                           [{**METER, "name": "meter-boot"}, *extra(count)])
        with machine_of(build_dir, directory, f"boot-{word}") as vm:
            result[f"boot_{word}_us"] = samples(vm)["boot"][0]
            free[word] = guest.audit(vm)["free_bytes"]
    result["boot_driver"] = (result["boot_many_us"] - result["boot_few_us"]) * PER_US // count
    result["memory_driver"] = (free["few"] - free["many"]
                               - (sizes["many"] - sizes["few"])) // count


def instructions(vm, watched):
    """(guest ms, instructions) at this moment."""
    vm.qmp("stop")
    now = watched.trace.look(), vm.qmp("query-replay")["icount"]
    vm.qmp("cont")
    return now


def measure_idle(build_dir, directory, result):
    for word, count in counts(0):
        pack(build_dir, directory / "boot.tar", extra(count))
        with machine_of(build_dir, directory, f"idle-{word}") as vm:
            guest.expect_running(vm, *shipped(),
                                 *(fields["name"] for fields in extra(count)))
            watched = arena.Arena(vm, [])
            watched.pass_ms(SETTLE_MS)
            begun = instructions(vm, watched)
            watched.pass_ms(IDLE_MS)
            ended = instructions(vm, watched)
        result[f"idle_{word}"] = (ended[1] - begun[1]) * 1000 // (ended[0] - begun[0])


def measure_death(build_dir, directory, result):
    """Nothing if the drivers do not outlive their manager: the meter would be the first to go."""
    for word, count in counts(1):
        pack(build_dir, directory / "boot.tar", [{**METER, "name": "meter-death"}, *extra(count)],
             first="meter-death")
        with machine_of(build_dir, directory, f"death-{word}") as vm:
            values = samples(vm).get("manager")
            if len(vm.said(r"meter-death: Loaded -> Probing")) > 1:
                raise Failure("the drivers die with it")
        if not values or max(values) >= GONE_US:
            raise Failure("it cannot be killed, or does not come back")
        result |= {f"death_{word}_median": median(values),
                   f"death_{word}_p99": percentile(values, 99), f"death_{word}_max": max(values)}


def measure_reports(build_dir, directory, result):
    """From the call that takes a driver's report to its return, by QEMU's debugger."""
    pack(build_dir, directory / "boot.tar", [], patient=True)
    take, took = key_way.Place(build_dir, "drvmgr", "capture_take"), []
    with machine_of(build_dir, directory, "reports") as vm:
        guest.expect_running(vm, *shipped())
        stub = gdbstub.Stub(vm, vm.log_dir / "gdb")
        stub.resume()
        for name in REPORTED * REPORTS_EACH:
            stub.stop()
            stub.run_to(take.address, lambda victim=name: vm.type(f"kill {victim}\n"), take.code)
            begun = vm.qmp("query-replay")["icount"]
            stack = stub.registers()["esp"]
            stub.run_to(int.from_bytes(bytes.fromhex(stub.ask(f"m{stack:x},4")), "little"))
            took.append((vm.qmp("query-replay")["icount"] - begun) // PER_US)
            stub.resume()
            vm.expect(rf"drvmgr: {name}: Initialising -> Running")
        stub.stop()
        stub.leave()
    result |= {"report_median": median(took), "report_max": max(took)}


def measure_verdicts(build_dir, directory, result):
    """When the manager names each sick kind for what it does, and how the prompt answers beside it."""
    for name, expected in cases.SICK.items():
        hostile = cases.hostile(build_dir, {name: (name, {}, expected)})
        arena.make_archive(build_dir, directory / "boot.tar", hostile)
        with machine.Vm(build_dir / "castellan.elf", directory / "boot.tar", directory / name,
                        arguments=arena.QEMU, append=arena.APPEND, limit=LIMIT) as vm:
            figures, _ = score.judge(arena.Arena(vm, ()).run(SICK_SECONDS), [name])
        result[f"named_{name}"] = cases.named_ms(figures["verdicts"][name], expected)
        for what in ("p99", "max"):
            result[f"prompt_{name}_{what}"] = figures["prompt"][f"{what}_ms"]


def measure_keys(build_dir, directory, result):
    pack(build_dir, directory / "boot.tar", [], patient=True)
    with machine_of(build_dir, directory, "keys") as vm:
        guest.expect_running(vm, *shipped())
        row = vm.expect_screen("Type a command: ") + 1
        watched = arena.Arena(vm, [])
        watched.pass_ms(SETTLE_MS)
        way = key_way.Way(vm, build_dir, row)
        single, many = key_way.measure_typing(way, watched.pass_ms)
        deaths = [took // PER_US for took in key_way.measure_deaths(way, watched.pass_ms)]
        way.leave()
    for name, values in zip(("event", "cell", "all"), zip(*single)):
        result[f"key_{name}"] = median(values)
    result["key_burst"] = median([took[-1] for took in many]) // (2 * key_way.TAPS)
    result |= {f"rate_{name}": 1000000 * PER_US // result[f"key_{name}"] for name in ("all", "burst")}
    result |= {"key_death_median": median(deaths), "key_death_max": max(deaths)}


MEASUREMENTS = (measure_restarts, measure_loaded, measure_wait, measure_boot, measure_idle,
                measure_death, measure_reports, measure_keys, measure_verdicts)


# --- the table ---

def rows():
    """[(text, keys, unit, goal of judged(keys), or None)]"""
    result = [(f"crash -> Running, {name}: median / p99 / max",
               [f"restart_{name}_{what}" for what in ("median", "p99", "max")], "us", goal)
              for name, goal in [(name, 2000) for name in guest.RELEASE_DRIVERS] +
              [("big", 15000)]]
    result += [("  beside two that never rest: median / p99 / max",
                ["loaded_big_median", "loaded_big_p99", "loaded_big_max"], "us", None)]
    result += [("big restarts, nobody else's request waits: median / p99 / max",
                ["wait_median", "wait_p99", "wait_max"], "us", 500)]
    result += [(f"{name}: named after", [f"named_{name}"], "ms", 1000) for name in cases.SICK]
    result += [(f"{name}: prompt's p99 / max", [f"prompt_{name}_p99", f"prompt_{name}_max"], "ms", 50)
               for name in cases.SICK]
    return result + [
        ("memory per driver, its own", ["memory_driver"], "bytes", 64 << 10),
        (f"idle, {len(shipped())} drivers, instructions a second", ["idle_few"], "",
         100000),
        (f"idle, {MANY} drivers", ["idle_many"], "", 600000),
        ("boot -> all Running, per further driver, instructions", ["boot_driver"], "", 150000),
        (f"  all of {len(shipped()) + 1}", ["boot_few_us"], "us", None),
        (f"  all of {MANY}", ["boot_many_us"], "us", None),
        ("key's interrupt -> event at the console, instructions", ["key_event"], "", 2500),
        ("  -> cell on the screen", ["key_cell"], "", 6000),
        ("  -> nobody has anything to do", ["key_all"], "", None),
        (f"  the same of each of {2 * key_way.TAPS} events at once", ["key_burst"], "", None),
        ("  so many events a second for good: one by one / at once", ["rate_all", "rate_burst"], "", None),
        ("ps2kbd's death -> event of its next instance: median / max",
         ["key_death_median", "key_death_max"], "us", 2000),
        ("manager's death -> serving, few: median / p99 / max",
         [f"death_few_{what}" for what in ("median", "p99", "max")], "us", 2000),
        (f"  {MANY} drivers", [f"death_many_{what}" for what in ("median", "p99", "max")], "us",
         4000),
        ("a death report is taken: median / max", ["report_median", "report_max"], "us", 100)]


def judged(keys):
    """The key that is held to the goal: of restarts p99, of all else the worst."""
    return next((key for key in keys if key.startswith("restart_") and key.endswith("_p99")),
                keys[-1])


def exceeded(figures):
    """Lines of text: which goal is not met. What was not measured is told elsewhere."""
    lines = []
    for text, keys, unit, goal in rows():
        key = judged(keys)
        if goal is None or key not in figures:
            continue
        if figures[key] is None:
            lines.append(f"{key} ({text}) is never, its goal {goal:,} {unit}".rstrip())
        elif figures[key] > goal:
            lines.append(f"{key} ({text}) is {figures[key]:,}: {figures[key] - goal:,} over its "
                         f"goal of {goal:,} {unit}".rstrip())
    return lines


HEADER = """\
Guest time, {qemu}, -icount shift=3: 125 instructions a microsecond.
test/bench/README.md says how each row is measured."""


def show(figures, keys):
    if not any(key in figures for key in keys):
        return "-"
    values = [figures.get(key) for key in keys]
    return " / ".join("never" if value is None else f"{value:,}" for value in values)


def print_table(figures, baseline, qemu):
    print(HEADER.format(qemu=qemu))
    print()
    form = "{:<52} {:>12} {:>24} {:>24}  {}"
    print(form.format("work", "goal", "baseline", "now", "change"))
    for text, keys, unit, goal in rows():
        key = judged(keys)
        bound = "-" if goal is None else f"<= {goal:,} {unit}".rstrip()
        print(form.format(text, bound, show(baseline, keys), show(figures, keys),
                          change(baseline.get(key), figures.get(key), not key.startswith("rate_"))).rstrip())


def parse_arguments(arguments):
    parser = usage.Parser(
        prog="castellan bench --manager",
        description="Measures the driver manager in guest time beside the committed baseline.")
    parser.add_argument("--build-dir", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--json", metavar="FILE", help="also write the figures there; -: only that")
    parser.add_argument("--update-baseline", action="store_true",
                        help=f"write the figures to {BASELINE.relative_to(ROOT)}")
    parser.add_argument("--no-bounds", action="store_true",
                        help="exit with 0 whatever the figures are")
    parser.add_argument("--only", choices=[f.__name__[len("measure_"):] for f in MEASUREMENTS],
                        help="one of the measurements")
    options = parser.parse_args(arguments)
    parser.finish(options)
    return options


def measure(build_dir, only):
    """All figures, and in words what could not be measured."""
    figures, failures = {}, []
    with tempfile.TemporaryDirectory(prefix="castellan-bench-") as directory:
        for function in MEASUREMENTS:
            if only and function.__name__ != f"measure_{only}":
                continue
            try:
                function(build_dir, pathlib.Path(directory), figures)
            except (Failure, machine.Failure, KeyError, IndexError) as failure:
                failures.append(f"{function.__name__[len('measure_'):]}: {failure}")
    return figures, failures


def main(arguments):
    options = parse_arguments(arguments)
    build_dir = pathlib.Path(os.environ.get(ENVIRONMENT) or options.build_dir).resolve()
    guest.read_release(build_dir)
    baseline = json.loads(BASELINE.read_text())["figures"] if BASELINE.exists() else {}
    figures, failures = measure(build_dir, options.only)
    qemu = qemu_version()
    if options.json != "-":
        print_table(figures, baseline, qemu)
    if options.json:
        write_json(options.json, {"figures": figures, "qemu": qemu, "baseline": baseline})
    if options.update_baseline:
        write_json(BASELINE, {"figures": figures, "qemu": qemu})
    for failure in failures:
        print(f"bench: cannot measure {failure}", file=sys.stderr)
    over = [] if options.no_bounds else exceeded(figures)
    for line in over:
        print(f"bench: {line}", file=sys.stderr)
    return 1 if failures or over else 0


if __name__ == "__main__":
    usage.run(main, sys.argv[1:])
