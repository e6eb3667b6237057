#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Each file says whose it is and under which licence, as reuse.software wants it."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXIT_SKIPPED = 77


def lint(root):
    """(whether it is clean, what reuse says)"""
    result = subprocess.run(["reuse", "--root", root, "lint"], capture_output=True, text=True,
                            check=False)
    return result.returncode == 0, result.stdout + result.stderr


def main():
    if not shutil.which("reuse"):
        print("skipped: reuse is not installed; ./castellan setup installs it")
        return EXIT_SKIPPED
    with tempfile.TemporaryDirectory(prefix="castellan-reuse-") as holder:
        (pathlib.Path(holder) / "bad.c").write_text("int x;\n")
        if lint(holder)[0]:
            print("reuse takes a file without a licence for good")
            return 1
    clean, said = lint(ROOT)
    print(said)
    return 0 if clean and "ERROR" not in said else 1


if __name__ == "__main__":
    sys.exit(main())
