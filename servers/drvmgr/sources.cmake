# SPDX-License-Identifier: BSD-2-Clause
# The driver manager's pure rooms: compiled for the target and, unchanged, for the host.
# Paths are relative to the root of the repository. They need DRVMGR_PURE_LIBCAP, which is in
# libcap for the target.
set(DRVMGR_PURE_SOURCES
    servers/drvmgr/claims/admission.c
    servers/drvmgr/claims/arena.c
    servers/drvmgr/claims/boot_list.c
    servers/drvmgr/claims/check.c
    servers/drvmgr/claims/check_caps.c
    servers/drvmgr/claims/check_safe.c
    servers/drvmgr/claims/claims.c
    servers/drvmgr/claims/conflict.c
    servers/drvmgr/claims/cycle.c
    servers/drvmgr/claims/fields.c
    servers/drvmgr/claims/grantable.c
    servers/drvmgr/claims/image.c
    servers/drvmgr/claims/json.c
    servers/drvmgr/claims/json_read.c
    servers/drvmgr/claims/manifest.c
    servers/drvmgr/claims/names.c
    servers/drvmgr/claims/need.c
    servers/drvmgr/claims/reader.c
    servers/drvmgr/claims/registry.c
    servers/drvmgr/claims/report.c
    servers/drvmgr/claims/safe_state.c
    servers/drvmgr/claims/sha256.c
    servers/drvmgr/claims/texts.c
    servers/drvmgr/claims/tokens.c
    servers/drvmgr/claims/values.c
    servers/drvmgr/claims/write.c
    servers/drvmgr/core/admit.c
    servers/drvmgr/core/between.c
    servers/drvmgr/core/busy.c
    servers/drvmgr/core/enter.c
    servers/drvmgr/core/events.c
    servers/drvmgr/core/group.c
    servers/drvmgr/core/lifecycle.c
    servers/drvmgr/core/look.c
    servers/drvmgr/core/margin.c
    servers/drvmgr/core/pace.c
    servers/drvmgr/core/policy.c
    servers/drvmgr/core/reconcile.c
    servers/drvmgr/core/share.c
    servers/drvmgr/core/storm.c
    servers/drvmgr/core/swap.c
    servers/drvmgr/core/used.c
    servers/drvmgr/core/verdict.c)

set(DRVMGR_PURE_LIBCAP
    libs/libcap/pure/elf.c
    libs/libcap/pure/elf_id.c
    libs/libcap/pure/format.c
    libs/libcap/pure/guess.c
    libs/libcap/pure/json.c
    libs/libcap/pure/tar.c
    libs/libcap/pure/type.c)

# The operator's tool on the host: these, the pure rooms and what those need.
set(DRVCTL_SOURCES
    servers/drvmgr/host/check.c
    servers/drvmgr/host/drvctl.c
    servers/drvmgr/host/ports.c
    servers/drvmgr/host/schema.c
    servers/drvmgr/host/verbs.c)

# Of libcap, the tables of the operator's verbs.
set(DRVCTL_LIBCAP
    libs/libcap/answer/command.c
    libs/libcap/answer/log.c
    libs/libcap/answer/report.c
    libs/libcap/answer/make.c
    libs/libcap/answer/table.c
    libs/libcap/answer/write.c
    libs/libcap/pure/word.c)
