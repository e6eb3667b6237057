# SPDX-License-Identifier: BSD-2-Clause
"""Builds a driver from one C file, exactly as the build does it with its own: the commands are
those by which Ninja builds `asker`, with other files."""
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


def _changed(words, old, new):
    """The command with each word that ends in `old` replaced by `new`, and no dependency
    file."""
    result, skip = [], False
    for word in words:
        if skip or word in ("-MD", "-MMD"):
            skip = False
        elif word in ("-MT", "-MF"):
            skip = True
        else:
            result.append(new.get(next((end for end in old if word.endswith(end)), None), word))
    return result


def build(build_dir, source, output):
    """Compiles and links `source` to the ELF file `output`. Warnings are told and no errors."""
    compile_words, link_words = _commands(build_dir)
    source, output = pathlib.Path(source).resolve(), pathlib.Path(output).resolve()
    names = {f"/{MODEL}.c": str(source), f"{MODEL}.c.o": f"{output}.o",
             f"bin/{MODEL}.elf": str(output)}
    for words in (compile_words + ["-Wno-error", f"-I{source.parent}"],
                  link_words + ["-Wl,--strip-debug"]):
        done = subprocess.run(_changed(words, list(names), names), cwd=build_dir,
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failure(f"{source.name} cannot be built:\n{done.stderr.strip()}")
    return output.read_bytes()
