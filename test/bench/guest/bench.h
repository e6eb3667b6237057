/* SPDX-License-Identifier: BSD-2-Clause */
/* The benchmark's root task: its parts. One time-stamp tick is one instruction (README.md). */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>

#include "abi/boot.h"
#include "cap/process.h"
#include "cap/syscall.h"
#include "note.h"

/* Addresses, in every space of the benchmark unless said otherwise. */
#define SHARED_BASE  0x60000000u /* shared_t, the same memory in all spaces */
#define STACKS_BASE  0x61000000u
#define SCRATCH_BASE 0x62000000u /* root: pages to fill, pages to map and unmap */
#define CHILD_BASE   0x63000000u /* root: the child's image, the boot module */
#define VIDEO_BASE   0x64000000u /* root: where entry.S left its note */
#define RANGE_BASE   0x70000000u /* root: windows of RANGE_PAGES pages with page tables */
#define RANGE_PAGES  MMIO_MAP_PAGES
#define RANGES	     8u
#define LARGE_BASE   0x90000000u /* root: room for one large frame, with page tables */
#define LARGE_BYTES  0x00400000u

#define VIDEO_BYTES 0x8000u

#define STACK_BYTES   2048u
#define SHARED_PAGES  8u
#define SAMPLES_MAX   4096u
#define CROWD_MAX     1000u
#define CROWD_STACK   256u
#define CROWD_PAGES   ((CROWD_MAX * CROWD_STACK + PAGE_SIZE - 1) / PAGE_SIZE)
#define CROWD_STACKS  0x68000000u
#define BENCH_TIMEOUT 20000u /* ms: something hangs */
#define CHAIN_HOMES   15u

/* Whose stack is which, in the space of its own. */
enum bench_stack {
	STACK_CLIENT,
	STACK_SERVER,
	STACK_HANDLER,
	STACK_SEARCHER,
	STACK_CHAINER,
	STACK_SLEEPERS,
	STACK_NAPPER,
	STACK_PATIENT,
	STACK_HOG,
	STACK_IDLER,
	STACKS
};

enum bench_priority {
	PRIORITY_SLEEPER = 0,
	PRIORITY_CROWD = 5,
	PRIORITY_SEARCHER = 6,
	PRIORITY_ROOT = 10,
	PRIORITY_WORKER = 20,
	PRIORITY_WAITER = 25,
	PRIORITY_HANDLER = 31,
};

/* What the members of the crowd do. */
enum crowd_mode { CROWD_SEND, CROWD_CALL, CROWD_SLEEP };

/* Calls that the interrupt handler, more urgent than all, makes in the middle of others' work.
 */
enum probe { PROBE_YIELD, PROBE_DERIVE, PROBE_RELEASE, PROBES };

/* What all spaces share. Handles are good for all threads: they share the cspace. */
typedef struct shared {
	cap_t endpoint, reply, notification, done, interrupt, never, crowd_sleep;
	cap_t hog; /* of the priority of client and server, or null; the client starts it */
	cap_t chain_done, chain_go, chain_base, chain_homes[CHAIN_HOMES]; /* the chainer's */
	cap_t crowd_endpoints[CROWD_MAX];
	uint32_t rounds, words;
	volatile uint32_t start;  /* low half of the counter, as a measurement begins */
	volatile uint32_t enough; /* the hog ends */
	volatile uint32_t count;
	volatile uint64_t woken_at; /* of the interrupt handler */
	volatile uint32_t woken;
	volatile uint32_t notify; /* the handler signals `done` */
	volatile uint32_t crowd_go, crowd_mode, crowd_timeout;
	volatile uint32_t impatient; /* the longest wait ended, milliseconds after it began */
	uint32_t probe[PROBES];	     /* the longest that each call took */
	uint32_t foreign_calls, foreign_longest; /* of them: what foreign.c measures */
	cap_t foreign, foreign_instead;		 /* what is ended, and what replaces it */
	uint32_t samples[SAMPLES_MAX];
} shared_t;
_Static_assert(sizeof(shared_t) <= SHARED_PAGES * PAGE_SIZE, "the shared pages hold it");

static inline shared_t *shared(void)
{
	return (shared_t *)SHARED_BASE;
}

static inline const boot_info_t *boot_info(void)
{
	return (const boot_info_t *)ROOT_BOOT_INFO;
}

/* The time-stamp counter. */
static inline uint64_t now64(void)
{
	uint32_t low, high;
	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return low | (uint64_t)high << 32;
}

static inline uint32_t now(void)
{
	uint32_t low;
	__asm__ volatile("rdtsc" : "=a"(low) : : "edx", "memory");
	return low;
}

/* Begins a measurement, and says how many ticks it has taken. Between the two readings of the
 * counter are one instruction that stores the first and the second itself: so an empty
 * measurement takes two, which the host takes off. */
