# SPDX-License-Identifier: BSD-2-Clause
"""Judges what arena.py saw: a score card."""
import json
import re

from arena import BYSTANDERS
from guest import RELEASE_DRIVERS

HELD, BROKEN, IDLED = "held", "broken", "idle"
PROMPT_MS = 50  # of guest time, for any answer
# Replies that `asker` must get in each second, of 333 that it gets by itself.
LEAST = 110
VICTIM_PRIORITY = 12
# Of a second, in milliseconds: what the prompt takes that is asked all the time, and a reply.
PROMPT_TAKES, REPLY_TAKES = 150, 3
SILENT_MS = 1500  # a second, and half of one until what it says is on the line
SERVICE = re.compile(r"asker: (\d+) replies, (\d+) failures in (\d+) ms, slowest (\d+) ms, "
                     r"last error (-?\d+)")
# What the manager says of a driver that is no judgement.
PLAIN = re.compile(r"restart \d+ in|dropped \d+ lines|\w+ -> \w+ \(")
# What it says of one that it judged: abi/protocol/manager.h, MANAGER_VERDICTS. That one uses all of
# its share is no more than that: a server has to if its clients ask so much.
JUDGED = re.compile(r"keeps others from running|goes on using all of its share|"
                    r"(goes on sending|sends) more than its share|lets its interrupt line storm|"
                    r"does no work|spins: |waits, and not in its event loop")
# Verdicts behind the first that the score card shows, and the last beside them.
SHOWN = 3
# Where a driver can be that never ran, and the state that one which did has been in. One that is
# Absent only looked for its device.
IDLE = {"Rejected": "Probing", "Waiting": "Probing", "Absent": "Initialising"}


