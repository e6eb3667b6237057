# SPDX-License-Identifier: BSD-2-Clause
"""usage: ./castellan timeline [--calls] [--socket PATH] FILE [LOG]

Writes FILE, a trace for https://ui.perfetto.dev or Perfetto's trace_processor: of each driver a track with
its states, on it its deaths, and a track with what it logged. It asks the machine that `./castellan run` has
started, or whatever has the other end of the socket PATH; or it is made of LOG, which
`./castellan drvctl --json log` or `./castellan drvctl --json log -f` has written. Of the machine itself the
last death of each driver comes with its cause; the log is as long as the machine keeps it. --calls: with a track
for each thread that has its calls, and one for interrupts, of a machine that `./castellan run --calls` has started.
--build DIRECTORY: of its image, if not build/release.

exit code: 0 done, 1 LOG cannot be read or is of two runs, or FILE cannot be written, 2 wrong usage, 3 no
machine answers, or it records no calls, or gdb or python3-protobuf is missing"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tools/debug"))
from debug import line_socket  # noqa: E402

DRVCTL = [sys.executable, str(ROOT / "servers/drvmgr/host/drvctl.py"), "--json"]
FAILED, WRONG, MISSING = 1, 2, 3
CHANGE = re.compile(r"(\w+) -> (\w+) \((.*)\)$")  # as servers/drvmgr/log/tell.c has it
DEATH = re.compile(r"(failed|killed by the operator) in (\w+), generation (\d+)(?:: (.*))?$")
MANAGER = "drvmgr"
SYSTEM = 1  # the track of all others
MS = 1000000  # ns
TOLD = ("kind", "cause", "address", "function", "file", "line")  # of a death, as `why` answers it


LEAVES, CALLS, TRAPS, IDLE = range(4)  # TRACE_… of abi/trace.h
INTERRUPTS = "interrupts"
SYSCALL_VECTOR, IRQ_VECTOR, STRAY_VECTOR = 128, 32, 48  # microkernel/arch/i386/selectors.h
PATIENCE = 60  # seconds, of gdb


class Stop(Exception):
    """Why there is no timeline, and the exit code."""

    def __init__(self, text, code):
        super().__init__(text)
        self.code = code


def read_log(text):
    """The records of a log, one list or one object a line."""
    try:
        rows = json.loads(text) if text.lstrip().startswith("[") else [
            json.loads(line) for line in text.splitlines() if line.strip()]
        return [{"time": int(row["time"]), "number": int(row["number"]), "level": row["level"],
                 "source": row["source"], "driver": row["driver"], "text": str(row["text"])} for row in rows
                if "error" not in row]
    except (ValueError, KeyError, TypeError) as error:
        raise Stop(f"that is no log as drvctl --json log writes it: {error!r}", FAILED) from error


def ask(socket, *words):
    """What drvctl answers; Stop as drvctl ends."""
    done = subprocess.run([*DRVCTL, *(["--socket", socket] if socket else []), *words], capture_output=True,
                          text=True, check=False)
    if done.returncode == MISSING:
        raise Stop(done.stderr.strip(), MISSING)
    if done.returncode:
        raise Stop(f"{' '.join(words)}: {done.stdout.strip() or done.stderr.strip()}", FAILED)
    return done.stdout


class Timeline:
    """Packets, in the order of the log."""

    def __init__(self, reasons):
        import perfetto
        self.kinds = perfetto
        self.trace = perfetto.Trace()
        self.reasons = reasons  # {(driver, generation): what `why` answers}
        self.tracks = {}
        packet = self._packet()
        packet.sequence_flags = perfetto.STATE_CLEARED
        packet.track_descriptor.uuid = SYSTEM
        packet.track_descriptor.process.pid = 1
        packet.track_descriptor.process.process_name = "Castellan"

    def _packet(self):
        packet = self.trace.packet.add()
        packet.trusted_packet_sequence_id = 1
        return packet

    def track(self, name):
        if name not in self.tracks:
            self.tracks[name] = SYSTEM + 1 + len(self.tracks)
            described = self._packet().track_descriptor
            described.uuid, described.name, described.parent_uuid = self.tracks[name], name, SYSTEM
        return self.tracks[name]

    def event(self, track, kind, time, name=None, category=None, told=()):
        uuid = self.track(track)
        packet = self._packet()
        packet.timestamp = round(time * MS)
        packet.track_event.type, packet.track_event.track_uuid = kind, uuid
        if name is not None:
            packet.track_event.name = name
            packet.track_event.categories.append(category)
        for key, value in told:
            note = packet.track_event.debug_annotations.add(name=key)
            if isinstance(value, int) and value >= 0:
                note.uint_value = value
            else:
                note.string_value = str(value)

    def change(self, driver, time, after, why):
        """A state ends and another begins."""
        yield driver, self.kinds.SLICE_END, time
        yield driver, self.kinds.SLICE_BEGIN, time, after, "state", [("why", why)]

    def death(self, driver, time, text, generation):
        reason = self.reasons.get((driver, generation), {})
        told = [(key, reason[key]) for key in TOLD if reason.get(key) is not None]
        yield driver, self.kinds.INSTANT, time, text, "death", [("generation", generation), *told]

    def log(self, rows):
        """The events of a log."""
        number, latest = -1, rows[0]["time"] if rows else 0
        # What a driver was before its first change it was when the log began.
        for driver, before in first_changes(rows):
            yield driver, self.kinds.SLICE_BEGIN, latest, before, "state"
        for row in rows:
            if row["number"] <= number or row["time"] < latest:
                raise Stop("the log goes back in time: it is of two runs", FAILED)
            number, latest = row["number"], row["time"]
            driver, text = row["driver"], row["text"]
            change = CHANGE.match(text) if row["source"] == MANAGER and driver else None
            death = DEATH.match(text) if row["source"] == MANAGER and driver else None
            if change:
                yield from self.change(driver, latest, *change.groups()[1:])
            elif death:
                yield from self.death(driver, latest, text, int(death.group(3)))
            else:
                yield (f"{driver or row['source'] or 'input'} log", self.kinds.INSTANT, latest, text,
                       row["level"] or "info")

    def calls(self, found):
        """The events of what the kernel recorded. A call is a slice from when it comes until its thread leaves the
        kernel; of one whose thread was ended meanwhile, until a thread comes from there again."""
        names, under_way = syscalls(), set()
        for ns, kind, thread, what in found:
            time, track, vector = ns / MS, f"{thread} calls", what & 0xFF
            if kind != LEAVES and thread in under_way and not (kind == TRAPS and IRQ_VECTOR <= vector < SYSCALL_VECTOR):
                under_way.remove(thread)
                yield track, self.kinds.SLICE_END, time
            if kind == LEAVES and thread in under_way:
                under_way.remove(thread)
                yield track, self.kinds.SLICE_END, time, None, None, [("result", result_of(what))]
            elif kind == CALLS or kind == TRAPS and vector == SYSCALL_VECTOR:
                number = what if kind == CALLS else what >> 8
                under_way.add(thread)
                yield track, self.kinds.SLICE_BEGIN, time, names.get(number, f"call {number}"), "call"
            elif kind == TRAPS and vector < IRQ_VECTOR:
                under_way.add(thread)
                yield track, self.kinds.SLICE_BEGIN, time, f"exception {vector}", "exception"
            elif kind in (TRAPS, IDLE):
                yield (INTERRUPTS, self.kinds.INSTANT, time, line_of(vector), "interrupt",
                       [("while", thread or "in the kernel, or nobody ran")])


def make(rows, reasons=(), calls=()):
    """The trace of a log; `reasons`: answers of `why`; `calls`: what the kernel recorded."""
    line = Timeline({(reason["driver"], reason["generation"]): reason for reason in reasons})
    for event in sorted([*line.log(rows), *line.calls(calls)], key=lambda event: event[2]):
        line.event(*event)
    return line


def syscalls():
    """{number: name} of the kernel's calls."""
    text = (ROOT / "abi/syscalls.h").read_text(encoding="utf-8")
    return {int(number): name for number, name in re.findall(r"X\((\d+), (\w+),", text)}


