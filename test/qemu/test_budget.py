# SPDX-License-Identifier: BSD-2-Clause
"""A driver with a budget gets that share of the processor and no more while others want the rest,
though it sleeps whenever a tick comes; one like it with an ample budget gets far more. When nobody
wants the rest, a spent budget costs nothing."""
from guest import make_archive, ps

LIMIT = 60
COST = 5
ROUND_US = 900
BUDGET_US, PERIOD_US = 5000, 50000
SHARE = BUDGET_US / PERIOD_US
AMPLE = {"budget_us": 99000, "period_us": 100000}
SECONDS = 4


def archive(build_dir, path):
    make_archive(build_dir, path, {
        "dozer": {"image": "dozer.elf", "priority": 20,
                  "cpu": {"budget_us": BUDGET_US, "period_us": PERIOD_US}},
        "dozer-free": {"image": "dozer.elf", "priority": 20, "cpu": AMPLE},
        "hog": {"image": "hog.elf", "priority": 5, "cpu": AMPLE},
    })


def share(vm, name):
    """The part of the processor that the driver had in some later second."""
    found = [vm.expect(rf"{name}: (\d+) rounds in (\d+) ms\n") for _ in range(SECONDS)][-1]
    return int(found[1]) * ROUND_US / 1000 / int(found[2])


def test(vm):
    limited, free = share(vm, "dozer"), share(vm, "dozer-free")
    # What libcap and the kernel do for it counts as well, so the rounds are somewhat fewer; and
    # in what the hog leaves, between its chunks, a spent thread goes on.
    assert 0.85 * SHARE < limited <= 1.05 * SHARE, f"{limited:.3f} of the processor"
    assert free > 3 * SHARE, f"{free:.3f} of the processor with an ample budget"
    vm.command("stop hog")
    limited = share(vm, "dozer")
    assert limited > 2 * SHARE, f"{limited:.3f} of the processor, and nobody else wants it"
    assert ps(vm)["dozer"] == ("Running", 1, 0)
    vm.quit()
