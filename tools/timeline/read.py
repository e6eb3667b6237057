# SPDX-License-Identifier: BSD-2-Clause
"""Reads a Perfetto trace of TrackEvents by itself, without protobuf, and checks what Perfetto asks of one:
that it is whole, that tracks are described before they are used, that times do not go back, and that no
slice ends which has not begun."""
import sys

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5  # wire types
BEGIN, END, INSTANT = 1, 2, 3


class Wrong(Exception):
    """What is wrong with the trace."""


def varint(data, at):
    value = shift = 0
    while at < len(data):
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not data[at - 1] & 0x80:
            return value, at
        if shift > 63:
            break
    raise Wrong("a number does not end")


def fields(data):
    """{number: [values]} of a message: numbers, or bytes."""
    found, at = {}, 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == VARINT:
            value, at = varint(data, at)
        elif kind == BYTES:
            size, at = varint(data, at)
            if at + size > len(data):
                raise Wrong("a message is cut off")
            value, at = data[at:at + size], at + size
        else:
            raise Wrong(f"a field of wire type {kind}")
        found.setdefault(key >> 3, []).append(value)
    return found


class Trace:
    """tracks: {uuid: name}; events: [(time in ns, track's name, type, name, category, {annotation: value})]"""

    def __init__(self, data):
        self.tracks, self.events = {}, []
        self._open, self._now = {}, 0
        for packet in fields(data).get(1, []):
            self._packet(fields(packet))

    def _packet(self, packet):
        if 10 not in packet:
            raise Wrong("a packet of no sequence")
        if 60 in packet:
            track = fields(packet[60][0])
            uuid = track[1][0]
            if uuid in self.tracks:
                raise Wrong(f"track {uuid} is described twice")
            if 5 in track and track[5][0] not in self.tracks:
                raise Wrong(f"track {uuid} is in one that is not described")
            name = track[2][0] if 2 in track else fields(track[3][0])[6][0]
            self.tracks[uuid] = name.decode("utf-8")
        if 11 in packet:
            self._event(packet, fields(packet[11][0]))

    def _event(self, packet, event):
        time, uuid, kind = packet[8][0], event[11][0], event[9][0]
        if uuid not in self.tracks:
            raise Wrong(f"an event on track {uuid}, which is not described")
        if time < self._now:
            raise Wrong("time goes back")
        self._now = time
        depth = self._open.get(uuid, 0) + {BEGIN: 1, END: -1, INSTANT: 0}[kind]
        if depth < 0:
            raise Wrong(f"a slice ends on {self.tracks[uuid]} that has not begun")
        self._open[uuid] = depth
        if kind != END and (23 not in event or 22 not in event):
            raise Wrong("an event without a name or category")
        told = {}
        for note in map(fields, event.get(4, [])):
            told[note[10][0].decode()] = note[3][0] if 3 in note else note[6][0].decode("utf-8")
        self.events.append((time, self.tracks[uuid], kind, event.get(23, [b""])[0].decode("utf-8"),
                            event.get(22, [b""])[0].decode("utf-8"), told))

    def states(self):
        """{driver: the state that it is in at the end}."""
        return {track: name for _, track, kind, name, category, _ in self.events
                if kind == BEGIN and category == "state"}

    def deaths(self, driver):
        return [event for event in self.events if event[1] == driver and event[4] == "death"]


if __name__ == "__main__":
    for path in sys.argv[1:]:
        with open(path, "rb") as file:
            trace = Trace(file.read())
        print(f"{path}: {len(trace.tracks)} tracks, {len(trace.events)} events")
