# SPDX-License-Identifier: BSD-2-Clause
"""Damages ELF files: changes of header fields by name (System V ABI, chapters 4 and 5)."""
import struct

HEADER = {"type": (16, "H"), "machine": (18, "H"), "entry": (24, "I"), "phoff": (28, "I"),
          "phentsize": (42, "H"), "phnum": (44, "H")}
SEGMENT = {"type": (0, "I"), "offset": (4, "I"), "vaddr": (8, "I"), "filesz": (16, "I"),
           "memsz": (20, "I"), "flags": (24, "I")}
SEGMENT_SIZE = 32
LOAD, NOTE = 1, 4


def _put(image, offset, layout, value):
    changed = bytearray(image)
    struct.pack_into("<" + layout, changed, offset, value)
    return bytes(changed)


def set_header(image, **fields):
    for name, value in fields.items():
        image = _put(image, *HEADER[name], value)
    return image


def entry(image):
    """The address of its first instruction."""
    return struct.unpack_from("<I", image, HEADER["entry"][0])[0]


def set_byte(image, offset, value):
    return _put(image, offset, "B", value)


def segments(image):
    """[{field: value}] of all program headers, with "at": where the header is."""
    offset, = struct.unpack_from("<I", image, HEADER["phoff"][0])
    count, = struct.unpack_from("<H", image, HEADER["phnum"][0])
    return [{"at": at, **{name: struct.unpack_from("<" + layout, image, at + place)[0]
                          for name, (place, layout) in SEGMENT.items()}}
            for at in range(offset, offset + count * SEGMENT_SIZE, SEGMENT_SIZE)]


def set_segment(image, number, **fields):
    at = segments(image)[number]["at"]
    for name, value in fields.items():
        place, layout = SEGMENT[name]
        image = _put(image, at + place, layout, value)
    return image


def add_segments(image, places):
    """With one more segment of zeros, to be written, at each (address, bytes) of `places`."""
    headers = [image[segment["at"]:segment["at"] + SEGMENT_SIZE] for segment in segments(image)]
    headers += [struct.pack("<8I", LOAD, 0, at, at, 0, size, 6, 4096) for at, size in places]
    headers.sort(key=lambda header: (struct.unpack_from("<I", header)[0] != LOAD,
                                     struct.unpack_from("<I", header, SEGMENT["vaddr"][0])))
    padded = image + bytes(-len(image) % 4)
    return set_header(padded + b"".join(headers), phoff=len(padded), phnum=len(headers))


def note_offset(image):
    """Where the four words of the driver's ABI statement are: behind header and name."""
    note = next(s for s in segments(image) if s["type"] == NOTE)
    return note["offset"] + 12 + 12


def set_note(image, word, value):
    return _put(image, note_offset(image) + 4 * word, "I", value)


def file_offset(image, address):
    """Where in the file the byte is that is loaded there."""
    segment = next(s for s in segments(image) if s["type"] == LOAD and
                   s["vaddr"] <= address < s["vaddr"] + s["filesz"])
    return segment["offset"] + address - segment["vaddr"]


def write_code(image, address, code):
    """With other instructions at an address."""
    at = file_offset(image, address)
    return image[:at] + code + image[at + len(code):]