def least_service(manifest):
    """LEAST, or what is left if a manifest, as bytes, grants a driver more of each second than that
    leaves, before the victims run."""
    try:
        fields = json.loads(manifest)
        budget, period = (fields["cpu"][key] / 1000 for key in ("budget_us", "period_us"))
        if fields["priority"] < VICTIM_PRIORITY:
            return LEAST
        # The end of one period and the begin of the next can be one run.
        periods, rest = divmod(max(0, 1000 - budget), period)
    except (ValueError, KeyError, TypeError, ZeroDivisionError):
        return LEAST  # no such grant, or the manager refuses it
    granted = budget + periods * budget + min(rest, budget)
    return max(0, min(LEAST, int(1000 - granted - PROMPT_TAKES) // REPLY_TAKES))


def percentile(values, per_cent):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * per_cent // 100)] if ordered else None


def said_of(lines, name):
    """[(ms, text)] of all that the manager said of `name`: when it was on the serial line, from
    the kernel's first line on."""
    found = [(time, re.search(rf"drvmgr: {re.escape(name)}: (.*)$", line)) for time, line in lines]
    return [(time - lines[0][0], said[1]) for time, said in found if said]


def verdicts(lines, name):
    """What of it was against driver `name`."""
    return [(time, text) for time, text in said_of(lines, name) if not PLAIN.match(text)]


def idle(lines, name, rows):
    """Why a hostile driver never ran: its state and what the manager said of it; empty if it did,
    or no table came. One that is rejected goes by its file's name, so it is not in the table."""
    if not rows:
        return []
    row = rows.get(name)
    if row is None:
        about = (re.search(rf"drvmgr: ({re.escape(name)}\.drv\.json:.*)$", line)
                 for _, line in lines)
        return ["Rejected", *(said[1] for said in about if said and "-> Rejected" not in said[1])]
    said = [text for _, text in said_of(lines, name)]
    if row[0] not in IDLE or any(f"-> {IDLE[row[0]]} (" in text for text in said):
        return []
    return [row[0], *said]


def service(lines, begun_ms, ended_ms):
    """(replies a second in the worst second, when that was over, failures, slowest ms) of the
    asker, from when the prompt came to the end of the work. It says all that each second; what it
    does not speak of, at the begin or the end, are seconds without a reply."""
    said = [(time, *map(int, found.groups())) for time, line in lines
            for found in SERVICE.finditer(line)]
    seconds = [row for row in said if begun_ms < row[0] <= ended_ms]
    if not seconds:
        return None
    rates = [(replies * 1000 // passed, time) for time, replies, _, passed, *_ in seconds]
    first, last = seconds[0][0] - seconds[0][3], seconds[-1][0]
    rates += [(0, until) for since, until in ((begun_ms, first), (last, ended_ms))
              if until - since > SILENT_MS]
    worst, at = min(rates)
    return (worst, at - lines[0][0], sum(row[2] for row in said), max(row[4] for row in seconds))


def lost_keys(facts):
    """(lost, doubled or out of order): events that were typed and what the log shows."""
    typed = [(name, way) for name in facts["keys"] for way in ("down", "up")]
    seen, at, wrong = facts["keys_seen"], 0, 0
    for event in seen:
        try:
            at = typed.index(event, at) + 1
        except ValueError:
            wrong += 1
    return len(typed) - (len(seen) - wrong), wrong


def judge(facts, hostile, least=LEAST):
    """[(what, value in words, whether the system held)] and all figures; `least` is what
    least_service() says."""
    p99 = percentile(facts["answers"], 99)
    first_life = [(time, line) for time, line in facts["lines"] if time <= facts["lived_ms"]]
    figures = {
        "alive": facts["alive"], "reason": facts["reason"], "guest_ms": facts["worked_ms"],
        "prompt": {"answers": len(facts["answers"]), "p99_ms": p99,
                   "median_ms": percentile(facts["answers"], 50),
                   "max_ms": max(facts["answers"], default=None),
                   "lost_at_ms": facts["lost_prompt"]},
        "bystanders": {name: facts["rows"].get(name) for name in (*RELEASE_DRIVERS, *BYSTANDERS)},
        "named": {name: next((text for _, text in said_of(first_life, name) if JUDGED.match(text)),
                             None) for name in (*RELEASE_DRIVERS, *BYSTANDERS)},
        "hostile": {name: facts["rows"].get(name) for name in hostile},
        "leaks": facts["leaks"],
        "verdicts": {name: verdicts(first_life, name) for name in hostile},
        "idle": {name: idle(first_life, name, facts["rows"]) for name in hostile},
    }
    lost, wrong = lost_keys(facts)
    figures["events"] = {"typed": 2 * len(facts["keys"]), "lost": lost, "wrong": wrong}
    found = service(facts["lines"], facts["begun_ms"], facts["worked_ms"])
    figures["service"] = found and dict(zip(("worst", "worst_ms", "failures", "slowest_ms"), found))
    figures["least"] = least
    return figures, rows_of(figures)


def outcome(figures, rows):
    """HELD, BROKEN, or IDLED: a hostile driver never ran, and nothing broke."""
    if not all(held for *_, held in rows):
        return BROKEN
    return IDLED if any(figures["idle"].values()) else HELD


def rows_of(figures):
    rows = [("kernel", figures["reason"] or "alive", figures["alive"])]
    for name, row in figures["bystanders"].items():
        text = f"{row[0]}, generation {row[1]}, {row[2]} restarts" if row else "not in the table"
        named = figures["named"][name]
        rows.append((name, f"{text}, and named: {named}" if named else text,
                     row is not None and tuple(row) == ("Running", 1, 0) and not named))
    prompt = figures["prompt"]
    if prompt["lost_at_ms"] is not None:
        rows.append(("prompt", f"gone after {prompt['lost_at_ms']} ms", False))
    elif prompt["p99_ms"] is None:
        rows.append(("prompt", "was not asked", False))
    else:
        rows.append(("prompt", f"p99 {prompt['p99_ms']} ms, median {prompt['median_ms']} ms, max "
                     f"{prompt['max_ms']} ms of {prompt['answers']} answers (<= {PROMPT_MS})",
                     prompt["max_ms"] <= PROMPT_MS))
    events = figures["events"]
    rows.append(("keys", f"{events['lost']} lost, {events['wrong']} doubled or out of order, of "
                 f"{events['typed']} events", not events["lost"] and not events["wrong"]))
    served, least = figures["service"], figures["least"]
    rows.append(("service", f"{served['worst']} replies in the worst second (>= {least}), over "
                 f"{served['worst_ms']} ms after boot, {served['failures']} failures, slowest {served['slowest_ms']} ms"
                 if served else "none was seen",
                 bool(served) and served["worst"] >= least and not served["failures"]))
    rows += [leak_row(name, leaks) for name, leaks in figures["leaks"].items()]
    return rows


def is_leak(counter, before, after):
    """Whether a counter of the audit, two texts, says that something was not given back. Lines that
    are bound or unmasked are to be the same."""
    if counter.startswith("irq_"):
        return before != after
    more = int(after) - int(before)
    return more < 0 if counter == "free_bytes" else more > 0


def leak_row(name, changed):
    if changed is None:
        return ("leaks", f"{name}: could not be seen", False)
    if not changed:
        return ("leaks", f"0 bytes, nothing held, after one more life of {name}", True)
    text = ", ".join(f"{key} {before} -> {after}" for key, (before, after) in changed.items())
    if any(is_leak(key, *values) for key, values in changed.items()):
        return ("leaks", f"{name}: {text}", False)
    return ("leaks", f"none after one more life of {name}; less is held than before: {text}", True)


def told(figures, name):
    """What became of a hostile driver, in lines."""
    row, found = figures["hostile"][name], figures["verdicts"][name]
    if figures["idle"][name]:
        state, *said = figures["idle"][name]
        return [f"{name}: {state}, it never ran", *(f"  {text}" for text in said)]
    state = f"{row[0]}, generation {row[1]}, {row[2]} restarts" if row else "no table came"
    lines = [f"{name}: {state}"]
    if not found:
        return [*lines, "  never named"]
    lines.append(f"  named {found[0][0]} ms after boot: {found[0][1]}")
    then = list(dict.fromkeys(text for _, text in found[1:]))
    # The last is how it ended.
    shown = list(dict.fromkeys(then[:SHOWN] + [text for _, text in found[1:]][-1:]))
    left = len(then) - len(shown)
    if left:
        shown.insert(SHOWN, f"{left} more")
    return lines + [f"  then: {text}" for text in shown]


def print_card(figures, rows):
    print(f"{figures['guest_ms']} ms of guest time")
    for what, text, held in rows:
        print(f"  {'held  ' if held else 'BROKEN'}  {what:<10} {text}")
    for name in figures["hostile"]:
        print("\n".join(told(figures, name)))
    print({HELD: "the system held", BROKEN: "THE SYSTEM DID NOT HOLD",
           IDLED: "the system was not put to the test"}[outcome(figures, rows)])
