#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Boots the image of a build, kills the keyboard's driver from the keyboard, asks why, and writes the
screen as a PNG: screenshot.py --build-dir DIR FILE. Run by the CMake target screenshot."""
import argparse
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "test" / "qemu"))

import machine  # noqa: E402
from guest import expect_running, read_release  # noqa: E402

TYPED = ("kill ps2kbd\n", "why ps2kbd\n")
TYPED_AFTER = "explain s"
LIMIT = 120  # seconds


def take(vm, path):
    expect_running(vm)
    vm.keys(TYPED[0], report=False)  # Enter comes up when its driver is back
    expect_running(vm, "ps2kbd")
    vm.expect_screen("Last death: ps2kbd")
    vm.keys(TYPED[1])
    vm.expect_screen("^why: ")
    vm.keys(TYPED_AFTER)
    vm.expect_screen(TYPED_AFTER)
    vm.screenshot(path)
    vm.quit()


def main():
    parser = argparse.ArgumentParser(description="Take the picture of README.md.")
    parser.add_argument("--build-dir", type=pathlib.Path, required=True)
    parser.add_argument("file", type=pathlib.Path)
    options = parser.parse_args()
    read_release(options.build_dir)
    with tempfile.TemporaryDirectory(prefix="castellan-shot-") as logs:
        vm = machine.Vm(options.build_dir / "castellan.elf", options.build_dir / "boot.tar",
                        logs, append="trace=input", limit=LIMIT)
        try:
            with vm:
                take(vm, options.file)
        except machine.Failure as failure:
            print(f"no picture: {failure}", file=sys.stderr)
            return 1
    print(f"{options.file}: {options.file.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
