# SPDX-License-Identifier: BSD-2-Clause
"""What test scripts ask the guest at its prompt, and boot archives with test drivers in them."""
import json
import pathlib
import re

from archive import read_archive, write_archive

ROOT = pathlib.Path(__file__).parents[2]
VERSION = (r"^castellan " + re.escape((ROOT / "VERSION").read_text().strip()) +
           r" \((?:[0-9a-f]{12}|unknown commit)(?:, changed)?\)")
# {name: manifest} of the drivers in the boot.tar that the test script finds, in the order of
# admission. harness.py reads it before the script is loaded, so that nothing here changes when a
# driver is added. Those of a second serial line are apart: on a machine without one they are Absent.
RELEASE_DRIVERS, SECOND_LINE = {}, {}
OF_SECOND_LINE = ("serial2", "line")
DRIVERS_MAX = 32  # manifests that the manager takes
DEVICES = {"pio": [{"start": "0x300", "end": "0x303"}], "irq": [5],
           "mmio": [{"base": "0xa0000", "size": "0x1000"}]}
FRESH = ("Running", 1, 0)  # the row of ps() of a driver that was started once
ABSENT = ("Absent", 1, 0)  # and of one that found no device
TEST_DRIVERS = "test/drivers.tar"  # all of test/qemu/drivers
# Counters that say how often something happened, or who waits just now: not what is held.
VOLATILE = ("timers", "spurious")


def kernel_abi():
    """A pattern of the kernel's first line: name, version and commit, and the ABI that abi/types.h
    has."""
    text = (ROOT / "abi/types.h").read_text(encoding="utf-8")
    found = re.search(r"#define\s+ABI_VERSION\s+0x([0-9a-f]{4})([0-9a-f]{4})u", text)
    return VERSION + r": kernel ABI {}\.{}\r?\n".format(*(int(part, 16) for part in found.groups()))


def read_boot_list(content):
    """{name: priority} of the drivers that boot.list names, in an archive with that content."""
    text = content.get("boot.list", b"").decode()
    found = re.findall(r"^([a-z]\S*) +(\d+)$", text, re.MULTILINE)
    return {name: int(priority) for name, priority in found}


def essential_members(content):
    """The content of an archive without the drivers that boot.list does not name."""
    essential, dropped, used = read_boot_list(content), set(), set()
    for file, text in content.items():
        name = file.removesuffix(".drv.json")
        image = name != file and json.loads(text).get("image", f"{name}.elf")
        if image and name in essential:
            used.add(image)
        elif image:
            dropped |= {file, image}
    return {file: text for file, text in content.items() if file not in dropped - used}


def read_release(build_dir):
    """Learns which drivers are in the release archive of a build."""
    RELEASE_DRIVERS.clear()
    SECOND_LINE.clear()
    path = build_dir / "boot.tar"
    if not path.exists():  # the harness says so if a test needs it
        return
    content = read_archive(path)
    rank = {name: -priority for name, priority in read_boot_list(content).items()}
    found = [json.loads(content[name]) for name in content if name.endswith(".drv.json")]
    found.sort(key=lambda fields: (rank.get(fields["name"], 0), fields["name"]))
    for fields in found:
        second = fields["name"] in OF_SECOND_LINE
        (SECOND_LINE if second else RELEASE_DRIVERS)[fields["name"]] = fields


def release_lines():
    """The interrupt lines of the release drivers, one bit each, as `audit` gives them."""
    bits = 0
    for fields in RELEASE_DRIVERS.values():
        for entry in fields.get("caps", {}).get("irq", []):
            bits |= 1 << (entry["line"] if isinstance(entry, dict) else entry)
    return bits


def expect_transition(vm, names, step):
    """Waits for a `step`, "BEFORE -> AFTER", of one of `names`, and fails when one of them ends before,
    from where it does not come back by itself. Answers the match, whose first group is the name."""
    among = "|".join(sorted(names))
    found = vm.expect(rf"drvmgr: ({among}): {step} \(|drvmgr: ({among})(?:\.drv\.json)?: \w+ -> "
                      r"(?:Absent|Rejected|Quarantined) \(.*\n", f"{step} of {among}")
    assert found[1], f"waited for {step} of {found[2]}, and it ended: {found[0].strip()}"
    return found


def expect_running(vm, *names):
    """Waits until each of `names` says that it is Running, in any order; without names all of the
    release, and those of a second serial line until they are Running or Absent."""
    missing = set(names or RELEASE_DRIVERS)
    while missing:
        missing.discard(expect_transition(vm, missing, r"\w+ -> Running")[1])
    vm.poll(lambda: names or all(vm.said(rf"drvmgr: {name}: \w+ -> (?:Absent|Running) \(")
                                 for name in SECOND_LINE) or None, "the second serial line")


def expect_step(vm, name, state, after=r"\w+"):
    """Waits for one transition of driver `name`."""
    return expect_transition(vm, [name], f"{after} -> {state}")


def expect_states(vm, name, *states):
    """Waits for transitions of `name` in this order, with none of its own in between."""
    for state in states:
        found = vm.expect(rf"drvmgr: {name}: \w+ -> (\w+) \(")
        assert found[1] == state, f"{name} became {found[1]} instead of {state}"


def ps(vm):
    """The table of drivers: {name: (state, generation, restarts)}."""
    vm.command("ps")
    vm.expect(r"NAME +STATE +GENERATION +RESTARTS +HEARTBEAT")
    rows = {}
    while True:
        row = vm.expect(r"^(\S+) +([A-Z]\w+) +(\d+) +(\d+) +(\d+|-)(?: .*)?\n|castellan> ", "ps")
        if not row[1]:
            break
        rows[row[1]] = (row[2], int(row[3]), int(row[4]))
    vm.type("\n")  # so that the next command finds a prompt
    return rows