def result_of(word):
    """Errors are negative, as in C."""
    return word - (1 << 32) if word >> 31 else word


def line_of(vector):
    return "timer" if vector == IRQ_VECTOR else f"line {vector - IRQ_VECTOR}" if vector < STRAY_VECTOR else "stray"


def first_changes(rows):
    """(driver, state before) of each driver's first change of its state."""
    seen = set()
    for row in rows:
        change = CHANGE.match(row["text"]) if row["source"] == MANAGER and row["driver"] else None
        if change and row["driver"] not in seen:
            seen.add(row["driver"])
            yield row["driver"], change.group(1)


def gather(socket):
    """(records, reasons) of the machine."""
    rows = read_log(ask(socket, "log"))
    names = [row["name"] for row in json.loads(ask(socket, "ps")) if row.get("name")]
    reasons = []
    for name in names:
        try:
            reasons.append(json.loads(ask(socket, "why", name)))
        except Stop as stop:  # of a manifest that was refused, or a driver that is gone
            if stop.code == MISSING:
                raise
    return rows, [reason for reason in reasons if reason.get("generation") is not None]


def ask_kernel(socket, build):
    """What the kernel recorded, through the debugger's socket, which is beside that of the second serial line."""
    socket = (socket or line_socket()) + ".gdb"
    if not shutil.which("gdb"):
        raise Stop("gdb is missing: apt-get install gdb, or ./castellan setup", MISSING)
    if not pathlib.Path(socket).is_socket():
        raise Stop("no machine records calls: ./castellan run --calls starts one", MISSING)
    with tempfile.TemporaryDirectory(prefix="castellan-") as folder:
        words = [f"set remotetimeout {PATIENCE}", f"source {ROOT}/tools/debug/castellan.py",
                 f"target remote {socket}", f"castellan calls {folder}/calls", "detach"]
        done = subprocess.run(["gdb", "-q", "-nx", "-batch", *[part for word in words for part in ("-ex", word)],
                               f"{build}/castellan.elf.debug"], capture_output=True, text=True, check=False,
                              env={**os.environ, "CASTELLAN_BUILD": str(build)})
        if not pathlib.Path(f"{folder}/calls").exists():
            raise Stop((done.stderr.strip().splitlines() or ["gdb said nothing"])[-1], MISSING)
        return json.loads(pathlib.Path(f"{folder}/calls").read_text(encoding="utf-8"))


