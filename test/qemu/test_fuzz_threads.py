# SPDX-License-Identifier: BSD-2-Clause
"""Random system calls by four threads of one process at once, which also take each other's
message buffers away in the middle of calls: the kernel does not panic, two processes beside it
go on, and when all of it is revoked nothing is left. The seed repeats the run.
test_fuzz_threads_long.py makes a million of them."""
import os

IMAGE = "castellan-threads.elf"
ARCHIVE = "bin/threads-child.elf"
LIMIT = 300
COST = 8
CALLS = int(os.environ.get("CASTELLAN_FUZZ_CALLS", "150000"))
SEED = int(os.environ.get("CASTELLAN_FUZZ_SEED", "0x1001"), 0)
FEW = 100000
VARIANTS = {"first": {"APPEND": f"seed={SEED} calls={FEW}"},
            "again": {"APPEND": f"seed={SEED} calls={FEW}"},
            "other": {"APPEND": f"seed={SEED + 1} calls={CALLS}"}}
END = (r"crowd: (\d+) calls, (\d+) and (\d+) heartbeats, audit equal\n"
       r"|(bench failed.*)\n")
INSTANCE = (r"crowd: seed \d+: (\d+) (\d+) (\d+) (\d+) calls, (\d+) succeeded, "
            r"(\d+) without buffer, \d+ moves, \d+ faults, \d+ begun, hash [0-9a-f]{8}\n")
LEAST = 1000  # calls of each thread, calls that succeed, calls without a buffer
seen = {}


def check(vm, wanted):
    """It made so many calls, of all kinds; what each of its instances did."""
    end = vm.expect(END)
    assert not end[4], end[4]
    vm.expect_exit(0)
    instances = vm.said(INSTANCE)
    assert int(end[1]) >= wanted
    sums = [sum(map(int, column)) for column in zip(*(found.groups() for found in instances))]
    assert min(sums) > LEAST, sums
    print(len(instances), "instances,", end[0].strip())
    return [found[0] for found in instances]


def test(vm):
    seen[vm.variant] = check(vm, CALLS if vm.variant == "other" else FEW)
    if vm.variant == "again":
        assert seen["again"] == seen["first"], "the seed does not repeat the run"
