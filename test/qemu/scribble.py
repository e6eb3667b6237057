# SPDX-License-Identifier: BSD-2-Clause
"""Manifests of drivers that write over all that they have (attacks/scribbler.c): which of them
the manager must accept, by abi/ports.h read a second time, and what must be so afterwards.

A machine is `beside` the release drivers, whose ports and memory nobody else gets, or `bare`: a
port of QEMU's stands in for the console, and the rest can be had. Rows of abi/ports.h whose reason
says "trusted" are read only: who has them can hurt the machine, and that is known."""
import json
import pathlib
import random
import re
import struct

import elf
import gdbstub
from archive import read_archive, write_archive
from guest import DRIVERS_MAX, RELEASE_DRIVERS, assert_release_rows, manifest, ps

PAGE = 4096
LISTS_MAX = 8  # ranges in one list of a manifest
DEBUG_PORT = 0x2f8  # of SERIAL = "debugcon"
WITNESS = "a-witness"
TICKS_A_MS = 1000000  # with -icount, QEMU's time-stamp counter counts nanoseconds
TOLERANCE = 0.01
KERNEL_BASE = 0xc0000000
TSC_READ = 5  # bytes
KERNEL_LEAST = 30000  # bytes of its code and constants
PORTS_H = (pathlib.Path(__file__).parents[2] / "abi" / "ports.h").read_text()
ROW = re.compile(r'X\((0x[0-9a-f]+), (0x[0-9a-f]+), PORTS_DRIVER,[\s\\]*((?:"[^"]*"[\s\\]*)+)\)')


def read_rows():
    """[(first, last, whether it may be written over)] of abi/ports.h, those that touch apart."""
    rows = [(int(first, 0), int(last, 0), "trusted" not in reason)
            for first, last, reason in ROW.findall(PORTS_H)]
    assert len(rows) == len(re.findall(r"X\(0x\w+, 0x\w+, PORTS_DRIVER", PORTS_H)), \
        "a row of abi/ports.h was not read"
    return rows


def read_number(name):
    return int(re.search(rf"#define {name}\s+(0x[0-9a-f]+)", PORTS_H)[1], 0)


ROWS = read_rows()
GRANTABLE = {port for first, last, _ in ROWS for port in range(first, last + 1)}
WRITABLE = {port for first, last, good in ROWS if good for port in range(first, last + 1)}
WINDOW = (read_number("ISA_WINDOW_FIRST"), read_number("ISA_WINDOW_LAST"))


def number(value, rng):
    """As a manifest may have it."""
    return rng.choice([value, f"{value:#x}"])


def pio(first, last, rng, **more):
    if not set(range(first, last + 1)) <= WRITABLE:
        more["mode"] = "r"
    return {"start": number(first, rng), "end": number(last, rng), **more}


def mmio(base, size, rng):
    return {"base": number(base, rng), "size": number(size, rng)}


# --- which manifests ---

def widest(first, last):
    """All widths in which something of these ports can be accessed."""
    return [width for width in (8, 16, 32) if width <= 8 * (last + 1 - first)]


def cover(rng):
    """Lists of capabilities that together name all that can be had, in all widths, a range for
    each row."""
    rows = [pio(first, last, rng, width=widest(first, last)) for first, last, _ in ROWS]
    for at in range(0, len(rows), LISTS_MAX):
        yield {"pio": rows[at:at + LISTS_MAX]}
    middle = 0xb8000  # where the text screen begins, which somebody else may have
    for base, end in ((WINDOW[0], middle), (middle, middle + 0x8000),
                      (middle + 0x8000, WINDOW[1] + 1)):
        yield {"mmio": [mmio(base, end - base, rng)]}


def random_ports(rng):
    kind = rng.random()
    first, last, _ = rng.choice(ROWS)
    if kind < 0.6:  # inside a row
        first = rng.randint(first, last)
        return first, rng.randint(first, last)
    if kind < 0.8:  # about its edges
        first += rng.randint(-2, 2)
        return first, max(first, last + rng.randint(-2, 2))
    if kind < 0.9:
        first = rng.randint(0x300, 0x400)
        return first, first + rng.randint(0, 0x40)
    first = rng.randint(0, 0xffff)
    return first, min(0xffff, first + rng.randint(0, 0x100))


