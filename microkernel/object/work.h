/* SPDX-License-Identifier: BSD-2-Clause */
/* Long work in bounded steps: revoking a tree, releasing a capability that others were
 * derived from, taking objects apart.
 *
 * A system call that starts such work commits to it, and its thread does not return to user
 * mode before all is done; from then on whoever else enters the kernel with a system call
 * first helps to finish it. Between two steps interrupts are taken and a more urgent thread
 * may run. So nobody can see a half-done revocation, and nobody needs to wait behind a whole
 * one with interrupts off. If the work is the end of the thread that started it, the next
 * thread to leave the kernel takes it over. */
#ifndef OBJECT_WORK_H
#define OBJECT_WORK_H

#include "object/slot.h"

typedef struct work {
	slot_ref_t revoke;  /* everything derived from this goes, or 0 */
	slot_ref_t cursor;  /* at or below `revoke`: where the walk is */
	slot_ref_t release; /* this capability goes and its children move up, or 0 */
	uint32_t dying;	    /* first object to take apart, physical address, or 0 */
	struct tcb *helper; /* does not leave the kernel before all is done; null: nobody, or
			       there is nothing to do */
} work_t;

/* Is there unfinished work? */
bool work_pending(void);

/* Starts; there must be no unfinished work. */
void work_revoke(slot_t *slot);
void work_release(slot_t *slot);

/* An object lost its last capability. May be called at any time. */
void work_add_dying(uint32_t object);

/* Does steps until all is done (true) or a more urgent thread is ready (false). */
bool work_run(void);

#endif
