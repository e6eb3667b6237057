# SPDX-License-Identifier: BSD-2-Clause
"""A machine's serial line as two pipes. A socket would do, were it not that the kernel of the host
counts what each write takes: after some 300 bytes that nobody has read yet, written one by one,
it takes no more, and the guest's transmitter waits for the host's reader, in guest time."""
import fcntl
import os
import threading

SIZE = 1 << 20  # bytes: the most that any user may have


class Pipe:
    """The files `path`.in and `path`.out of QEMU's `-chardev pipe`; a thread feeds `receive`."""

    def __init__(self, path, receive):
        self.receive, self.thread = receive, None
        for end in ("in", "out"):
            os.mkfifo(f"{path}.{end}")
        self._typed = os.open(f"{path}.in", os.O_RDWR)
        self._held = os.open(f"{path}.out", os.O_RDWR)  # no end is seen before QEMU has opened it
        self._said = os.open(f"{path}.out", os.O_RDONLY)
        for file in (self._typed, self._said):
            fcntl.fcntl(file, fcntl.F_SETPIPE_SZ, SIZE)

    def accept(self):
        """QEMU has opened both files: from now on its end is the line's."""
        os.close(self._held)
        self._held = None
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        while True:
            data = os.read(self._said, 65536)
            self.receive(data)
            if not data:
                return

    def send(self, data):
        while data:
            data = data[os.write(self._typed, data):]

    def close(self):
        if self._held is not None:
            os.close(self._held)
        if self.thread:
            self.thread.join()
        os.close(self._said)
        os.close(self._typed)
