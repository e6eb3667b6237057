# SPDX-License-Identifier: BSD-2-Clause
"""usage: ./castellan timeline [--socket PATH] FILE [LOG]

Writes FILE, a trace for https://ui.perfetto.dev or Perfetto's trace_processor: of each driver a track with
its states, on it its deaths, and a track with what it logged. It asks the machine that `./castellan run` has
started, or whatever has the other end of the socket PATH; or it is made of LOG, which
`./castellan drvctl --json log` or `./castellan drvctl --json log -f` has written. Of the machine itself the
last death of each driver comes with its cause; the log is as long as the machine keeps it.

exit code: 0 done, 1 LOG cannot be read or is of two runs, or FILE cannot be written, 2 wrong usage, 3 no
machine answers, or python3-protobuf is missing"""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
DRVCTL = [sys.executable, str(ROOT / "servers/drvmgr/host/drvctl.py"), "--json"]
FAILED, WRONG, MISSING = 1, 2, 3
CHANGE = re.compile(r"(\w+) -> (\w+) \((.*)\)$")  # as servers/drvmgr/log/tell.c has it
DEATH = re.compile(r"(failed|killed by the operator) in (\w+), generation (\d+)(?:: (.*))?$")
MANAGER = "drvmgr"
SYSTEM = 1  # the track of all others
MS = 1000000  # ns
TOLD = ("kind", "cause", "address", "function", "file", "line")  # of a death, as `why` answers it


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
        packet.timestamp = time * MS
        packet.track_event.type, packet.track_event.track_uuid = kind, uuid
        if name is not None:
            packet.track_event.name = name
            packet.track_event.categories.append(category)
        for key, value in told:
            note = packet.track_event.debug_annotations.add(name=key)
            if isinstance(value, int):
                note.uint_value = value
            else:
                note.string_value = str(value)

    def change(self, driver, time, after, why):
        """A state ends and another begins."""
        self.event(driver, self.kinds.SLICE_END, time)
        self.event(driver, self.kinds.SLICE_BEGIN, time, after, "state", [("why", why)])

    def death(self, driver, time, text, generation):
        reason = self.reasons.get((driver, generation), {})
        told = [(key, reason[key]) for key in TOLD if reason.get(key) is not None]
        self.event(driver, self.kinds.INSTANT, time, text, "death", [("generation", generation), *told])


def make(rows, reasons=()):
    """The trace of a log; `reasons`: answers of `why`."""
    line = Timeline({(reason["driver"], reason["generation"]): reason for reason in reasons})
    if not rows:
        return line
    begin, number = rows[0]["time"], -1
    latest = begin
    # What a driver was before its first change it was when the log began.
    for driver, before in first_changes(rows):
        line.event(driver, line.kinds.SLICE_BEGIN, begin, before, "state")
    for row in rows:
        if row["number"] <= number or row["time"] < latest:
            raise Stop("the log goes back in time: it is of two runs", FAILED)
        number, latest = row["number"], row["time"]
        driver, text = row["driver"], row["text"]
        change = CHANGE.match(text) if row["source"] == MANAGER and driver else None
        death = DEATH.match(text) if row["source"] == MANAGER and driver else None
        if change:
            line.change(driver, latest, *change.groups()[1:])
        elif death:
            line.death(driver, latest, text, int(death.group(3)))
        else:
            line.event(f"{driver or row['source'] or 'input'} log", line.kinds.INSTANT, latest,
                       text, row["level"] or "info")
    return line


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


def read_arguments(words):
    socket, names = None, []
    words = list(words)
    while words:
        word = words.pop(0)
        if word == "--socket" and words:
            socket = words.pop(0)
        elif word.startswith("-"):
            raise Stop(f"timeline: there is no {word}, or its value is missing; there is: --socket", WRONG)
        else:
            names.append(word)
    if not 1 <= len(names) <= 2 or (socket and len(names) == 2):
        raise Stop("timeline: a file is expected, and a log or a socket behind it", WRONG)
    return socket, names


def main(arguments):
    asked = "--check-usage" in arguments
    arguments = [word for word in arguments if word != "--check-usage"]
    if any(word in ("-h", "--help") for word in arguments):
        print(__doc__)
        return 0
    try:
        socket, names = read_arguments(arguments)
        if asked:
            return 0
        if len(names) == 2:
            rows, reasons = read_log(pathlib.Path(names[1]).read_text(encoding="utf-8")), []
        else:
            rows, reasons = gather(socket)
        data = make(rows, reasons).trace.SerializeToString()
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
    print(f"{names[0]}: {len(rows)} lines of the log; open it at https://ui.perfetto.dev")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
