/* SPDX-License-Identifier: BSD-2-Clause */
/* The worst that a process can make the kernel do, while an interrupt comes due at a time that
 * differs from round to round. Measured are the interrupt's lateness, and the calls that its
 * handler makes then. */
#include "load.h"

#define HOMES	       3u
#define CHILDREN       10500u
#define LOAD_BITS      21u
#define TABLES	       64u
#define TABLE_SPACE    0x80000000u
#define FRAMES	       4000u /* 16 MiB */
#define FRAMES_BITS    24u
#define LARGE_BITS     22u
#define SPIN_MAX       120000u /* instructions: the shortest alarm takes so long */
#define SPIN_EACH      2u
#define LARGEST_PORTS  0x300u	   /* in the largest range of ports that is handed over */
#define NOBODYS_PORT   0x20u	   /* the interrupt controller's */
#define RANGE_PHYSICAL 0xe0000000u /* behind all memory; nobody reads or writes it */

static struct load_state {
	cap_t homes[HOMES], spaces[TABLES], endpoint, memory, frames, large, cspace, range,
	    ports, searcher;
	uint32_t random;
	uint32_t seen; /* alarms before the one that is set */
} state;

uint32_t random_below(uint32_t limit)
{
	state.random = state.random * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)state.random * limit) >> 32);
}

void spin(uint32_t instructions)
{
	uint32_t steps = instructions / SPIN_EACH + 1;
	__asm__ volatile("1:\n\t"
			 "decl %0\n\t"
			 "jnz 1b"
			 : "+r"(steps)
			 :
			 : "cc");
}

void spin_until(uint32_t ticks)
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

/* In spaces that stay, so that revoking takes one after the other out. */
static void map_bitmaps(void)
{
	revoke_memory();
	for (uint32_t i = 0; i < TABLES; i++)
		must("install a bitmap",
		     vspace_map(state.spaces[i], make_here(CAP_IOBITMAP, 0), 0, 0));
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
	for (uint32_t i = HOME_FREE; i < 1u << HOME_BITS; i++)
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
	uint32_t slot = 0;
	cap_info_t info;
	cspace_list(state.homes[0], &slot, &info);
}

/* Looks through its whole cspace, which is all but full, and finds nothing. */
static void searcher(void)
{
	for (;;)
		cap_acquire(CAP_PIO, PIO_SCOPE(NOBODYS_PORT, NOBODYS_PORT), 0);
}

static void searcher_init(const space_t *space)
{
	cap_t home = make(CAP_CSPACE, HOME_BITS);
	for (uint32_t i = HOME_FREE; i < 1u << HOME_BITS; i++)
		must("derive", cap_delegate(home, state.ports, RIGHT_READ, 0));
	state.searcher = thread_make(space, PRIORITY_SEARCHER, searcher, STACK_SEARCHER);
	must("bind a cspace", thread_bind(state.searcher, BIND_CSPACE, home, 0));
}

static void let_search(void)
{
	must("start the searcher", thread_resume(state.searcher));
}

static void stop_search(void)
{
	must("stop the searcher", thread_suspend(state.searcher));
}

void wait_for_alarm(void)
{
	shared_t *s = shared();
	uint32_t bits;
	s->notify = 1;
	if (s->woken == state.seen)
		wait_done("an interrupt");
	s->notify = 0;
	notification_wait(s->done, TIMEOUT_POLL, &bits); /* it may have come before the wait */
}

/* -- One capability for 4 MiB -------------------------------------------------------------- */
static void map_large(void)
{
	must("map 4 MiB", vspace_map(world_maker()->vspace, state.large, LARGE_BASE,
				     RIGHT_READ | RIGHT_WRITE));
	must("unmap 4 MiB", vspace_unmap(state.large));
}

static void make_large(void)
{
	for (uint32_t i = 0; i < 1u << (FRAMES_BITS - LARGE_BITS); i++)
		must("make 4 MiB",
		     untyped_retype(state.frames, CAP_FRAME, LARGE_BITS, state.homes[0]));
}

