# SPDX-License-Identifier: BSD-2-Clause
"""What an operator is told of drivers that do not run, of a forbidden port and of a word that is
nobody's: the reason, in the row of `ps` and in the log."""
import re

from guest import FRESH, make_archive, ps

APPEND = "trace=inptu trace=input"
LIMIT = 40

PORTS = {"pio": [{"start": "0x300", "end": "0x303"}]}
POLICY = {"policy": "on-failure", "first_ms": 0, "base_ms": 10, "max_ms": 10, "burst": 3}


def archive(build_dir, path):
    make_archive(build_dir, path, {
        "bad": {"restart": "maybe", "priority": 0, "caps": {"irq": [0]}},
        "gone": {"requires": ["nobody"]},
        "hostile": {"image": "hostile.elf", "restart": POLICY, "caps": PORTS},
        "second": {"caps": {"pio": [{"start": "0x3f8", "end": "0x3f8"}]}}})


def reason(vm, name):
    """What is behind the columns of a driver's last row."""
    return vm.said(rf"(?m)^{re.escape(name)} +[A-Z]\w+ +\d+ +\d+ +[-\d]+  (.+?)\r?\n")[-1][1]


def test(vm):
    vm.expect(r"drvmgr: gone: Loaded -> Waiting \(nobody provides what it requires\)")
    vm.expect(r"drvmgr: second: Loaded -> Waiting \(another has what it claims\)")
    for tried in ("in from port 0x60", "in from port 0x3f8", "out to port 0x64", "ins from port 0x60"):
        vm.expect(rf"hostile: failed in Running, .*: protection fault at eip 0x\w+: {tried}, "
                  r"which is not open to it, esp 0x\w+\n")
    vm.expect("drvmgr: hostile: Recovering -> Quarantined")
    lines = [found[1] for found in vm.said(r"drvmgr: bad\.drv\.json:(\d+:\d+): ")]
    places = [tuple(map(int, line.split(":"))) for line in lines]
    assert len(places) == 3 and places == sorted(places), places
    rows = ps(vm)  # the console has said before what it does not know
    assert vm.said('console: "trace=inptu" on the kernel\'s command line is ignored. Known: trace=input')
    assert rows["serial"] == FRESH and rows["hostile"] == ("Quarantined", 4, 3), rows
    assert re.fullmatch(rf"{lines[0]}: .* \(and 2 more in the log\)", reason(vm, "bad.drv.json"))
    assert "DRV_EFAULT" in reason(vm, "hostile") and "`start hostile`" in reason(vm, "hostile")
    assert reason(vm, "gone") == "requires nobody, which nobody provides"
    assert reason(vm, "second").startswith("waits for serial: port 0x3f8")
    vm.command("start bad.drv.json")
    vm.expect(rf"start bad\.drv\.json: it is Rejected; .*the log says why: {lines[0]}: ")
    vm.command("stop second")
    ps(vm)
    assert reason(vm, "second") == "was stopped by the operator"
    vm.reboot()
