# SPDX-License-Identifier: BSD-2-Clause
"""A line to QEMU: what comes on it is handed over as it comes."""
import socket
import threading
import time


class Failure(Exception):
    """The test failed; the text says why."""


class Channel:
    """A listening unix socket that QEMU connects to; a thread feeds `receive`."""

    def __init__(self, path, receive):
        self.receive = receive
        self.connection = self.thread = None
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen(1)

    def accept(self, process, deadline):
        """Waits for QEMU to connect; False if it died first."""
        self.listener.settimeout(0.2)
        while time.monotonic() < deadline:
            try:
                self.connection, _ = self.listener.accept()
                break
            except socket.timeout:
                if process.poll() is not None:
                    return False
        if not self.connection:
            return False
        self.connection.settimeout(None)
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()
        return True

    def _read(self):
        while True:
            try:
                data = self.connection.recv(65536)
            except OSError:
                data = b""
            self.receive(data)
            if not data:
                return

    def send(self, data):
        try:
            self.connection.sendall(data)
        except OSError as error:
            raise Failure(f"QEMU is gone: {error}") from error

    def close(self):
        if self.thread:
            self.thread.join()
        if self.connection:
            self.connection.close()
        self.listener.close()
