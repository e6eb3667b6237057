# SPDX-License-Identifier: BSD-2-Clause
"""What is in a kernel's ELF file (System V ABI, chapter 4), and whether two are one kernel."""
import struct

ALLOCATED, WRITABLE, NOBITS, SYMBOLS = 2, 1, 8, 2
SECTION, SYMBOL = "<10I", "<3I2BH"
KERNEL_BASE = 0xc0000000
BOOT = (".boot", ".text_boot")  # run at boot alone
ROOT = ".root"
BUILD_ID = ".note.gnu.build-id"
# Where the root task ends; all that the kernel around it knows of it.
ENDS = ("kernel_image_end", "root_image_end")


class Image:
    """Sections and symbols of one file, by name."""

    def __init__(self, path):
        self.path, self.data = path, path.read_bytes()
        table, = struct.unpack_from("<I", self.data, 32)
        size, count, names = struct.unpack_from("<3H", self.data, 46)
        headers = [struct.unpack_from(SECTION, self.data, table + i * size)
                   for i in range(count)]
        self.sections = {self._text(headers[names][4] + header[0]): header
                         for header in headers}
        self.symbols = {}
        for header in headers:
            if header[1] == SYMBOLS:
                self._read_symbols(header, headers[header[6]][4])

    def _text(self, at):
        return self.data[at:self.data.index(b"\0", at)].decode()

    def _read_symbols(self, header, names):
        _, _, _, _, offset, size, *_ = header
        for at in range(offset, offset + size, struct.calcsize(SYMBOL)):
            name, value, *_ = struct.unpack_from(SYMBOL, self.data, at)
            self.symbols[self._text(names + name)] = value

    def loaded(self):
        """{name: (address, bytes, contents, writable)} of what a loader puts into memory;
        contents are empty for what it zeroes."""
        return {name: (header[3], header[5],
                       b"" if header[1] == NOBITS else
                       self.data[header[4]:header[4] + header[5]], bool(header[2] & WRITABLE))
                for name, header in self.sections.items() if header[2] & ALLOCATED}


def text_bytes(image):
    """{"text": bytes of code and constants that stay in use, "text_boot": those that run
    before the first user instruction and never again}."""
    sizes = {name: size for name, (_, size, _, writable) in image.loaded().items()
             if not writable}
    boot = sum(sizes.get(name, 0) for name in BOOT)
    return {"text": sum(sizes.values()) - boot, "text_boot": boot}


def _words_that_may_differ(one, other):
    """Pairs of words: the ends, virtual and physical, in the two images."""
    return {struct.pack("<I", one.symbols[end] - base) +
            struct.pack("<I", other.symbols[end] - base)
            for end in ENDS for base in (0, KERNEL_BASE)}


def _difference(name, one, other, allowed):
    at = 0
    while at < len(one):
        if one[at] == other[at]:
            at += 1
            continue
        starts = [start for start in range(max(at - 3, 0), at + 1)
                  if one[start:start + 4] + other[start:start + 4] in allowed]
        if not starts:
            return f"{name} differs at byte {at}"
        at = starts[0] + 4
    return None


def kernel_difference(released, measured):
    """What tells the kernel of `measured` from that of `released`, in words, or None: the root
    task, what knows its size, the build id and code behind that of .boot (entry.S) aside."""
    one, other = released.loaded(), measured.loaded()
    if list(one) != list(other):
        return f"the sections are {list(one)} and {list(other)}"
    allowed = _words_that_may_differ(released, measured)
    for name in one:
        address, size, contents, _ = one[name]
        its_address, its_size, its_contents, _ = other[name]
        if name == ".boot":
            its_size, its_contents = size, its_contents[:size]
        if address != its_address:
            return f"{name} is at {address:#x} and {its_address:#x}"
        if name in (ROOT, BUILD_ID):
            continue
        if size != its_size:
            return f"{name} has {size} and {its_size} bytes"
        found = _difference(name, contents, its_contents, allowed)
        if found:
            return found
    return None
