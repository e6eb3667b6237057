# SPDX-License-Identifier: BSD-2-Clause
"""The host's side of the second line and the server's against each other, with bit errors, bytes that
are lost, frames that come twice and deaths of the server: the answer is right and whole, or an error
says why not, and what changes something is done once."""
import binascii
import pathlib
import os
import random
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "servers/drvmgr/host"))
import frames  # noqa: E402

PEER = sys.argv[1]
ROUNDS = 60
LOADS = 15


class Clock:
    """The time of the host's side: it passes where nobody answers, and nowhere else."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def pass_by(self, seconds):
        self.now += seconds


CLOCK = Clock()
CLOCK.sleep = CLOCK.pass_by
frames.time = CLOCK


class Noise:
    """A stream to the peer that does to frames what a bad line does."""

    def __init__(self, seed, errors):
        self.peer = subprocess.Popen([PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     stderr=subprocess.PIPE, bufsize=0)
        os.set_blocking(self.peer.stdout.fileno(), False)
        self.random, self.errors, self.deaths = random.Random(seed), errors, 0

    def line(self):
        line = frames.Line(self)
        line.session = self.random.getrandbits(32)  # what comes of a seed comes again
        return line

    def spoil(self, data):
        data = bytearray(data)
        if self.errors and self.random.random() < 0.1:
            data = data * 2
        if self.errors and self.random.random() < 0.1:
            data = data[:self.random.randrange(len(data) + 1)]  # cut
        for at in range(len(data)):
            if self.random.random() < self.errors:
                data[at] ^= 1 << self.random.randrange(8)
        return bytes(data)

    def send(self, data):
        if self.deaths and self.random.random() < self.deaths:
            self.peer.stdin.write(frames.encode(frames.NEXT, 0, 0, data=b"die"))
        self.peer.stdin.write(self.spoil(data))
        # It says when it has taken all that, and written what there is to answer.
        self.peer.stdin.write(frames.encode(frames.NEXT, 0, 0, data=b"taken"))
        assert self.peer.stderr.read(1) == b".", "the peer has died"

    def receive(self, seconds):
        data = self.peer.stdout.read(4096)
        if not data:
            CLOCK.pass_by(seconds)
            return b""
        return self.spoil(data)

    def close(self):
        self.peer.stdin.close()
        self.peer.wait()
        self.peer.stdout.close()
        self.peer.stderr.close()


def counted(lines):
    return "".join(f"line {i} of {lines}\n" for i in range(lines))


def check_good_line():
    stream = Noise(0, 0)
    line = stream.line()
    for lines in (0, 1, 19, 20, 21, 200):
        assert line.ask(f"count {lines}") == (counted(lines), 0), lines
    assert line.ask("nonsense") == ("no such command\n", 2)
    assert line.ask("x" * 121)[1] == 2 and line.ask("a\nb")[1] == 2
    assert line.ask("add") == ("1\n", 0) and line.ask("sum") == ("1\n", 0)
    stream.close()


def loaded(name, files):
    return f"{name} {binascii.crc32(files):08x}\n"


def check_load():
    stream = Noise(0, 0)
    line = stream.line()
    for size in (1, 471, 472, 473, 40000):
        told = []
        image = bytes(at % 251 for at in range(size))
        answer = line.load("good", image, b"text", progress=lambda *at: told.append(at))
        assert answer == ("DRV_OK", loaded("good", image + b"text")), answer
        pieces = (size + 4 + 471) // 472
        assert told == [(at, pieces) for at in range(pieces + 1)], told
    assert line.load("bad", b"image", b"text") == ("DRV_EFORMAT", loaded("bad", b"imagetext"))
    assert line.load("keyboard", image, b"text", kind=frames.REPLACE) == \
        ("DRV_OK", loaded("keyboard", image + b"text"))
    assert line.load("good", image, b"text", kind=frames.REPLACE) == ("DRV_EINVAL", "")
    assert line.load("none", b"image", b"text") == ("DRV_EINVAL", "")
    assert line.ask("sum") == ("7\n", 0)
    stream.close()


def check_bad_load(seed):
    """What is there in the end is what was sent, once; or an error says why it may not be."""
    stream = Noise(seed, 0.0005 * (seed % 5))
    stream.deaths = 0.02 if seed % 3 == 0 else 0
    line, done, unsure = stream.line(), 0, 0
    for size in (100, 1000, 3000):
        image = random.Random(seed + size).randbytes(size)
        try:
            assert line.load("good", image, b"text", patience=5) == \
                ("DRV_OK", loaded("good", image + b"text"))
            done += 1
        except (frames.Silence, frames.Broken):
            unsure += 1
    stream.errors = stream.deaths = 0
    total = int(line.ask("sum")[0])
    assert done <= total <= done + unsure, (done, total, unsure)
    stream.close()
    return done


def check_bad_line(seed):
    """Each answer is right; each change is done once, unless its server died."""
    stream = Noise(seed, 0.0005 * (seed % 5))
    stream.deaths = 0.05 if seed % 3 == 0 else 0
    line, done, unsure = stream.line(), 0, 0
    chance = random.Random(seed)
    for _ in range(6):
        lines = chance.randrange(120)
        try:
            assert line.ask(f"count {lines}", patience=5) == (counted(lines), 0)
        except (frames.Silence, frames.Broken):
            pass
        try:
            text, code = line.ask("add", patience=5)
            # One that was done before the server died has no text, only its code.
            assert code == 0 and (not text or int(text) >= done + 1), (text, code)
            done += 1
        except (frames.Silence, frames.Broken):
            unsure += 1
    stream.errors = stream.deaths = 0
    total = int(line.ask("sum")[0])
    assert done <= total <= done + unsure, (done, total, unsure)
    stream.close()


def check_silence():
    stream = Noise(0, 0)
    stream.spoil = lambda data: b""
    try:
        stream.line().ask("sum", patience=0.1)
        raise AssertionError("an answer out of nothing")
    except frames.Silence:
        pass
    stream.close()


def check_slow():
    """It is told once that there is no answer yet."""
    for patience, most in ((frames.SLOW / 2, 0), (5 * frames.SLOW, 1)):
        stream, told = Noise(0, 0), []
        stream.spoil = lambda data: b""
        line = frames.Line(stream, lambda: told.append(CLOCK.monotonic()))
        for _ in range(2):
            try:
                line.ask("sum", patience=patience)
            except frames.Silence:
                pass
        assert len(told) == most, (patience, told)
        stream.close()


check_good_line()
check_silence()
check_slow()
check_load()
for number in range(ROUNDS):
    check_bad_line(number)
assert sum(check_bad_load(number) for number in range(LOADS)) > 2 * LOADS
print(f"{ROUNDS} bad lines")
