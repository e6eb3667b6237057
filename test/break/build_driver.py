# SPDX-License-Identifier: BSD-2-Clause
"""Builds a driver from C files, exactly as the build does it with its own: the commands are those
by which Ninja builds `asker`, with other files."""
import pathlib
import shlex
import subprocess

MODEL = "asker"


class Failure(Exception):
    """It could not be built; the text says why."""


def _commands(build_dir):
    """The commands that compile and link MODEL, each as words."""
    try:
        text = subprocess.run(["ninja", "-C", str(build_dir), "-t", "commands",
                               f"bin/{MODEL}.elf"], capture_output=True, text=True,
                              check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise Failure(f"cannot ask ninja how drivers are built: {error}") from error
    compiled = [line for line in text.splitlines() if line.endswith(f"/{MODEL}.c")]
    linked = [line for line in text.splitlines() if f" -o bin/{MODEL}.elf" in line]
    if len(compiled) != 1 or len(linked) != 1:
        raise Failure(f"ninja says nothing clear on how {MODEL} is built")
    link = next(part for part in linked[0].split(" && ") if f" -o bin/{MODEL}.elf" in part)
    return shlex.split(compiled[0]), shlex.split(link)


def _changed(words, new):
    """The command with each word that ends in a key of `new` replaced by the words there, and no
    dependency file."""
    result, skip = [], False
    for word in words:
        if skip or word in ("-MD", "-MMD"):
            skip = False
        elif word in ("-MT", "-MF"):
            skip = True
        else:
            result += next((new[end] for end in new if word.endswith(end)), [word])
    return result


def _run(words, build_dir, what):
    done = subprocess.run(words, cwd=build_dir, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failure(f"{what} cannot be built:\n{done.stderr.strip()}")


def build(build_dir, sources, output):
    """Compiles and links `sources` to the ELF file `output`. Warnings are told and no errors. They
    find headers where those of a driver of the tree do: beside them, and as "DIRECTORY/header.h"."""
    compile_words, link_words = _commands(build_dir)
    output, objects = pathlib.Path(output).resolve(), []
    for number, source in enumerate(pathlib.Path(source).resolve() for source in sources):
        objects.append(f"{output}.{number}.o")
        words = _changed(compile_words, {f"/{MODEL}.c": [str(source)],
                                         f"{MODEL}.c.o": objects[-1:]})
        _run([*words, "-Wno-error", f"-I{source.parent}", f"-I{source.parent.parent}"], build_dir,
             source.name)
    words = _changed(link_words, {f"{MODEL}.c.o": objects, f"bin/{MODEL}.elf": [str(output)]})
    _run([*words, "-Wl,--strip-debug"], build_dir, pathlib.Path(sources[0]).name)
    return output.read_bytes()
