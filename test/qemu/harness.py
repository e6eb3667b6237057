#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Boots an image in an emulator and runs one test script against it.

    harness.py TEST.py --build-dir DIR [--machine pc|q35|bochs] [--variant NAME]
               [--log-dir DIR]

A test script is a Python file with a function `test(vm)` and, as needed, these names:

    ARCHIVE  = "test/hostile.tar"   the boot archive, relative to the build directory, or
                                    None; default "boot.tar". A function
                                    archive(build_dir, path) may write one instead, or
                                    archive(build_dir, path, variant) one for each variant;
                                    what is in boot.list is then all that it finds in boot.tar.
    IMAGE    = "castellan.elf"      the kernel, relative to the build directory
    MACHINES = ["pc", "q35"]        one CTest test for each; default ["pc"]. "bochs" is the
                                    other emulator, with what bochs.py can do there.
    LABEL    = "long"               it takes minutes: ctest -C long alone runs it
    COST     = 20                   seconds that it takes, if many: of several, ctest begins with
                                    the longest
    MEMORY   = "16M"
    APPEND   = "trace=input"        the kernel's command line
    LIMIT    = 120                  seconds of real time after which the guest hangs
    QEMU     = ["-device", "edu"]   further arguments
    BOCHS    = ["cpu: ips=1000000"] further lines of Bochs' configuration
    SERIAL   = True                 whether there is a serial line; "shared": as if with
                                    QEMU's monitor (-serial mon:stdio), which holds more back;
                                    "debugcon": nobody is at its other end, and the script hears
                                    what the guest writes to port 0x2f8
    TYPED    = "ps\\n"               on the serial line before the machine runs
    HELD     = False                whether the machine stands still until the script lets it go
    CDROM    = False                boot from a disc through GRUB
    VARIANTS = {"big": {"MEMORY": "1G"}}
                                    the script is run once for each, in a machine of its own,
                                    with these names set; vm.variant tells which it is

The script drives the guest through `vm` (class Vm of machine.py) and ends it in one of three
ways: vm.reboot(), vm.expect_exit(code) or vm.quit(). It passes when it returned, the guest
reported what was expected, and QEMU ended as expected: a triple fault, a panic and a
script without an end are failures whatever else happened. Guest time does not depend on
the host's load (-icount); the limit is there to notice a hang, not to measure speed.

