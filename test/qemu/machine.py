# SPDX-License-Identifier: BSD-2-Clause
"""One QEMU under test: serial line, QMP, and the verdict. Nothing here sleeps: every wait
ends when the guest or QEMU says something, or when the hang limit is reached."""
import calendar
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading
import time

from channel import Channel, Failure
from desk import Desk
from pipe import Pipe

DEBUG_PORT = 0x2F8  # the serial line of SERIAL = "debugcon"
EXIT_PORT = 0xF4  # isa-debug-exit: QEMU's exit code is (value << 1) | 1
PANIC = re.compile(r"\bpanic\b", re.IGNORECASE)
GONE = "QEMU is gone"
TRIPLE_FAULT = "Triple fault"  # QEMU's own words, with -d cpu_reset
LAST_WORDS = 0.3  # seconds of silence after which a guest that failed has said all
PROMPT = r"castellan> "
QUIET = 0.5  # seconds of silence after which the guest's clock is looked at
SILENCE = 60  # seconds of the guest's own time without a word, after which nothing comes any more, …
IDLE = 3  # … if that is so many times as much as really passed


class Skip(Exception):
    """The test cannot run here; the text says what is missing."""


def tail(path, lines=40):
    """The last lines of a log, for the report of a failure."""
    try:
        text = pathlib.Path(path).read_text(errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join([f"--- {path}"] + text[-lines:])


class Vm(Desk):
    """A machine. Methods that wait raise Failure when the guest dies or hangs."""

    def __init__(self, image, archive, log_dir, machine="pc", memory="16M", append="",
                 limit=120, arguments=(), serial=True, typed="", held=False,
                 qemu="qemu-system-i386"):
        self.log_dir = pathlib.Path(log_dir)
        self.log_dir.mkdir(parents=True, exist_ok=True)
        self.limit = limit
        self.image = image
        self.exit_code = None
        self._process = None
        self._changed = threading.Condition()
        self._lines = [""]  # all serial output so far, the last line incomplete
        self._cursor = (0, 0)  # line and column: expect() looks from here on
        self._bad = None  # what was said that must never be
        self._expected = 0  # how many expectations were met
        self._never = []
        self._panics = True  # a panic is a failure
        self._events, self._replies, self._qmp_text = [], [], b""
        self._closed = False  # QEMU closed the serial line
        self._silent_since = (None, 0, 0)  # what it had said, its clock then, and the real one
        self._ended = None  # how the script ended the guest
        self._private = pathlib.Path(tempfile.mkdtemp(prefix="castellan-"))
        self._serial_log = open(self.log_dir / "serial.log", "wb", buffering=0)
        self._has_serial = serial
        self._typed_before = typed
        self._held = held  # the script lets it go
        self._command = self._command_line(qemu, machine, memory)
        if image:
            self._command += self._boot_arguments(image, archive, append)
        self._command += list(arguments)

    def _command_line(self, qemu, machine, memory):
        command = [
            qemu, "-nodefaults", "-no-user-config", "-M", machine, "-m", memory,
            "-accel", "tcg", "-icount", "shift=3,align=off,sleep=off", "-rtc", "clock=vm",
            "-display", "none", "-vga", "std", "-no-reboot", "-S",
            "-d", "cpu_reset", "-D", str(self.log_dir / "qemu-cpu.log"),
            "-chardev", f"socket,id=qmp,path={self._private}/qmp",
            "-mon", "chardev=qmp,mode=control",
            "-device", f"isa-debug-exit,iobase={EXIT_PORT:#x},iosize=4"]
        if self._has_serial == "debugcon":
            command += ["-chardev", f"pipe,id=serial,path={self._private}/serial",
                        "-serial", "null",
                        "-device", f"isa-debugcon,iobase={DEBUG_PORT:#x},chardev=serial"]
        elif self._has_serial:
            shared = ",mux=on" if self._has_serial == "shared" else ""
            command += ["-chardev", f"pipe,id=serial,path={self._private}/serial{shared}",
                        "-serial", "chardev:serial"]
        return command

    def _boot_arguments(self, image, archive, append):
        arguments = ["-kernel", str(image)] + (["-append", append] if append else [])
        if archive:
            # QEMU ends the name of a module at a blank or comma.
            module = self._private / "boot.tar"
            module.symlink_to(pathlib.Path(archive).resolve())
            arguments += ["-initrd", str(module)]
        return arguments

    # --- life ---

    def __enter__(self):
        self._deadline = time.monotonic() + self.limit
        self._open_channels()
        try:
            self._start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _open_channels(self):
        self._qmp = Channel(self._private / "qmp", self._take_qmp)
        self._channels = [self._qmp]
        if self._has_serial:
            self._serial = Pipe(self._private / "serial", self._take_serial)
            self._channels.append(self._serial)

    def _start(self):
        (self.log_dir / "qemu-cpu.log").unlink(missing_ok=True)
        try:
            with open(self.log_dir / "qemu.log", "wb") as log:
                self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL,
                                                 stdout=log, stderr=log)
        except OSError as error:
            raise Failure(f"cannot start QEMU: {error}") from error
        if not self._qmp.accept(self._process, self._deadline):
            raise Failure("QEMU did not start")
        self.qmp("qmp_capabilities")
        if self._has_serial:
            self._serial.accept()
        if self._typed_before:
            self.type(self._typed_before)
        if not self._held:
            self.qmp("cont")

    def __exit__(self, *_):
        if self._process:
            if self._process.poll() is None:
                self._process.kill()
            self._process.wait()
        for channel in self._channels:
            channel.close()
        self._serial_log.close()
        shutil.rmtree(self._private, ignore_errors=True)

    # --- what arrives ---

    def _take_serial(self, data):
        if data and not self._serial_log.closed:
            self._serial_log.write(data)
        with self._changed:
            text = self._lines.pop() + data.decode("latin-1").replace("\r", "")
            new = text.split("\n")
            new = [line + "\n" for line in new[:-1]] + new[-1:]
            # The incomplete line is judged when it is complete, or when nothing more comes.
            self._check_lines(new[:-1] if data else new)
            self._lines += new
            self._closed |= not data
            self._changed.notify_all()

    def _take_qmp(self, data):
        with self._changed:
            self._qmp_text += data
            *lines, self._qmp_text = self._qmp_text.split(b"\n")
            for line in filter(None, map(bytes.strip, lines)):
                message = json.loads(line)
                if "event" in message:
                    self._events.append(message)
                elif "QMP" not in message:
                    self._replies.append(message)
            if not data:
                self._replies.append({"error": {"desc": GONE}})
            self._changed.notify_all()

    def _wait(self, ready, what):
        """Waits until ready() gives something else than None; `what` is for the report."""
        with self._changed:
            while True:
                self._check_never()
                result = ready()
                if result is not None:
                    return result
                if self._closed:
                    raise Failure(f"the guest ended while waiting for {what}"
                                  f"{self._why_ended()}")
                left = self._deadline - time.monotonic()
                if left <= 0:
                    raise Failure(f"hang: {self.limit} s passed while waiting for {what}")
                if not self._changed.wait(min(left, QUIET)) and left > QUIET:
                    self._check_silence(what)

    def guest_seconds(self):
        """The guest's clock, which stands still with the machine; None where it cannot be asked."""
        now = self.qmp("qom-get", path="/machine", property="rtc-time")
        if not 1 <= now["tm_mon"] + 1 <= 12:
            return None  # somebody has written to it
        return calendar.timegm((now["tm_year"] + 1900, now["tm_mon"] + 1, now["tm_mday"], now["tm_hour"],
                                now["tm_min"], now["tm_sec"]))

    def _check_silence(self, what):
        """A guest that has nothing to do is faster than a clock: what it has not said long ago it does not
        say. One that computes is left alone."""
        if self._closed:
            return
        said, real = (len(self._lines), len(self._lines[-1])), time.monotonic()
        try:
            now = self.guest_seconds()
        except Failure as failure:
            if GONE not in str(failure):
                raise
            return  # it ends just now: what is waited for is told with that
        if now is None:
            return
        if said != self._silent_since[0]:
            self._silent_since = (said, now, real)
        silent, passed = now - self._silent_since[1], real - self._silent_since[2]
        if silent > max(SILENCE, IDLE * passed):
            raise Failure(f"hang: the guest said nothing in {SILENCE} s of its own time, and did little, "
                          f"while waiting for {what}")

    def _check_lines(self, lines):
        for pattern in self._never + ([PANIC] if self._panics else []):
            for line in lines:
                if not self._bad and pattern.search(line):
                    self._bad = (f"the guest said {line.strip()!r}, which must not happen: "
                                 f"{pattern.pattern!r}")

    def _check_never(self):
        if self._bad:
            # What a dying guest still says, its registers for one, belongs in the log.
            until = min(time.monotonic() + 10 * LAST_WORDS, self._deadline)
            count = -1
            while (count != len(self._lines) and not self._closed
                   and time.monotonic() < until):
                count = len(self._lines)
                self._changed.wait(LAST_WORDS)
            raise Failure(self._bad)

    def _why_ended(self):
        self._process.wait(max(self._deadline - time.monotonic(), 1))
        if self.triple_faulted():
            return ": triple fault"
        return f" (QEMU's exit code {self._process.returncode})"

    def triple_faulted(self):
        """Whether the guest reset itself by a triple fault. QEMU exits with 0 then."""
        log = self.log_dir / "qemu-cpu.log"
        return log.exists() and TRIPLE_FAULT in log.read_text(errors="replace")

    # --- the serial line ---

    def expect(self, regex, what=None):
        """Waits for `regex` in what the guest says from the last match on; answers the
        match. It is looked for line by line, also in a line that is not complete yet; the
        line's end is part of it, so `done\\n` matches the end of a line."""
        pattern = re.compile(regex)
        start = self._cursor

        def find():
            nonlocal start
            row, column = start
            for number in range(row, len(self._lines)):
                found = pattern.search(self._lines[number], column if number == row else 0)
                if found:
                    self._cursor = (number, found.end())
                    return found
            if len(self._lines) - 1 > row:
                start = (len(self._lines) - 1, 0)
            return None

        found = self._wait(find, what or repr(regex))
        self._expected += 1
        return found

    def never(self, regex):
        """From now on to the end of the test, `regex` must not appear in any line, nor
        have appeared before."""
        with self._changed:
            self._never.append(re.compile(regex))
            self._check_lines(self._lines)
            self._check_never()

    def said(self, regex):
        """The matches of `regex` in all lines so far, whatever was expected."""
        with self._changed:
            return [found for line in self._lines for found in re.finditer(regex, line)]

    def lines(self, first):
        """The whole lines so far from number `first` on."""
        with self._changed:
            return self._lines[first:-1]

    def allow_panic(self):
        """For a test of the kernel's panic itself."""
        self._panics = False

    def type(self, text):
        """Types on the serial line. QEMU holds back what the UART has no room for."""
        self._serial.send(text.encode("latin-1"))

    def command(self, text):
        """Waits for the prompt, then types one command line."""
        self.expect(PROMPT, what="the prompt")
        self.type(text + "\n")

    # --- QMP ---

    def qmp(self, command, **arguments):
        """Executes a QMP command and answers its result."""
        return self.qmp_all([(command, arguments)])[0]

    def qmp_all(self, commands):
        """Executes QMP commands, [(name, arguments)], without a pause between them; the results."""
        self._qmp.send(b"".join(
            json.dumps({"execute": command, **({"arguments": arguments} if arguments else {})}).encode()
            + b"\n" for command, arguments in commands))
        return [self._qmp_result(command) for command, _ in commands]

    def _qmp_result(self, command):
        def reply():
            return self._replies.pop(0) if self._replies else None

        with self._changed:
            answer = reply()
            while answer is None:
                left = self._deadline - time.monotonic()
                if left <= 0:
                    raise Failure(f"hang: QMP {command} was not answered")
                self._changed.wait(left)
                answer = reply()
        if "error" in answer:
            raise Failure(f"QMP {command}: {answer['error'].get('desc')}")
        return answer["return"]

    def monitor(self, line):
        """Executes a line of the human monitor and answers its text."""
        return self.qmp("human-monitor-command", **{"command-line": line})

    # --- the end ---

    def _join(self):
        left = max(self._deadline - time.monotonic(), 0)
        try:
            self.exit_code = self._process.wait(left)
        except subprocess.TimeoutExpired:
            raise Failure(f"hang: the guest did not end within {self.limit} s") from None
        for channel in self._channels:
            channel.thread.join()
        with self._changed:
            self._check_never()

    def expect_exit(self, value):
        """The guest ends by writing `value` to the isa-debug-exit port."""
        self._join()
        self._ended = "exit"
        if self.exit_code != (value << 1) | 1:
            raise Failure(f"exit code {self.exit_code} instead of {(value << 1) | 1}"
                          f"{': triple fault' if self.triple_faulted() else ''}")

    def expect_reset(self):
        """The guest resets the machine in an orderly way, which ends QEMU."""
        self._join()
        self._ended = "reset"
        reasons = [event["data"].get("reason") for event in self._events
                   if event["event"] == "SHUTDOWN"]
        if reasons != ["guest-reset"]:
            raise Failure(f"the guest did not reset the machine: {reasons}")

    def reboot(self):
        """Types `reboot` at the prompt and expects the machine to reset."""
        self.command("reboot")
        self.expect_reset()

    def quit(self):
        """Ends a guest that is alive. Everything that was to be seen must be seen before."""
        status = self.qmp("query-status")["status"]
        if status != "running":
            raise Failure(f"the machine is not running but {status}")
        if any(event["event"] in ("RESET", "SHUTDOWN") for event in self._events):
            raise Failure("the guest reset itself")
        self.qmp("quit")
        self._join()
        self._ended = "quit"

    def check_verdict(self):
        """Both must be good: what the guest reported and how QEMU ended."""
        if not self._ended:
            raise Failure("the script ended without reboot(), expect_exit() or quit()")
        if not self._expected:
            raise Failure("the guest reported nothing that was expected")
        if self.triple_faulted():
            raise Failure("triple fault")
        if self._ended != "exit" and self.exit_code != 0:
            raise Failure(f"QEMU's exit code is {self.exit_code}")
