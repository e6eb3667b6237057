# SPDX-License-Identifier: BSD-2-Clause
"""The manager dies at a thousand moments."""
from killing import archive, kill  # noqa: F401

LABEL = "long"
APPEND = "trace=input"
LIMIT = 3600
SEED = 7
DEATHS = 1000
# Where the driver that is killed, stopped, held, … has been when the manager died.
MET = {"Running", "Probing", "Initialising", "Quiescing", "Quiesced", "Stopped", "Waiting"}


def test(vm):
    kill(vm, SEED, DEATHS, MET)
