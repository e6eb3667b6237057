# SPDX-License-Identifier: BSD-2-Clause
"""Commands in COMMAND_FILES are run where that is quick and safe, and otherwise checked against what
they would use."""
import json
import os
import pathlib
import re
import select
import shlex
import shutil
import subprocess
import time

from markdown import TOP, blocks

COMMAND_FILES = ("README.md", "CONTRIBUTING.md", "docs/supervision.md",
                 "docs/recipes/write-a-client.md", "docs/port-an-old-driver.md", "docs/debugging.md",
                 "docs/why-did-my-driver-die.md")
SECONDS = 60  # a command of the documentation that takes longer hangs
IMAGE_DIR = "CASTELLAN_IMAGE_DIR"  # whose image is booted, if not the build directory's
PROMPT = b"castellan> "


def presets(tree, kind):
    """Names of the presets of `kind`: configure, build, test or workflow."""
    listed = json.loads(tree.text("CMakePresets.json")).get(f"{kind}Presets", [])
    return {preset["name"] for preset in listed if not preset.get("hidden")}


def judge_castellan(tree, words):
    verbs = re.findall(r"^  ([a-z]+)\b", tree.text("castellan"), re.MULTILINE)
    if words[1] not in verbs:
        return f"./castellan help does not know {words[1]}"
    if words[1] == "build" and words[2:] and words[2] not in presets(tree, "build"):
        return f"there is no preset {words[2]}"
    return run(tree, words) if words[1] == "help" else None


def judge_cmake(tree, words):
    kind = {"--build": "build", "--workflow": "workflow"}.get(words[1], "configure")
    preset = words[words.index("--preset") + 1] if "--preset" in words else None
    if preset not in presets(tree, kind):
        return f"there is no {kind} preset {preset}"
    if "--target" in words:
        target = words[words.index("--target") + 1]
        files = tree.files("CMakeLists.txt", ".cmake")
        if not any(re.search(rf"add_custom_target\({target}\b", tree.text(path))
                   for path in files):
            return f"there is no target {target}"
    return None


def judge_ctest(tree, words):
    if words[words.index("--preset") + 1] not in presets(tree, "test"):
        return "there is no such preset of tests"
    labels = re.findall(r"(\w+) \(", tree.lines("test/CMakeLists.txt")[1][1])
    if "-L" in words and words[words.index("-L") + 1] not in labels:
        return f"the labels are {labels}"
    return None


def judge_ninja(tree, words):
    """Programs of a preset's build, each of which a CMakeLists.txt adds."""
    if words[1] != "-C" or words[2].removeprefix("build/") not in presets(tree, "build"):
        return "ninja -C build/PRESET is expected"
    added = " ".join(tree.text(path) for path in tree.files("CMakeLists.txt"))
    return next((f"nothing adds {word}" for word in words[3:] if not re.search(
        rf"castellan_add_driver\({re.escape(word.removeprefix('bin/').removesuffix('.elf'))}\b", added)), None)


def judge_qemu(tree, words):
    """The line for a plain boot reaches the prompt, with the screen and the terminal away."""
    images = [words[words.index(option) + 1] for option in ("-kernel", "-initrd")]
    if images != ["build/release/castellan.elf", "build/release/boot.tar"]:
        return f"the image is not {images}"
    build = pathlib.Path(os.environ.get(IMAGE_DIR) or tree.build_dir or ".")
    if not (build / "castellan.elf").exists() or not shutil.which(words[0]):
        return None
    command = [word.replace("build/release/", "") for word in words]
    with subprocess.Popen(command + ["-display", "none", "-serial", "stdio", "-monitor", "none"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=build) as qemu:
        said = read_until(qemu.stdout, PROMPT, SECONDS)
        qemu.kill()
    return None if PROMPT in said else f"does not come to the prompt: {said[-200:]!r}"


def read_until(stream, what, seconds):
    """What the stream says until it has said `what`, has ended, or the time is over."""
    said, deadline = b"", time.monotonic() + seconds
    while what not in said:
        ready, _, _ = select.select([stream], [], [], max(deadline - time.monotonic(), 0))
        data = os.read(stream.fileno(), 4096) if ready else b""
        if not data:
            break
        said += data
    return said


def judge_python(tree, words):
    """Scripts of the tree: they exist, and a lint that is run by name is one."""
    if words[1] not in tree.paths:
        return f"there is no {words[1]}"
    if words[1].endswith("lint.py") and f"test/lint/check_{words[2]}.py" not in tree.paths:
        return f"there is no lint {words[2]}"
    return next((f"there is no {word}" for word in words[2:]
                 if word.startswith(TOP) and word not in tree.paths), None)


def judge_dot(_, words):
    """Graphviz, on what a line before it has written: tools/debug/test_debug.py runs both."""
    return None if words[1].startswith("-T") else "writes no picture"


def judge_drvctl(tree, words):
    program = pathlib.Path(tree.build_dir or ".") / "drvctl"
    return run(tree, [str(program)] + words[1:]) if program.exists() else None


def run(tree, words):
    """Runs a command at the root; it must succeed."""
    result = subprocess.run(words, cwd=tree.root, capture_output=True, text=True, check=False,
                            timeout=SECONDS)
    return f"exits with {result.returncode}: {result.stderr}" if result.returncode else None


JUDGES = [("./castellan", judge_castellan), ("cmake", judge_cmake), ("ctest", judge_ctest), ("ninja", judge_ninja),
          ("qemu-system-i386", judge_qemu), ("python3", judge_python),
          ("dot", judge_dot),
          (re.compile(r"build/[\w-]+/drvctl"), judge_drvctl)]


def judge(tree, line):
    """What is wrong with one command line, or None."""
    words = shlex.split(line, comments=True)
    if not words:
        return None
    for program, judge_program in JUDGES:
        if words[0] == program or (isinstance(program, re.Pattern)
                                   and program.fullmatch(words[0])):
            try:
                return judge_program(tree, words)
            except (IndexError, ValueError):
                return "is not complete"
    return f"{words[0]} is no command that this check knows"


def check_commands(tree):
    findings = []
    for path in COMMAND_FILES:
        if path not in tree.paths:
            continue
        for start, text in blocks(tree, path, "sh"):
            for number, line in enumerate(text.replace("\\\n", "").splitlines(), start):
                message = judge(tree, line)
                if message:
                    findings.append((path, number, f"{line.strip()}: {message}"))
    return findings
