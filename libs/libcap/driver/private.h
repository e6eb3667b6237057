/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside the driver runtime: what its files share. */
#ifndef LIBCAP_DRIVER_PRIVATE_H
#define LIBCAP_DRIVER_PRIVATE_H

#include "cap/driver.h"
#include "cap/syscall.h"

/* Timers beside those of driver_timer_set(). */
#define TIMER_PLAIN   DRIVER_TIMERS	   /* driver_set_timer()'s */
#define TIMER_SIGNALS (DRIVER_TIMERS + 1u) /* signals that were put off */
#define TIMER_LOOP    (DRIVER_TIMERS + 2u) /* driver_main_legacy()'s */
#define TIMER_READERS (DRIVER_TIMERS + 3u) /* a look at who has not read all */
#define TIMERS	      (DRIVER_TIMERS + 4u)

/* How often somebody asked in the period of that number. */
typedef struct asked {
	uint32_t badge, period, times;
} asked_t;

typedef struct runtime {
	const driver_ops_t *ops;
	uint32_t command_seq; /* of the last command seen */
	uint32_t step_seq;    /* of the step that answered DRV_EAGAIN, 0: none */
	bool stopping;	      /* the stop step is under way or done */
	bool disowned;	      /* the interrupt that ops->irq is told of is not the driver's */
	bool stopped;
	uint32_t serving;	       /* bit n: requests with label n are taken */
	bool quiet;		       /* quiesced: no timer is set, and no signal told */
	bool bound;		       /* interrupts are bound */
	bool acks_itself;	       /* ops->irq acknowledges: driver_main_legacy()'s */
	uint32_t requests, interrupts; /* taken */
	/* Takes DRIVER_SIGNAL_CLIENT bits, or 0: TIMER_SIGNALS. That is ops->signal itself
	 * until driver_make_signal() is called. */
	void (*signal)(uint32_t bits);
	cap_t owed;	       /* the line whose interrupt is acknowledged as the loop waits */
	const message_t *came; /* the last message, or signal, that was received */
	uint32_t signals;      /* client bits that ops->signal was not told of yet */
	uint32_t signals_slot; /* of the clock, and how often it was told in it */
	uint32_t signals_told;
	/* Somebody read the clock in this turn of the loop, which ends with timers_take(), and
	 * what it said. */
	bool turn_knows;
	uint32_t turn_ms;
	uint32_t timers;	   /* bit n: timer n is set */
	uint32_t timer_at[TIMERS]; /* clock_ms() */
	const message_t *answer;   /* to the request that was taken last; null: given */
	uint32_t used;		   /* bit n: sessions[n] was ever in use */
	session_t sessions[DRIVER_SESSIONS];
	asked_t asked[DRIVER_CLIENTS_MAX + 1]; /* n: client n's latest instance; 0: nobody's */
} runtime_t;
extern runtime_t runtime;

static inline driver_page_t *driver_page(void)
{
	return (driver_page_t *)DRIVER_PAGE;
}

/* Calls the manager, with one word; the answer is its word 0, or what kept it from answering.
 */
err_t ask_manager(uint32_t label, uint32_t word);

/* Wakes the manager to look at what the driver left for it. */
void tell_manager(void);

/* Does what the manager's command says and answers it, unless it takes longer. */
__attribute__((cold, noinline)) void lifecycle_command(void);

/* Sets one of the timers, as driver_timer_set(). */
void timers_set(unsigned index, uint32_t ms);

/* Calls back for the timers whose time has come, each once. An answer that is not given yet is
 * given before: callbacks may send messages themselves. The result is how long it is until
 * there is something to do again, in milliseconds; TIMEOUT_FOREVER; 0 if something was done. */
uint32_t timers_take(void);

/* Counts a request of a client. False: it is beyond the client's share (DRIVER_SHARE), of which
 * the manager is told; always true where that does not hold. */
bool share_take(uint32_t badge);

/* What the calls of cap/legacy.h that give others their turn do in the loop of
 * driver_main_legacy(). Null while that is not what runs. */
typedef struct legacy_turns {
	void (*used_port)(void);
	err_t (*wait)(unsigned index, uint32_t timeout_ms); /* for irq_caps[index] */
} legacy_turns_t;
extern const legacy_turns_t *legacy_turns;

/* The other stack of a thread that has two: made for fiber_switch(), with which `entry` begins
 * there. `top` is behind its last byte. */
void *fiber_make(void *top, void (*entry)(void));

/* Switches to the stack *other, where that was left, and leaves the own one there. */
void fiber_switch(void **other);

/* Answers a client's request; *message becomes the answer. */
void session_request(message_t *message);

#endif
