# SPDX-License-Identifier: BSD-2-Clause
"""The script of the test driver "loader": what it does with which files."""
import json
import struct

from archive import read_archive
from guest import TEST_DRIVERS, make_archive

ORDERS = ("END", "LOAD", "UNLOAD", "START", "STOP", "AWAIT", "NOTE", "COMPARE", "AGAIN", "BEGIN", "PUT",
          "COMMIT", "ABORT", "CUT", "KILL", "REPLACE", "OUTCOME")
(END, LOAD, UNLOAD, START, STOP, AWAIT, NOTE, COMPARE, AGAIN, BEGIN, PUT, COMMIT, ABORT, CUT, KILL, REPLACE,
 OUTCOME) = range(len(ORDERS))
PROBATION, CONFIRMED, RETURNED = range(3)  # outcomes
STATES = {"Rejected": 1, "Waiting": 2, "Absent": 4, "Running": 6, "Stopped": 9, "Quarantined": 12}
ENTRY = struct.Struct("<IIIi32sIIII")
MARK = b"loader's script\0"
ROOM = 320 << 10
QUIET, STUBBORN = 1, 2
PATIENT = {"period_ms": 10000, "misses": 10}
LOADER = {"image": "loader.elf", "priority": 2, "heartbeat": PATIENT, "uses": ["operator"]}


def entry(order, name="", expected=0, argument=0, times=0, image=b"", manifest=b"", sizes=None):
    """Sizes are what is claimed of files that are not there."""
    return (order, name, expected, argument, times, image, manifest, sizes or (len(image), len(manifest)))


def text(name, **fields):
    """A manifest."""
    return json.dumps({"name": name, "abi": 1, **fields}).encode()


def script(image, entries, ways=0):
    """The loader's image with these entries; equal files are in it once."""
    table, files, places = b"", b"", {}
    base = ENTRY.size * (len(entries) + 1)
    for order, name, expected, argument, times, elf, manifest, sizes in entries:
        for file in (elf, manifest):
            if file not in places:
                places[file] = base + len(files)
                files += file + bytes(-len(file) % 4)
        table += ENTRY.pack(order, argument, times, expected, name.encode(), places[elf], sizes[0],
                            places[manifest], sizes[1])
    room = table + bytes(ENTRY.size) + files
    assert len(room) <= ROOM, f"{len(room)} bytes do not fit the loader"
    at = image.index(MARK)
    assert image.count(MARK) == 1
    room = image[at:at + len(MARK)] + struct.pack("<I", ways) + room
    return image[:at] + room + image[at + len(room):]


def cycle(image, manifest, name="guest"):
    """It comes, runs, stops and goes."""
    return [entry(LOAD, name, image=image, manifest=manifest),
            entry(AWAIT, name, argument=STATES["Running"]),
            entry(STOP, name),
            entry(AWAIT, name, argument=STATES["Stopped"]),
            entry(UNLOAD, name)]


def cycles(image, manifest, times, before=()):
    """The first one makes what stays: its place in the table. The others leave nothing. `before` is done
    before what is held is noted, and before it is compared: how much the manager itself wastes between
    what it makes follows from whether it took over, and with whom."""
    steps = [*cycle(image, manifest), *before, entry(NOTE)]
    first = len(steps)
    return [*steps, *cycle(image, manifest), entry(AGAIN, argument=first, times=times - 1), *before,
            entry(COMPARE)]


def images(build_dir):
    """{file: its content} of all test drivers."""
    return read_archive(build_dir / TEST_DRIVERS)


def archive(build_dir, path, entries, ways=0, manifests=(), **more):
    """The release with a loader that does this, and with other drivers."""
    image = script(images(build_dir)["loader.elf"], entries, ways)
    make_archive(build_dir, path, {"loader": {**LOADER, **more}, **dict(manifests)},
                 members={"loader.elf": image})
