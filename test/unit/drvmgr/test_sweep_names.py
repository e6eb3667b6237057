# SPDX-License-Identifier: BSD-2-Clause
"""Each handle that the manager keeps of a driver is named in sweep.c: one that is added and forgotten
there would be released under the driver after the manager's death."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
SWEEP = "servers/drvmgr/kept/sweep.c"
# Where handles are, and those that no sweep needs to know, with the reason.
HOLDERS = {
    "servers/drvmgr/state/instance.h": ("instance", set()),
    "servers/drvmgr/state/door.h": ("door", set()),
    "servers/drvmgr/driver.h": ("driver", {
        "image_frame",  # a frame that can be read stays, whoever has it: is_made_of()
    }),
    "libs/libcap/include/cap/process.h": ("process_t", {
        "untyped",  # the instance's
        "stack", "data",  # frames that can be read
    }),
}


def handles(text, struct):
    """The names of a struct's members that are capabilities."""
    body = re.search(rf"typedef struct {struct} \{{(.*?)\n\}}", text, re.DOTALL)[1]
    body = re.sub(r"/\*.*?\*/", "", body, flags=re.DOTALL)
    return [re.match(r"\w+", name.strip())[0] for names in re.findall(r"\bcap_t ([^;]+);", body)
            for name in names.split(",")]


def forgotten(texts, sweep):
    found = []
    for file, (struct, known) in HOLDERS.items():
        names = handles(texts[file], struct.removesuffix("_t"))
        assert names, f"{file} has no handles"
        found += [f"{file}: {name}" for name in names
                  if name not in known and not re.search(rf"(->|\.){name}\b", sweep)]
    return found


texts = {file: (ROOT / file).read_text() for file in HOLDERS}
sweep = (ROOT / SWEEP).read_text()
planted = {file: re.sub(rf"(typedef struct {struct.removesuffix('_t')} \{{\n)", r"\1\tcap_t planted;\n", texts[file])
           for file, (struct, _) in HOLDERS.items()}
assert len(forgotten(planted, sweep)) == len(HOLDERS), "a handle that is forgotten is not found"
assert not forgotten(texts, sweep), forgotten(texts, sweep)
