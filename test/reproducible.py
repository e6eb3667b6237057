#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What is built depends on the sources alone: no path of this machine is in the images nor in their
debugging information, and each has a build id.

    reproducible.py BUILD-DIR                     looks at that build
    reproducible.py BUILD-DIR --elsewhere CMAKE   builds two copies of the tree in folders of their own,
                                                  without tests and without a compiler cache, which
                                                  keeps folders of others in debugging information,
                                                  and compares byte by byte: some minutes"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "test/lint"))

import lint  # noqa: E402

IMAGES = ("castellan.elf", "castellan.elf.debug", "boot.tar")
BUILD_ID = b"\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU\0"  # a note's head: name of 4 bytes, 20 of SHA-1, type 3


def find_images(build_dir):
    """{name: content} of the images and of the programs that are in the archive."""
    with tarfile.open(build_dir / "boot.tar") as archive:
        names = [f"bin/{name}{end}" for name in archive.getnames() if name.endswith(".elf")
                 for end in ("", ".debug")]
    return {name: (build_dir / name).read_bytes() for name in (*IMAGES, *names)}


def look(images, places):
    """What should not be in the images, as lines of text."""
    for name, content in images.items():
        for place in places:
            if str(place).encode() in content:
                yield f"{name}: names {place}"
        if not name.endswith(".tar") and BUILD_ID not in content:
            yield f"{name}: has no build id"


def copy_tree(target):
    """The files that git knows, as they are; git sees the copy as the same commit."""
    tree = lint.Tree(ROOT)
    for path in tree.paths:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes((ROOT / path).read_bytes())
        (target / path).chmod((ROOT / path).stat().st_mode)
    if (ROOT / ".git").exists():
        place = subprocess.run(["git", "-C", ROOT, "rev-parse", "--absolute-git-dir"], check=True,
                               capture_output=True, text=True).stdout
        (target / ".git").write_text(f"gitdir: {place}")


def build_copy(cmake, compiler, tree, out):
    environment = {name: value for name, value in os.environ.items()
                   if name != "CMAKE_C_COMPILER_LAUNCHER"}
    for command in (["-S", tree, "-B", out, "-G", "Ninja", "-DBUILD_TESTING=OFF",
                     "-DCMAKE_BUILD_TYPE=Release", f"-DCMAKE_C_COMPILER={compiler}"],
                    ["--build", out, "--target", "image"]):
        subprocess.run([cmake, *command], check=True, env=environment, stdout=subprocess.DEVNULL)
    return find_images(out)


def differences(here, there):
    for name in sorted(here.keys() | there.keys()):
        if here.get(name) != there.get(name):
            yield f"{name}: is not the same when it is built in another folder"


def main():
    parser = argparse.ArgumentParser(description="Is what is built the same wherever it is built?")
    parser.add_argument("build_dir", type=pathlib.Path)
    parser.add_argument("--elsewhere", metavar="CMAKE")
    options = parser.parse_args()
    images = find_images(options.build_dir)
    found = list(look(images, [ROOT, options.build_dir.resolve(), "../.."]))
    planted = list(look({"planted": str(ROOT).encode()}, [ROOT]))
    if len(planted) != 2:
        found.append(f"what was planted is not found: {planted}")
    if options.elsewhere:
        cache = (options.build_dir / "CMakeCache.txt").read_text()
        compiler = re.search(r"^CMAKE_C_COMPILER:\w+=(.*)$", cache, re.MULTILINE)[1]
        with tempfile.TemporaryDirectory(prefix="castellan-elsewhere-") as holder:
            one, other = pathlib.Path(holder, "one"), pathlib.Path(holder, "the other/tree")
            for tree in (one, other):  # before anything changes in the tree
                copy_tree(tree)
            found += differences(
                build_copy(options.elsewhere, compiler, one, one / "build/release"),
                build_copy(options.elsewhere, compiler, other, pathlib.Path(holder, "out")))
    print(*found, sep="\n")
    print(f"{len(images)} files looked at")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
