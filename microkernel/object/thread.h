/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads. What a thread needs (capability space, address space, message buffer, fault
 * endpoint, notification) it holds as capabilities in slots of its own, derived from those
 * it was given: revoking one of them takes it from the thread like from anybody else.
 *
 * Invariants:
 *   T1  waiting_in != null  <=>  the thread is in that queue (and not READY or STOPPED).
 *   T2  a thread with a time limit, or one that is ready and whose budget is spent, is in the
 *       timer wheel of its base priority <=> timer_link != null.
 *   T3  answer != null      <=>  state is THREAD_CALLING and answer->caller is the thread.
 *   T4  wait_slot != null   <=>  the thread is among the peers that wait through that slot:
 *       slot->waiter, who has waited longest, and if it has peers, the ring that begins there.
 *   T5  cspace, buffer and vspace are those that the thread's slots name; without one, cspace
 *       is the kernel's empty one. */
#ifndef OBJECT_THREAD_H
#define OBJECT_THREAD_H

#include "abi/inspect.h"
#include "abi/syscalls.h"
#include "object/cspace.h"

#define THREAD_BITS 10u

struct tcb;
struct reply;

typedef struct thread_queue {
	struct tcb *first, *last;
} thread_queue_t;

typedef enum thread_state {
	THREAD_STOPPED = INSPECT_STOPPED, /* or faulted with nobody to tell */
	THREAD_READY = INSPECT_READY,
	THREAD_SENDING = INSPECT_SENDING,     /* queued on an endpoint: send, call or fault */
	THREAD_RECEIVING = INSPECT_RECEIVING, /* queued on an endpoint */
	THREAD_CALLING = INSPECT_CALLING,     /* its message was taken; waits for the reply */
	THREAD_WAITING = INSPECT_WAITING,     /* on a notification or an interrupt */
} thread_state_t;

/* What a system call may answer instead of an error or a handle. */
#define CALL_NO_RESULT (INT32_MIN + 1) /* the caller is blocked, or its registers are set */
#define CALL_AGAIN     INT32_MIN       /* interrupted at a safe place: it is made again */

/* What a sender sends. */
typedef enum thread_message { MESSAGE_SEND, MESSAGE_CALL, MESSAGE_FAULT } thread_message_t;

typedef struct tcb {
	object_header_t header;
	arch_frame_t frame;    /* the entry code saves registers here */
	uint8_t state;	       /* thread_state_t */
	uint8_t message;       /* thread_message_t, while SENDING or CALLING */
	uint8_t priority;      /* at which it runs: the base, or PRIORITY_SPENT */
	uint8_t base_priority; /* that it was given; also the class of its time limit */
	uint8_t max_priority;
	uint8_t slice;	/* milliseconds left */
	bool spent;	/* its budget, in this period */
	bool can_grant; /* while SENDING: the capability sent through had RIGHT_GRANT */
	uint32_t badge; /* while SENDING */
	uint32_t info;	/* while SENDING */
	uint32_t fault_label, fault_address, fault_code;
	struct tcb *next, *prev; /* in a ready or wait queue */
	cspace_t *cspace;	 /* these three are what the slots below name, ready for use */
	message_buffer_t *buffer;
	uint32_t vspace; /* physical address */
	thread_queue_t *waiting_in;
	slot_t *wait_slot;
	struct tcb *peer_next, *peer_prev; /* in a ring; peer_next == null: alone */
	struct reply *offered;		   /* while RECEIVING: where a call's answer will go */
	struct reply *answer;		   /* while CALLING: where its answer will come from */
	uint16_t budget_ms, period_ms;	   /* budget_ms == 0: no limit */
	uint32_t period_start;		   /* ms */
	uint64_t period_run;		   /* what `run` was when the period began */
	uint32_t overrun;		   /* if spent: ticks beyond the budget */
	uint64_t deadline;		   /* ms */
	struct tcb *timer_next,
	    **timer_link; /* link: what points to it in its bucket, or null */
	owed_t owes;	  /* head of the list of objects that it ended: object/work.h */
	/* Evidence, for abi/inspect.h; times in ms. */
	uint64_t
	    run; /* ticks of arch_ticks(); of the current thread less those when it began */
	uint32_t since_ms, ready_ms, received_ms;
	uint32_t messages, signals;
	_Alignas(64) slot_t slots[BIND_COUNT];
	slot_t tomb;
} tcb_t;
_Static_assert(sizeof(tcb_t) <= 1u << THREAD_BITS, "a thread fits its object");