static inline void interval_begin(void)
{
	__asm__ volatile("rdtsc\n\t"
			 "movl %%eax, %c0"
			 :
			 : "i"(SHARED_BASE + offsetof(shared_t, start))
			 : "eax", "edx", "memory");
}

static inline uint32_t interval_ticks(void)
{
	uint32_t ticks;
	__asm__ volatile("rdtsc\n\t"
			 "subl %c1, %%eax"
			 : "=a"(ticks)
			 : "i"(SHARED_BASE + offsetof(shared_t, start))
			 : "edx", "cc", "memory");
	return ticks;
}

/* Keeps a sample; those that do not fit are dropped. */
static inline void sample(uint32_t ticks)
{
	shared_t *s = shared();
	if (s->count < SAMPLES_MAX)
		s->samples[s->count++] = ticks;
}

/* -- report.c: the serial port, polled ---------------------------------------------------- */
void report_init(void);
void report(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* Says the kept samples as those of row `name` and forgets them. */
void report_samples(const char *name);

/* Says how long the handler's calls took at most since the last time, for row `name`. */
void report_probe(const char *name);

/* Says why the benchmark cannot go on and ends the machine. */
_Noreturn void fail(const char *what, err_t err);

/* Ends the machine. */
_Noreturn void finish(void);

/* -- world.c: objects, spaces and threads ------------------------------------------------- */
typedef struct space {
	cap_t vspace, buffer;
} space_t;

void world_init(void);
const process_maker_t *world_maker(void);
const process_t *world_root(void);

/* The largest memory of the machine, and a part of it of its own to be revoked. */
cap_t world_pool(void);

/* An untyped of the kernel's of at least 2^bits bytes that nobody has asked for yet. */
cap_t world_whole(uint32_t bits);

/* An untyped of 2^bits bytes, out of other memory than the pool's: pieces of it would be left
 * over around one that is as large. */
cap_t world_memory(uint32_t bits);
cap_t make(uint32_t type, uint32_t bits);

/* `value` if it is a handle or DRV_OK, otherwise the end. */
uint32_t must(const char *what, int32_t value);

/* The boot capability that covers a port, or an address of physical memory. */
cap_t find_boot_cap(uint32_t type, uint32_t address);

/* An address space with a copy of this program, the shared pages and stacks. */
space_t space_clone(void);

/* A thread there, not started; stack 0..STACKS-1. */
cap_t thread_make(const space_t *space, uint32_t priority, void (*entry)(void), uint32_t stack);
cap_t thread_start(const space_t *space, uint32_t priority, void (*entry)(void),
		   uint32_t stack);

/* The same at any stack, out of `untyped`, with capability space `home`; no handle of it stays
 * but the one in `keeper`. */
void thread_start_in(const space_t *space, cap_t untyped, cap_t home, cap_t keeper,
		     uint32_t priority, void (*entry)(void), uint32_t stack_top);

/* Waits until somebody signals `done`. */
void wait_done(const char *what);

/* Lets less urgent threads run for some milliseconds. */
void rest(uint32_t timeout_ms);

/* -- ipc.c, caps.c, interrupt.c, driver.c, load.c: the measurements ------------------------ */
void measure_ipc(const space_t *client, const space_t *server);

/* One of its measurements while the kernel records calls, which it goes on doing. */
void measure_traced(const space_t *client, const space_t *server);
void measure_calls(void);
void measure_caps(void);
void measure_process(void);

/* Binds the clock chip's line to a handler in `space`; ends that. */
void interrupt_init(const space_t *space);
void interrupt_end(void);

/* Alarms of row `name`, while a less urgent thread computes, and while the system is idle. */
void measure_interrupt(const char *name);
void measure_idle(const char *name);

/* The same through libcap's event loop, in `space`, with nobody at the line before or after. */
void measure_driver(const space_t *space);

/* The clock chip's line, as a capability that nobody uses yet. */
cap_t interrupt_line(void);

/* What a handler does first: notes the time. And last: tells who waits for it, if anybody. */
static inline void handler_woken(void)
{
	shared_t *s = shared();
	s->woken_at = now64();
	s->woken++;
}

static inline void handler_ends(void)
{
	const shared_t *s = shared();
	if (s->notify)
		notification_signal(s->done, 1);
}

/* Makes the clock chip interrupt once: one period of 2^(rate-1) / 32768 s, less what is over of
 * the cycle under way, from now on. rate: 3..8. */
typedef struct alarm {
	uint64_t before, after; /* around the instruction that sets it */
	uint32_t period;	/* in cycles of 32768 Hz */
	uint32_t seen;		/* alarms before this one */
} alarm_t;
void alarm_set(alarm_t *alarm, uint32_t rate);
bool alarm_came(const alarm_t *alarm);

/* The low half of the counter when the alarm that was set last is due. */
uint32_t alarm_due(void);

/* Waits for it and says it as one of row `name`. */
void alarm_report(const char *name, const alarm_t *alarm);

void measure_loads(const space_t *space, const space_t *other);

#endif