/* -- All of them --------------------------------------------------------------------------- */
static const load_t loads[] = {
    {"revoke-10500", fill_homes, revoke_endpoint, NULL, 3, 7, false, 8},
    {"revoke-tables", map_tables, revoke_memory, NULL, 3, 3, false, 8},
    {"revoke-bitmaps", map_bitmaps, revoke_memory, NULL, 3, 3, false, 8},
    {"revoke-ranges", map_ranges, revoke_ranges, NULL, 3, 4, false, 8},
    {"retype-cspace", revoke_memory, make_cspace, NULL, 3, 4, false, 8},
    {"release-cspace", fill_cspace, destroy_cspace, NULL, 3, 6, false, 8},
    {"retype-16MiB", NULL, make_frames, revoke_frames, 3, 8, true, 8},
    {"revoke-16MiB", make_frames, revoke_frames, NULL, 3, 6, false, 8},
    {"map-range", NULL, map_range, NULL, 3, 4, true, 8},
    {"map-ports", NULL, map_ports, NULL, 3, 3, true, 8},
    {"list-cspace", NULL, list_empty, NULL, 3, 3, true, 8},
    {"acquire", let_search, wait_for_alarm, stop_search, 3, 4, false, 8},
};
static const load_t large_loads[] = {
    {"map-4MiB", NULL, map_large, NULL, 3, 4, true, 8},
    {"retype-4MiB", NULL, make_large, revoke_frames, 3, 8, true, 8},
};

static void run(const load_t *load)
{
	alarm_t alarm;
	if (load->prepare)
		load->prepare();
	alarm_set(&alarm, load->first + random_below(load->last - load->first + 1));
	state.seen = alarm.seen;
	spin(random_below(SPIN_MAX));
	do {
		load->work();
		if (load->reset)
			load->reset();
	} while (load->again && !alarm_came(&alarm));
	alarm_report(load->name, &alarm);
}

void loads_run(const load_t *load, uint32_t count)
{
	for (const load_t *end = load + count; load < end; load++) {
		for (uint32_t i = 0; i < shared()->rounds / load->rounds_per + 1; i++)
			run(load);
		report_probe(load->name);
	}
}

static void load_init(const space_t *space)
{
	state.random = 1;
	for (uint32_t i = 0; i < HOMES; i++)
		state.homes[i] = make(CAP_CSPACE, HOME_BITS);
	for (uint32_t i = 0; i < TABLES; i++)
		state.spaces[i] = make(CAP_VSPACE, 0);
	state.endpoint = make(CAP_ENDPOINT, 0);
	state.memory = make(CAP_UNTYPED, LOAD_BITS);
	state.range = must("derive a range",
			   cap_derive(find_boot_cap(CAP_MMIO, RANGE_PHYSICAL), RIGHT_READ,
				      RANGE_PHYSICAL, RANGE_PAGES * PAGE_SIZE));
	must("page tables", process_add_tables(world_maker(), world_root(), RANGE_BASE,
					       RANGES * RANGE_PAGES * PAGE_SIZE));
	state.ports = find_boot_cap(CAP_PIO, LARGEST_PORTS);
	must("install a bitmap",
	     vspace_map(world_maker()->vspace, make(CAP_IOBITMAP, 0), 0, 0));
	searcher_init(space);
	state.frames = world_memory(FRAMES_BITS);
}

void measure_loads(const space_t *space, const space_t *other)
{
	load_init(space);
	loads_run(loads, sizeof(loads) / sizeof(loads[0]));
	state.large = make(CAP_FRAME, LARGE_BITS);
	must("page tables",
	     process_add_tables(world_maker(), world_root(), LARGE_BASE, LARGE_BYTES));
	loads_run(large_loads, sizeof(large_loads) / sizeof(large_loads[0]));
	measure_crowd(space, state.endpoint);
	measure_steps(space);
	measure_lines(space, other);
	measure_attacks(space, state.endpoint);
}
