# SPDX-License-Identifier: BSD-2-Clause
"""Who may include whom. Every C file lies in one layer; an include is allowed if the table
below says so. Angle brackets are for the freestanding headers alone."""
import posixpath
import re

DRVMGR_MAY = ["abi", "protocol", "hw", "libcap-pure", "libcap-gate", "drvmgr-pure"]

# Layer: (path prefixes, layers that it may include beside itself). The first match counts.
LAYERS = {
    "protocol": (["abi/protocol/"], ["abi"]),  # what processes say to each other
    "abi": (["abi/"], []),
    "hw": (["hw/"], []),  # names of registers, for whoever has the device
    "base": (["microkernel/base/"], ["abi"]),
    "arch": (["microkernel/arch/arch.h"], ["abi", "base"]),
    "arch-i386": (["microkernel/arch/i386/"], ["abi", "hw", "base", "arch"]),
    "object": (["microkernel/object/"], ["abi", "base", "arch"]),
    "syscall": (["microkernel/syscall/"], ["abi", "base", "arch", "object"]),
    "boot": (["microkernel/boot/"], ["abi", "base", "arch", "object", "syscall"]),
    # libcap's rooms: no system call, which also runs on the host; the kernel's calls; what a
    # driver is; what a client is. The two last know nothing of each other.
    "libcap-pure": (["libs/libcap/pure/"]
                    + [f"libs/libcap/include/cap/{name}.h" for name in
                       ("bits", "elf", "fault", "format", "guess", "json", "keymap", "lines", "ms", "note", "program",
                        "symbols", "ring", "string", "tar", "type", "word")],
                    ["abi", "protocol"]),
    "libcap-gate": (["libs/libcap/gate/"]
                    + [f"libs/libcap/include/cap/{name}.h" for name in ("process", "steps", "syscall", "told")],
                    ["abi", "libcap-pure"]),
    "libcap-driver": (["libs/libcap/driver/"]
                      + [f"libs/libcap/include/cap/{name}.h" for name in
                         ("driver", "keep", "legacy")],
                      ["abi", "protocol", "libcap-pure", "libcap-gate"]),
    # What operators are answered, as text and as data: pure; and above all other rooms the one that
    # asks for it.
    "libcap-answer": (["libs/libcap/answer/"]
                      + [f"libs/libcap/include/cap/{name}.h" for name in ("answer", "command", "complete", "report")],
                      ["abi", "protocol", "libcap-pure"]),
    "libcap-operator": (["libs/libcap/operator/", "libs/libcap/include/cap/operator.h"],
                        ["abi", "protocol", "libcap-pure", "libcap-answer", "libcap-gate",
                         "libcap-driver", "libcap-client"]),
    "libcap-client": (["libs/libcap/client/", "libs/libcap/include/cap/"],
                      ["abi", "protocol", "libcap-pure", "libcap-gate"]),
    "drvmgr-host": (["servers/drvmgr/host/"],
                    ["abi", "protocol", "libcap-pure", "libcap-answer", "drvmgr-pure"]),
    "drvmgr-pure": (["servers/drvmgr/claims/", "servers/drvmgr/core/"],
                    ["abi", "protocol", "libcap-pure"]),
    # The rooms of the manager that live on the machine, each above those that it may include.
    "drvmgr-state": (["servers/drvmgr/driver.", "servers/drvmgr/state/",
                      "servers/drvmgr/log/log.", "servers/drvmgr/log/history.",
                      "servers/drvmgr/kept/ledger", "servers/drvmgr/report/store."], DRVMGR_MAY),
    "drvmgr-hands": (["servers/drvmgr/hands/"], DRVMGR_MAY + ["drvmgr-state"]),
    "drvmgr-report": (["servers/drvmgr/report/"],
                      DRVMGR_MAY + ["drvmgr-state", "drvmgr-hands"]),
    "drvmgr-load": (["servers/drvmgr/load/"], DRVMGR_MAY + ["drvmgr-state", "drvmgr-hands"]),
    "drvmgr-log": (["servers/drvmgr/log/"], DRVMGR_MAY + ["drvmgr-state", "drvmgr-hands"]),
    "drvmgr-kept": (["servers/drvmgr/kept/"],
                    DRVMGR_MAY + ["drvmgr-state", "drvmgr-hands", "drvmgr-log"]),
    "drvmgr-supervisor": (["servers/drvmgr/supervisor/"],
                          DRVMGR_MAY + ["drvmgr-state", "drvmgr-hands", "drvmgr-report",
                                        "drvmgr-load", "drvmgr-log", "drvmgr-kept"]),
    "drvmgr-doors": (["servers/drvmgr/doors/"],
                     DRVMGR_MAY + ["drvmgr-state", "drvmgr-hands", "drvmgr-report", "drvmgr-load",
                                   "drvmgr-log",
                                   "drvmgr-kept", "drvmgr-supervisor"]),
    # A process of its own beside the manager.
    "drvmgr-line": (["servers/drvmgr/line/"],
                    ["abi", "protocol", "libcap-pure", "libcap-gate", "libcap-driver",
                     "libcap-client", "libcap-answer", "libcap-operator"]),
    "drvmgr": (["servers/drvmgr/"],
               DRVMGR_MAY + ["drvmgr-state", "drvmgr-hands", "drvmgr-report", "drvmgr-load",
                             "drvmgr-log",
                             "drvmgr-kept", "drvmgr-supervisor", "drvmgr-doors"]),
}
USER = re.compile(r"(?:servers|drivers|test/drivers)/[^/]+/")  # each directory is a layer
USER_MAY = ["abi", "protocol", "hw", "libcap-pure", "libcap-gate", "libcap-driver",
            "libcap-client", "libcap-answer", "libcap-operator"]

