# SPDX-License-Identifier: BSD-2-Clause
"""The example driver and its client, from docs/recipes/: the client reads the time, says why it
cannot while the driver is stopped, and goes on when it is there again and after each death."""
from archive import read_archive, write_archive
from guest import expect_step, ps

LIMIT = 40
TIME = r"example-client: it is \d\d:\d\d:\d\d\n"


def archive(build_dir, path):
    """example.tar without what else is shipped, which may want the same device."""
    content = read_archive(build_dir / "boot.tar")
    examples = read_archive(build_dir / "example.tar")
    content |= {file: text for file, text in examples.items() if file.startswith("example-")}
    write_archive(path, content)


def test(vm):
    vm.expect(TIME)
    vm.expect(TIME)
    vm.command("stats example-rtc")
    vm.expect(r"stats: reads ([1-9]\d*)\n")
    vm.expect(r"stats: put_off \d+\n")
    vm.command("kill example-rtc")
    expect_step(vm, "example-rtc", "Running")
    vm.expect(TIME)
    vm.command("stop example-rtc")
    vm.expect(r"example-client: no time: DRV_EGONE \(the peer died\)\n")
    vm.command("start example-rtc")
    expect_step(vm, "example-rtc", "Running")
    vm.expect(TIME)
    vm.command("kill example-client")
    expect_step(vm, "example-client", "Running")
    vm.expect(TIME)
    rows = ps(vm)
    assert rows["example-client"] == ("Running", 2, 1), rows
    assert len(vm.said("no time: ")) == 1, vm.said("no time: ")
    vm.reboot()
