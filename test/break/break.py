#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Lets a hostile driver loose on the system and prints a score card.

    break.py FILE.c... [FILE.drv.json] [--seconds N] [--json FILE|-] [--build-dir DIR]

Builds the FILE.c as any driver is built, packs it beside three victims and the release drivers that
boot.list names, boots that, and meanwhile types on the keyboard, counts the replies of one victim to
another, and asks the prompt all the time, for N seconds of guest time (5). Then it has the hostile
driver live once more and looks whether that left anything behind. README.md says what is
measured how. Exit code: 0 the system held, 1 it did not, 2 wrong usage, or the system or the driver
cannot be built, or the driver never ran."""
import json
import os
import pathlib
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "qemu")]

import arena  # noqa: E402
import build_driver  # noqa: E402
import guest  # noqa: E402
import harness  # noqa: E402
import machine  # noqa: E402
import score  # noqa: E402
import usage  # noqa: E402

ENVIRONMENT = "CASTELLAN_IMAGE_DIR"  # overrides --build-dir, as for the tests
SECONDS_MAX = 3600
REAL_SECONDS = 60  # of the host, and so many more for each of the guest's: then it hangs
EXIT_USAGE = 2
EXIT = {score.HELD: 0, score.BROKEN: 1, score.IDLED: EXIT_USAGE}
NAME_MAX = 31


def default_name(source):
    """A driver's name made of the file's."""
    name = re.sub(r"[^a-z0-9_-]", "-", source.stem.lower())[:NAME_MAX]
    return name if re.match(r"[a-z]", name) else f"x{name}"[:NAME_MAX]


def read_manifest(source, path):
    """(name, manifest as bytes, image file)."""
    if not path:
        name = default_name(source)
        return name, arena.manifest_bytes(arena.default_manifest(name)), f"{name}.elf"
    text = path.read_bytes()
    try:
        fields = json.loads(text)
        name = fields["name"]
        image = fields.get("image", f"{name}.elf")
        if not isinstance(name, str) or not isinstance(image, str):
            raise ValueError("its name or image is no text")
    except (ValueError, KeyError, TypeError, AttributeError):
        # What the manager makes of it is part of the question.
        name, image = path.name.removesuffix(".drv.json"), f"{default_name(source)}.elf"
    return name, text, image


def run(options, directory):
    """Builds, boots and judges."""
    build_dir = pathlib.Path(os.environ.get(ENVIRONMENT) or options.build_dir).resolve()
    image = build_driver.build(build_dir, options.sources, directory / "hostile.elf")
    build_dir = harness.essential_only(build_dir, directory / "build")
    guest.read_release(build_dir)
    name, manifest, image_file = read_manifest(options.sources[0], options.manifest)
    hostile = {name: (manifest, image_file, image)}
    arena.make_archive(build_dir, directory / "boot.tar", hostile)
    vm = machine.Vm(build_dir / "castellan.elf", directory / "boot.tar", directory,
                    arguments=arena.QEMU, append=arena.APPEND,
                    limit=REAL_SECONDS + REAL_SECONDS // 4 * options.seconds)
    with vm:
        facts = arena.Arena(vm, hostile).run(options.seconds)
    return score.judge(facts, list(hostile), score.least_service(manifest))


def write_json(where, document):
    text = json.dumps(document, indent=1, sort_keys=True) + "\n"
    if where == "-":
        sys.stdout.write(text)
    else:
        pathlib.Path(where).write_text(text)


def read_options(arguments):
    parser = usage.Parser(
        prog="castellan break", description="Lets a hostile driver loose on the system.",
        epilog="exit code: 0 the system held, 1 it did not, 2 wrong usage, or the system or "
               "the driver cannot be built, or the driver never ran")
    parser.add_argument("sources", type=pathlib.Path, metavar="FILE.c", nargs="+",
                        help="the driver is named after the first, without a manifest")
    parser.add_argument("manifest", type=pathlib.Path, metavar="FILE.drv.json", nargs="?")
    parser.add_argument("--seconds", type=int, default=5, help="of guest time (5)")
    parser.add_argument("--json", help="writes all figures there; -: nothing but these")
    parser.add_argument("--log", type=pathlib.Path, help="a directory for the guest's log")
    parser.add_argument("--build-dir", default="build/release")
    options = parser.parse_args(arguments)
    if not 1 <= options.seconds <= SECONDS_MAX:
        parser.error(f"--seconds: 1 to {SECONDS_MAX}")
    # argparse gives the first list all it can take.
    if options.sources[-1].suffix == ".json":
        options.manifest = options.sources.pop()
    if not options.sources:
        parser.error("there is no FILE.c")
    for path in options.sources:
        if path.suffix != ".c":
            parser.error(f"{path} is no FILE.c, nor a FILE.drv.json behind these")
    for path in filter(None, (*options.sources, options.manifest)):
        if not path.is_file():
            parser.error(f"there is no file {path}")
    parser.finish(options)
    return options


def main(arguments):
    options = read_options(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="castellan-break-") as temporary:
            directory = options.log or pathlib.Path(temporary)
            directory.mkdir(parents=True, exist_ok=True)
            figures, rows = run(options, directory)
            if options.json:
                outcome = score.outcome(figures, rows)
                write_json(options.json, {**figures, "rows": rows, "outcome": outcome,
                                          "held": outcome == score.HELD})
    except (build_driver.Failure, machine.Failure, ValueError, OSError) as failure:
        print(f"break: {failure}", file=sys.stderr)
        return EXIT_USAGE
    if options.json != "-":
        score.print_card(figures, rows)
    return EXIT[score.outcome(figures, rows)]


if __name__ == "__main__":
    usage.run(main, sys.argv[1:])
