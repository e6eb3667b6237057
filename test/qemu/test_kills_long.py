# SPDX-License-Identifier: BSD-2-Clause
"""Each shipped driver is killed 1,000 times while keys are typed, a client is answered and the prompt
is asked, and the keyboard driver stopped and started 10,000 times. Nothing else restarts, and
nothing is held afterwards that was not held before. CASTELLAN_KILLS and CASTELLAN_STOPS say how often."""
import os
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "break"))

import arena  # noqa: E402
import score  # noqa: E402
from guest import RELEASE_DRIVERS, assert_equal_audits  # noqa: E402

LABEL = "long"
QEMU, APPEND = arena.QEMU, arena.APPEND
LIMIT = 36000
KILLS = int(os.environ.get("CASTELLAN_KILLS", "1000"))
STOPS = int(os.environ.get("CASTELLAN_STOPS", "10000"))
STOPPED = "ps2kbd"
BACK_MS = 2000  # until it runs again
VARIANTS = {**{name: {} for name in RELEASE_DRIVERS}, "stops": {}}


def archive(build_dir, path):
    arena.make_archive(build_dir, path, {})


def running(place, generation, name):
    """Waits until an instance beyond `generation` runs; its generation."""

    def row():
        assert place.ps(), f"no prompt with {name} at generation {generation}"
        return place.rows[name]

    def good(row):
        return row[0] == "Running" and row[1] > generation

    last = place.ask_until(row, good, BACK_MS)
    assert good(last), f"{name} is {last[0]}, generation {last[1]}"
    return last[1]


def kill(place, name):
    """One more life, and a key and a question while it begins. The keyboard driver's own death can
    take a key along, so that one comes between two of them."""
    generation = place.rows[name][1]
    assert place.command(f"kill {name}"), f"no prompt after a kill of {name}"
    if name != STOPPED:
        place.press(1)
    running(place, generation, name)
    if name == STOPPED:
        place.press(1)
        place.settle_keys()


def settled(place, before):
    """What is held now, when clients have opened their sessions again."""
    return place.ask_until(place.audit, lambda now: now == before, BACK_MS)


def judge(place, begun_ms):
    """All keys came, and the client was answered all the time."""
    place.pass_ms(arena.CALM_MS)  # the last seconds are told
    ended_ms = place.trace.look()
    place.settle_keys()
    lost, wrong = score.lost_keys({"keys": place.keys, "keys_seen": place.keys_seen()})
    worst, at_ms, failures, slowest_ms = score.service(place.trace.lines(), begun_ms, ended_ms)
    print(f"{len(place.keys)} keys, {lost} events lost, {wrong} wrong; {worst} replies in the worst "
          f"second, at {at_ms} ms, {failures} failures, the slowest took {slowest_ms} ms")
    assert not lost and not wrong
    assert worst >= score.LEAST and not failures


def stop(place):
    generation = place.rows[STOPPED][1]
    assert place.command(f"stop {STOPPED}") and place.command(f"start {STOPPED}"), "no prompt"
    running(place, generation, STOPPED)
    place.press(1)
    place.settle_keys()


def run(vm, name, once, count):
    """once(place) `count` times, which is one more life of the driver each time."""
    place = arena.Arena(vm, ())
    assert place.boot(), "there is no prompt"
    running(place, 0, name)
    place.pass_ms(BACK_MS)
    before, begun_ms = place.audit(), place.trace.look()
    for _ in range(count):
        once(place)
    assert_equal_audits(before, settled(place, before))
    others = {other: row for other, row in place.rows.items() if other != name}
    assert all(row == ("Running", 1, 0) for row in others.values()), others
    assert place.rows[name][1] == count + 1, place.rows[name]
    judge(place, begun_ms)
    print(f"{count} times, {place.trace.ticks} ms, {len(place.answers)} answers")
    place.trace.close()
    vm.expect(r"castellan> ")
    vm.quit()


def stops(vm, count):
    run(vm, STOPPED, stop, count)


def test(vm):
    if vm.variant == "stops":
        stops(vm, STOPS)
    else:
        run(vm, vm.variant, lambda place: kill(place, vm.variant), KILLS)
