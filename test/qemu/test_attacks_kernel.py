# SPDX-License-Identifier: BSD-2-Clause
"""A root task that holds all that the kernel hands over has every listed port and no other:
acquiring and deriving more are refused, on every machine."""
IMAGE = "castellan-attacks.elf"
ARCHIVE = None
LIMIT = 60
VARIANTS = {machine: {"QEMU": ["-M", machine]} for machine in ("pc", "q35", "isapc")}
END = r"attacks: (\d+) tried, (\d+) of them granted\n|(bench failed.*)\n"


def test(vm):
    end = vm.expect(END)
    assert not end[3], f"{end[3]}: {[line[0] for line in vm.said('attacks: .*')]}"
    vm.expect_exit(0)
    print(end[0].strip())
