/* SPDX-License-Identifier: BSD-2-Clause */
/* Work that others leave for a thread of the highest priority: it has very many senders refused
 * or cancelled, or takes apart something large. The last capability of that was sent to it, or
 * was bound to a thread, or is in a space whose memory it revokes. It calls again until nothing
 * is left; the figure is the longest of its calls. */
#include "load.h"

#define NESTED	    4u
#define SETTLE_MS   300u
#define AGAIN_MS    40u /* so many senders send again */
#define SMALL_BITS  13u
#define FULL	    4000u /* capabilities in a full space, at least */
#define CALLS_LEAST 200u

/* Notes the call that ends here; true: something is left. */
static bool goes_on(err_t err)
{
	shared_t *s = shared();
	uint32_t ticks = interval_ticks();
	if (ticks > s->foreign_longest)
		s->foreign_longest = ticks;
	s->foreign_calls++;
	return err == DRV_EAGAIN;
}

static _Noreturn void end(void)
{
	notification_signal(shared()->done, 1);
	thread_exit(0);
}

static void refuser(void)
{
	const shared_t *s = shared();
	message_t message;
	err_t err;
	message_buffer()->accept = 0;
	do {
		interval_begin();
		err = ipc_receive(s->endpoint, CAP_NULL, TIMEOUT_POLL, &message);
	} while (goes_on(err));
	if (err != DRV_ETIMEDOUT)
		fail("refuse all", err);
	end();
}

static void canceller(void)
{
	const shared_t *s = shared();
	err_t err;
	do {
		interval_begin();
		err = endpoint_cancel_some(s->endpoint, CANCEL_WAITING, DRV_EGONE);
	} while (goes_on(err));
	must("cancel all", err);
	end();
}

/* Takes apart what the thread owes by now. */
static _Noreturn void pay(void)
{
	err_t err;
	do {
		interval_begin();
		err = cap_release_some(CAP_NULL);
	} while (goes_on(err));
	must("take all apart", err);
	end();
}

static void binder(void)
{
	const shared_t *s = shared();
	interval_begin();
	err_t err = thread_bind(s->foreign, BIND_CSPACE, s->foreign_instead, 0);
	goes_on(err);
	must("bind", err);
	pay();
}

static void revoker(void)
{
	interval_begin();
	err_t err = cap_revoke(shared()->foreign);
	goes_on(err);
	must("revoke a small thing", err);
	pay();
}

static void taker(void)
{
	const shared_t *s = shared();
	message_t message;
	uint32_t bits;
	message_buffer()->accept = 1;
	must("be sent a capability",
	     ipc_receive(s->endpoint, CAP_NULL, TIMEOUT_FOREVER, &message));
	cap_t cap = message_buffer()->caps[0];
	must("wait", notification_wait(s->notification, TIMEOUT_FOREVER, &bits));
	err_t err;
	do {
		interval_begin();
		err = cap_release_some(cap);
		cap = CAP_NULL;
	} while (goes_on(err));
	must("release all", err);
	end();
}

/* Sends capabilities, as many as it may and the receiver does not want. All of them share a
 * stack and a buffer. */
static void bad_sender(void)
{
	const shared_t *s = shared();
	message_buffer()->timeout_ms = TIMEOUT_FOREVER;
	for (uint32_t i = 0; i < MSG_CAPS; i++)
		message_buffer()->caps[i] = s->crowd_endpoints[0];
	for (uint32_t cap = s->crowd_endpoints[0];;) {
		uint32_t result = SYS_IPC_SEND, info = MSG_INFO(0, 0, MSG_CAPS);
		__asm__ volatile("int $0x80"
				 : "+a"(result), "+b"(cap), "+S"(info)
				 :
				 : "ecx", "edx", "memory");
	}
}

/* Waits until the thread, which is at work, is done; its longest call is the row's figure. */
static void measure(const char *row, cap_t thread)
{
	shared_t *s = shared();
	wait_done(row);
	if (s->foreign_calls < CALLS_LEAST)
		fail("too little work", (err_t)s->foreign_calls);
	sample(s->foreign_longest);
	report_samples(row);
	s->foreign_longest = s->foreign_calls = 0;
	must("end a thread", cap_release(thread));
}

