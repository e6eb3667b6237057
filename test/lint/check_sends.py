# SPDX-License-Identifier: BSD-2-Clause
"""The driver manager waits for no driver: it neither calls nor sends, since both wait for a
receiver. It answers and signals."""
import re

UNDER = ("servers/drvmgr/",)
SEND = re.compile(r"\b(?:ipc_(?:send|call)|client_)\w*\s*\(|\bSYS_IPC_(?:SEND|CALL)\b")


def check(tree):
    return [(path, number, f"waits for a receiver: {found[0]}")
            for path in tree.files(".c", ".h", under=UNDER)
            for number, line in tree.lines(path) if (found := SEND.search(line))]


GOOD = {
    "servers/drvmgr/a.c": "ipc_reply(reply, &m);\nnotification_signal(n, 1);\nipc_receive(e);\n",
    "servers/console/a.c": "ipc_call(e, &m, 1);\n",
}
BAD = [
    ("servers/drvmgr/bad.c", "f();\n\terr = ipc_send(e, &m, TIMEOUT_POLL);\n", 2),
    ("servers/drvmgr/doors/bad.c", "ipc_call(e, &m, TIMEOUT_FOREVER);\n", 1),
    ("servers/drvmgr/core/bad.h", "#define ASK sys_enter(SYS_IPC_CALL, r)\n", 1),
    ("servers/drvmgr/log/bad.c", "client_ioctl (d, 1);\n", 1),
]
