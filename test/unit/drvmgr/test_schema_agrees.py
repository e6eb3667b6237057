#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does abi/drv.schema.json say of a manifest what drvctl says? Manifests of the tree are changed at
random, in what the schema says there is, and judged by both. What drvctl takes the schema takes. What
the schema takes and drvctl refuses is refused for reasons that a schema cannot give: they are listed
here, and each occurs.

exit code: 0 they agree, 1 they differ in another way, 2 wrong usage, 3 python3-jsonschema is missing."""
import argparse
import collections
import copy
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

AT_ONCE = 32  # manifests that drvctl takes in one call
SHOWN = 5

# What a schema cannot say, and how drvctl says it.
KINDS = (
    ("of a pair of numbers", "a schema compares no two values",
     r"end .* is below start|max \d+ is below min|max_ms is below base_ms|is not below period_us|"
     r"is longer than the \d+ ms of silence|is shorter than the cpu period|"
     r"is above heartbeat.progress_ms"),
    ("of a sum", "it adds nothing", r"is beyond 4 GiB|forgives too much|never gives up"),
    ("of a multiple", "it has multipleOf for numbers alone, and these may be strings",
     r"must be multiples of 4096|is no multiple of the width"),
    ("of ranges", "it does not know ranges", r"overlaps caps\.|the same line as caps\."),
    ("of what can be granted", "it does not know abi/ports.h, the machine or this manager's versions",
     r"can be granted to no driver|is not inside the ISA window|and never granted|"
     r"has nothing in common with this manager|is edge triggered on every machine"),
    ("of a fitting field", "what one field needs of another is clearer in the words of drvctl",
     r"share needs|and others wait for it on a shared line|does not fit into|"
     r"a port or an address is expected|mask .* has bits beyond|value .* has bits outside|"
     r"is in no range of caps\.|has not this (width|mode)"),
    ("of a number as a string", "its bounds do not hold for strings",
     r"0x[0-9A-Fa-f]+ is outside 0x"),
    ("of names", "it does not compare names, and has no list of those that are taken",
     r"is a reserved name|begins lines of the log|is the driver's own name|"
     r"is what the driver itself provides"),
    ("of how a number is written", "1.0 and 1e2 are integers there, and -0 is 0",
     r"(\.\d|[eE]\S*) is not an integer|-0 is outside|8, 16 and 32 are expected|"
     r"8, 16 or 32 is expected"),
    ("of a key that is there twice", "it sees one of them", r"is here twice|occurs twice|twice"),
)


def load(source):
    """The schema, and the manifests of the tree that it takes."""
    import jsonschema
    schema = json.loads((source / "abi/drv.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    found = [json.loads(path.read_text()) for folder in ("drivers", "servers", "test")
             for path in sorted((source / folder).rglob("*.drv.json"))]
    return schema, validator, [manifest for manifest in found if validator.is_valid(manifest)]


class Changer:
    """Changes manifests in what a schema has fields for."""

    def __init__(self, schema, seed):
        self.schema, self.chance = schema, random.Random(seed)
        self.words = ["a", "serial", "operator", "manager", "init", "b-2", "_", "A", "", "x" * 32]

    def changed(self, manifest, name):
        """A copy with one to three changes, as text; and the name that it has now, if it has one."""
        manifest = copy.deepcopy(manifest) | {"name": name}
        for _ in range(self.chance.choice((1, 1, 2, 3))):
            self.change(manifest, self.schema)
        text = json.dumps(manifest)
        if self.chance.random() < 0.03:  # a key that is there twice
            text = f'{text[:-1]}, "x-a": 1, "x-a": 2}}'
        if self.chance.random() < 0.05:  # a number that is written in another way
            text = re.sub(r"(?<=[ \[])(\d{1,4})(?=[,}\]])", self.other_form, text, count=1)
        return text, manifest.get("name")

    def other_form(self, found):
        return self.chance.choice(("{0}.0", "{0}e0", "-{0}", "{0}E+0")).format(found[1])

    def change(self, value, schema):
        """Changes one member of an object, at whatever depth."""
        members = schema["properties"]
        name = self.chance.choice(list(members))
        inner = self.object_of(members[name])
        if isinstance(value.get(name), dict) and inner and self.chance.random() < 0.6:
            self.change(value[name], inner)
        elif self.chance.random() < 0.1:
            value.pop(self.chance.choice([*value, name]), None)
        elif self.chance.random() < 0.05:
            value[self.chance.choice(("x-note", "xnote", "dma", "match", "nmae"))] = self.wrong()
        else:
            value[name] = self.value(members[name])

    @staticmethod
    def object_of(schema):
        """The part of a schema that is of an object, or None."""
        return next((part for part in [schema, *schema.get("anyOf", ())] if "properties" in part), None)

    def wrong(self):
        return self.chance.choice((None, True, -1, 1.5, "", "0x", [], {}, [1], 1 << 40))

    def value(self, schema):
        """Most likely one that the schema takes, often at its bounds."""
        if self.chance.random() < 0.04:
            return self.wrong()
        if "anyOf" in schema:
            return self.value(self.chance.choice(schema["anyOf"]))
        if "enum" in schema:
            return self.chance.choice([*schema["enum"], *schema["enum"], "level-high", 9])
        kind = schema.get("type")
        if kind == "integer":
            return self.integer(schema["minimum"], schema["maximum"])
        if kind == "string":
            return self.string(schema["pattern"])
        if kind == "boolean":
            return self.chance.random() < 0.5
        if kind == "array":
            return self.array(schema)
        if kind == "object":
            return self.object(schema)
        return self.wrong()

    def integer(self, low, high):
        places = (low, high, low + 1, high - 1, 0x60, 0x3f8, 0xb8000, 0xa0000, 4096, 8192)
        near = [value for value in places if low <= value <= high]
        if self.chance.random() < 0.06:
            return self.chance.choice((low - 1, high + 1))
        return self.chance.choice([*near, self.chance.randint(low, high)])

    def string(self, pattern):
        if pattern.startswith("^0x"):
            return self.chance.choice((f"0x{self.integer(0, 0xffff):x}", "0xB8000", "0x1000", "0x60",
                                       "0xffffffff", "0x100000000", "60", "0xg"))
        if "{64}" in pattern:
            return self.chance.choice("0aFg") * self.chance.choice((64, 64, 63))
        return self.chance.choice(self.words)

    def array(self, schema):
        count = self.chance.choice((0, 1, 1, 2, 2, 3, schema.get("maxItems", 3),
                                    schema.get("maxItems", 3) + 1))
        return [self.value(schema["items"]) for _ in range(count)]

    def object(self, schema):
        made = {}
        for name, member in schema["properties"].items():
            if self.chance.random() < (0.97 if name in schema["required"] else 0.35):
                made[name] = self.value(member)
        return made


def batches(manifests):
    """As many as drvctl takes at once; who has another name than its own is alone, as those together
    are compared by their names."""
    batch = []
    for text, name in manifests:
        if not isinstance(name, str) or not re.fullmatch(r"n\d+", name):
            yield [(text, name)]
            continue
        batch.append((text, name))
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def refusals(drvctl, batch, folder):
    """What drvctl says of each manifest: a list of lines."""
    files = []
    for number, (text, name) in enumerate(batch):
        good = isinstance(name, str) and re.fullmatch(r"[a-z][a-z0-9_-]{0,30}", name)
        files.append(folder / f"{name if good else f'{number}'}.drv.json")
        files[-1].write_text(text)
    result = subprocess.run([drvctl, "check", *files], capture_output=True, text=True, check=False)
    if result.returncode not in (0, 1):
        raise RuntimeError(f"drvctl ended with {result.returncode}: {result.stderr}")
    said = collections.defaultdict(list)
    for line in result.stderr.splitlines():
        if "these are two groups" not in line:  # which is no refusal
            said[line.split(":")[0]].append(line)
    for file in files:
        file.unlink()
    return [said[file.name] for file in files]


def kind_of(line):
    return next((name for name, _, pattern in KINDS if re.search(pattern, line)), None)


def compare(drvctl, validator, manifests):
    """What differs in another way, as lines; how often each listed kind occurred, and how many
    manifests both took and refused."""
    wrong, counts, both = [], collections.Counter(), collections.Counter()
    with tempfile.TemporaryDirectory(prefix="castellan-schema-") as name:
        for batch in batches(manifests):
            for (text, _), lines in zip(batch, refusals(drvctl, batch, pathlib.Path(name))):
                taken = validator.is_valid(json.loads(text))
                both[taken, not lines] += 1
                if not lines and not taken:
                    error = next(validator.iter_errors(json.loads(text)))
                    wrong.append(f"drvctl takes it, the schema does not: {error.message}\n  {text}")
                if lines and taken:
                    counts.update(filter(None, map(kind_of, lines)))
                    wrong += [f"the schema takes it, and why not is not listed: {line}\n  {text}"
                              for line in lines if not kind_of(line)]
    return wrong, counts, both


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("drvctl", type=pathlib.Path)
    parser.add_argument("source", type=pathlib.Path, help="the root of the tree")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=3000, metavar="N", help="so many manifests")
    arguments = parser.parse_args()
    try:
        schema, validator, bases = load(arguments.source)
    except ImportError:
        print("python3-jsonschema is missing", file=sys.stderr)
        return 3
    changer = Changer(schema, arguments.seed)
    manifests = [changer.changed(changer.chance.choice(bases), f"n{number}")
                 for number in range(arguments.count)]
    wrong, counts, both = compare(arguments.drvctl.resolve(), validator, manifests)
    print(f"{len(manifests)} manifests of {len(bases)} in the tree, --seed {arguments.seed}: "
          f"both take {both[True, True]}, both refuse {both[False, False]}, "
          f"drvctl alone refuses {both[True, False]}")
    for name, reason, _ in KINDS:
        print(f"{counts[name]:6} {name}: {reason}")
        if not counts[name]:
            wrong.append(f"no manifest was refused for a reason {name}: it should not be listed")
    print("\n".join(wrong[:SHOWN]))
    if not both[True, True]:
        print("no changed manifest is good: the changes are too many")
    return 1 if wrong or not both[True, True] else 0


if __name__ == "__main__":
    sys.exit(main())
