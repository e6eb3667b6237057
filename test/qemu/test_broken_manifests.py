# SPDX-License-Identifier: BSD-2-Clause
"""Manifests that are broken or ask for what they cannot have: each is rejected by a line that
names the file and place, nothing is granted, and the others do not notice."""
from guest import RELEASE_DRIVERS, audit, make_archive, manifest, ps, release_lines

APPEND = "trace=input"
LIMIT = 30


def ports(first, last):
    return {"pio": [{"start": first, "end": last}]}


# Name: the manifest (bytes, or the fields behind name and abi), and what is said of it.
BROKEN = {
    "syntax": (b'{"name": "syntax", "abi": 1,}', r":1:\d+: "),
    "empty-file": (b"", r":1:1: "),
    "two-roots": (b'{"name": "two-roots", "abi": 1} {}', r":1:\d+: "),
    "not-utf8": (b'{"name": "not-utf8", "abi": 1, "image": "\xff"}', r":1:\d+: "),
    "deep": (b'{"name": "deep", "abi": 1, "x-a": ' + b"[" * 40 + b"]" * 40 + b"}", r":1:\d+: "),
    "huge": (b'{"name": "huge", "abi": 1, "x-a": "' + b"a" * 9000 + b'"}', r": "),
    "twice": (b'{"name": "twice", "abi": 1, "abi": 1}', r":1:29: .*twice"),
    "unknown-key": ({"colour": "red"}, r":\d+:\d+: .*colour"),
    "bad-abi": ({"abi": 99}, r":3:9: abi: 99.* nothing in common"),
    "bad-number": ({"priority": 99}, r":\d+:\d+: priority: .*99"),
    "ninth-irq": ({"caps": {"irq": [3, 5, 6, 7, 9, 10, 11, 12, 13]}}, r":\d+:\d+: caps\.irq"),
    "backwards": ({"caps": ports(0x303, 0x300)}, r":\d+:\d+: caps\.pio\[0\]: end \d+ is below"),
    "beyond": ({"caps": ports(0xfff0, 0x10000)}, r":\d+:\d+: caps\.pio\[0\]\.end: 65536"),
    "withheld": ({"caps": ports(0x60, 0x65)}, r"caps\.pio\[0\]: 101 can be granted to no driver"),
    "manager-s": ({"caps": ports(0xf4, 0xf4)}, r"caps\.pio\[0\]: 244 \(.*\) can be granted to no"),
    "timer-line": ({"caps": {"irq": [0]}}, r"caps\.irq\[0\]: line 0 .* never granted"),
    "cascade": ({"caps": {"irq": [2]}}, r"caps\.irq\[0\]: line 2 .* never granted"),
    "ram": ({"caps": {"mmio": [{"base": "0x9f000", "size": "0x2000"}]}},
            r"caps\.mmio\[0\]: 0x9f000\.\.0xa0fff is not inside the ISA window"),
    "high-ram": ({"caps": {"mmio": [{"base": 0x400000, "size": 0x1000}]}},
                 r"caps\.mmio\[0\]: 4194304\.\.4198399 is not inside the ISA window"),
    "serial-again": (b'{"name": "serial", "abi": 1, "image": "actor.elf"}',
                     r":1:1: name: \"serial\" must be in a file serial\.drv\.json"),
    "no-image": ({"image": "nowhere.elf"}, r"image nowhere\.elf is not in the archive"),
}


def archive(build_dir, path):
    members = {}
    for name, (content, _) in BROKEN.items():
        if isinstance(content, dict):
            content = manifest(name, **content)
        members[f"{name}.drv.json"] = content
    make_archive(build_dir, path, images=["actor.elf"], members=members)


def test(vm):
    vm.expect_screen(r"console +Running")
    vm.press("a")
    missing = {name: why for name, (_, why) in BROKEN.items()
               if not vm.said(rf"drvmgr: {name}\.drv\.json.*{why}")}
    said = [line[0] for name in missing for line in vm.said(rf"{name}\.drv\.json.*\n")]
    assert not missing, f"{missing} in {said}"
    assert len(vm.said(r"Loaded -> Rejected \(manifest, image or ABI refused\)")) == len(BROKEN)
    for name in BROKEN:
        assert not vm.said(rf"drvmgr: {name}\.drv\.json: accepted"), f"{name} is accepted"
    rejected = [name for name, row in ps(vm).items() if row == ("Rejected", 0, 0)]
    assert len(rejected) == len(BROKEN), rejected
    for name in RELEASE_DRIVERS:
        assert vm.said(rf"^{name} +Running +1 +0 "), f"{name} does not run undisturbed"
    vm.command("start no-image.drv.json")
    vm.expect("start no-image.drv.json: it is Rejected; .*the log says why")
    counters = audit(vm)
    assert counters["irq_bound"] == release_lines(), f"bound: {counters['irq_bound']:#x}"
    vm.press("b")
    vm.reboot()
