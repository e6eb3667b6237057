/* SPDX-License-Identifier: BSD-2-Clause */
/* What is on its way into the system: doors/upload.h. */
#ifndef DRVMGR_STATE_UPLOAD_H
#define DRVMGR_STATE_UPLOAD_H

#include <stdbool.h>

#include "abi/protocol/manager.h"
#include "claims/sha256.h"

/* All zeros: there is none. It ends with the manager, and its memory is free then. */
typedef struct upload {
	uint32_t owner;	     /* index + 1 of who sends it, 0: none; … */
	uint32_t generation; /* … and which instance of that one */
	uint64_t heard_ms;
	manager_load_t what;
	bool replaces;	   /* the driver of that name, which is there */
	uint32_t received; /* bytes, from the first on */
	uint32_t node;	   /* of the depot, with them, … */
	cap_t frame;	   /* … and their frame */
	sha256_t hash;	   /* of the image, as far as … */
	uint32_t hashed;   /* … so many bytes, whole blocks */
} upload_t;

#endif
