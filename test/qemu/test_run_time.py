# SPDX-License-Identifier: BSD-2-Clause
"""How long threads have run, as the kernel tells it, and budgets by it: of who computes, and of who
sleeps over the ticks. With a time stamp counter both are right and held; without, milliseconds
are counted, of who sleeps over them none, and a budget holds only who computes.

QEMU carries rdtsc out on a processor that does not have it as well: what is told would be that."""
IMAGE = "castellan-run-time.elf"
ARCHIVE = None
LIMIT = 60
COST = 5
VARIANTS = {"counter": {}, "no-counter": {"QEMU": ["-cpu", "486"]},
            "not-told": {"QEMU": ["-cpu", "max,-tsc"]}}
SECOND_MS = 1000
BUDGET_MS = 100  # of a second
ROUND_MS = 0.9
SAID = r"run_time: {} ran (\d+) ticks, (\d+) a millisecond, (\d+) rounds\n"


def ran(vm, name):
    """Milliseconds as the kernel tells, ticks in each, and the rounds of who dozes."""
    found = vm.expect(SAID.format(name) + r"|(bench failed.*)\n")
    assert not found[4], found[4]
    ticks, rate, rounds = (int(number) for number in found.groups()[:3])
    return ticks / rate, rate, rounds


def test(vm):
    has_counter = vm.variant == "counter"
    alone, rate, _ = ran(vm, "root")
    assert rate > SECOND_MS if has_counter else rate == 1, f"{rate} ticks a millisecond"
    assert abs(alone - SECOND_MS) < 5, f"{alone} ms of a second alone"
    spun, _, _ = ran(vm, "spinner")
    assert 0.9 * BUDGET_MS <= spun <= 1.2 * BUDGET_MS, f"{spun} ms with a budget of {BUDGET_MS}"
    below, _, _ = ran(vm, "root")
    assert abs(spun + below - SECOND_MS) < 10, f"{spun} ms and {below} ms are not a second"
    dozed, _, rounds = ran(vm, "dozer")
    really = rounds * ROUND_MS
    print(f"{vm.variant}: alone {alone}, spun {spun}, dozed {dozed} of {really} ms")
    if has_counter:
        assert really <= dozed <= 1.2 * BUDGET_MS, f"{dozed} ms told, {really} run"
    else:
        assert dozed <= BUDGET_MS / 10, f"{dozed} ms told"
        assert really > 3 * BUDGET_MS, f"{really} ms run"
    ran(vm, "root")
    vm.expect_exit(0)
