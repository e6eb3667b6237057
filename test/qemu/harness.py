#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Boots an image in QEMU and runs one test script against it.

    harness.py TEST.py --build-dir DIR [--machine pc|q35] [--log-dir DIR]

A test script is a Python file with a function `test(vm)` and, as needed, these names:

    ARCHIVE  = "test/hostile.tar"   the boot archive, relative to the build directory, or
                                    None; default "boot.tar". A function
                                    archive(build_dir, path) may write one instead.
    MACHINES = ["pc", "q35"]        one CTest test for each; default ["pc"]
    MEMORY   = "16M"
    APPEND   = "trace=input"        the kernel's command line
    LIMIT    = 120                  seconds of real time after which the guest hangs
    QEMU     = ["-device", "edu"]   further arguments

The script drives the guest through `vm` (class Vm below) and ends it in one of three ways:
vm.reboot(), vm.expect_exit(code) or vm.quit(). It passes when it returned, the guest
reported what was expected, and QEMU ended as expected: a triple fault, a panic and a
script without an end are failures whatever else happened. Guest time does not depend on
the host's load (-icount); the limit is there to notice a hang, not to measure speed.
"""
import argparse
import importlib.util
import os
import pathlib
import sys
import traceback

import machine

ENVIRONMENT = "CASTELLAN_IMAGE_DIR"  # overrides --build-dir, to test another build's image


def load_script(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def find_archive(script, build_dir, log_dir):
    """The boot archive of a script: written by it, named by it, or the release one."""
    if hasattr(script, "archive"):
        path = log_dir / "archive.tar"
        script.archive(build_dir, path)
        return path
    name = getattr(script, "ARCHIVE", "boot.tar")
    return build_dir / name if name else None


def run(script, options):
    """Runs the script's test; raises machine.Failure or AssertionError if it fails."""
    build_dir = pathlib.Path(os.environ.get(ENVIRONMENT) or options.build_dir).resolve()
    image = pathlib.Path(options.image) if options.image else build_dir / "castellan.elf"
    log_dir = options.log_dir
    log_dir.mkdir(parents=True, exist_ok=True)
    boot_archive = (pathlib.Path(options.archive) if options.archive
                    else find_archive(script, build_dir, log_dir))
    for path in (image, boot_archive):
        if path and not path.exists():
            raise machine.Failure(f"{path} does not exist: build it first")
    vm = machine.Vm(
        image=image, archive=boot_archive, log_dir=log_dir, machine=options.machine,
        memory=getattr(script, "MEMORY", "16M"), append=getattr(script, "APPEND", ""),
        limit=getattr(script, "LIMIT", 120), arguments=getattr(script, "QEMU", []))
    with vm:
        script.test(vm)
        vm.check_verdict()


def main():
    parser = argparse.ArgumentParser(description="Run one test script in QEMU.")
    parser.add_argument("script", type=pathlib.Path)
    parser.add_argument("--build-dir", default="build/release")
    parser.add_argument("--image", help="instead of BUILD-DIR/castellan.elf")
    parser.add_argument("--archive", help="instead of what the script names")
    parser.add_argument("--machine", default="pc")
    parser.add_argument("--log-dir", type=pathlib.Path)
    options = parser.parse_args()
    name = f"{options.script.stem}-{options.machine}"
    if not options.log_dir:
        options.log_dir = pathlib.Path(options.build_dir) / "logs" / name
    try:
        run(load_script(options.script), options)
    except (machine.Failure, AssertionError) as failure:
        where = traceback.extract_tb(failure.__traceback__)
        lines = [f for f in where if f.filename == str(options.script)]
        at = f"{lines[-1].filename}:{lines[-1].lineno}: " if lines else ""
        print(f"{at}FAILED: {failure or 'assertion'}")
        print(machine.tail(options.log_dir / "serial.log"))
        print(machine.tail(options.log_dir / "qemu.log"))
        return 1
    print(f"passed; log in {options.log_dir}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
