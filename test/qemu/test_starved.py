# SPDX-License-Identifier: BSD-2-Clause
"""A driver that computes all the time, within a budget of nearly everything, and comes back to its
event loop without rest, keeps one below it from running, which only sleeps for a millisecond at a
time. The one that does it is named for that and gets less; the one that is kept does not pay."""
from archive import read_archive
from guest import make_archive, manifest, ps

LIMIT = 30
NEARLY_ALL = {"cpu": {"budget_us": 1999000, "period_us": 2000000},
              "heartbeat": {"period_ms": 1000, "misses": 3}}


def archive(build_dir, path):
    image = read_archive(build_dir / "test/corpus.tar")["spins-but-beats.elf"]
    make_archive(build_dir, path, {
        "sleeper": {"image": "dozer.elf", "priority": 4,
                    "cpu": {"budget_us": 99000, "period_us": 100000}},
    }, members={"starver.elf": image, "starver.drv.json": manifest(
        "starver", "starver.elf", requires=["sleeper"], priority=20, **NEARLY_ALL)})


def test(vm):
    vm.expect(r"drvmgr: starver: keeps others from running")
    vm.expect(r"sleeper: \d+ rounds in")
    for name in ("starver", "sleeper"):
        assert ps(vm)[name] == ("Running", 1, 0)
    vm.never(r"sleeper: (?:spins|waits|failed)")
    vm.quit()
