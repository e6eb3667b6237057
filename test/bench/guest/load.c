/* SPDX-License-Identifier: BSD-2-Clause */
/* The worst that a process can make the kernel do, while an interrupt comes due at a time that
 * differs from round to round. Only the interrupt's lateness is measured here. */
#include "bench.h"

#define HOME_BITS      12u
#define HOMES	       3u
#define CHILDREN       10500u
#define LOAD_BITS      21u
#define TABLES	       64u
#define TABLE_SPACE    0x80000000u
#define FRAMES	       4000u /* 16 MiB */
#define FRAMES_BITS    24u
#define ROUNDS_PER     8u      /* one of so many rounds for each load */
#define SPIN_MAX       120000u /* instructions: the shortest alarm takes so long */
#define SPIN_EACH      2u
#define TICK	       999848u /* instructions: 1193 cycles of 1193182 Hz */
#define SLEEP_MS       20u
#define SETTLE_MS      4u
#define ALARM_MIN      122000u /* most that the shortest alarm takes */
#define CROWD_SPREAD   200000u
#define CANCELED_WITH  DRV_ECANCELED
#define RATE_SHORTEST  3u
#define LARGEST_PORTS  0x300u	   /* in the largest range of ports that is handed over */
#define NOBODYS_PORT   0x20u	   /* the interrupt controller's */
#define RANGE_PHYSICAL 0xe0000000u /* behind all memory; nobody reads or writes it */

static struct load_state {
	cap_t homes[HOMES], crowd_home, crowd_memory, endpoint, memory, frames, cspace, vspace,
	    range, send, ports, searcher;
	space_t space;
	uint32_t random;
	uint32_t tick; /* low half of the counter at a tick */
} state;

/* Numerical Recipes' generator: any phase will do, but the same in every run. */
static uint32_t random_below(uint32_t limit)
{
	state.random = state.random * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)state.random * limit) >> 32);
}

static void spin(uint32_t instructions)
{
	uint32_t steps = instructions / SPIN_EACH + 1;
	__asm__ volatile("1:\n\t"
			 "decl %0\n\t"
			 "jnz 1b"
			 : "+r"(steps)
			 :
			 : "cc");
}

static void spin_until(uint32_t ticks)
{
	while ((int32_t)(now() - ticks) < 0)
		spin(0);
}

/* -- Revoking ------------------------------------------------------------------------------ */
static void fill_homes(void)
{
	for (uint32_t i = 0; i < CHILDREN; i++)
		must("derive",
		     cap_delegate(state.homes[i % HOMES], state.endpoint, RIGHT_READ, 0));
}

static void revoke_endpoint(void)
{
	must("revoke", cap_revoke(state.endpoint));
}

static void revoke_memory(void)
{
	must("revoke", cap_revoke(state.memory));
}

static cap_t make_here(uint32_t type, uint32_t bits)
{
	return must("make an object", untyped_retype(state.memory, type, bits, CAP_NULL));
}

static void map_tables(void)
{
	revoke_memory();
	cap_t vspace = make_here(CAP_VSPACE, 0);
	for (uint32_t i = 0; i < TABLES; i++)
		must("map a page table",
		     vspace_map(vspace, make_here(CAP_PTABLE, 0),
				TABLE_SPACE + i * boot_info()->table_span, 0));
}

static void map_bitmaps(void)
{
	revoke_memory();
	for (uint32_t i = 0; i < TABLES; i++)
		must("install a bitmap",
		     vspace_map(make_here(CAP_VSPACE, 0), make_here(CAP_IOBITMAP, 0), 0, 0));
}

static void map_ranges(void)
{
	for (uint32_t i = 0; i < RANGES; i++) {
		cap_t range = must("derive a range", cap_derive(state.range, RIGHT_READ, 0, 0));
		must(
		    "map a range",
		    cap_mmio_map(range, RANGE_BASE + i * RANGE_PAGES * PAGE_SIZE, RANGE_PAGES));
	}
}

static void revoke_ranges(void)
{
	must("revoke", cap_revoke(state.range));
}