/* Queues: first in, first out. */
static inline void thread_queue_push(thread_queue_t *queue, tcb_t *tcb)
{
	tcb->next = NULL;
	tcb->prev = queue->last;
	if (queue->last)
		queue->last->next = tcb;
	else
		queue->first = tcb;
	queue->last = tcb;
}

/* Takes out the first; there must be one. */
static inline tcb_t *thread_queue_pop(thread_queue_t *queue)
{
	tcb_t *tcb = queue->first;
	queue->first = tcb->next;
	if (tcb->next)
		tcb->next->prev = NULL;
	else
		queue->last = NULL;
	tcb->next = NULL;
	return tcb;
}

/* Puts a thread among those that wait through the slot, of which there is one already, and
 * takes out one of several. */
void thread_join_peers(slot_t *slot, tcb_t *tcb);
void thread_leave_peers(slot_t *slot, tcb_t *tcb);

/* Notes that a thread no longer waits in a queue. */
static inline void thread_wait_over(tcb_t *tcb)
{
	slot_t *slot = tcb->wait_slot;
	tcb->waiting_in = NULL;
	tcb->wait_slot = NULL;
	if (tcb->peer_next)
		thread_leave_peers(slot, tcb);
	else
		slot->waiter = 0;
}

/* Does more than one thread wait through the slot? */
static inline bool thread_is_crowd(const slot_t *slot)
{
	if (!slot->waiter)
		return false;
	const tcb_t *first = arch_pointer(slot->waiter);
	return first->peer_next != NULL;
}

void thread_queue_push_front(thread_queue_t *queue, tcb_t *tcb);
void thread_queue_remove(thread_queue_t *queue, tcb_t *tcb);

/* For the table of types, and for a slot at home here: object/object.h. */
void thread_create(uint32_t object, uint32_t bits);
void thread_end(uint32_t object);
uint32_t thread_destroy_step(uint32_t object);
void thread_inspect(const slot_t *slot, void *words);
void thread_slot_emptied(slot_t *slot);

/* To be called when one of the thread's slots was filled. */
void thread_slot_filled(slot_t *slot);

/* The cspace that the thread holds, null if none. */
cspace_t *thread_cspace(const tcb_t *tcb);

/* Takes a blocked thread out of whatever it waits in; it is then STOPPED. */
void thread_unblock(tcb_t *tcb);

/* Is the thread's own fault being handled? Its registers are then not a call's. */
bool thread_in_fault(const tcb_t *tcb);

/* What the thread's system call will answer; r0..r3 stay as they are. */

/* Ends a thread's wait with a result: it becomes ready. A faulted thread goes on where it
 * faulted. */
void thread_wake(tcb_t *tcb, err_t result);

/* What waking a thread costs at most, in instructions, as it is now. */
uint32_t thread_wake_cost(const tcb_t *tcb);

/* Ends the wait of the first thread in a queue where threads wait for nothing but a word, and
 * gives it the word as its result. It may be the current thread then. */
void thread_wake_first(thread_queue_t *queue, uint32_t word);

/* Ends a thread's wait with an error; a faulted thread stays stopped instead. */
void thread_abandon(tcb_t *tcb, err_t result);

/* Makes it ready, or STOPPED; a blocked thread's wait ends with DRV_ECANCELED. */
void thread_resume(tcb_t *tcb);
void thread_suspend(tcb_t *tcb);

/* Changes the priority, in whatever queue the thread is. */
void thread_set_priority(tcb_t *tcb, uint32_t priority);

/* The current thread faulted: tells its fault endpoint and blocks it; stops it for good if
 * there is none. */
void thread_fault(tcb_t *tcb, uint32_t label, uint32_t address, uint32_t code);

#endif
