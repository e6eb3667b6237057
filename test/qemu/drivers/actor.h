/* SPDX-License-Identifier: BSD-2-Clause */
/* The ioctls of actor.c. */
#ifndef TEST_ACTOR_H
#define TEST_ACTOR_H

#include "abi/protocol/driver.h"

enum actor_ioctl {
	ACTOR_GENERATION = DRV_IOCTL_OWN, /* value: the number of the instance */
	ACTOR_CRASH,			  /* crashes under the call */
	ACTOR_WAIT,			  /* never answers */
	ACTOR_TOO_MUCH,			  /* answers more than a message takes */
};

#endif
