/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside the driver runtime: what its files share. */
#ifndef LIBCAP_DRIVER_PRIVATE_H
#define LIBCAP_DRIVER_PRIVATE_H

#include "cap/driver.h"
#include "cap/syscall.h"

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
	bool serving;			      /* requests are taken: from run to quiesce */
	bool bound;			      /* interrupts are bound */
	uint32_t lines;			      /* put into the log */
	uint32_t timers;		      /* bit n: timer n is set; the last one is … */
	uint32_t timer_at[DRIVER_TIMERS + 1]; /* … driver_set_timer()'s; clock_ms() */
	session_t sessions[DRIVER_SESSIONS];
	asked_t asked[DRIVER_CLIENTS_MAX + 1]; /* n: client n's latest instance; 0: nobody's */
} runtime_t;
extern runtime_t runtime;

static inline driver_page_t *driver_page(void)
{
	return (driver_page_t *)DRIVER_PAGE;
}

/* Wakes the manager to look at what the driver left for it. */
void tell_manager(void);

/* Does what the manager's command says and answers it, unless it takes longer. */
__attribute__((cold)) void lifecycle_command(void);

/* Calls back for the timers whose time has come, each once. */
void timers_take(void);

/* How long until timers_take() has something to do, in milliseconds; TIMEOUT_FOREVER. */
uint32_t timers_left_ms(void);

/* Counts a request of a client. False: it is beyond the client's share (DRIVER_SHARE), of which
 * the manager is told; always true where that does not hold. */
bool share_take(uint32_t badge);

/* Answers a client's request; *message becomes the answer. */
void session_request(message_t *message);

#endif
