/* SPDX-License-Identifier: BSD-2-Clause */
/* How much memory a driver takes: known before anything is made of it, the same on every
 * machine, and never less than what its process then needs. Pure. */
#ifndef DRVMGR_NEED_H
#define DRVMGR_NEED_H

#include "cap/elf.h"
#include "claims/manifest.h"

/* log2 of the slots of a driver's capability space, of which the first two are its own. */
#define NEED_CSPACE_BITS 6u

/* Handles that a driver may take of the manager's capability space, which has 2,048 slots
 * (servers/init/hand_over.c): so many each leave 256 for what the manager holds for itself. */
#define NEED_HANDLES_MAX 56u

/* log2 of the bytes of the largest frame that what a file has is copied into. */
#define NEED_FILLED_BITS 18u

/* In bytes, whole pages. */
typedef struct need {
	uint32_t frames;  /* image and stack: frames, and nothing else */
	uint32_t objects; /* all else that its process is made of */
	uint32_t shared; /* pages that outlive the process: driver page, kept page, log lines */
	uint32_t handles; /* of the manager's, whoever is connected to whom */
} need_t;

need_t need_of(const manifest_t *manifest, const elf_plan_t *plan);

/* All of it in KiB, which `memory_kib` is the limit of. */
uint32_t need_kib(const need_t *need);

#endif
