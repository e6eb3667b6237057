# SPDX-License-Identifier: BSD-2-Clause
"""Finds pyelftools (Debian: python3-pyelftools), also where the first python3 on the path is not the
one that the distribution's packages are for."""
import sys

DISTRIBUTION = "/usr/lib/python3/dist-packages"


def find():
    """Is it there? It can be imported then."""
    try:
        import elftools  # noqa: F401
        return True
    except ImportError:
        pass
    sys.path.append(DISTRIBUTION)
    try:
        import elftools  # noqa: F401
        return True
    except ImportError:
        sys.path.remove(DISTRIBUTION)
        return False

