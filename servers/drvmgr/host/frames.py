# SPDX-License-Identifier: BSD-2-Clause
"""Frames of abi/protocol/line.h, and commands over a line that may lose, change or repeat bytes: the
answer to a command is right and whole, or there is an error that says why not."""
import binascii
import os
import select
import socket
import struct
import time

VERSION, MARK, ESCAPE, FLIP = 1, 0x7e, 0x7d, 0x20
HEAD = struct.Struct("<BBBBIIHH")
DATA_MAX, VERB_MAX = 480, 120
RAW_MAX = HEAD.size + DATA_MAX + 4
ASK, NEXT, PIECE, GONE, LOAD, PUT, COMMIT, REPLACE = range(1, 9)
PUT_BYTES = 472
FILES = struct.Struct("<32sII")  # manager_load_t
JSON, END, CHANGES = 1, 2, 4
PATIENCE = 20.0  # seconds without a piece
SLOW = 2.0  # seconds, until it is told that there is none yet
AGAIN = 0.4  # seconds: then it is asked once more
ANEW = 5  # a command that only asks is given so often, if the server dies under it


class Silence(Exception):
    """Nobody answers."""


class Closed(Silence):
    """Nobody does any more: the machine has closed the line."""


class Broken(Exception):
    """The answer ended before its end."""


def encode(kind, session, number, piece=0, data=b"", flags=0, code=0):
    raw = HEAD.pack(VERSION, kind, flags, code, session, number, piece, len(data)) + data
    raw += struct.pack("<I", binascii.crc32(raw))
    for byte in (ESCAPE, MARK):  # in this order
        raw = raw.replace(bytes([byte]), bytes([ESCAPE, byte ^ FLIP]))
    return bytes([MARK]) + raw + bytes([MARK])


def decode(raw):
    """(kind, flags, code, session, number, piece, data) of what lies between two marks, or None."""
    if not HEAD.size + 4 <= len(raw) <= RAW_MAX:
        return None
    version, kind, flags, code, session, number, piece, length = HEAD.unpack_from(raw)
    if version != VERSION or length != len(raw) - HEAD.size - 4 or \
            struct.unpack("<I", raw[-4:])[0] != binascii.crc32(raw[:-4]):
        return None
    return kind, flags, code, session, number, piece, raw[HEAD.size:-4]


class Reader:
    """Frames out of bytes."""

    def __init__(self):
        self.raw, self.escaped = bytearray(), False

    def feed(self, data):
        """The frames that end in it."""
        for byte in data:
            if byte == MARK:
                frame = None if self.escaped else decode(bytes(self.raw))
                self.raw, self.escaped = bytearray(), False
                if frame:
                    yield frame
            elif byte == ESCAPE:
                self.escaped = True
            else:
                if len(self.raw) <= RAW_MAX:
                    self.raw.append(byte ^ FLIP if self.escaped else byte)
                self.escaped = False


