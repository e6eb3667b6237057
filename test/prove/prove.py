#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Proves the contracts in the kernel's sources with Frama-C WP, run-time errors and wrap-around
included, and tries to refute them with smoke tests. docs/proof.md says what that means.

exit code: 0 all is proved, 1 a goal is not, 2 wrong usage, 3 a program is missing."""
import argparse
import concurrent.futures
import pathlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))

import usage  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Over bit vectors: the axioms of the contracts, and what WP cannot do.
AXIOMS = ["test/prove/masks.smt2", "test/prove/handles.smt2"]
INCLUDE = ["test/prove/include", ".", "microkernel", "libs/libcap/include"]
MAY_WRAP = set()  # whose wrap-around is wanted and then tested
# Where pointers to structures are taken to be to one each, which do not overlap: much faster.
BY_REFERENCE = {"microkernel/boot/multiboot.c", "libs/libcap/pure/elf.c"}
# Where a goal is split by the ways through the function: smaller goals, but more.
SPLIT = {"microkernel/boot/physical.c RAM", "microkernel/boot/multiboot.c all"}
# What one prover may take for one goal, in the units of prover.sh.
LIMIT = 400
SMOKE_LIMIT = 10  # whether a contract can be met: mostly in vain, so not for long

JOBS = (os.cpu_count() or 1) + 1  # a file at a time; each waits for one prover or the other

# Why3's name of a prover, and its description of the language that the prover reads.
PROVERS = {"z3": "z3_471", "cvc4": "cvc4_17", "cvc5": "cvc4_17"}
WHY3_MAIN = "[main]\nmagic = 14\nmemlimit = 2000\nrunning_provers_max = 2\n"
WHY3_PROVER = """
[prover]
name = "{name}"
shortcut = "{name}"
version = "0"
driver = "{driver}"
command = "{root}/test/prove/prover.sh {name} %t %f"
command_steps = "{root}/test/prove/prover.sh {name} %t %f"
editor = ""
in_place = false
interactive = false
"""
CPP = (" ".join(f"-I{ROOT / name}" for name in INCLUDE)
       + " -D'_Alignas(x)='")  # which Frama-C does not know
FRAMA_C = ["frama-c", "-c11", "-machdep", "gcc_x86_32", "-wp", "-wp-rte", "-wp-smoke-tests",
           "-rte-no-pointer-call",  # what may be called is proved where the code says `calls`
           "-wp-timeout", str(LIMIT), "-wp-par", "1",
           "-wp-cache", "none", "-wp-smoke-timeout", str(SMOKE_LIMIT), "-wp-no-warn-memory-model",
           # Functions that are declared and not called by what is proved.
           "-kernel-warn-key", "annot:missing-spec=inactive",
           "-kernel-warn-key", "typing:implicit-conv-void-ptr=inactive",
           # Assembly, which no function that is proved has inside.
           "-kernel-warn-key", "asm:clobber=inactive",
           "-wp-warn-key", "pedantic-assigns=inactive"]

FOR_FUNCTIONS = ("-wp-rte", "-wp-smoke-tests")

LEMMAS = "@lemma"  # instead of functions: all the lemmas of a file

# What is reported, what is compiled, the functions that are proved and, where the default is
# slow, the provers to ask.
DEFAULT = "z3,cvc4"
TASKS = [
    ("microkernel/base/range.h", "test/prove/range.c",
     "range_inside span_inside round_up is_aligned", "cvc4,z3"),
    ("microkernel/object/range.c", "microkernel/object/range.c",
     "slot_allows pio_narrow mmio_narrow pio_check", "z3"),
    ("microkernel/object/irq.c", "microkernel/object/irq.c", "irq_narrow"),
    ("microkernel/object/irq.c claims", "microkernel/object/irq.c",
     "line_of claim_of irq_check_claim", "z3,cvc4"),
    ("microkernel/object/vspace.c", "microkernel/object/vspace.c", "vspace_narrow_frame"),
    ("microkernel/object/slot.c", "microkernel/object/slot.c", "slot_check_derive", "cvc4,z3"),
    ("microkernel/object/slot.c more", "microkernel/object/slot.c", "fill", "cvc4,z3"),
    ("microkernel/object/slot.c lemmas", "microkernel/object/slot.c", LEMMAS, "cvc5,cvc4"),
    ("microkernel/object/object.c", "microkernel/object/object.c",
     "object_narrow_none object_narrow_badge", "cvc4,z3"),
    ("microkernel/object/untyped.c", "microkernel/object/untyped.c",
     "object_size untyped_plan mark_used", "cvc4"),
    ("microkernel/object/cspace.c", "microkernel/object/cspace.c",
     "cspace_slot cspace_lookup take_fresh cspace_take", "cvc4,z3"),
    ("microkernel/object/cspace.c more", "microkernel/object/cspace.c",
     "append_free cspace_free", "cvc4,z3"),
    ("microkernel/object/transfer.h", "microkernel/object/transfer.c", "transfer_words"),
    ("microkernel/boot/multiboot.c", "microkernel/boot/multiboot.c",
     "reachable kind_of_type read_modules read_cmdline", "z3"),
    ("microkernel/boot/multiboot.c map", "microkernel/boot/multiboot.c",
     "note_entry read_map note_sizes read_memory", "cvc5,z3"),
    ("microkernel/boot/multiboot.c all", "microkernel/boot/multiboot.c", "multiboot_read",
     "cvc5,z3"),
    ("microkernel/boot/physical.c", "microkernel/boot/physical.c",
     "end_around next_above physical_gap end_beyond physical_bus_first", "z3,cvc5"),
    ("microkernel/boot/physical.c more", "microkernel/boot/physical.c",
     "physical_ram physical_is_ram", "z3,cvc5"),
    ("microkernel/boot/physical.c notes", "microkernel/boot/physical.c",
     "add physical_note", "z3,cvc5"),
    ("microkernel/boot/physical.c RAM", "microkernel/boot/physical.c", "add_ram note_ram",
     "cvc5,z3"),
    ("microkernel/boot/physical.c lemmas", "microkernel/boot/physical.c", LEMMAS, "z3"),
    ("microkernel/boot/windows.c", "microkernel/boot/windows.c", "next_in windows_next",
     "cvc5,z3"),
    ("microkernel/arch/i386/trap.c", "microkernel/arch/i386/trap.c",
     "take_interrupt take_trap", "z3"),
    ("libs/libcap/pure/elf.c", "libs/libcap/pure/elf.c",
     "in_file segment_end check_load overlaps add_segment padded note_bytes take_statement "
     "take_program check_entry", "z3"),
    ("libs/libcap/pure/elf.c more", "libs/libcap/pure/elf.c",
     "check_header read_notes check elf_check", "cvc5"),
    ("microkernel/object/tree.c", "microkernel/object/tree.c",
     "join lead forget_links", "cvc4"),
    ("test/prove/revoke.c", "test/prove/revoke.c", LEMMAS, "z3,cvc5"),
    ("test/prove/revoke.c more", "test/prove/revoke.c",
     "walk_ends below_is_under under_fits", "z3,cvc5"),
]

# Code that no call can reach when the preconditions hold, by file and function: kept, so that
# a broken invariant is refused and not believed.
UNREACHABLE = {
    ("microkernel/object/untyped.c", "untyped_plan"): 1,  # rounding up wraps: excluded by U1
    ("microkernel/object/slot.c", "fill"): 1,  # the slot is in use
    ("microkernel/object/slot.c", "panic"): 1,  # it does not return
    ("microkernel/arch/i386/trap.c", "panic"): 1,
}

PROVED = re.compile(r"Proved goals: +(\d+) / (\d+)")
# The second is what is said where there is one prover.
FAILED = re.compile(r"^\[wp\] \[(?:Failed\]|\w+ \d+\] Goal \S+ : (?!Valid))[^\n]*", re.MULTILINE)
DEAD = re.compile(r"\[wp\] \[Failed\] Smoke-test typed_(?:ref_)?(\w+)_wp_smoke_dead_(?:code|call)_s\d+")
WARNING = re.compile(r"\[(?:wp|kernel|rte)[^\]]*\] (?:\S+ )?(?:User Error|Warning)(?!: Failed smoke)[^\n]*\n?[^\n]*")


class Programs:
    """What was started and runs. Each program leads a group of its own, in which its provers are
    too, so that nothing goes on when this is ended."""

    def __init__(self):
        self.lock = threading.Lock()
        self.running = set()
        self.over = False

    def start(self, command):
        with self.lock:
            if self.over:
                raise RuntimeError("ended")
            # pylint: disable-next=consider-using-with
            program = subprocess.Popen(command, cwd=ROOT, text=True, start_new_session=True,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.running.add(program)
            return program

    def run(self, command):
        """The program's answer, when it has ended."""
        program = self.start(command)
        stdout, stderr = program.communicate()
        with self.lock:
            self.running.discard(program)
        return subprocess.CompletedProcess(command, program.returncode, stdout, stderr)

    def end(self):
        """Ends all that runs, and starts nothing more."""
        with self.lock:
            self.over = True
            for program in self.running:
                try:
                    os.killpg(program.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass


PROGRAMS = Programs()


def run(command):
    return PROGRAMS.run(command)


def write_config(directory):
    """Tells Why3, and so Frama-C, of the provers, and where to write what is then removed."""
    os.environ["TMPDIR"] = directory
    path = pathlib.Path(directory) / "why3.conf"
    path.write_text(WHY3_MAIN + "".join(
        WHY3_PROVER.format(name=name, driver=driver, root=ROOT)
        for name, driver in PROVERS.items()), encoding="utf-8")
    os.environ["WHY3CONFIG"] = str(path)


def without_unreachable(source, failed):
    """The failures that are not explained by UNREACHABLE, if each entry explains its own."""
    dead = [found.group(1) for found in map(DEAD.match, failed) if found]
    known = {name for (path, name), count in UNREACHABLE.items()
             if path == source and dead.count(name) == count}
    return [line for line in failed
            if not (DEAD.match(line) and DEAD.match(line).group(1) in known)]


def spec_of(source):
    """What the preprocessor is told of the file that stands behind a header, if there is one."""
    path = pathlib.Path(source)
    spec = ROOT / path.parent / "spec" / path.with_suffix(".h").name
    return f" -include {spec}" if spec.exists() else ""


def prove(task):
    """The goals proved, their number, the seconds taken and what is wrong."""
    source, functions = task[1:3]
    names = [] if functions == LEMMAS else functions.split()
    select = ["-wp-fct", ",".join(names)] if names else ["-wp-prop", LEMMAS]
    provers = task[3] if len(task) > 3 else DEFAULT
    start = time.monotonic()
    options = [] if task[0] in MAY_WRAP else ["-warn-unsigned-overflow"]
    options += ["-wp-model", "Typed+ref"] if source in BY_REFERENCE else []
    options += ["-wp-split"] if task[0] in SPLIT else []
    options += ["-cpp-extra-args=" + CPP + spec_of(source)]
    frama_c = FRAMA_C if names else [word for word in FRAMA_C if word not in FOR_FUNCTIONS]
    result = run(frama_c + options + ["-wp-prover", provers] + select + [source])
    seconds = time.monotonic() - start
    count = PROVED.search(result.stdout)
    failed = list(dict.fromkeys(FAILED.findall(result.stdout)))  # some are said twice
    unexplained = without_unreachable(source, failed)
    explained = len(failed) - len(unexplained)
    # Of the functions beside the lemmas it is said as well what WP would not understand.
    wrong = unexplained + [line for line in WARNING.findall(result.stdout)
                           if names or not re.search("Uncomparable locations|RTE guards", line)]
    wrong += [f"nothing to prove about {name}" for name in names
              if not re.search(rf"(?:Goal|Smoke-test) \w*typed_(?:\w+_)?{name}_", result.stdout)]
    if result.returncode or not count:
        return 0, 0, seconds, wrong or [result.stdout + result.stderr]
    return int(count.group(1)), int(count.group(2)) - explained, seconds, wrong


def check_axioms(path):
    """Axioms are themselves proved, by bit vectors; unsat means that none can be broken."""
    answer = run(["z3", path]).stdout.strip()
    return [] if answer == "unsat" else [f"z3 answers {answer}"]


def report(name, proved, total, seconds, wrong, left):
    """One line of the table; false if there is something wrong."""
    good = not wrong and proved == total and total > 0
    print(f"{name:40} {proved:5}/{total:<5} {seconds:6.0f} s {left:5}  {'' if good else 'FAILED'}",
          flush=True)
    for line in wrong:
        print(f"    {line}")
    return good


def prove_all(tasks):
    """Says what is proved, as soon as it is; false if something is not."""
    good = True
    left = len(tasks) + len(AXIOMS)
    print(f"{'file':40} {'goals proved':>12}  time  left")
    for path in AXIOMS:
        wrong = check_axioms(path)
        left -= 1
        good = report(path, int(not wrong), 1, 0, wrong, left) and good
    total = [0, 0]
    pool = concurrent.futures.ThreadPoolExecutor(JOBS)
    try:
        running = {pool.submit(prove, task): task[0] for task in tasks}
        for done in concurrent.futures.as_completed(running):
            proved, count, seconds, wrong = done.result()
            left -= 1
            good = report(running[done], proved, count, seconds, wrong, left) and good
            total = [total[0] + proved, total[1] + count]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        PROGRAMS.end()
    print(f"{'all':40} {total[0]:5}/{total[1]}")
    return good


def choose(parser, parts):
    """The tasks whose name contains one of the parts, or all; each part has one."""
    names = [task[0] for task in TASKS]
    stems = sorted({pathlib.Path(name.split()[0]).stem for name in names})
    for part in parts:
        if not any(part in name for name in names):
            parser.error(f"nothing that is proved has {part!r} in its name"
                         f"{usage.nearest(part, stems)}; --list lists all")
    return [task for task in TASKS if not parts or any(part in task[0] for part in parts)]


def main():
    parser = usage.Parser(prog="castellan prove", description=__doc__,
                          formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="*", help="only files whose name contains this")
    parser.add_argument("--list", action="store_true", help="only list what is proved")
    arguments = parser.parse_args()
    tasks = choose(parser, arguments.part)
    parser.finish(arguments)
    if arguments.list:
        for task in tasks:
            print(f"{task[0]}: {task[2]}")
        return 0
    missing = [name for name in ("frama-c", "why3", *PROVERS) if not shutil.which(name)]
    if missing:
        print(f"prove: missing: {' '.join(missing)}", file=sys.stderr)
        return 3
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    with tempfile.TemporaryDirectory() as directory:
        write_config(directory)
        good = prove_all(tasks)
    return 0 if good else 1


if __name__ == "__main__":
    usage.run(main)