static cap_t make_space(cap_t memory)
{
	return must("make a space", untyped_retype(memory, CAP_CSPACE, HOME_BITS, CAP_NULL));
}

static void fill(cap_t space)
{
	for (uint32_t i = 0; i < FULL; i++)
		must("fill", cap_delegate(space, shared()->endpoint, RIGHT_READ, 0));
}

/* Full spaces, each but the first in the one before. */
static cap_t make_spaces(cap_t memory, uint32_t count)
{
	cap_t first = make_space(memory);
	fill(first);
	for (cap_t space = first; --count;) {
		cap_t inner = make_space(memory);
		fill(inner);
		must("nest", cap_delegate(space, inner, RIGHT_READ, 0));
		if (space != first)
			must("let go", cap_release(space));
		space = inner;
		if (count == 1)
			must("let go", cap_release(space));
	}
	return first;
}

static void measure_release(const space_t *space, const char *row, cap_t memory, uint32_t count)
{
	const message_t message = {.info = MSG_INFO(0, 0, 1)};
	cap_t spaces = make_spaces(memory, count);
	cap_t thread = thread_start(space, PRIORITY_HANDLER, taker, STACK_NAPPER);
	message_buffer()->caps[0] = spaces;
	must("send", ipc_send(shared()->endpoint, &message, BENCH_TIMEOUT));
	must("let go", cap_release(spaces));
	must("signal", notification_signal(shared()->notification, 1));
	measure(row, thread);
	must("revoke", cap_revoke(memory));
}

/* Does the thread's call, which ends the last capability to a full space. */
static void measure_end(const space_t *space, const char *row, cap_t memory,
			void (*entry)(void))
{
	measure(row, thread_start(space, PRIORITY_HANDLER, entry, STACK_NAPPER));
	must("revoke", cap_revoke(memory));
}

static void measure_bind(const space_t *space, cap_t memory)
{
	shared_t *s = shared();
	cap_t full = make_spaces(memory, 1);
	s->foreign = thread_make(space, PRIORITY_SLEEPER, end, STACK_PATIENT);
	s->foreign_instead = make(CAP_CSPACE, CSPACE_BITS_MIN);
	must("bind", thread_bind(s->foreign, BIND_CSPACE, full, 0));
	must("let go", cap_release(full));
	measure_end(space, "foreign_bind", memory, binder);
	must("end a thread", cap_release(s->foreign));
}

static void measure_revoke(const space_t *space, cap_t memory)
{
	shared_t *s = shared();
	cap_t full = make_spaces(memory, 1);
	s->foreign = make(CAP_UNTYPED, SMALL_BITS);
	cap_t holder = must("make a space",
			    untyped_retype(s->foreign, CAP_CSPACE, CSPACE_BITS_MIN, CAP_NULL));
	must("delegate", cap_delegate(holder, full, RIGHT_READ, 0));
	must("let go", cap_release(full));
	measure_end(space, "foreign_revoke", memory, revoker);
	must("let go", cap_release(s->foreign));
}

void measure_foreign(const space_t *space, cap_t memory, cap_t crowd_home,
		     void (*start_crowd)(void (*entry)(void)))
{
	shared_t *s = shared();
	s->endpoint = make(CAP_ENDPOINT, 0);
	s->notification = make(CAP_NOTIFICATION, 0);
	measure_bind(space, memory);
	measure_revoke(space, memory);
	measure_release(space, "foreign_release", memory, 1);
	measure_release(space, "foreign_nested", memory, NESTED);
	s->crowd_endpoints[0] = must(
	    "delegate", cap_delegate(crowd_home, s->endpoint, RIGHT_WRITE | RIGHT_GRANT, 0));
	start_crowd(bad_sender);
	rest(SETTLE_MS);
	measure("foreign_receive",
		thread_start(space, PRIORITY_HANDLER, refuser, STACK_NAPPER));
	rest(AGAIN_MS);
	measure("foreign_cancel",
		thread_start(space, PRIORITY_HANDLER, canceller, STACK_NAPPER));
}
