/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory for what is loaded into the running system: hands/depot.h. It is sealed. */
#ifndef DRVMGR_STATE_DEPOT_H
#define DRVMGR_STATE_DEPOT_H

#include "abi/cap.h"
#include "claims/arena.h"

/* Invariant DP1: caps[n] is an untyped of a node that is not dead, and of nothing that is not
 * part of it; that of one that is free has no children once depot_clean() was there. */
typedef struct depot {
	arena_t arena;
	cap_t caps[ARENA_NODES];
} depot_t;

/* What a loaded driver has of it. */
enum depot_use {
	DEPOT_IMAGE,   /* a frame: the image, and its manifest's text behind it */
	DEPOT_OBJECTS, /* its untyped, */
	DEPOT_FRAMES,  /* and its frames */
	DEPOT_ENDS,    /* endpoint and pages, which outlive the instance */
	DEPOT_USES
};

/* What a driver of the archive has beside it. CAP_NULL: nothing. */
enum home_use { HOME_OBJECTS, HOME_FRAMES, HOME_USES };
typedef struct home {
	cap_t untyped;
	uint32_t bits; /* log2 of its bytes */
} home_t;

#endif
