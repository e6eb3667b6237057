#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Follows docs/recipes/add-a-driver.md to the letter: in a clone of the tree a driver is added, and a
client that logs all the time, and what the recipe says to run then is green.

    recipe.py            some minutes, with as many tests at once as there are processors
    recipe.py --files    only makes the files, of what the recipe shows

The sources are the examples', under other names, as if somebody had written them."""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "test/lint"))

import lint  # noqa: E402

RECIPE = "docs/recipes/add-a-driver.md"
NAMES = {"example-rtc": "clock", "example-client": "chatty", "EXAMPLE_RTC_RTC_H": "CLOCK_CLOCKTIME_H"}
NAME, THING, CLIENT = "clock", "clocktime", "chatty"
PERIOD = ("#define PERIOD_MS 1000u", "#define PERIOD_MS 100u")  # the client says something so often
README = "# A driver of the recipe\n\nIt reads the time. It never sets it. There is one clock.\n"
EMULATOR = '''# SPDX-License-Identifier: BSD-2-Clause
"""The driver of the recipe comes back, and its client goes on."""
from guest import expect_running, expect_step

SAID = r"chatty: it is \\d\\d:\\d\\d:\\d\\d\\n"


def test(vm):
    expect_running(vm, "clock", "chatty")
    vm.expect(SAID)
    vm.command("kill clock")
    expect_step(vm, "clock", "Running")
    vm.expect(SAID)
    vm.reboot()
'''


def shown(text, begin):
    """The indented block of the recipe in which a line begins so, without its indentation."""
    block = next((block for block in re.findall(r"(?:^(?: {7}.*)?\n)+", text, re.MULTILINE)
                  if re.search(rf"^ {{7}}{re.escape(begin)}", block, re.MULTILINE)), None)
    assert block, f"{RECIPE} shows nothing that begins with {begin!r}"
    return "".join(f"{line[7:]}\n" for line in block.strip("\n").splitlines())


def named(text):
    """What the recipe shows, with names."""
    return text.replace("THING", THING).replace("NAME", NAME)


def example(name, file):
    """A file of an example, with the names that it has here."""
    text = (ROOT / "docs/recipes" / name / file).read_text()
    for old, new in NAMES.items():
        text = text.replace(old, new)
    return re.sub(r'#include "(cmos|rtc)\.h"', lambda found: '#include "%s/%s.h"' % (
        NAME, {"rtc": THING}.get(found[1], found[1])), text)


def files():
    """{path: text} of all that is added."""
    text = (ROOT / RECIPE).read_text()
    build = named(shown(text, "castellan_add_driver(NAME SOURCES"))
    driver, client, unit = (f"drivers/{NAME}", f"drivers/{CLIENT}", f"test/unit/{NAME}")
    return {
        f"{driver}/README.md": README,
        f"{driver}/CMakeLists.txt": build,
        f"{driver}/{NAME}.drv.json": example("example-driver", "example-rtc.drv.json"),
        f"{driver}/main.c": example("example-driver", "main.c"),
        f"{driver}/cmos.h": example("example-driver", "cmos.h"),
        f"{driver}/{THING}.h": example("example-driver", "rtc.h"),
        f"{driver}/{THING}.c": example("example-driver", "rtc.c"),
        f"{unit}/test_{THING}.c": example("example-driver", "test_rtc.c"),
        f"{unit}/CMakeLists.txt": named(shown(text, "castellan_unit_test(test_THING SOURCES")),
        f"test/qemu/test_{NAME}.py": EMULATOR,
        f"{client}/README.md": README,
        f"{client}/CMakeLists.txt": build.replace(f" {THING}.c", "").replace(NAME, CLIENT),
        f"{client}/{CLIENT}.drv.json": example("example-client", "example-client.drv.json"),
        f"{client}/main.c": example("example-client", "main.c").replace(*PERIOD),
    }


def copy_tree(target):
    """A clone, and what is not committed yet."""
    subprocess.run(["git", "clone", "-q", str(ROOT), str(target)], check=True)
    for path in lint.Tree(ROOT).paths:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, target / path)


def write(target):
    for path, text in files().items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        assert not (target / path).exists(), f"{path} is there already"
        (target / path).write_text(text)


def follow(target):
    """Runs what the recipe says to run; whether all of it is green."""
    commands = named(shown((ROOT / RECIPE).read_text(), "clang-format -i drivers/NAME"))
    environment = {name: value for name, value in os.environ.items()
                   if name != "CASTELLAN_IMAGE_DIR"}
    for command in commands.splitlines():
        print(f"== {command}", flush=True)
        if subprocess.run(["sh", "-c", command], cwd=target, env=environment, check=False).returncode:
            print(f"recipe: {command}: failed")
            return False
    return True


def main(arguments):
    parser = argparse.ArgumentParser(prog="recipe.py", description=__doc__.splitlines()[0])
    parser.add_argument("--files", action="store_true", help="only make the files")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="castellan-recipe-") as temporary:
        target = pathlib.Path(temporary) / "castellan"
        if options.files:
            write(target)
            return 0
        copy_tree(target)
        write(target)
        return 0 if follow(target) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