def read_arguments(words):
    socket, names, calls, build = None, [], False, ROOT / "build/release"
    words = list(words)
    while words:
        word = words.pop(0)
        if word == "--socket" and words:
            socket = words.pop(0)
        elif word == "--build" and words:
            build = pathlib.Path(words.pop(0)).resolve()
        elif word == "--calls":
            calls = True
        elif word.startswith("-"):
            raise Stop(f"timeline: there is no {word}, or its value is missing; there are: --calls --socket --build", WRONG)
        else:
            names.append(word)
    if not 1 <= len(names) <= 2 or ((socket or calls) and len(names) == 2):
        raise Stop("timeline: a file is expected, and a log, or else a socket or the calls of a machine", WRONG)
    return socket, names, calls and build


def main(arguments):
    asked = "--check-usage" in arguments
    arguments = [word for word in arguments if word != "--check-usage"]
    if any(word in ("-h", "--help") for word in arguments):
        print(__doc__)
        return 0
    try:
        socket, names, calls = read_arguments(arguments)
        if asked:
            return 0
        found = ask_kernel(socket, calls) if calls else []
        if len(names) == 2:
            rows, reasons = read_log(pathlib.Path(names[1]).read_text(encoding="utf-8")), []
        else:
            rows, reasons = gather(socket)
        data = make(rows, reasons, found).trace.SerializeToString()
        pathlib.Path(names[0]).write_bytes(data)
    except Stop as stop:
        print(f"castellan: {stop}", file=sys.stderr)
        return stop.code
    except ImportError:
        print("castellan: python3-protobuf is missing; ./castellan setup installs it", file=sys.stderr)
        return MISSING
    except (OSError, UnicodeDecodeError) as error:
        print(f"castellan: timeline: {error}", file=sys.stderr)
        return FAILED
    also = f", {len(found)} records of the kernel" if found else ""
    print(f"{names[0]}: {len(rows)} lines of the log{also}; open it at https://ui.perfetto.dev")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