def random_memory(rng):
    kind = rng.random()
    if kind < 0.8:
        page = rng.randint(WINDOW[0] // PAGE - 1, WINDOW[1] // PAGE + 1)
    else:
        page = rng.randint(1, 0xfffff)
    return page * PAGE, rng.randint(1, rng.choice([4, 80])) * PAGE


def random_caps(rng):
    caps = {}
    if rng.random() < 0.8:
        caps["pio"] = [pio(*random_ports(rng), rng, **rng.choice([
            {}, {"width": [8]}, {"width": [32, 16]}, {"mode": "r"}]))
            for _ in range(rng.choice([1, 1, 1, 2, 3]))]
    if rng.random() < 0.3 or not caps:
        caps["mmio"] = [mmio(*random_memory(rng), rng)]
    return caps


# --- which of them must be accepted ---

def value_of(written):
    return written if isinstance(written, int) else int(written, 0)


def units_of(caps):
    """The ports and pages that they name, each once more if it is named again."""
    ports = [("port", port) for entry in caps.get("pio", [])
             for port in range(value_of(entry["start"]), value_of(entry["end"]) + 1)]
    pages = [("page", page) for entry in caps.get("mmio", [])
             for page in range(value_of(entry["base"]) // PAGE,
                               (value_of(entry["base"]) + value_of(entry["size"])) // PAGE)]
    return ports + pages


def widths_fit(caps):
    """Is every width that a range names one of an access that fits into it?"""
    return all(max(entry.get("width", [8])) <=
               8 * (value_of(entry["end"]) + 1 - value_of(entry["start"]))
               for entry in caps.get("pio", []))


def is_grantable(unit):
    kind, value = unit
    if kind == "port":
        return value in GRANTABLE
    return WINDOW[0] <= value * PAGE <= WINDOW[1]


def bytes_of(caps):
    return sum(1 if kind == "port" else PAGE for kind, _ in units_of(caps))


def choose(candidates, taken, count):
    """Up to `count` of the candidates, and the bytes that each must be granted, 0 if it must wait for
    one before it, None if it must be rejected. Names are in the order in which they have their
    choice."""
    chosen = {}
    for caps in candidates:
        if len(chosen) == count:
            break
        units = units_of(caps)
        good = (len(units) == len(set(units)) and all(map(is_grantable, units))
                and widths_fit(caps))
        size = 0 if taken & set(units) else bytes_of(caps)
        if good:
            taken |= set(units)
        chosen[f"z-{len(chosen):02}"] = (caps, size if good else None)
    return chosen


class Plan:
    """What a run has in its archive, and what must come of it. The same seed gives the same."""

    def __init__(self, seed, bare, covering):
        rng = random.Random(seed)
        self.seed, self.bare = seed, bare
        release = {} if bare else RELEASE_DRIVERS
        taken = {unit for fields in release.values() for unit in units_of(fields.get("caps", {}))}
        if bare:
            taken.add(("port", DEBUG_PORT))
        room = DRIVERS_MAX - len(release) - 1
        candidates = self._free(cover(rng), taken) if covering else self._endless(rng)
        self.chosen = choose(candidates, taken, room)

    @staticmethod
    def _endless(rng):
        while True:
            yield random_caps(rng)

    @staticmethod
    def _free(candidates, taken):
        """The parts of what covers all that nobody has."""
        for caps in candidates:
            parts = [entry for kind in caps for entry in caps[kind]
                     if not taken & set(units_of({kind: [entry]}))]
            rest = [entry for kind in caps for entry in caps[kind] if entry not in parts]
            if parts:
                yield {kind: parts for kind in caps}
            yield from Plan._split(rest, taken)

    @staticmethod
    def _split(entries, taken):
        """Ports of a range of which somebody has some: what is before and behind."""
        for entry in entries:
            if "start" not in entry:
                continue
            free = [port for _, port in units_of({"pio": [entry]}) if ("port", port) not in taken]
            parts = []
            for port in free:
                if parts and parts[-1]["end"] == port - 1:
                    parts[-1]["end"] = port
                else:
                    parts.append({**entry, "start": port, "end": port})
            if parts:
                yield {"pio": [{**part, "width": widest(part["start"], part["end"])}
                               for part in parts]}

    def write(self, build_dir, path):
        content = read_archive(build_dir / "boot.tar")
        images = read_archive(build_dir / "test/attacks.tar")
        if self.bare:
            content = {"drvmgr.elf": content["drvmgr.elf"]}
        content.update({name: images[name] for name in ("scribbler.elf", "witness.elf")})
        port = {"caps": {"pio": [{"start": DEBUG_PORT, "end": DEBUG_PORT}]}} if self.bare else {}
        content[f"{WITNESS}.drv.json"] = manifest(
            WITNESS, "witness.elf", priority=15, uses=["operator"], memory_kib=128, **port)
        for name, (caps, _) in self.chosen.items():
            content[f"{name}.drv.json"] = manifest(
                name, "scribbler.elf", priority=5, memory_kib=128, caps=caps,
                heartbeat={"period_ms": 1000, "misses": 10})
        write_archive(path, content)

    # --- what must be so ---

    def check(self, vm):
        """Waits until all have written, then asks whether anybody noticed."""
        vm.never(r"-> (Recovering|Quarantined)|failed in")
        waiting = {name for name, (_, size) in self.chosen.items() if size}
        while waiting:
            found = vm.expect(r"(z-\d\d): scribbled on (\d+): (\d+) written, (\d+) read, "
                              r"(\d+) refused\n", f"{len(waiting)} that write, seed {self.seed}")
            caps, size = self.chosen[found[1]]
            assert int(found[2]) == size, f"{found[0]}: {size} bytes of {json.dumps(caps)}"
            assert found[5] == "0", f"{found[0]}: refused what was granted"
            waiting.remove(found[1])
        # Two reports: the second one has a whole window behind the last store.
        for _ in range(2):
            rows, clock = self._hear(vm)
        self._check_rows(rows)
        slowest, fastest = (int(word) for word in clock)
        assert TICKS_A_MS * (1 - TOLERANCE) < slowest, f"the clock is fast: {slowest}"
        assert fastest < TICKS_A_MS * (1 + TOLERANCE), f"the clock is slow: {fastest}"
        self._check_kernel(vm)
        if not self.bare:
            assert_release_rows(ps(vm), others=True)

    def _check_kernel(self, vm):
        """Code and constants of the kernel are what the loader put there, but for the places that
        the kernel itself writes to on a processor without a time stamp counter."""
        image = pathlib.Path(vm.image).read_bytes()
        symbols = gdbstub.symbols(vm.image)
        first, end = (symbols[name] % KERNEL_BASE for name in ("tsc_reads", "tsc_reads_end"))
        places = [place % KERNEL_BASE
                  for place, in struct.iter_unpack("<I", vm.memory(first, end - first))]
        kept = [segment for segment in elf.segments(image)
                if segment["type"] == elf.LOAD and segment["flags"] & 1]
        assert sum(segment["filesz"] for segment in kept) > KERNEL_LEAST, "there is no kernel"
        for segment in kept:
            begin, size = segment["offset"], segment["filesz"]
            address = segment["vaddr"] % KERNEL_BASE
            found = bytearray(vm.memory(address, size))
            for at in (place - address for place in places):
                if 0 <= at < size:
                    found[at:at + TSC_READ] = image[begin + at:begin + at + TSC_READ]
            assert found == image[begin:begin + size], \
                f"the kernel at {address:#x} was written over, seed {self.seed}"

    def _hear(self, vm):
        """The next report of the witness."""
        rows = {}
        while True:
            found = vm.expect(rf"{WITNESS}: (?:row (\S+) (\w+) (\d+) (\d+)"
                              r"|\d+ rows, (\d+)\.\.(\d+) ticks a millisecond, \d+ ms)\n",
                              f"the witness, seed {self.seed}")
            if found[5]:
                return rows, (found[5], found[6])
            rows[found[1]] = (found[2], int(found[3]), int(found[4]))

    def _check_rows(self, rows):
        wrong = []
        for name, (caps, size) in self.chosen.items():
            key, expected = name, ("Running", 1, 0)
            if size is None:
                key, expected = f"{name}.drv.json", ("Rejected", 0, 0)
            elif size == 0:
                expected = "Waiting", 0, 0
            if rows.get(key) != expected:
                wrong.append(f"{key} is {rows.get(key)} instead of {expected}: {json.dumps(caps)}")
        if not self.bare:
            assert_release_rows(rows, others=True)
        assert not wrong, f"seed {self.seed}: {'; '.join(wrong)}"
