# SPDX-License-Identifier: BSD-2-Clause
"""A thousand loads and unloads: nothing is held behind them that was not held before."""
import loading
from guest import DEVICES, ps

LABEL = "long"
LIMIT = 900
TIMES = 1000


def archive(build_dir, path):
    image = loading.images(build_dir)["actor.elf"]
    steps = loading.cycles(image, loading.text("guest", caps=DEVICES), TIMES)
    loading.archive(build_dir, path, steps, ways=loading.QUIET, memory_kib=1024)


def test(vm):
    vm.never(r"loader: (unexpected|audit different|word)")
    vm.expect(rf"loader: all {TIMES} done\n")
    assert vm.said(r"loader: audit equal\n")
    assert "guest" not in ps(vm)
    vm.reboot()
