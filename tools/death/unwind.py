# SPDX-License-Identifier: BSD-2-Clause
"""Call-frame information (.debug_frame; DWARF 5, 6.4): how a function's caller is found from any of its
instructions. What gcc and clang write for i386 is understood, and nothing that takes an expression; the
manager reads the same in servers/drvmgr/report/unwind.c."""
import struct

CIE_ID = 0xffffffff
# Instructions with their operands: u, an unsigned LEB128; s, a signed one; 1, 2, 4: so many bytes.
ADVANCE, OFFSET, RESTORE = 1, 2, 3  # in the upper two bits
OPERANDS = {0x00: "", 0x01: "4", 0x02: "1", 0x03: "2", 0x04: "4", 0x05: "uu", 0x06: "u", 0x07: "u",
            0x08: "u", 0x09: "uu", 0x0a: "", 0x0b: "", 0x0c: "uu", 0x0d: "u", 0x0e: "u", 0x11: "us",
            0x12: "us", 0x13: "s", 0x2e: "u"}
NAMES = {0x01: "set", 0x02: "advance", 0x03: "advance", 0x04: "advance", 0x05: "offset", 0x06: "restore",
         0x07: "undefined", 0x08: "same", 0x0a: "remember", 0x0b: "again", 0x0c: "cfa",
         0x0d: "cfa_register", 0x0e: "cfa_offset", 0x11: "offset", 0x12: "cfa_scaled",
         0x13: "cfa_offset_scaled"}


class Wrong(ValueError):
    """It is no call-frame information, or of a kind that is not understood."""


class Cursor:
    """Bytes that are read in order."""

    def __init__(self, data, at, end):
        self.data, self.at, self.end = data, at, min(end, len(data))

    def number(self, size):
        if self.end - self.at < size:
            raise Wrong("it is cut off")
        self.at += size
        return int.from_bytes(self.data[self.at - size:self.at], "little")

    def leb(self, signed=False):
        value = shift = 0
        while True:
            byte = self.number(1)
            value |= (byte & 0x7f) << shift
            shift += 7
            if shift > 35:
                raise Wrong("a number is too long")
            if not byte & 0x80:
                return value - (1 << shift) if signed and byte & 0x40 else value

    def operand(self, kind):
        return self.leb(kind == "s") if kind in "us" else self.number(int(kind))


class Row:
    """The rule at one instruction: the caller's esp is `register` + `offset`, and `saved` has for
    registers how far from there the caller's value lies; None, that it is lost."""

    def __init__(self, register=None, offset=0, saved=None):
        self.register, self.offset, self.saved = register, offset, dict(saved or {})

    def copy(self):
        return Row(self.register, self.offset, self.saved)


class Frames:
    """The call-frame information of one program."""

    def __init__(self, data):
        self.data, self.entries = data, []
        at = 0
        while at + 8 <= len(data):
            length, cie = struct.unpack_from("<II", data, at)
            end = at + 4 + length
            if length < 4 or end > len(data):
                raise Wrong("an entry is longer than its section")
            if cie != CIE_ID:
                low, size = struct.unpack_from("<II", data, at + 8)
                if low:  # of a function that was left out, lld leaves an entry at 0
                    self.entries.append((low, low + size, cie, at + 16, end))
            at = end
        self.entries.sort()

    def _common(self, at):
        """(code factor, data factor, where its instructions begin, and end)"""
        head = Cursor(self.data, at, len(self.data))
        length, cie = head.number(4), head.number(4)
        head.end = min(head.end, at + 4 + length)
        version, augmentation = head.number(1), head.number(1)
        if cie != CIE_ID or version not in (1, 3, 4) or augmentation:
            raise Wrong("a common entry of another kind")
        if version == 4 and (head.number(1), head.number(1)) != (4, 0):
            raise Wrong("addresses of another size")
        code, data = head.leb(), head.leb(True)
        head.number(1) if version == 1 else head.leb()  # the return address: eip
        return code, data, head.at, head.end

    def rule_at(self, address):
        """The row for an instruction; None: there is none."""
        for low, high, cie, begin, end in self.entries:
            if low <= address < high:
                break
        else:
            return None
        code, data, first, last = self._common(cie)
        row, where = Row(), low
        for cursor in (Cursor(self.data, first, last), Cursor(self.data, begin, end)):
            initial, kept = row.copy(), []
            while cursor.at < cursor.end:
                byte = cursor.number(1)
                if byte >> 6:
                    name = {ADVANCE: "advance", OFFSET: "offset", RESTORE: "restore"}[byte >> 6]
                    values = [byte & 0x3f] + ([cursor.leb()] if name == "offset" else [])
                elif byte not in OPERANDS:
                    raise Wrong(f"instruction 0x{byte:x} is not understood")
                else:
                    name = NAMES.get(byte)
                    values = [cursor.operand(kind) for kind in OPERANDS[byte]]
                if name in ("advance", "set"):
                    where = values[0] if name == "set" else where + values[0] * code
                    if where > address:
                        return row
                elif name == "again":
                    if not kept:
                        raise Wrong("nothing was remembered")
                    row = kept.pop()
                elif name == "remember":
                    kept.append(row.copy())
                elif name:
                    self._change(row, name, values, data, initial)
        return row

    @staticmethod
    def _change(row, name, values, data, initial):
        if name.startswith("cfa"):
            factor = data if name.endswith("scaled") else 1
            if name != "cfa_offset" and name != "cfa_offset_scaled":
                row.register = values[0]
            if name != "cfa_register":
                row.offset = values[-1] * factor
        elif name == "offset":
            row.saved[values[0]] = values[1] * data
        elif name == "undefined":
            row.saved[values[0]] = None
        else:  # as it was at the beginning, or as it is
            row.saved.pop(values[0], None)
            if name == "restore" and values[0] in initial.saved:
                row.saved[values[0]] = initial.saved[values[0]]
