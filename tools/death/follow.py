# SPDX-License-Identifier: BSD-2-Clause
"""Runs QEMU and passes on what its serial line says; behind each line that tells of a driver's death
stands where that was: function, file and line, from the debugging information of the build.

    follow.py --build-dir DIR COMMAND [ARGUMENT...]

The exit code is the command's. Whatever cannot be found is not told: the text goes on as it is."""
import argparse
import io
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tarfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import elftools_path  # noqa: E402

# What servers/drvmgr/log/tell.c says of an end, with the place that supervisor/watch.c and
# hands/evidence.c put behind it.
DEATH = re.compile(rb"drvmgr: ([a-z][a-z0-9_-]{0,30}): failed in \w+, generation \d+: "
                   rb".*?at eip (0x[0-9a-f]+)")
# What load/files.c says of a driver that was loaded into the running system, with the beginning of its
# image's build id; and what becomes of it then.
LOADED = re.compile(rb"drvmgr: [a-z0-9_.-]+: accepted: ([a-z][a-z0-9_-]{0,30}), ABI \d+, build ([0-9a-f]{8}),")
UNLOADED = re.compile(rb"drvmgr: ([a-z][a-z0-9_-]{0,30}): is unloaded")
EXCHANGED = re.compile(rb"drvmgr: ([a-z][a-z0-9_-]{0,30}): "
                       rb"(?:has another image|failed on probation: the image before it is back)")
LINE_MOST = 4096  # a line that is longer is none of the manager's


def booted(archive):
    """{name of a driver: its image's build id} of an archive, as far as it can be read."""
    import image
    builds = {}
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            if not member.name.endswith(".drv.json"):
                continue
            try:
                manifest = json.load(tar.extractfile(member))
                data = tar.extractfile(manifest.get("image", f"{manifest['name']}.elf")).read()
                builds[manifest["name"]] = image.build_id_of(io.BytesIO(data))
            except (KeyError, ValueError, AttributeError, TypeError):
                continue
    return builds


class Places:
    """Where addresses of the drivers are that run. Which images they have is known from the archive as it
    is when this begins, and from the log; a build that came meanwhile has other build ids, and nothing is
    told of what it lacks. Debugging information is read when the first driver of an image dies."""

    def __init__(self, build_dir):
        self.build_dir, self.images, self.next = pathlib.Path(build_dir), {}, {}
        try:
            self.builds = booted(self.build_dir / "boot.tar")
        except Exception:  # whatever is wrong with the build, the system goes on
            self.builds = {}

    def note(self, line):
        """Which image a driver has from this line of the log on."""
        if found := LOADED.search(line):
            name, build = found[1].decode(), found[2].decode()
            # Who is there already gets it later, if ever.
            (self.next if name in self.builds else self.builds)[name] = build
        elif found := EXCHANGED.search(line):
            name = found[1].decode()
            self.builds[name], self.next[name] = self.next.get(name), self.builds.get(name)
        elif found := UNLOADED.search(line):
            self.builds.pop(found[1].decode(), None)

    def _open(self, build):
        import image
        # What is loaded into the running system may be of another build of the tree.
        return image.Image(image.find(build, [self.build_dir / "bin", *sorted(self.build_dir.parent.glob("*/bin"))]))

    def text(self, name, address):
        """"serial_irq (drivers/serial/main.c:170)", or None."""
        build = self.builds.get(name)
        if build not in self.images:
            try:
                self.images[build] = self._open(build) if build else None
            except Exception:  # whatever is wrong with the build, the system goes on
                self.images[build] = None
        image = self.images[build]
        found = image.places(address) if image else []
        shown = [f"{function or '?'} ({file}:{line})" if file else function
                 for function, file, line in found if function or file]
        return ", inlined in ".join(shown) or None


class Filter:
    """Bytes in, the same bytes out, and behind the line of a death one more."""

    def __init__(self, places):
        self.places, self.line = places, b""

    def feed(self, data):
        result = b""
        for piece in data.splitlines(keepends=True):
            result += piece
            self.line = (self.line + piece)[-LINE_MOST:]
            if piece.endswith(b"\n"):
                result += self._more(self.line)
                self.line = b""
        return result

    def _more(self, line):
        self.places.note(line)
        found = DEATH.search(line)
        where = found and self.places.text(found[1].decode(), int(found[2], 16))
        ends = b"\r\n" if line.endswith(b"\r\n") else b"\n"
        return b"        in " + where.encode() + ends if where else b""


def run(build_dir, command):
    """The command's exit code."""
    follow = Filter(Places(build_dir))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the guest's, as QEMU has it
    with subprocess.Popen(command, stdout=subprocess.PIPE,
                          preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) as child:
        while data := os.read(child.stdout.fileno(), 65536):
            view = memoryview(follow.feed(data))
            while view:
                view = view[os.write(1, view):]
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def main(arguments):
    parser = argparse.ArgumentParser(prog="follow.py", description=__doc__.split("\n\n")[0])
    parser.add_argument("--build-dir", type=pathlib.Path, required=True)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    if not options.command:
        parser.error("a command is missing")
    if not elftools_path.find():
        os.execvp(options.command[0], options.command)
    return run(options.build_dir, options.command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
