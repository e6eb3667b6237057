# SPDX-License-Identifier: BSD-2-Clause
"""Boot archives that are made by a test: another archive with some members changed.

    def archive(build_dir, path):
        members = read_archive(build_dir / "boot.tar")
        members["broken.elf"] = members["ps2kbd.elf"][:100]
        members["broken.drv.json"] = b"{}"
        write_archive(path, members)
"""
import io
import tarfile


def read_archive(path):
    """{name: content} of an archive."""
    with tarfile.open(path) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar.getmembers()}


def write_archive(path, members):
    """Writes {name: content}, sorted by name, the same bytes for the same members."""
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted(members):
            info = tarfile.TarInfo(name)
            info.size = len(members[name])
            info.mode = 0o644
            tar.addfile(info, io.BytesIO(members[name]))
