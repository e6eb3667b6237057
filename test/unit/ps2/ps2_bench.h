/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver's core on the fake PC: a process that begins, runs, is killed and begins again,
 * with interrupts, timers and the page that is kept; and a client that reads by position. */
#ifndef PS2_BENCH_H
#define PS2_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_pc.h"
#include "ps2/controller.h"
#include "ps2/i8042.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define CONFIG_IRQS   (I8042_CONFIG_KBD_IRQ | I8042_CONFIG_AUX_IRQ)
#define BENCH_EVENTS  8192u
#define NOT_DONE      1 /* no DRV_… */
#define STATS	      bench.ps2.turn.stats

typedef struct bench {
	fake_pc_t pc;
	ps2_t ps2;
	DriverContextV2 context;
	bool mouse_given, kept;
	bool running; /* interrupts are bound */
	bool timer;   /* one is set, for: */
	uint64_t timer_us;
	uint32_t generation;
	err_t result;	/* of the operation under way, or NOT_DONE */
	unsigned reads; /* of data, until this happens; 0: nothing does */
	void (*happens)(void);
	void (*tells)(void); /* called where events came, as the driver's glue does; or null */
	/* The client. */
	uint32_t position;
	unsigned overflows;
	input_event_t events[BENCH_EVENTS];
	unsigned count, shown; /* events read; of these, looked at by the test */
	input_state_t held;    /* as it believes, from events and at gaps */
} bench_t;
extern bench_t bench;

/* A machine of that kind, and a page in which nothing is kept. */
void bench_fresh(const fake_personality_t *is);
int bench_emulator(void **state);
int bench_real(void **state);

/* Two rows of a table of tests: with either machine, and each with a name of its own. */
#define ON(machine, test)                                                                      \
	{                                                                                      \
		.name = #test " with " #machine, .test_func = test,                            \
		.setup_func = bench_##machine                                                  \
	}
#define ON_BOTH(test) ON(emulator, test), ON(real, test)

/* A new process: nothing survives but the machine and the kept page. */
void bench_process(void);

/* Feeds one event and performs what comes of it until the driver waits. */
void bench_feed(ps2_event_type_t type, uint8_t byte);

/* An operation, with time until it is done; its result. */
err_t bench_operate(ps2_event_type_t type);

/* Time passes, with interrupts and timers. */
void bench_pass(uint32_t ms);

/* bench_process(), probe, start, and interrupts from then on. */
err_t bench_start(void);

/* Start, and time until both devices are set up or found to be absent. */
void bench_ready(void);

/* Reads all that there is. On DRV_EOVERFLOW: counts it and goes on as a client should. If there
 * is no place left it begins anew. */
void bench_read(void);

/* Did the driver give up while it ran? Its manager starts another one. */
bool bench_failed(void);

/* The events without motion from `from` on: true if they are `count` of these. */
typedef struct bench_key {
	uint16_t code;
	int32_t value;
} bench_key_t;
bool bench_keys_are(unsigned from, const bench_key_t *keys, unsigned count);

/* The sum of all motion along an axis from event `from` on. */
int32_t bench_motion(unsigned from, uint16_t axis);

/* The next event that was read must be this. */
void bench_expect(uint8_t type, uint16_t code, int32_t value);
#define EXPECT_KEY(code, value) bench_expect(INPUT_KEY, code, value)
#define EXPECT_REL(code, value) bench_expect(INPUT_REL, code, value)
void bench_expect_none(void);

/* The key goes down and up, and the driver has time to see it. */
void bench_tap(uint16_t key);

/* Happens to the machine now, and some time passes. */
void bench_happen(fake_happening_t what);
#define HAPPEN(...) bench_happen((fake_happening_t){__VA_ARGS__})

const ps2_state_t *bench_state(void);
uint8_t bench_device(unsigned port); /* enum device_state */

#endif
