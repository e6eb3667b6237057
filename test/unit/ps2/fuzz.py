#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs a libFuzzer program from a seed, beginning with a corpus of one hexadecimal input a line. An
input that breaks a promise is printed as such a line, for the corpus."""
import argparse
import pathlib
import subprocess
import sys
import tempfile


def inputs(corpus):
    return [bytes.fromhex(line) for line in corpus.read_text().split("\n")
            if line and not line.startswith("#")]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=10000)
    parser.add_argument("--most", type=int, default=256, help="bytes of an input")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        folder = pathlib.Path(directory)
        (folder / "corpus").mkdir()
        for number, data in enumerate(inputs(args.corpus)):
            (folder / "corpus" / str(number)).write_bytes(data)
        run = subprocess.run(
            [args.program.resolve(), f"-seed={args.seed}", f"-runs={args.runs}",
             f"-max_len={args.most}", "-len_control=0", f"-artifact_prefix={folder}/found-",
             str(folder / "corpus")], check=False)
        for found in sorted(folder.glob("found-*")):
            print(f"{args.corpus.name}: {found.read_bytes().hex()}")
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