def caps(vm, name):
    """The lines of `caps NAME`, of one that lives."""
    vm.command(f"caps {name}")
    vm.expect(rf"caps {name}\n")
    lines = []
    while True:
        found = vm.expect(r"^([a-z]+ +[r-][w-][x-][g-].*)\n|castellan> ", "capabilities")
        if not found[1]:
            break
        lines.append(found[1].rstrip())
    vm.type("\n")  # so that the next command finds a prompt
    return lines


def assert_release_rows(rows, row=FRESH, but=None, others=False):
    """Each release driver has this row in the table of ps(), except those that `but` names with
    theirs; without `others` the table has no further rows. Those of a second serial line have it or are
    Absent."""
    expected = {name: row for name in RELEASE_DRIVERS} | (but or {})
    wrong = [f"{name} is {rows.get(name, 'not in the table')} instead of {expected[name]}"
             for name in expected if rows.get(name) != expected[name]]
    wrong += [f"{name} is {rows.get(name, 'not in the table')}, neither Absent nor {row}"
              for name in SECOND_LINE if name not in expected and
              rows.get(name, ("", 0, 0))[0] != "Absent" and rows.get(name) != row]
    if not others:
        wrong += [f"{name} is in the table and in no manifest of the archive"
                  for name in rows if name not in {**expected, **SECOND_LINE}]
    assert not wrong, f"ps: {'; '.join(wrong)}"


def audit_value(name, text):
    """The number that a line of the audit was made of."""
    if name == "abi_version":
        major, minor = text.split(".")
        return int(major) << 16 | int(minor)
    if name.startswith("irq_"):
        return sum(1 << int(line) for line in text.split(", ") if line != "none")
    return int(text)


def audit(vm):
    """The kernel's counters: {name: value}. What others log before the answer draws the prompt
    again, so that only one behind the first line of the answer is its end."""
    vm.command("audit")
    counters = {}
    pattern = r"audit: (\S+) ([\d., none]+)\n"
    line = vm.expect(pattern, "the audit")
    while line[1]:
        counters[line[1]] = audit_value(line[1], line[2])
        line = vm.expect(pattern + "|castellan> ", "the audit")
    vm.type("\n")  # so that the next command finds a prompt
    return counters


def ask(vm, command):
    """What `command --json` answers, as one value. Nothing else stands in its lines, and what follows
    them is no part of it."""
    vm.command(f"{command} --json")
    vm.expect(re.escape(f"{command} --json") + r"\n")
    text = ""
    while True:
        text += vm.expect(r"^(.*)\n", f"the JSON of {command}")[1]
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            assert error.pos >= len(text) or error.msg.startswith("Unterminated"), f"{error}: {text}"


def held(counters):
    """The counters that two moments with the same drivers have in common."""
    return {name: value for name, value in counters.items() if name not in VOLATILE}


def assert_equal_audits(before, after):
    """Nothing is held now that was not held before, and the other way round."""
    different = {name: (value, held(after)[name]) for name, value in held(before).items()
                 if value != held(after)[name]}
    assert not different, f"the audit changed: {different}"


def manifest(name, image="actor.elf", **fields):
    """A manifest as bytes."""
    return json.dumps({"name": name, "abi": 1, "image": image, **fields}, indent=1).encode()


def make_archive(build_dir, path, manifests=(), images=(), members=None):
    """The release archive with `manifests` (each the fields of one, by name) and the test
    drivers' images that they and `images` name. `members` come last and win."""
    content = read_archive(build_dir / "boot.tar")
    tests = read_archive(build_dir / TEST_DRIVERS)
    for image in images:
        content[image] = tests[image]
    for name, fields in dict(manifests).items():
        fields = {"image": "actor.elf", **fields}
        content[fields["image"]] = tests[fields["image"]]
        content[f"{name}.drv.json"] = manifest(name, **fields)
    content.update(members or {})
    write_archive(path, content)


def make_broken_archive(build_dir, path, broken, members):
    """The release archive with the `broken` images, {name: (image, complaint)}, each with a
    manifest that asks for devices, and further `members`."""
    members = dict(members)
    for name, (image, _) in broken.items():
        members[f"{name}.elf"] = image
        members[f"{name}.drv.json"] = manifest(name, f"{name}.elf", caps=DEVICES)
    make_archive(build_dir, path, members=members)


def expect_rejected(vm, rows, broken):
    """Each of the `broken` was rejected with its complaint and never ran; `rows` of ps()."""
    for name, (_, why) in broken.items():
        lines = [found[0] for found in vm.said(rf"drvmgr: {name}\.drv\.json: .*\n")]
        assert any(why in line and f"{name}.elf" in line for line in lines), \
            f"{name}: no {why!r} in {lines}"
        assert vm.said(rf"drvmgr: {name}\.drv\.json: Loaded -> Rejected \("), f"{name} is not Rejected"
        assert not vm.said(rf"drvmgr: {name}\.drv\.json: accepted"), f"{name} is accepted"
        row = rows.get(f"{name}.drv.json")
        assert row == ("Rejected", 0, 0), f"{name} is {row}, not Rejected"
        assert name not in rows, f"{name} is in the table"
        assert not vm.said(rf"{name}: runs"), f"{name} runs"
    assert_release_rows(rows, others=True)