/* -- Large objects ------------------------------------------------------------------------- */
static void make_cspace(void)
{
	state.cspace = make_here(CAP_CSPACE, HOME_BITS);
}

static void fill_cspace(void)
{
	revoke_memory();
	make_cspace();
	for (uint32_t i = 1; i < 1u << HOME_BITS; i++)
		must("derive", cap_delegate(state.cspace, state.endpoint, RIGHT_READ, 0));
}

static void destroy_cspace(void)
{
	must("release", cap_release(state.cspace));
}

static void make_frames(void)
{
	for (uint32_t i = 0; i < FRAMES; i++)
		must("make a frame",
		     untyped_retype(state.frames, CAP_FRAME, 0, state.homes[0]));
}

static void revoke_frames(void)
{
	must("revoke", cap_revoke(state.frames));
}

/* -- Loops --------------------------------------------------------------------------------- */
static void map_range(void)
{
	must("map a range", cap_mmio_map(state.range, RANGE_BASE, RANGE_PAGES));
	must("unmap a range", cap_mmio_unmap(state.range));
}

static void map_ports(void)
{
	must("map ports", cap_pio_map(state.ports));
	must("unmap ports", cap_pio_unmap(state.ports));
}

static void list_empty(void)
{
	uint32_t slot = 1;
	cap_info_t info;
	cspace_list(state.homes[0], &slot, &info);
}

/* Looks through its whole cspace, which is full but for one slot, and finds nothing. */
static void searcher(void)
{
	for (;;)
		cap_acquire(CAP_PIO, PIO_SCOPE(NOBODYS_PORT, NOBODYS_PORT), 0);
}

static void searcher_init(void)
{
	cap_t home = make(CAP_CSPACE, HOME_BITS);
	for (uint32_t i = 2; i < 1u << HOME_BITS; i++)
		must("derive", cap_delegate(home, state.ports, RIGHT_READ, 0));
	state.searcher = thread_make(&state.space, PRIORITY_SEARCHER, searcher, STACK_SEARCHER);
	must("bind a cspace", thread_bind(state.searcher, BIND_CSPACE, home, 0));
}

static void let_search(void)
{
	must("start the searcher", thread_resume(state.searcher));
	shared()->notify = 1;
}

static void stop_search(void)
{
	shared()->notify = 0;
	must("stop the searcher", thread_suspend(state.searcher));
}

static void wait_for_alarm(void)
{
	wait_done("an interrupt");
}

/* -- A crowd of threads -------------------------------------------------------------------- */
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

static void crowd_init(void)
{
	state.crowd_memory = make(CAP_UNTYPED, LOAD_BITS);
	shared()->crowd_sleep =
	    must("delegate",
		 cap_delegate(state.crowd_home, make(CAP_NOTIFICATION, 0), RIGHT_READ, 0));
	for (uint32_t i = 0; i < CROWD_MAX; i++)
		thread_start_in(&state.space, state.crowd_memory, state.crowd_home,
				PRIORITY_CROWD, crowd_member,
				CROWD_STACKS + (i + 1) * CROWD_STACK);
}

static cap_t give_send(void)
{
	return must("delegate",
		    cap_delegate(state.crowd_home, state.send, RIGHT_READ | RIGHT_WRITE, 0));
}

/* All of them send or call, through one capability or each through its own, and wait. */
static void crowd_queues(enum crowd_mode mode, bool own)
{
	shared_t *s = shared();
	rest(SETTLE_MS);
	state.send = must("derive", cap_derive(state.endpoint, RIGHT_READ | RIGHT_WRITE, 0, 0));
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
	ipc_receive(state.endpoint, CAP_NULL, TIMEOUT_POLL, &message);
}

static void cancel_crowd(void)
{
	must("cancel", endpoint_cancel(state.endpoint, CANCEL_WAITING, CANCELED_WITH));
}

static void revoke_crowd(void)
{
	must("revoke", cap_revoke(state.send));
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
	state.tick = now();
	s->crowd_go++;
	rest(SETTLE_MS);
	spin_until(state.tick + (SLEEP_MS + 1) * TICK - ALARM_MIN + random_below(CROWD_SPREAD));
}

