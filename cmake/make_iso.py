#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes a disc image that boots a kernel and its archive through GRUB.

    make_iso.py ISO --kernel castellan.elf --archive boot.tar [--append TEXT]

It needs grub-mkrescue with GRUB's BIOS modules, xorriso and mformat."""
import argparse
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

BIOS_MODULES = pathlib.Path("/usr/lib/grub/i386-pc")
GPL = pathlib.Path("/usr/share/common-licenses/GPL-3")
MENU = pathlib.Path(__file__).resolve().parent / "grub.cfg"
KERNEL_LINE = "multiboot /boot/castellan.elf"

GRUB_NOTICE = """This disc starts through {version}.
GRUB is free software under the GNU General Public License, version 3 or later, whose text is in the
file COPYING.GRUB. Its source is at https://ftp.gnu.org/gnu/grub/, and with the changes of Debian at
https://sources.debian.org/src/grub2/.
"""


def missing_tools():
    """What has to be there and is not: a list of names."""
    missing = [tool for tool in ("grub-mkrescue", "xorriso", "mformat")
               if not shutil.which(tool)]
    return missing + [str(path) for path in (BIOS_MODULES, GPL) if not path.exists()]


def add_notices(root, archive):
    """Of what is on the disc: GRUB's, and what the archive has of Castellan's own."""
    said = subprocess.run(["grub-mkrescue", "--version"], check=True, capture_output=True, text=True)
    version = said.stdout.strip().replace("grub-mkrescue ", "", 1)
    (root / "NOTICE.GRUB").write_text(GRUB_NOTICE.format(version=version))
    shutil.copy(GPL, root / "COPYING.GRUB")
    if tarfile.is_tarfile(archive):
        with tarfile.open(archive) as members:
            if "NOTICE" in members.getnames():
                (root / "NOTICE").write_bytes(members.extractfile("NOTICE").read())


def make_iso(iso, kernel, archive, append=""):
    """Writes `iso`; raises OSError or CalledProcessError, whose output says why."""
    with tempfile.TemporaryDirectory(prefix="castellan-iso-") as holder:
        boot = pathlib.Path(holder) / "boot"
        (boot / "grub").mkdir(parents=True)
        shutil.copy(kernel, boot / "castellan.elf")
        shutil.copy(archive, boot / "boot.tar")
        menu = MENU.read_text().replace(KERNEL_LINE, f"{KERNEL_LINE} {append}".rstrip())
        (boot / "grub" / "grub.cfg").write_text(menu)
        add_notices(pathlib.Path(holder), archive)
        subprocess.run(["grub-mkrescue", "-o", str(iso), holder], check=True,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def main():
    parser = argparse.ArgumentParser(description="Write a disc image that boots by GRUB.")
    parser.add_argument("iso")
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--archive", required=True)
    parser.add_argument("--append", default="", help="the kernel's command line")
    options = parser.parse_args()
    missing = missing_tools()
    if missing:
        print(f"make_iso: missing: {', '.join(missing)}", file=sys.stderr)
        return 1
    try:
        make_iso(options.iso, options.kernel, options.archive, options.append)
    except subprocess.CalledProcessError as error:
        print(error.output, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
