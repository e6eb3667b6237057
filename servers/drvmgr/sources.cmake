# SPDX-License-Identifier: BSD-2-Clause
# The driver manager's pure rooms: compiled for the target and, unchanged, for the host.
# Paths are relative to the root of the repository. They need libcap's format.c.
set(DRVMGR_PURE_SOURCES
    servers/drvmgr/lifecycle/lifecycle.c
    servers/drvmgr/manifest/check.c
    servers/drvmgr/manifest/check_caps.c
    servers/drvmgr/manifest/fields.c
    servers/drvmgr/manifest/grantable.c
    servers/drvmgr/manifest/json.c
    servers/drvmgr/manifest/json_read.c
    servers/drvmgr/manifest/manifest.c
    servers/drvmgr/manifest/reader.c
    servers/drvmgr/manifest/report.c
    servers/drvmgr/manifest/tokens.c
    servers/drvmgr/manifest/values.c
    servers/drvmgr/policy/policy.c
    servers/drvmgr/registry/conflict.c
    servers/drvmgr/registry/cycle.c
    servers/drvmgr/registry/registry.c)

# The operator's tool on the host: these, the pure rooms and libcap's format.c.
set(DRVCTL_SOURCES
    servers/drvmgr/host/drvctl.c
    servers/drvmgr/host/ports.c
    servers/drvmgr/host/schema.c)
