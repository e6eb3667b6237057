#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The measured kernel is the released one: `test_image.py --build-dir DIR` compares them, and
sees that the comparison finds what is planted."""
import argparse
import os
import pathlib
import sys
import tempfile

from image import Image, kernel_difference

ENVIRONMENT = "CASTELLAN_IMAGE_DIR"  # overrides --build-dir, as for the other tests


def with_changed_byte(image, section, directory):
    """The same with the last byte of a section changed."""
    header = image.sections[section]
    data = bytearray(image.data)
    data[header[4] + header[5] - 1] ^= 1
    path = pathlib.Path(directory) / "changed.elf"
    path.write_bytes(data)
    return Image(path)


def problems(build_dir):
    released = Image(build_dir / "castellan.elf")
    measured = Image(build_dir / "castellan-bench.elf")
    found = kernel_difference(released, measured)
    if found:
        yield f"castellan-bench.elf is not the kernel of castellan.elf: {found}"
    with tempfile.TemporaryDirectory() as directory:
        for section in (".boot", ".text_boot", ".text", ".rodata"):
            changed = with_changed_byte(released, section, directory)
            found = kernel_difference(changed, measured)
            if not found or not found.startswith(f"{section} differs"):
                yield f"a changed byte of {section} is not noticed: {found}"


def main():
    parser = argparse.ArgumentParser(description="Is the measured kernel the released one?")
    parser.add_argument("--build-dir", type=pathlib.Path, required=True)
    build_dir = pathlib.Path(os.environ.get(ENVIRONMENT) or parser.parse_args().build_dir)
    found = list(problems(build_dir))
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