Exit code: 0 passed, 1 failed, 77 skipped because something is not installed here.
"""
import argparse
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import traceback
from inspect import signature

import bochs
import guest
import machine
import steps
from archive import read_archive, write_archive

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "cmake"))

import make_iso  # noqa: E402

ENVIRONMENT = "CASTELLAN_IMAGE_DIR"  # overrides --build-dir, to test another build's image
EXIT_SKIPPED = 77
DEFAULTS = {"IMAGE": "castellan.elf", "MEMORY": "16M", "APPEND": "", "LIMIT": 120,
            "QEMU": [], "BOCHS": [], "SERIAL": True, "TYPED": "", "HELD": False, "CDROM": False}


def find_build(options):
    return pathlib.Path(os.environ.get(ENVIRONMENT) or options.build_dir).resolve()


def load_script(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def essential_only(build_dir, where):
    """A directory like `build_dir`, whose boot.tar has the drivers of boot.list alone."""
    boot = build_dir / "boot.tar"
    content = read_archive(boot) if boot.exists() else {}
    kept = guest.essential_members(content)
    if kept == content:
        return build_dir
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir(parents=True)
    for path in build_dir.iterdir():
        if path.name != boot.name:
            (where / path.name).symlink_to(path)
    write_archive(where / boot.name, kept)
    return where


def prepare(options):
    """Loads the script. One that makes an archive sees no driver that the system can do without: it
    is the same whatever else is shipped."""
    shipped = find_build(options)
    options.build_dir = essential_only(shipped, options.log_dir / "build")
    guest.read_release(options.build_dir)
    script = load_script(options.script)
    if hasattr(script, "archive") or options.build_dir == shipped:
        return script
    options.build_dir = shipped
    guest.read_release(shipped)
    return load_script(options.script)


def find_archive(script, build_dir, log_dir, variant):
    """The boot archive of a script: written by it, named by it, or the release one."""
    if hasattr(script, "archive"):
        path = log_dir / "archive.tar"
        wanted = {"variant": variant} if "variant" in signature(script.archive).parameters else {}
        log_dir.mkdir(parents=True, exist_ok=True)
        script.archive(build_dir, path, **wanted)
        return path
    name = getattr(script, "ARCHIVE", "boot.tar")
    return build_dir / name if name else None


def make_disc(path, image, boot_archive, append):
    """Writes a disc that boots through GRUB."""
    missing = make_iso.missing_tools()
    if missing:
        raise machine.Skip(f"cannot write a disc without {', '.join(missing)}; "
                           "./castellan iso installs what is needed")
    try:
        make_iso.make_iso(path, image, boot_archive, append)
    except subprocess.CalledProcessError as error:
        raise machine.Failure(f"cannot write the disc: {error.output}") from error


def make_vm(options, image, boot_archive, log_dir, settings):
    """A machine with these settings, not started yet."""
    use = dict(image=image, archive=boot_archive, append=settings["APPEND"],
               log_dir=log_dir, memory=settings["MEMORY"], limit=settings["LIMIT"])
    if options.machine == "bochs":
        bochs.check_installed()
    if options.machine != "bochs" and not settings["CDROM"]:
        return machine.Vm(machine=options.machine, arguments=settings["QEMU"],
                          serial=settings["SERIAL"], typed=settings["TYPED"],
                          held=settings["HELD"], **use)
    log_dir.mkdir(parents=True, exist_ok=True)
    disc = log_dir / "boot.iso"
    make_disc(disc, image, boot_archive, settings["APPEND"])
    use.update(image=None, archive=None, append="")
    if options.machine == "bochs":
        return bochs.Bochs(disc=disc, lines=settings["BOCHS"], **use)
    return machine.Vm(machine=options.machine, serial=settings["SERIAL"],
                      typed=settings["TYPED"],
                      arguments=["-boot", "d", "-cdrom", str(disc), *settings["QEMU"]], **use)


def run_one(script, vm, variant):
    with vm, steps.steps_told(script, f"{variant}/" if variant else ""):
        vm.variant = variant
        script.test(vm)
        vm.check_verdict()


def find_variants(script, only):
    """[(name, settings)] of all runs that the script asks for."""
    common = {name: getattr(script, name, value) for name, value in DEFAULTS.items()}
    variants = getattr(script, "VARIANTS", {None: {}})
    unknown = {name for settings in variants.values() for name in settings} - set(DEFAULTS)
    if unknown:
        raise machine.Failure(f"a variant cannot set {', '.join(sorted(unknown))}")
    if only and only not in variants:
        raise machine.Failure(f"there is no variant {only}")
    return [(name, {**common, **settings}) for name, settings in variants.items()
            if not only or name == only]


def run(script, options):
    """Runs the script's test in each variant; raises machine.Failure or AssertionError."""
    build_dir, where = options.build_dir, options.log_dir
    for variant, settings in find_variants(script, options.variant):
        image = pathlib.Path(options.image or build_dir / settings["IMAGE"])
        options.log_dir = where / variant if variant else where
        boot_archive = (pathlib.Path(options.archive) if options.archive
                        else find_archive(script, build_dir, options.log_dir, variant))
        for path in (image, boot_archive):
            if path and not path.exists():
                raise machine.Failure(f"{path} does not exist: build it first")
        with steps.told(variant or "test"):
            run_one(script, make_vm(options, image, boot_archive, options.log_dir, settings),
                    variant)
    options.log_dir = where


def main():
    parser = argparse.ArgumentParser(description="Run one test script in an emulator.")
    parser.add_argument("script", type=pathlib.Path)
    parser.add_argument("--build-dir", default="build/release")
    parser.add_argument("--image", help="instead of BUILD-DIR/castellan.elf")
    parser.add_argument("--archive", help="instead of what the script names")
    parser.add_argument("--machine", default="pc")
    parser.add_argument("--variant", help="this one of the script's VARIANTS alone")
    parser.add_argument("--log-dir", type=pathlib.Path)
    options = parser.parse_args()
    if not options.script.is_file():
        parser.error(f"there is no {options.script}")
    name = f"{options.script.stem}-{options.machine}"
    if not options.log_dir:
        options.log_dir = pathlib.Path(options.build_dir) / "logs" / name
    try:
        run(prepare(options), options)
    except machine.Skip as reason:
        print(f"skipped: {reason}")
        return EXIT_SKIPPED
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
