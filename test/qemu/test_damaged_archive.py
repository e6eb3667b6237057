# SPDX-License-Identifier: BSD-2-Clause
"""An archive that is damaged behind the release drivers: what is in front of the damage runs,
and the log says where the rest was lost."""
import io
import tarfile

from guest import assert_release_rows, expect_running, make_archive, ps

APPEND = "trace=input"
HEADER = 512


def archive(build_dir, path):
    make_archive(build_dir, path, {"zebra": {"image": "actor.elf"}})
    content = bytearray(path.read_bytes())
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        header = tar.getmember("zebra.drv.json").offset
    content[header + 10] ^= 1  # in the name: the checksum is wrong now
    path.write_bytes(bytes(content))


def test(vm):
    vm.expect(r"drvmgr: the boot archive is damaged behind byte \d+")
    expect_running(vm)
    vm.press("a")
    assert_release_rows(ps(vm))
    assert not vm.said("zebra")
    vm.reboot()
