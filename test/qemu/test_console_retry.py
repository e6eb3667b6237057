# SPDX-License-Identifier: BSD-2-Clause
"""A driver that once did not answer the console is asked again as soon as it may be, not when the
console looks at all drivers next."""
from guest import expect_running, make_archive

LIMIT = 30
CALL_MS, RETRY_MS = 20, 250  # the console's limit of a call, and LINK_RETRY_MS
SLACK_MS = 60  # much less than the 1,000 ms between two looks


def archive(build_dir, path):
    make_archive(build_dir, path, {"screen": {"image": "late.elf"}})


def test(vm):
    expect_running(vm)
    vm.expect(r"screen: opened at \d+\n")
    vm.expect(r"castellan> ")
    vm.key("z", True, report=False)
    vm.key("z", False, report=False)
    late = int(vm.expect(r"screen: late at (\d+)\n")[1])
    waited = int(vm.expect(r"screen: opened at (\d+)\n")[1]) - late - CALL_MS
    assert RETRY_MS <= waited <= RETRY_MS + SLACK_MS, f"it was asked again after {waited} ms"
    vm.reboot()
