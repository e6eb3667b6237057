/* SPDX-License-Identifier: BSD-2-Clause */
/* Evidence: what the kernel knows of an object and no process can fake. SYS_INSPECT writes one
 * of these structures, by the type of the capability, into words of the caller's message
 * buffer. It needs RIGHT_INSPECT.
 *
 * Times are milliseconds of the kernel's clock, which wraps after 49 days; `now_ms` is the time
 * of the report. What is waited for is told as an object's number, which SYS_CAP_INFO tells as
 * well; of two live objects no two have the same, and 0 is none.
 *
 * A thread that waits and whose time limit is over is ready since then, or since the
 * millisecond after SYS_THREAD_SET last set its priority if that is later, though more urgent
 * ones keep it from finding out. If its wait ends in another way first, `ready_ms` lacks that
 * time.
 */
#ifndef ABI_INSPECT_H
#define ABI_INSPECT_H

#include "abi/cap.h"

/* X(NAME, value, "name") */
#define INSPECT_STATES(X)                                                                      \
	X(INSPECT_STOPPED, 0, "stopped")     /* never started, suspended, or nobody to tell */ \
	X(INSPECT_READY, 1, "ready")	     /* runs, or could */                              \
	X(INSPECT_SENDING, 2, "sending")     /* at an endpoint, nobody has taken it */         \
	X(INSPECT_RECEIVING, 3, "receiving") /* at an endpoint */                              \
	X(INSPECT_CALLING, 4, "calling")     /* for the answer to its call: a reply object */  \
	X(INSPECT_WAITING, 5, "waiting")     /* for a notification, or an interrupt line */

#define ABI_X_ENUM(name, value, text) name = (value),
enum inspect_state { INSPECT_STATES(ABI_X_ENUM) INSPECT_STATE_COUNT };
#undef ABI_X_ENUM

/* Interrupt lines have no object; line n is waited for as INSPECT_LINE(n). */
#define INSPECT_LINE(line) (0xf0000000u | (line))

typedef struct inspect_thread {
	uint32_t now_ms;
	uint32_t state;	       /* enum inspect_state */
	uint32_t since_ms;     /* in that state; of a ready one: last put in its queue */
	uint32_t waits_for;    /* number of an object, or INSPECT_LINE(); 0: for nothing */
	uint32_t run_low;      /* run time in ticks: of the time stamp counter, or, where */
	uint32_t run_high;     /* there is none, one at each tick of the timer that found it */
	uint32_t ticks_per_ms; /* counted at the timer; 1: run time is only sampled */
	uint32_t ready_ms;     /* time in which it could have run and did not */
	uint32_t received_ms;  /* when it last entered a receive at an endpoint */
	uint32_t messages;     /* that it sent: sends and calls, taken or not */
	uint32_t signals;      /* that it sent */
	uint32_t stop_label;   /* why it stopped: enum fault_label, 0 if it was not by a */
	uint32_t stop_address; /* fault; all three stay until the thread is resumed, */
	uint32_t stop_code;    /* whoever was told */
	uint32_t priority;     /* at which it runs now */
	uint32_t spent;	       /* 1: its budget is spent, until the next period */
} inspect_thread_t;
ABI_ASSERT(sizeof(inspect_thread_t) == 64, "inspection layout");

/* Of the threads that wait to be received from, faulted ones included, 255 are looked at. */
typedef struct inspect_endpoint {
	uint32_t now_ms;
	uint32_t senders;   /* how many they are; 255: so many or more */
	uint32_t oldest_ms; /* since when the one waits that waits longest; or now_ms */
	uint32_t receivers; /* 1: somebody waits in a receive */
} inspect_endpoint_t;
ABI_ASSERT(sizeof(inspect_endpoint_t) == 16, "inspection layout");

typedef struct inspect_reply {
	uint32_t now_ms;
	uint32_t tied;	   /* 1: to a call, or a fault, that is not answered yet */
	uint32_t since_ms; /* when it was tied; or now_ms */
	uint32_t offered;  /* 1: with a receive that goes on */
} inspect_reply_t;
ABI_ASSERT(sizeof(inspect_reply_t) == 16, "inspection layout");

typedef struct inspect_irq {
	uint32_t now_ms;
	uint32_t count;		 /* interrupts of the line since boot */
	uint32_t claimers;	 /* bit n: place n is taken */
	uint32_t unacknowledged; /* bit n: the claimer at place n owes an acknowledgement */
	uint32_t own; /* the place of this capability, or if it has none and covers one line,
			 of the only one derived from it; or IRQ_CLAIMERS */
	uint32_t since_ms[IRQ_CLAIMERS]; /* since when each owes it; or now_ms */
} inspect_irq_t;
ABI_ASSERT(sizeof(inspect_irq_t) == 52, "inspection layout");

#endif
