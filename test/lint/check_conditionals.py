# SPDX-License-Identifier: BSD-2-Clause
"""No conditional compilation in C: a variant is a file and CMake picks it. Allowed are
include guards, and what the table below gives a reason for."""
import re

# (path, condition): reason
EXCEPTIONS = {
    ("abi/types.h", "#ifdef __cplusplus"): "C++ spells _Static_assert in another way",
    ("abi/protocol/driver.h", "#if UINTPTR_MAX == UINT32_MAX"):
        "a pointer of the driver is no pointer where pointers are wider",
}

CONDITION = re.compile(r"\s*#\s*(if|ifdef|ifndef|elif)\b\s*(.*)")
UNDER = ("abi/", "microkernel/", "libs/libcap/", "servers/", "drivers/", "test/")


def guard_of(path):
    """The include guard that fits a header's path ends in this."""
    return re.sub(r"[^A-Z0-9]", "_", path.rsplit("/", 1)[1].upper())


def check(tree):
    findings = []
    for path in tree.files(".c", ".h", ".S", under=UNDER):
        lines = tree.lines(path)
        first = True
        for number, line in lines:
            found = CONDITION.match(line)
            if not found:
                continue
            kind, condition = found.group(1), found.group(2).strip()
            is_guard = (first and path.endswith(".h") and kind == "ifndef"
                        and condition.endswith(guard_of(path))
                        and number < len(lines)
                        and lines[number][1].split() == ["#define", condition])
            first = False
            if not is_guard and (path, f"#{kind} {condition}") not in EXCEPTIONS:
                findings.append((path, number, f"conditional compilation: #{kind}"))
    return findings


GUARD = "#ifndef ABI_TYPES_H\n#define ABI_TYPES_H\n"
GOOD = {
    "abi/types.h": GUARD + "#ifdef __cplusplus\n#else\n#endif\n#endif\n",
    "drivers/a.c": '#include "abi/types.h"\n',
}
BAD = [
    ("drivers/bad.c", "#ifdef DEBUG\n#endif\n", 1),
    ("drivers/bad.c", "\n#  if 0\n#endif\n", 2),
    ("drivers/bad.c", "#ifndef BAD_C\n#define BAD_C\n#endif\n", 1),
    ("drivers/bad.h", "#ifndef OTHER_H\n#define OTHER_H\n#endif\n", 1),
    ("drivers/bad.h", "#ifndef BAD_H\n#define BAD_H\n#ifdef __cplusplus\n#endif\n#endif\n", 3),
    ("microkernel/boot/bad.S", "#ifdef CONFIG\n#endif\n", 1),
]
