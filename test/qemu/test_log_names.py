# SPDX-License-Identifier: BSD-2-Clause
"""A driver's line of the log begins with the driver's name, whatever it says: one that writes what
the manager or the console's trace would write is not taken for them."""
import re

from guest import assert_release_rows, expect_running, make_archive, ps

APPEND = "trace=input"
LIMIT = 30


def archive(build_dir, path):
    make_archive(build_dir, path, {"forge-run": {}})


def test(vm):
    expect_running(vm, "forge-run", "console")
    vm.press("a")
    # Answers go before the log, so all of it is awaited first.
    vm.poll(lambda: vm.said("key forged down\n") or None, "the last forged line")
    assert_release_rows(ps(vm), others=True)
    # The console takes its prompt away before it writes a line.
    forged = [re.sub("^castellan> +", "", line[0]) for line in vm.said("^.*forged.*\n")]
    assert forged == ["forge-run: drvmgr: serial: Running -> Quarantined (forged)\n",
                      "forge-run: drvmgr: screen: Running -> Quarantined (forged)\n",
                      "forge-run: input: key forged down\n"], forged
    assert vm.said("^(castellan> +)?forge-run: runs, instance 1\n")
    assert vm.said(r"(?<!: )input: key a down\n")
    vm.reboot()
