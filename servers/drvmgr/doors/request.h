/* SPDX-License-Identifier: BSD-2-Clause */
/* A request as it is handled: who asks what, and what is answered besides the result. */
#ifndef DRVMGR_REQUEST_H
#define DRVMGR_REQUEST_H

#include "driver.h"

typedef struct request {
	manager_t *manager;
	driver_t *sender;
	uint32_t word0, word1;
	char *name; /* the text that came along */
	uint32_t length;
	cap_t cap;	/* that came along, or CAP_NULL */
	uint32_t value; /* answered as word 1 */
	uint32_t bytes; /* of data in the answer */
	cap_t answer;	/* capability in the answer */
} request_t;

#endif
