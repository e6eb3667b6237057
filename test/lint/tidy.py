#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What clang-tidy finds in the sources of the system, with the checks of .clang-tidy.

    tidy.py BUILD-DIR        one that was configured with clang; some minutes

Too long for the suite: .ci/run calls it. exit code: 0 nothing, 1 something, or a planted mistake is not
found."""
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNDER = ("microkernel", "servers", "libs", "drivers")
PLANTED = "int f(int *p);\nint f(int *p)\n{\n\tif (!p)\n\t\treturn *p;\n\treturn sizeof(p) / sizeof(*p);\n}\n"


def look(build_dir, path):
    """What is said of a file; nothing if it is good."""
    result = subprocess.run(["clang-tidy", "--quiet", f"--config-file={ROOT}/.clang-tidy", "-p",
                             build_dir, path], capture_output=True, text=True, check=False)
    return result.stdout + (result.stderr if result.returncode else "")


def find_sources(build_dir):
    commands = json.loads((build_dir / "compile_commands.json").read_text())
    known = {pathlib.Path(command["directory"], command["file"]).resolve() for command in commands}
    return sorted(path for path in known if path.suffix == ".c" and path.is_relative_to(ROOT)
                  and path.relative_to(ROOT).parts[0] in UNDER)


def planted_is_found():
    with tempfile.TemporaryDirectory(prefix="castellan-tidy-") as holder:
        directory = pathlib.Path(holder)
        (directory / "bad.c").write_text(PLANTED)
        (directory / "compile_commands.json").write_text(json.dumps(
            [{"directory": holder, "file": "bad.c", "arguments": ["clang", "-c", "bad.c"]}]))
        said = look(directory, directory / "bad.c")
    return all(name in said for name in ("NullDereference", "bugprone-sizeof-expression"))


def main():
    if not shutil.which("clang-tidy"):
        print("clang-tidy is not installed; ./castellan setup installs it")
        return 1
    build_dir = pathlib.Path(sys.argv[1]).resolve()
    found = [] if planted_is_found() else ["a planted mistake is not found"]
    sources = find_sources(build_dir)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found += [said for said in pool.map(lambda path: look(build_dir, path), sources) if said]
    print(*found, sep="\n")
    print(f"{len(sources)} files looked at")
    return 1 if found or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
