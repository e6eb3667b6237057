# SPDX-License-Identifier: BSD-2-Clause
"""Eight drivers die in the same moment: every one is looked at and comes back."""
import re

from guest import make_archive, ps

APPEND = "trace=input"
LIMIT = 60
# All act when one clock time has come, in their first two instances.
CRASHING = [f"crash-timer-2{letter}" for letter in "abcdef"] + ["touch-timer-2", "quit-timer-2"]
KINDS = {"crash": "invalid instruction", "touch": "page fault", "quit": "exit with code 7"}


def archive(build_dir, path):
    make_archive(build_dir, path, {
        name: {"memory_kib": 128, "priority": 1 + 2 * number, "restart": "on-failure"}
        for number, name in enumerate(CRASHING)})


def test(vm):
    for generation in (1, 2):
        missing = set(CRASHING)
        while missing:
            found = vm.expect(r"drvmgr: (\S+): failed in Running, generation (\d): (.*)\n")
            assert found[1] in missing and int(found[2]) == generation, found[0]
            assert found[3].startswith(KINDS[found[1].split("-")[0]]), found[0]
            missing.remove(found[1])
    # The first may be back before the last, which is the least urgent, has failed.
    missing = set(CRASHING) - {found[1] for found in vm.said(r"(\S+): runs, instance 3\n")}
    while missing:
        missing.discard(vm.expect(r"(\S+): runs, instance 3\n")[1])
    vm.press("a")
    rows = ps(vm)
    for name, row in rows.items():
        assert row == (("Running", 3, 2) if re.search("-timer-", name)
                       else ("Running", 1, 0)), f"{name}: {row}"
    vm.reboot()