static void wait_for_tick(void)
{
	spin_until(state.tick + (SLEEP_MS + 1) * TICK + CROWD_SPREAD);
}

/* -- All of them --------------------------------------------------------------------------- */
typedef struct load {
	const char *name;
	void (*prepare)(void); /* before the alarm is set, or null */
	void (*work)(void);    /* what the alarm is to interrupt */
	void (*reset)(void);   /* after the work, or null */
	uint32_t first, last;  /* rates of the alarm */
	bool again;	       /* work and reset until the alarm came, not once */
} load_t;

static const load_t loads[] = {
    {"revoke-10500", fill_homes, revoke_endpoint, NULL, 3, 7, false},
    {"revoke-tables", map_tables, revoke_memory, NULL, 3, 3, false},
    {"revoke-bitmaps", map_bitmaps, revoke_memory, NULL, 3, 3, false},
    {"revoke-ranges", map_ranges, revoke_ranges, NULL, 3, 4, false},
    {"retype-cspace", revoke_memory, make_cspace, NULL, 3, 4, false},
    {"release-cspace", fill_cspace, destroy_cspace, NULL, 3, 6, false},
    {"retype-16MiB", NULL, make_frames, revoke_frames, 3, 8, true},
    {"revoke-16MiB", make_frames, revoke_frames, NULL, 3, 6, false},
    {"map-range", NULL, map_range, NULL, 3, 4, true},
    {"map-ports", NULL, map_ports, NULL, 3, 3, true},
    {"list-cspace", NULL, list_empty, NULL, 3, 3, true},
    {"acquire", let_search, wait_for_alarm, stop_search, 3, 4, false},
    {"cancel-1000", crowd_sends, cancel_crowd, NULL, 3, 3, false},
    {"revoke-1000-waiting", crowd_sends, revoke_crowd, NULL, 3, 3, false},
    {"revoke-1000-senders", crowd_sends_own, revoke_crowd, NULL, 3, 3, false},
    {"receive-1000-calls", crowd_calls, receive_no_call, NULL, 3, 3, false},
    {"1000-timeouts", crowd_sleeps, wait_for_tick, NULL, 3, 3, false},
};

static void run(const load_t *load)
{
	alarm_t alarm;
	if (load->prepare)
		load->prepare();
	alarm_set(&alarm, load->first + random_below(load->last - load->first + 1));
	spin(random_below(SPIN_MAX));
	do {
		load->work();
		if (load->reset)
			load->reset();
	} while (load->again && !alarm_came(&alarm));
	alarm_report(load->name, &alarm);
}

void measure_loads(const space_t *space)
{
	state.space = *space;
	state.random = 1;
	for (uint32_t i = 0; i < HOMES; i++)
		state.homes[i] = make(CAP_CSPACE, HOME_BITS);
	state.endpoint = make(CAP_ENDPOINT, 0);
	state.memory = make(CAP_UNTYPED, LOAD_BITS);
	state.range = must("derive a range",
			   cap_derive(find_boot_cap(CAP_MMIO, RANGE_PHYSICAL), RIGHT_READ,
				      RANGE_PHYSICAL, RANGE_PAGES * PAGE_SIZE));
	must("page tables", process_add_tables(world_maker(), world_root(), RANGE_BASE,
					       RANGES * RANGE_PAGES * PAGE_SIZE));
	state.crowd_home = make(CAP_CSPACE, HOME_BITS);
	state.ports = find_boot_cap(CAP_PIO, LARGEST_PORTS);
	must("install a bitmap",
	     vspace_map(world_maker()->vspace, make(CAP_IOBITMAP, 0), 0, 0));
	searcher_init();
	crowd_init();
	state.frames = make(CAP_UNTYPED, FRAMES_BITS); /* last: its alignment wastes memory */
	uint32_t rounds = shared()->rounds / ROUNDS_PER + 1;
	for (uint32_t i = 0; i < sizeof(loads) / sizeof(loads[0]); i++) {
		for (uint32_t round = 0; round < rounds; round++)
			run(&loads[i]);
	}
	must("end the crowd", cap_revoke(state.crowd_memory));
}
