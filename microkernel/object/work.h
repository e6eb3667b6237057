/* SPDX-License-Identifier: BSD-2-Clause */
/* Long work in bounded steps: revoking what was derived from a capability, releasing one that
 * much hangs on, taking objects apart.
 *
 * The tree of capabilities is whole between two steps, so several threads may be doing such
 * work at once, each for itself and at its own priority: nobody helps anybody. Each step is
 * charged at its cost in instructions, and when some 1,500 have come together, interrupts are
 * taken; the thread then goes on, or, if it has to stop, makes its call again later and finds
 * less to do. There is one account, kernel.sched.worked: what comes behind a call before the
 * way out (a look through time limits) goes on where the call ended.
 *
 * Of what others have made long, which is refusing queued senders, cancelling them and taking
 * objects apart, a call does a piece of one such window. A receive, a cancellation and a
 * release answer DRV_EAGAIN if more is left; a binding and a revocation have their result.
 *
 * An object that lost its last capability is unreachable, but its memory is not free before it
 * has been taken apart: until then a slot of its own, its tomb, keeps the place of that
 * capability in the tree. The thread whose call ended it owes that. It does a piece of it in
 * that call, and further ones when it asks for them (SYS_CAP_RELEASE with CAP_NULL). It need
 * not: whoever revokes the object's memory finishes it. So when a thread is destroyed, nobody
 * owes what it owed. */
#ifndef OBJECT_WORK_H
#define OBJECT_WORK_H

#include "object/slot.h"

struct tcb;
struct object_header;

/* Between two looks at the interrupts. With the longest step, to make an I/O bitmap ready for
 * its next use, and the ways in and out, that is the longest stretch that has interrupts off.
 */
#define WORK_WINDOW 1500u

/* What emptying a slot costs at most, in instructions, beyond what hangs on it. */
#define COST_OF_CLEARING 200u

/* What waking a thread costs at most, and what more if it has a time limit or a budget. */
#define COST_OF_WAKING	 170u
#define COST_OF_A_LIMIT	 40u
#define COST_OF_A_BUDGET 160u

/* A call begins that charges: interrupts were on before it, in user mode. */
void work_begin(void);

/* Charges without a look at the interrupts: for what is a part of a step, or the call's last.
 */
void work_note(uint32_t cost);

/* Has so much come together that interrupts are to be taken? */
bool work_is_due(void);

/* Charges a step. True: the call has to stop here, as a more urgent thread is ready, the slice
 * is over and others wait for theirs, or the current thread was stopped. */
bool work_charge(uint32_t cost);

/* Removes one thing derived from `slot`, which must have a child, or a part of it; what that
 * cost. */
uint32_t work_revoke_step(slot_t *slot);

/* An object lost its last capability, which was in `slot`: the current thread owes its end. */
void work_bury(slot_t *slot, slot_t *tomb);

/* The thread owes nothing any more, and nobody owes it instead: what is left goes when its
 * memory is revoked. */
void work_forget(struct tcb *tcb);

/* Takes apart what the current thread owes, what came last first, until a window is full.
 * DRV_OK: it owes nothing; DRV_EAGAIN: something is left, as the window is full, or as it ended
 * itself and is not the current thread any more. */
err_t work_pay(struct tcb *tcb);

#endif
