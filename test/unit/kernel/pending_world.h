/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine in which calls are made while a long revocation is under way: that of
 * refusal_world.h, and a capability of each type that dies in it, in use as far as it can be. A
 * worker of low priority revokes; everybody else sleeps until a test wakes one in an interrupt
 * window. */
#ifndef PENDING_WORLD_H
#define PENDING_WORLD_H

#include "check.h"
#include "refusal_attempt.h"

#define PENDING_MEMORY_BITS 16u /* log2 of the bytes of an untyped that is revoked */

typedef struct pending {
	struct {
		cap_t cap;	  /* the caller's */
		cap_t parent;	  /* the root's: what is revoked */
		uint32_t windows; /* that the last revocation had */
	} dying[CAP_TYPE_COUNT];
	tcb_t *urgent; /* has the root's handles, and is as urgent as the callers */
	uint32_t calls, interrupted; /* made within, and with children left */
} pending_t;

extern pending_t pending;

/* The group's setup. */
int pending_setup(void **state);

/* Everything as it was after pending_setup(). */
void pending_restore(void);

/* Makes the call in every `step`th window of the revocation of what that type's dying
 * capability comes from, and fails the test unless the answer is the one that it would get
 * before or after it, all invariants hold, and the revocation ends as if nobody had called. The
 * answer that it gets afterwards. */
err_t pending_try(uint32_t type, const attempt_t *attempt, tcb_t *tcb, uint32_t step);

/* Fails the test. */
void pending_fail(const attempt_t *attempt, uint32_t type, uint32_t window, const char *what);

#endif
