/* SPDX-License-Identifier: BSD-2-Clause */
/* What a process of the lowest priority does with much memory: threads that nap without end,
 * and a chain of capabilities whose last has very many children. */
#include "load.h"

#include "cap/string.h"

#define CHAIN		300u
#define CHAIN_CHILDREN	60000u
#define CHAIN_BITS	23u
#define CHAIN_HOME_BITS 9u
#define SLEEPERS	15000u
#define SLEEPERS_BITS	25u
#define KEEPERS		4u
#define SLEEPER_MS	1u
#define SETTLE_MS	300u
#define LONGEST_WAIT_MS 0xfffffffeu
#define NAP_MS		10u
#define NAP		(NAP_MS * 1000000u) /* instructions */
#define NAPS_PER	25u		    /* one of so many rounds */
#define NAPS_LEAST	4u
#define NAP_APART	(TICK / 16)
#define STARVE_TICKS	400u
#define STARVE_SHORT	(20u * TICK)

static struct attack {
	space_t space;
	cap_t endpoint, chain_memory, chain_home, sleep_memory, sleep_home;
} attack;

static void let_go_of_chain(void)
{
	must("revoke", cap_revoke(attack.chain_memory));
}

/* In a capability space of its own. First derives, then, if told to, releases, from the end
 * with the children on: each release leaves them to the one before. */
static void chainer(void)
{
	const shared_t *s = shared();
	cap_t chain[CHAIN], from = s->chain_base;
	uint32_t bits;
	for (uint32_t i = 0; i < CHAIN; i++)
		from = chain[i] = must("lengthen a chain", cap_derive(from, RIGHT_READ, 0, 0));
	for (uint32_t i = 0; i < CHAIN_CHILDREN; i++)
		must("derive",
		     cap_delegate(s->chain_homes[i % CHAIN_HOMES], from, RIGHT_READ, 0));
	notification_signal(s->chain_done, 1);
	notification_wait(s->chain_go, TIMEOUT_FOREVER, &bits);
	for (uint32_t i = CHAIN; i-- > 0;)
		must("shorten a chain", cap_release(chain[i]));
	for (;;) /* idle time would count for the latency */
		thread_yield();
}

static cap_t make_of(cap_t memory, uint32_t type, uint32_t bits)
{
	return must("make an object", untyped_retype(memory, type, bits, CAP_NULL));
}

static cap_t give(cap_t home, cap_t cap, uint32_t rights)
{
	return must("delegate", cap_delegate(home, cap, rights, 0));
}

static void build_chain(void)
{
	shared_t *s = shared();
	let_go_of_chain();
	cap_t home = attack.chain_home =
	    make_of(attack.chain_memory, CAP_CSPACE, CHAIN_HOME_BITS);
	for (uint32_t i = 0; i < CHAIN_HOMES; i++)
		s->chain_homes[i] = give(
		    home, make_of(attack.chain_memory, CAP_CSPACE, HOME_BITS), RIGHT_WRITE);
	s->chain_base = give(home, attack.endpoint, RIGHT_READ);
	s->chain_done = give(home, s->done, RIGHT_WRITE);
	s->chain_go = give(home, s->notification, RIGHT_READ);
	thread_start_in(&attack.space, attack.chain_memory, home, home, PRIORITY_SEARCHER,
			chainer, STACKS_BASE + (STACK_CHAINER + 1) * STACK_BYTES);
	wait_done("a chain of capabilities");
}

static void release_chain(void)
{
	must("signal", notification_signal(shared()->notification, 1));
	wait_for_alarm();
}

/* The space that holds the chain, with the chain in it. */
static void destroy_chain(void)
{
	must("revoke", cap_revoke(attack.chain_home));
	must("release", cap_release(attack.chain_home));
}

/* -- Sleepers ------------------------------------------------------------------------------ */

/* All on one stack: behind the entry nothing of it is used. */
static void sleeper(void)
{
	uint32_t cap = shared()->crowd_sleep, timeout_ms = SLEEPER_MS;
	for (;;) {
		uint32_t result = SYS_NOTIFICATION_WAIT;
		__asm__ volatile("int $0x80"
				 : "+a"(result), "+b"(cap), "+S"(timeout_ms)
				 :
				 : "ecx", "edx", "memory");
	}
}

/* Takes what the sleepers leave: time passes by instructions only as long as somebody runs. */
static void idler(void)
{
	for (;;)
		thread_yield();
}