class Line:
    """Commands over a stream, which has send(bytes) and receive(seconds) -> bytes, b"" for none.
    `tell_slow` is called once, when nothing came for SLOW seconds."""

    def __init__(self, stream, tell_slow=lambda: None):
        self.stream, self.reader, self.number = stream, Reader(), 0
        self.tell_slow = tell_slow
        self.session = int.from_bytes(os.urandom(4), "little")

    def _piece(self, request, piece, patience):
        """The answer to the request, which is sent again and again: a piece, or that it is gone."""
        end = time.monotonic() + patience
        slow = time.monotonic() + SLOW
        while (left := end - time.monotonic()) > 0:
            if time.monotonic() >= slow and self.tell_slow:
                self.tell_slow()
                self.tell_slow = None
            self.stream.send(request)
            again = time.monotonic() + min(AGAIN, left)
            while (left := again - time.monotonic()) > 0:
                for frame in self.reader.feed(self.stream.receive(left)):
                    kind, flags, code, session, number, of, data = frame
                    if (session, number, of) == (self.session, self.number, piece) and \
                            kind in (PIECE, GONE):
                        return kind, flags, code, data
        raise Silence()

    def _once(self, command, flags, patience):
        self.number += 1
        request = encode(ASK, self.session, self.number, data=command, flags=flags)
        text, piece, changes = b"", 0, False
        while True:
            kind, flags, code, data = self._piece(request, piece, patience)
            if kind == GONE:
                if changes or piece == 0:
                    raise Broken("the line's server died meanwhile, and it may have been done: "
                                 "look with ps")
                return None
            changes = bool(flags & CHANGES)
            text += data
            if flags & END:
                return text.decode("latin-1"), code
            piece += 1
            if not data:  # the command waits for something
                time.sleep(0.05)
            request = encode(NEXT, self.session, self.number, piece)

    def ask(self, command, as_json=False, patience=PATIENCE):
        """What the command answers, and its exit code. Silence: nobody does; Broken: the answer was cut
        off, again and again, or of a command that changes something."""
        data = command.encode("latin-1", "replace")
        if len(data) > VERB_MAX or not all(32 <= byte < 127 for byte in data):
            return f"the command is longer than {VERB_MAX} characters, or not printable\n", 2
        for _ in range(ANEW):
            answer = self._once(data, JSON if as_json else 0, patience)
            if answer:
                return answer
        raise Broken("the line's server dies under each answer")


    def _send(self, kind, piece, data, patience):
        """(error's name, lines) of one step of a load; None: the files are gone."""
        self.number += 1
        request = encode(kind, self.session, self.number, piece, data)
        kind, _, _, data = self._piece(request, piece, patience)
        error, _, lines = data.decode("latin-1").partition("\n")
        return None if kind == GONE else (error, lines)

    def _load_once(self, kind, name, image, text, patience, progress):
        files = image + text
        answer = self._send(kind, 0, FILES.pack(name.encode("latin-1"), len(image), len(text)), patience)
        pieces = [files[at:at + PUT_BYTES] for at in range(0, len(files), PUT_BYTES)]
        for number, data in enumerate(pieces):
            if not answer or answer[0] != "DRV_OK":
                return answer
            progress(number, len(pieces))
            answer = self._send(PUT, number, data, patience)
        if not answer or answer[0] != "DRV_OK":
            return answer
        progress(len(pieces), len(pieces))
        answer = self._send(COMMIT, 0, b"", patience)
        if not answer:
            raise Broken("the line's server or the manager died meanwhile, and it may have been done: "
                         "look with ps")
        return answer

    def load(self, name, image, text, patience=PATIENCE, progress=lambda done, of: None, kind=LOAD):
        """Brings a driver into the system, or, with kind REPLACE, another image of one that is there:
        (the error's name, lines of what is said of the files). progress() is told how many pieces are
        there. Silence, Broken: as of ask()."""
        for _ in range(ANEW):
            answer = self._load_once(kind, name, image, text, patience, progress)
            if answer:
                return answer
        raise Broken("the line's server or the manager dies under each load")


class Socket:
    """A stream over QEMU's end of the line, which has one client at a time: others wait."""

    def __init__(self, path, patience=PATIENCE):
        self.socket = socket.socket(socket.AF_UNIX)
        # A timeout of Python's would have connect() give up at once where others wait already: unix(7),
        # EAGAIN. With one of the socket's own it waits for its turn: socket(7), SO_SNDTIMEO.
        limit = struct.pack("ll", *divmod(max(int(patience * 1000000), 1), 1000000))
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
            self.socket.connect(str(path))
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 0, 0))
        except BlockingIOError:
            self.socket.close()
            raise Silence() from None
        except OSError:
            self.socket.close()
            raise

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            raise Closed() from None

    def receive(self, seconds):
        if not select.select([self.socket], [], [], seconds)[0]:
            return b""
        try:
            data = self.socket.recv(4096)
        except OSError:
            data = b""
        if not data:
            raise Closed()
        return data

    def close(self):
        self.socket.close()
