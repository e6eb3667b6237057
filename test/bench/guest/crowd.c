/* SPDX-License-Identifier: BSD-2-Clause */
/* A crowd of threads at one endpoint, or with time limits that end together. */
#include "load.h"

#define MEMORY_BITS   21u
#define SLEEP_MS      20u
#define SETTLE_MS     4u
#define ALARM_MIN     122000u /* most that the shortest alarm takes */
#define CROWD_SPREAD  200000u
#define CANCELED_WITH DRV_ECANCELED

static struct crowd {
	cap_t home, memory, endpoint, send;
	uint32_t tick; /* low half of the counter at a tick */
} crowd;

static void crowd_member(void)
{
	const shared_t *s = shared();
	uint32_t me = ((uint32_t)&s - CROWD_STACKS) / CROWD_STACK;
	for (uint32_t seen = 0;;) {
		uint32_t bits;
		message_t message = {.info = 0};
		while (s->crowd_go == seen)
			thread_yield();
		seen = s->crowd_go;
		if (s->crowd_mode == CROWD_SEND)
			ipc_send(s->crowd_endpoints[me], &message, TIMEOUT_FOREVER);
		else if (s->crowd_mode == CROWD_CALL)
			ipc_call(s->crowd_endpoints[me], &message, TIMEOUT_FOREVER);
		else
			notification_wait(s->crowd_sleep, s->crowd_timeout, &bits);
	}
}

static cap_t give_send(void)
{
	return must("delegate",
		    cap_delegate(crowd.home, crowd.send, RIGHT_READ | RIGHT_WRITE, 0));
}

/* All of them send or call, through one capability or each through its own, and wait. */
static void crowd_queues(enum crowd_mode mode, bool own)
{
	shared_t *s = shared();
	rest(SETTLE_MS);
	crowd.send = must("derive", cap_derive(crowd.endpoint, RIGHT_READ | RIGHT_WRITE, 0, 0));
	for (uint32_t i = 0; i < CROWD_MAX; i++)
		s->crowd_endpoints[i] = own || i == 0 ? give_send() : s->crowd_endpoints[i - 1];
	s->crowd_mode = mode;
	s->crowd_go++;
	rest(SETTLE_MS);
}

static void crowd_sends(void)
{
	crowd_queues(CROWD_SEND, false);
}

/* The first that a revocation comes to is the last in the queue. */
static void crowd_sends_own(void)
{
	crowd_queues(CROWD_SEND, true);
}

static void crowd_calls(void)
{
	crowd_queues(CROWD_CALL, false);
}

/* Without a reply object: no call can be taken. */
static void receive_no_call(void)
{
	message_t message;
	ipc_receive(crowd.endpoint, CAP_NULL, TIMEOUT_POLL, &message);
}

static void cancel_crowd(void)
{
	must("cancel", endpoint_cancel(crowd.endpoint, CANCEL_WAITING, CANCELED_WITH));
}

static void revoke_crowd(void)
{
	must("revoke", cap_revoke(crowd.send));
}

/* All of them wait with a limit that ends with the same tick. The waits begin within one
 * millisecond behind a tick, so it is SLEEP_MS + 1 ticks later. */
static void crowd_sleeps(void)
{
	shared_t *s = shared();
	rest(SETTLE_MS);
	s->crowd_mode = CROWD_SLEEP;
	s->crowd_timeout = SLEEP_MS;
	rest(1);
	crowd.tick = now();
	s->crowd_go++;
	rest(SETTLE_MS);
	spin_until(crowd.tick + (SLEEP_MS + 1) * TICK - ALARM_MIN + random_below(CROWD_SPREAD));
}

static void wait_for_tick(void)
{
	spin_until(crowd.tick + (SLEEP_MS + 1) * TICK + CROWD_SPREAD);
}

static const load_t loads[] = {
    {"cancel-1000", crowd_sends, cancel_crowd, NULL, 3, 3, false, 8},
    {"revoke-1000-waiting", crowd_sends, revoke_crowd, NULL, 3, 3, false, 8},
    {"revoke-1000-senders", crowd_sends_own, revoke_crowd, NULL, 3, 3, false, 8},
    {"receive-1000-calls", crowd_calls, receive_no_call, NULL, 3, 3, false, 8},
    {"1000-timeouts", crowd_sleeps, wait_for_tick, NULL, 3, 3, false, 8},
};

static void crowd_init(const space_t *space)
{
	crowd.home = make(CAP_CSPACE, HOME_BITS);
	crowd.memory = make(CAP_UNTYPED, MEMORY_BITS);
	shared()->crowd_sleep = must(
	    "delegate", cap_delegate(crowd.home, make(CAP_NOTIFICATION, 0), RIGHT_READ, 0));
	for (uint32_t i = 0; i < CROWD_MAX; i++)
		thread_start_in(space, crowd.memory, crowd.home, crowd.home, PRIORITY_CROWD,
				crowd_member, CROWD_STACKS + (i + 1) * CROWD_STACK);
}

void measure_crowd(const space_t *space, cap_t endpoint)
{
	crowd.endpoint = endpoint;
	crowd_init(space);
	loads_run(loads, sizeof(loads) / sizeof(loads[0]));
	must("end the crowd", cap_revoke(crowd.memory));
}
