# SPDX-License-Identifier: BSD-2-Clause
"""`drvctl top` and `drvctl log -f`: questions that are asked again and again. QEMU's end of the line has one
client at a time, so each question has a connection of its own, and others come in between."""
import curses
import json
import os
import time

from frames import Broken

FOLLOW = 0.3  # seconds between two looks at the log
PAUSE = 1.0  # between two tables, each of which is of a second
COLOURS = {"Running": curses.COLOR_GREEN, "Recovering": curses.COLOR_RED, "Backoff": curses.COLOR_RED,
           "Rejected": curses.COLOR_RED, "Quarantined": curses.COLOR_RED, "Absent": None, "Stopped": None,
           "Quiesced": None}
CHANGES = curses.COLOR_YELLOW  # of all other states
END_KEYS = (ord("q"), ord("Q"), 27)


def again(ask, patience):
    """ask() once more while the server of the line dies under it, for so many seconds."""
    end = time.monotonic() + patience
    while True:
        try:
            return ask()
        except Broken:
            if time.monotonic() > end:
                raise


def log_line(row):
    """A line of the log as `log` has it."""
    source = f"{row['source']}: " if row["source"] else ""
    about = f"{row['driver']}: " if row["driver"] and row["driver"] != row["source"] else ""
    seconds = f"{row['time'] // 1000:5}.{row['time'] % 1000:03}"
    return f"{seconds} {row['level']:5} {source}{about}{row['text']}"


def refusal(text):
    """In words, what was answered as JSON in place of rows, or behind them."""
    value = json.loads(text)
    return (value[-1] if isinstance(value, list) else value)["text"] + "\n"


def follow(ask, as_json, patience, number=0):
    """Prints what is logged, for ever; or until it is refused, which it answers. `ask(from)` gives the lines
    from that number on as (JSON, exit code)."""
    while True:
        text, code = again(lambda: ask(number), patience)
        if code:
            return text if as_json else refusal(text), code
        for row in json.loads(text):
            number = row["number"] + 1
            print(json.dumps(row) if as_json else log_line(row), flush=True)
        time.sleep(FOLLOW)


def colour_of(row, state_column):
    """Of a row of the table, by its state; None: it has none."""
    words = row.split()
    state = words[state_column] if len(words) > state_column else None
    return COLOURS.get(state, CHANGES) if state else None


def draw(window, rows, title):
    """As much of the table as the terminal has room for."""
    window.erase()
    height, width = window.getmaxyx()
    head = rows[0].split() if rows else []
    column = head.index("STATE") if "STATE" in head else len(head)
    for at, row in enumerate([title, "", *rows][:height]):
        colour = colour_of(row, column) if at > 2 and curses.has_colors() else None
        style = curses.A_BOLD if at in (0, 2) else 0
        style |= curses.color_pair(colour) if colour else 0
        window.addnstr(at, 0, row, width - 1, style)  # the last cell would scroll
    window.refresh()


def is_ended(window, seconds):
    """Waits so long for a key. Is it one that ends the table?"""
    window.timeout(int(1000 * seconds))
    key = window.getch()
    return key in END_KEYS


def show(window, ask, patience):
    """The table, drawn anew until a key ends it: ("", 0), or what was answered instead of it."""
    curses.use_default_colors() if curses.has_colors() else None
    for colour in (curses.COLOR_GREEN, curses.COLOR_RED, curses.COLOR_YELLOW):
        if curses.has_colors():
            curses.init_pair(colour, colour, -1)
    if curses.tigetstr("civis"):
        curses.curs_set(0)
    while True:
        text, code = again(ask, patience)
        if code:
            return text, code
        draw(window, text.splitlines(), "drvctl top: over a second, every two; q ends it")
        if is_ended(window, PAUSE):
            return "", 0


def has_terminal():
    """Can a table be drawn over and over here?"""
    try:
        if not (os.isatty(0) and os.isatty(1)):
            return False
        curses.setupterm()
        return bool(curses.tigetstr("cup"))
    except curses.error:
        return False


def top(ask, patience):
    """show() on this terminal, without colours if NO_COLOR says so."""
    if os.environ.get("NO_COLOR"):
        curses.start_color = lambda: None
        curses.has_colors = lambda: False
    return curses.wrapper(show, ask, patience)
