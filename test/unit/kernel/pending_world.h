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
	tcb_t *nested; /* the same, and more urgent */
	uint32_t calls, interrupted; /* made within, and with work still to do */
} pending_t;

extern pending_t pending;

/* The group's setup. */
int pending_setup(void **state);

/* Everything as it was after pending_setup(). */
void pending_restore(void);

/* The worker revokes what that type's dying capability comes from, till it is done or somebody
 * more urgent is ready. `window` is called in each interrupt window, or is null. */
void pending_revoke(uint32_t type, void (*window)(void));

/* Makes a ready thread's call, again if the kernel asks for that. */
void pending_call(const attempt_t *attempt, tcb_t *tcb);

/* Goes on with a call that was interrupted; `after` is where the thread is when it is done. */
void pending_go_on(tcb_t *tcb, uint32_t after);

/* Ends all work; keeps everything as it is then, or says what is not as it was kept. */
void pending_keep(void);
const char *pending_difference(void);

/* Makes the call after the revocation and then in every `step`th window of it, and fails the
 * test unless all is the same. The answer. */
err_t pending_compare(uint32_t type, const attempt_t *attempt, tcb_t *tcb, uint32_t step);

/* Fails the test. */
void pending_fail(const attempt_t *attempt, uint32_t type, uint32_t window, const char *what);

#endif
