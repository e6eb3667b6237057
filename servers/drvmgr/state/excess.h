/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known of a request too many until somebody is blamed for it: supervisor/excess.h. */
#ifndef DRVMGR_STATE_EXCESS_H
#define DRVMGR_STATE_EXCESS_H

#include <stdbool.h>
#include <stdint.h>

#define EXCESS_LINKS 4u /* clients of clients are followed so far */

typedef struct excess {
	bool noted;
	bool goes_on;	 /* more than twice the share */
	uint32_t victim; /* index of the essential driver */
	uint32_t at_ms;
	uint32_t count; /* of links: the driver that was named, then the client of each */
	struct excess_link {
		uint32_t index, generation;
		uint32_t ended; /* windows of its watch that were over then */
		bool sends;	/* more than EXCESS_MOST in one that ended since, or its last */
	} links[EXCESS_LINKS];
} excess_t;

#endif
