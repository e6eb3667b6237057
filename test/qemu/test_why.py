# SPDX-License-Identifier: BSD-2-Clause
"""Drivers that die in all ways: the report has the cause, and the host's tools find function, file
and line, and all callers, from the copied stack; asserted against marks in the driver's source."""
import pathlib
import re
import sys

from guest import ask, make_archive

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "death"))

import report  # noqa: E402

LIMIT = 120
COST = 20
FRAMES_MOST = 16
SOURCE = "test/qemu/drivers/sick.c"
NEVER = {"image": "sick.elf", "restart": "never", "priority": 4}
# {what: (kind, cause, [(function, mark)] that are in this order in the backtrace)}
CASES = {
    "null": ("null-pointer", r"write to 0x10 through a null pointer", [("die_null", "null")]),
    "stack": ("stack-overflow", r"stack overflow: 0xbfff6\w{3} is in the guard page",
              [("die_stack", "stack"), ("die_stack", "stack caller"), ("die_stack", "stack caller")]),
    "jump": ("wild-jump", r"jump to 0x12345678, which is no code of its own",
             [("die_jump", "jump caller")]),
    "data": ("executes-data", r"executes data at 0x\w+", [("die_data", "data caller")]),
    "port": ("foreign-port", r"port 0x61 is not in its manifest", [("die_port", "port caller")]),
    "divide": ("division", r"division by zero", [("die_divide", "divide")]),
    "opcode": ("invalid-instruction", r"invalid instruction", [("die_opcode", "opcode")]),
    "spin": ("verdict", r"spins: .*; \d+ ms; now at eip 0x\w+", [("die_spin", "spin")]),
    "wait": ("verdict", r"waits, and not in its event loop; \d+ ms",
             [("notification_wait", None), ("die_wait", "wait caller")]),
    "flood": ("verdict", r"(spins|sends more|goes on sending)", [("die_flood", "flood caller")]),
    "fail": ("gave-up", r"gave up: DRV_EIO", [("driver_fail", None), ("die_fail", "fail caller")]),
    "exit": ("exit", r"exit with code 7", [("thread_exit", None), ("die_exit", "exit caller")]),
}
WHOLE = {what for what in CASES if what != "stack"}  # whose backtrace ends where the program began


def archive(build_dir, path):
    make_archive(build_dir, path, {f"sick-{what}": NEVER for what in CASES})


def marks():
    """{mark: its line}"""
    lines = (ROOT / SOURCE).read_text().splitlines()
    return {found[1]: number for number, line in enumerate(lines, 1)
            for found in re.finditer(r"/\* mark: (.+?) \*/", line)}


def expect_frames(what, frames, wanted, lines):
    rest = iter(frames)
    for function, mark in wanted:
        frame = next((frame for frame in rest if frame["function"] == function
                      and (mark is None or frame["line"] == lines[mark])), None)
        assert frame, f"{what}: no {function} at {mark!r}, line {lines.get(mark)}, in {frames}"
        assert mark is None or frame["file"] == SOURCE, f"{what}: {frame}"
    for frame in frames:
        assert not frame["file"] or (ROOT / frame["file"]).is_file(), f"{what}: {frame}"
    if what in WHOLE:
        ends = [frame["function"] for frame in frames]
        assert ends[-1] == "_start" and "sick_run" in ends and "main" in ends, f"{what}: {ends}"


def expect_names(what, why, walked):
    """The guest by itself knows the same frames, but for functions that were inlined into others."""
    told = [(f"0x{address:x}", places[-1][0] if places else None) for address, places in walked]
    assert [(frame["address"], frame["function"]) for frame in why["backtrace"]] == told[:FRAMES_MOST], \
        (what, why, told)
    assert why["function"] in (why["backtrace"][0]["function"], None), (what, why)


def dump_of(vm, name):
    return report.dump_of(ask(vm, f"dump {name}"))


def test(vm):
    lines = marks()
    directories = [vm.image.parent / "bin"]
    for _ in CASES:  # in whatever order
        vm.expect(r"drvmgr: sick-\w+: Recovering -> Quarantined")
    for what, (kind, cause, wanted) in CASES.items():
        why = ask(vm, f"why sick-{what}")
        assert why["kind"] == kind and re.match(cause, why["cause"]), (what, why)
        assert bool(why["verdict"]) == (kind == "verdict"), why
        assert why["decided"] == "give-up" and why["generation"] == 1, why
        answer = report.explain(why, dump_of(vm, f"sick-{what}"), directories)
        expect_frames(what, answer["backtrace"], wanted, lines)
        expect_names(what, why, report.walk(dump_of(vm, f"sick-{what}"), directories))
        if wanted[0][1] and what not in ("jump", "data", "port", "flood"):
            assert (answer["function"], answer["file"], answer["line"]) == \
                (wanted[0][0], SOURCE, lines[wanted[0][1]]), answer
    dump = dump_of(vm, "sick-spin")
    assert (dump["kind"], dump["verdict"], dump["decided"]) == ("verdict", "VERDICT_SPINS", "give-up"), dump
    assert ask(vm, "why sick-spin")["verdict"] == "VERDICT_SPINS"
    dump = dump_of(vm, "sick-port")
    assert dump["held"]["endpoint"] > 0 and "cspace" not in dump["held"], dump["held"]
    assert dump["steps"] and dump["steps"][-1].startswith("took"), dump["steps"]
    # Of another build nothing is told.
    try:
        report.frames_of({**dump, "build_id": "01" * 20}, directories)
        raise AssertionError("a report of another build was believed")
    except report.Problem as problem:
        assert "was built from something else" in str(problem), problem
    vm.command("why sick-divide")
    vm.expect(r"^why: 0x\w+  die_divide\n")
    vm.expect(r"^why: 0x\w+  _start\n")
    vm.command("kill screen")
    vm.expect("drvmgr: screen: Initialising -> Running")
    why = ask(vm, "why screen")
    assert why["kind"] == "killed" and why["address"] != "0x0", why
    answer = report.explain(why, dump_of(vm, "screen"), directories)
    assert [frame["function"] for frame in answer["backtrace"]][-2:] == ["main", "_start"], answer
    # Of a release gcc aligns the stack in main(), where this one has its event loop.
    vm.command("kill ps2kbd")
    vm.expect("drvmgr: ps2kbd: Initialising -> Running")
    why = ask(vm, "why ps2kbd")
    answer = report.explain(why, dump_of(vm, "ps2kbd"), directories)
    for frames in (answer["backtrace"], why["backtrace"]):
        assert [frame["function"] for frame in frames][-2:] == ["main", "_start"], frames
    assert ask(vm, "dump serial") == []
    vm.reboot()