/* Very many of the lowest priority, and one that takes the time that they leave. */
static void start_many(void (*entry)(void))
{
	cap_t keepers[KEEPERS];
	must("revoke", cap_revoke(attack.sleep_memory));
	for (uint32_t i = 0; i < KEEPERS; i++)
		keepers[i] = make_of(attack.sleep_memory, CAP_CSPACE, HOME_BITS);
	for (uint32_t i = 0; i < SLEEPERS; i++)
		thread_start_in(&attack.space, attack.sleep_memory, attack.sleep_home,
				keepers[i % KEEPERS], PRIORITY_SLEEPER, entry,
				STACKS_BASE + (STACK_SLEEPERS + 1) * STACK_BYTES);
	thread_start_in(&attack.space, attack.sleep_memory, attack.sleep_home, keepers[0],
			PRIORITY_SLEEPER, idler, STACKS_BASE + (STACK_IDLER + 1) * STACK_BYTES);
}

static void start_sleepers(void)
{
	start_many(sleeper);
}

static void end_sleepers(void)
{
	must("revoke", cap_revoke(attack.sleep_memory));
}

static void patient(void)
{
	shared_t *s = shared();
	uint32_t bits, start = clock_ms();
	notification_wait(s->never, LONGEST_WAIT_MS, &bits);
	s->impatient = clock_ms() - start + 1;
	for (;;)
		thread_exit(0);
}

/* More urgent than all. Between two naps it computes for a part of a tick. */
static void napper(void)
{
	const shared_t *s = shared();
	for (uint32_t i = 0; i < s->rounds / NAPS_PER + NAPS_LEAST; i++) {
		uint32_t bits;
		spin(NAP_APART + random_below(TICK - NAP_APART));
		uint32_t start = now();
		notification_wait(s->never, NAP_MS, &bits);
		sample(now() - start - NAP);
	}
	notification_signal(s->done, 1);
	for (;;)
		thread_exit(0);
}

static void measure_naps(void)
{
	cap_t thread = thread_start(&attack.space, PRIORITY_HANDLER, napper, STACK_NAPPER);
	wait_done("naps");
	report_samples("nap");
	must("end the napper", cap_release(thread));
}

/* The longest time that the timer's interrupts take from a thread that computes, as sleepers
 * whose limits are over cannot run, and nobody is left that waits. */
static void measure_starving(void)
{
	uint32_t worst = 0, last = now();
	for (uint32_t start = last; last - start < STARVE_TICKS * TICK;) {
		uint32_t ticks = now();
		if (ticks - last > worst)
			worst = ticks - last;
		last = ticks;
	}
	sample(worst);
	report_samples("starving");
}

static const load_t chain_loads[] = {
    {"release-chain", build_chain, release_chain, NULL, 3, 3, false, 32},
    {"destroy-chain", build_chain, destroy_chain, NULL, 3, 3, false, 64},
    {"revoke-chain", build_chain, let_go_of_chain, NULL, 3, 6, false, 64},
};
/* So that many limits are over when less urgent threads go on. */
static void starve(void)
{
	spin(STARVE_SHORT);
}

static const load_t sleeper_loads[] = {
    {"15000-sleepers", NULL, wait_for_alarm, NULL, 3, 7, false, 8},
    {"15000-starved", starve, wait_for_alarm, NULL, 3, 7, false, 32},
};
static const load_t end_loads[] = {
    {"revoke-sleepers", start_sleepers, end_sleepers, NULL, 3, 6, false, 256},
};

static void measure_sleepers(void)
{
	start_sleepers();
	rest(SETTLE_MS);
	cap_t waits = thread_start(&attack.space, PRIORITY_CROWD, patient, STACK_PATIENT);
	measure_naps();
	loads_run(sleeper_loads, sizeof(sleeper_loads) / sizeof(sleeper_loads[0]));
	measure_starving();
	loads_run(end_loads, sizeof(end_loads) / sizeof(end_loads[0]));
	report("bench wait-over %u", shared()->impatient);
	must("end the longest wait", cap_release(waits));
}

void measure_attacks(const space_t *space, cap_t endpoint)
{
	shared_t *s = shared();
	attack.space = *space;
	attack.endpoint = endpoint;
	s->notification = make(CAP_NOTIFICATION, 0);
	attack.sleep_home = make(CAP_CSPACE, CSPACE_BITS_MIN);
	s->crowd_sleep = give(attack.sleep_home, s->never, RIGHT_READ);
	attack.chain_memory = world_memory(CHAIN_BITS);
	attack.sleep_memory = world_memory(SLEEPERS_BITS);
	loads_run(chain_loads, sizeof(chain_loads) / sizeof(chain_loads[0]));
	let_go_of_chain();
	measure_sleepers();
	measure_foreign(space, attack.chain_memory, attack.sleep_home, start_many);
	end_sleepers();
}
