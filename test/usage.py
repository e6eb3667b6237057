# SPDX-License-Identifier: BSD-2-Clause
"""The arguments of the programs behind ./castellan, which asks for them with --check-usage before
it installs or builds anything."""
import argparse
import difflib
import os
import pathlib
import select
import signal
import sys


class Parser(argparse.ArgumentParser):
    """No argument may be cut short, and --check-usage stops when all of them are good."""

    def __init__(self, **settings):
        super().__init__(allow_abbrev=False, **settings)
        self.add_argument("--check-usage", action="store_true", help=argparse.SUPPRESS)

    def finish(self, options):
        """Called when the program has found nothing wrong with its options."""
        target = getattr(options, "json", None)
        if target not in (None, "-"):
            self.expect_place(pathlib.Path(target))
        if options.check_usage:
            self.exit()

    def expect_place(self, path):
        """What takes long is not begun if what it finds cannot be written."""
        if path.is_dir() or not path.parent.is_dir():
            self.error(f"--json: no file can be written at {path}")


def run(main, *arguments):
    """Ends with what main() answers, and without a word once nobody reads what it says."""
    try:
        try:
            code = main(*arguments)
        except SystemExit as end:  # of --help
            code = end.code
        sys.stdout.flush()
    except BrokenPipeError:
        if is_read(sys.stdout):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the rest of it
        code = 128 + signal.SIGPIPE
    sys.exit(code)


def is_read(file):
    poll = select.poll()
    poll.register(file, 0)
    return not any(event & select.POLLERR for _, event in poll.poll(0))


def nearest(word, words):
    """'; the nearest is WORD', or nothing."""
    found = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    return f"; the nearest is {found[0]}" if found else ""