FREESTANDING = {"stdint.h", "stddef.h", "stdbool.h", "stdarg.h"}
MORE_HEADERS = {"drvmgr-pure": {"jsmn.h"}}
HOSTED = {"drvmgr-host"}  # layers that are built for the host and may use its headers
INCLUDE_DIRECTORIES = ["", "microkernel/", "libs/libcap/include/", "servers/drvmgr/",
                       "drivers/", "test/drivers/"]
UNDER = ("abi/", "hw/", "microkernel/", "libs/libcap/", "servers/", "drivers/", "test/drivers/")
INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')


def layer_of(path):
    for name, (prefixes, _) in LAYERS.items():
        if path.startswith(tuple(prefixes)):
            return name
    found = USER.match(path)
    return found.group(0) if found else None


def allowed(layer):
    return [layer] + (LAYERS[layer][1] if layer in LAYERS else USER_MAY)


def resolve(tree_paths, path, name):
    """The file that `name` means in `path`, or None."""
    own = posixpath.dirname(path) + "/"
    for directory in [own] + INCLUDE_DIRECTORIES:
        candidate = posixpath.normpath(directory + name)
        if candidate in tree_paths:
            return candidate
    return None


def judge(tree_paths, path, layer, bracket, name):
    """What is wrong with the include, or None."""
    if bracket == "<":
        if layer in HOSTED or name in FREESTANDING | MORE_HEADERS.get(layer, set()):
            return None
        return f"<{name}> is not one of the freestanding headers"
    target = resolve(tree_paths, path, name)
    if not target:
        return f'"{name}" is not in the tree'
    target_layer = layer_of(target)
    if target_layer not in allowed(layer):
        return f"{layer} may not include {target_layer} ({target})"
    return None


def check(tree):
    findings = []
    tree_paths = set(tree.paths)
    for path in tree.files(".c", ".h", ".S", under=UNDER):
        layer = layer_of(path)
        if not layer:
            findings.append((path, 0, "lies in no layer of test/lint/check_layers.py"))
            continue
        for number, line in tree.lines(path):
            found = INCLUDE.match(line)
            message = found and judge(tree_paths, path, layer, *found.groups())
            if message:
                findings.append((path, number, message))
    return findings


