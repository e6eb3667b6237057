# SPDX-License-Identifier: BSD-2-Clause
"""One Bochs under test. It boots from a disc through GRUB; its serial line and its screen are
pseudo-terminals. Bochs checks more than QEMU does: segment limits, task gates, which
instructions a CPU model has. It has no QMP, so a script gets along with the serial line and with
keys that are pressed and let go: expect, never, said, type, command, press, keys, reboot."""
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import threading
import time
import tty

import machine
from keys import keys_of

FIRMWARE = pathlib.Path("/usr/share/bochs")
BIOS, VGA_BIOS = FIRMWARE / "BIOS-bochs-latest", FIRMWARE / "VGABIOS-lgpl-latest"
TERMINAL_GUI = "/usr/lib/*-linux-gnu/bochs/plugins/libbx_term_gui.so"
SCREEN = re.compile(rb'connected to screen "(.*)"')
BANNER = r"^castellan .*: kernel ABI "
PANIC = re.compile(rb">>PANIC<<.*|\(0\)\.\[.*exception\(\).*3rd.*")
POLL = 0.2  # seconds after which a reader looks whether Bochs still runs
SETTINGS = """
config_interface: textconfig
display_library: term
megs: {megabytes}
romimage: file={bios}
vgaromimage: file={vga_bios}
boot: cdrom
ata0-master: type=cdrom, path="{disc}", status=inserted
com1: enabled=1, mode=term, dev={serial}
clock: sync=none, time0=1000000000
log: "{log}"
panic: action=fatal
error: action=report
info: action=report
debug: action=ignore
"""
CPU = "cpu: ips=20000000, reset_on_triple_fault=0"  # a triple fault ends Bochs


def check_installed():
    """Raises machine.Skip if Bochs, its firmware or its terminal screen is not there."""
    plugins = list(pathlib.Path("/").glob(TERMINAL_GUI[1:]))
    if not (shutil.which("bochs") and plugins and BIOS.exists() and VGA_BIOS.exists()):
        raise machine.Skip("Bochs is not installed; ./castellan bochs installs it")


class Terminal:
    """A terminal; a thread feeds `receive` until Bochs is gone, then with b""."""

    def __init__(self, own, receive):
        """`own` is the descriptor to read and write; see make_line() and open_screen()."""
        self.own, self.receive = own, receive
        self.thread = None

    def start(self, process):
        self.thread = threading.Thread(target=self._read, args=[process], daemon=True)
        self.thread.start()

    def _read(self, process):
        while True:
            alive = process.poll() is None
            data = b""
            if select.select([self.own], [], [], POLL if alive else 0)[0]:
                try:
                    data = os.read(self.own, 65536)
                except OSError:  # the other side closed it
                    process.wait()
            if data or process.poll() is not None:
                self.receive(data)
            if not data and process.poll() is not None:
                return

    def send(self, data):
        while data:
            data = data[os.write(self.own, data):]

    def close(self):
        if self.thread:
            self.thread.join()
        os.close(self.own)


class Bochs(machine.Vm):
    """A machine. `disc` boots it; `lines` are added to its configuration."""

    def __init__(self, disc, lines=(), **arguments):
        self._settings, self._disc = list(lines), disc
        super().__init__(**arguments)

    def _command_line(self, qemu, kind, memory):
        self._megabytes = int(memory.removesuffix("M"))
        return ["bochs", "-q", "-f", str(self.log_dir / "bochsrc")]

    def _open_channels(self):
        master, self._line = pty.openpty()  # kept open, for Bochs opens and closes it
        tty.setraw(self._line)
        self._serial = Terminal(master, self._take_serial)
        self._channels = [self._serial]
        log = self.log_dir / "bochs.log"
        log.unlink(missing_ok=True)
        lines = self._settings
        if not any(line.startswith("cpu:") for line in lines):
            lines = [CPU, *lines]
        text = SETTINGS.format(megabytes=self._megabytes, bios=BIOS, vga_bios=VGA_BIOS,
                               disc=self._disc, serial=os.ttyname(self._line), log=log)
        (self.log_dir / "bochsrc").write_text(text + "\n".join(lines) + "\n")

    def _start(self):
        with open(self.log_dir / "qemu.log", "wb") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.PIPE,
                env={**os.environ, "TERM": "vt100"}, start_new_session=True)
        self._serial.start(self._process)
        self._open_screen()
        # Debian's Bochs has its debugger built in, which waits to be told to go.
        self._process.stdin.write(b"continue\n")
        self._process.stdin.flush()

    def _open_screen(self):
        """The terminal that Bochs makes for its screen and its keyboard."""
        said = b""
        while True:
            line = self._process.stderr.readline()
            said += line
            found = SCREEN.search(line)
            if found:
                break
            if not line:
                raise machine.Failure(f"Bochs did not start: {said.decode('latin-1')}")
        own = os.open(found[1], os.O_RDWR | os.O_NOCTTY)
        tty.setraw(own)
        self._screen = Terminal(own, self._take_screen)
        self._screen.start(self._process)
        self._channels.append(self._screen)

    def __exit__(self, *exception):
        super().__exit__(*exception)
        os.close(self._line)
        if self._process:
            self._process.stdin.close()
            self._process.stderr.close()

    @staticmethod
    def _take_screen(_):
        """What Bochs draws is for a person."""

    def _why_ended(self):
        self._process.wait(max(self._deadline - time.monotonic(), 1))
        log = self.log_dir / "bochs.log"
        found = PANIC.findall(log.read_bytes()) if log.exists() else []
        return f": {found[-1].decode('latin-1')}" if found else \
            f" (Bochs' exit code {self._process.returncode})"

    def qmp(self, command, **arguments):
        raise machine.Failure(f"Bochs has no QMP: {command}")

    def guest_seconds(self):
        return None

    def key(self, name, down, report=True):
        raise machine.Failure("Bochs' terminal only knows keys that are let go again")

    def press(self, name, report=True):
        """A key of one character, without shift, down and up again."""
        self._screen.send(name.encode("ascii"))
        if report:
            for way in ("down", "up"):
                self.expect(rf"input: key {re.escape(name)} {way}\n")

    def keys(self, text, report=True):
        """Types letters and digits."""
        for character in text:
            assert not keys_of(character)[1], f"{character!r} is not a key"
            self.press(character, report)

    def reboot(self):
        """Types `reboot` and expects the machine to start again. Bochs does not end then."""
        self.command("reboot")
        self.expect(BANNER, "the banner of the next boot")
        self._process.send_signal(signal.SIGKILL)
        self._join()
        self._ended = "reset"
        self.exit_code = 0
