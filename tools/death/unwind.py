# SPDX-License-Identifier: BSD-2-Clause
"""Call-frame information (.debug_frame; DWARF 5, 6.4): how a function's caller is found from any of its
instructions. What gcc and clang write for i386 is understood: of expressions what lies beside a
register, as in a function that aligns its stack. The manager reads the same in libs/libcap/pure/unwind.c."""
import bisect
import struct

CIE_ID = MASK = 0xffffffff
BASE, DEREFERENCE = range(0x70, 0x78), 0x06  # DW_OP_breg0 to 7, DW_OP_deref: DWARF 5, 7.7.1
# Instructions with their operands: u, an unsigned LEB128; s, a signed one; 1, 2, 4: so many bytes;
# e, an expression.
ADVANCE, OFFSET, RESTORE = 1, 2, 3  # in the upper two bits
OPERANDS = {0x00: "", 0x01: "4", 0x02: "1", 0x03: "2", 0x04: "4", 0x05: "uu", 0x06: "u", 0x07: "u",
            0x08: "u", 0x09: "uu", 0x0a: "", 0x0b: "", 0x0c: "uu", 0x0d: "u", 0x0e: "u", 0x0f: "e",
            0x10: "ue", 0x11: "us", 0x12: "us", 0x13: "s", 0x2e: "u"}
NAMES = {0x01: "set", 0x02: "advance", 0x03: "advance", 0x04: "advance", 0x05: "offset", 0x06: "restore",
         0x07: "undefined", 0x08: "same", 0x0a: "remember", 0x0b: "again", 0x0c: "cfa",
         0x0d: "cfa_register", 0x0e: "cfa_offset", 0x0f: "cfa_word", 0x10: "beside", 0x11: "offset", 0x12: "cfa_scaled",
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

    def expression(self):
        """(register, offset, is it the word that lies there?)"""
        end = self.leb() + self.at
        base = self.number(1)
        offset = self.leb(True)
        is_word = self.at < end
        if base not in BASE or is_word and self.number(1) != DEREFERENCE or self.at != end:
            raise Wrong("an expression that is not understood")
        return base - BASE[0], offset, is_word

    def operand(self, kind):
        if kind == "e":
            return self.expression()
        return self.leb(kind == "s") if kind in "us" else self.number(int(kind))


class Row:
    """The rule at one instruction: the caller's esp is `register` + `offset`, or the word there if
    `is_word`. `saved` has for registers how far from the caller's esp the caller's value lies, or beside
    which register and how far; None, that it is lost."""

    def __init__(self, register=None, offset=0, saved=None, is_word=False):
        self.register, self.offset, self.saved, self.is_word = register, offset, dict(saved or {}), is_word

    def copy(self):
        return Row(self.register, self.offset, self.saved, self.is_word)

    def caller(self, registers, word):
        """({register: address where the caller's value lies, None if that is lost}, the caller's esp, or
        None). `word(address)` reads the stack, None where it is not known."""
        esp = registers.get(self.register)
        esp = esp if esp is None else (esp + self.offset) & MASK
        esp = word(esp) if self.is_word and esp is not None else esp
        places = {}
        for number, place in self.saved.items():
            base, offset = place if isinstance(place, tuple) else (None, place)
            base = esp if base is None else registers.get(base)
            places[number] = None if None in (base, offset) else (base + offset) & MASK
        return places, esp


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
        at = bisect.bisect_right(self.entries, address, key=lambda entry: entry[0]) - 1
        if at < 0 or address >= self.entries[at][1]:
            return None
        low, _, cie, begin, end = self.entries[at]
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
        if name == "cfa_word":
            row.register, row.offset, row.is_word = values[0]
        elif name == "beside":
            register, offset, is_word = values[1]
            if is_word:
                raise Wrong("a place that is not understood")
            row.saved[values[0]] = register, offset
        elif name.startswith("cfa"):
            row.is_word = False
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