GOOD = {
    "abi/a.h": "#include <stdint.h>\n",
    "abi/protocol/p.h": '#include "abi/a.h"\n',
    "microkernel/base/b.h": '#include "abi/a.h"\n',
    "microkernel/arch/arch.h": '#include "base/b.h"\n',
    "microkernel/arch/i386/pic.h": "",
    "microkernel/arch/i386/pic.c": '#include "pic.h"\n#include "arch/arch.h"\n',
    "microkernel/object/o.h": '#include "arch/arch.h"\n',
    "microkernel/syscall/s.h": '#include "object/o.h"\n',
    "microkernel/boot/main.c": '#include "syscall/s.h"\n#include "object/o.h"\n',
    "libs/libcap/include/cap/format.h": "#include <stdarg.h>\n",
    "libs/libcap/include/cap/driver.h": '#include "abi/a.h"\n',
    "libs/libcap/include/cap/operator.h": '#include "cap/driver.h"\n',
    "libs/libcap/include/cap/command.h": '#include "cap/format.h"\n',
    "libs/libcap/operator/o.c": '#include "cap/operator.h"\n#include "cap/command.h"\n',
    "servers/console/m.c": '#include "cap/operator.h"\n#include "cap/command.h"\n',
    "servers/drvmgr/core/p.h": '#include "cap/format.h"\n',
    "servers/drvmgr/claims/m.c": '#include <jsmn.h>\n#include "core/p.h"\n',
    "libs/libcap/include/cap/syscall.h": '#include "cap/format.h"\n',
    "libs/libcap/client/c.c": '#include "cap/syscall.h"\n#include "abi/protocol/p.h"\n',
    "servers/drvmgr/hands/s.c": '#include "cap/syscall.h"\n#include "core/p.h"\n',
    "servers/drvmgr/kept/k.h": '#include "hands/h.h"\n',
    "servers/drvmgr/hands/h.h": '#include "driver.h"\n',
    "servers/drvmgr/driver.h": "",
    "servers/drvmgr/supervisor/v.h": '#include "kept/k.h"\n',
    "servers/drvmgr/doors/d.h": '#include "supervisor/v.h"\n',
    "servers/drvmgr/host/drvctl.c": "#include <stdio.h>\n",
    "drivers/ps2/ps2.h": "",
    "drivers/ps2/main.c": '#include "ps2/ps2.h"\n#include "cap/driver.h"\n',
}
BAD = [
    ("abi/bad.h", '\n#include "base/b.h"\n', 2),
    ("abi/bad2.h", '#include "abi/protocol/p.h"\n', 1),
    ("microkernel/object/bad6.c", '#include "abi/protocol/p.h"\n', 1),
    ("microkernel/base/bad.c", '#include "arch/arch.h"\n', 1),
    ("microkernel/object/bad.c", '#include "arch/i386/pic.h"\n', 1),
    ("microkernel/object/bad2.c", '#include "../arch/i386/pic.h"\n', 1),
    ("microkernel/object/bad3.c", '#include "syscall/s.h"\n', 1),
    ("microkernel/boot/bad.c", '#include "arch/i386/pic.h"\n', 1),
    ("microkernel/arch/i386/bad.S", '#  include "object/o.h"\n', 1),
    ("microkernel/object/bad4.c", "#include <stdio.h>\n", 1),
    ("microkernel/object/bad5.c", '#include "cap/format.h"\n', 1),
    ("microkernel/bad.c", "", 0),
    ("drivers/ps2/bad.c", '#include "object/o.h"\n', 1),
    ("drivers/vga/bad.c", '#include "ps2/ps2.h"\n', 1),
    ("drivers/ps2/bad2.c", "#include <string.h>\n", 1),
    ("drivers/ps2/bad3.c", '#include "nowhere.h"\n', 1),
    ("libs/libcap/pure/bad.c", '#include "cap/syscall.h"\n', 1),
    ("libs/libcap/gate/bad.c", '#include "abi/protocol/p.h"\n', 1),
    ("libs/libcap/answer/bad.c", '#include "cap/syscall.h"\n', 1),
    ("libs/libcap/client/bad2.c", '#include "cap/command.h"\n', 1),
    ("libs/libcap/driver/bad.c", '#include "cap/operator.h"\n', 1),
    ("libs/libcap/client/bad.c", '#include "cap/driver.h"\n', 1),
    ("servers/drvmgr/core/bad.c", '#include "cap/driver.h"\n', 1),
    ("servers/drvmgr/hands/bad.c", '#include "kept/k.h"\n', 1),
    ("servers/drvmgr/kept/bad.c", '#include "supervisor/v.h"\n', 1),
    ("servers/drvmgr/supervisor/bad.c", '#include "doors/d.h"\n', 1),
    ("servers/console/bad.c", "#include <jsmn.h>\n", 1),
]
