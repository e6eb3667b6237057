/* SPDX-License-Identifier: BSD-2-Clause */
/* A small machine of made-up threads that stands for the kernel: a step of 10 ms belongs to one
 * thread or to nobody, and the evidence follows from that. */
#ifndef VERDICT_BENCH_H
#define VERDICT_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/verdict.h"

#define COUNT	4u
#define STEP_MS 10u
#define LOOK_MS 50u
#define TICKS	1000u /* a millisecond */
#define SILENCE 750u
#define MANAGER 900u
#define REPLY	901u
#define IDLE	NOBODY

static sight_t sights[COUNT];
static watch_t watches[COUNT];
static watch_t plain[COUNT]; /* the same without a short way for who rests */
static uint32_t rested;	     /* looks that went it */
static verdict_limits_t limits[COUNT];
static verdict_t verdicts[COUNT];
static uint32_t clock_ms;

static int fresh(void **state)
{
	(void)state;
	memset(sights, 0, sizeof(sights));
	memset(watches, 0, sizeof(watches));
	memset(plain, 0, sizeof(plain));
	rested = 0;
	memset(verdicts, 0, sizeof(verdicts));
	clock_ms = 0xffffff00u; /* the clock wraps in the middle */
	for (uint32_t i = 0; i < COUNT; i++) {
		limits[i] = (verdict_limits_t){.silence_ms = SILENCE,
					       .call_ms = 750,
					       .progress_ms = 750,
					       .cpu = {25, 100},
					       .share = {25, 100}};
		for (uint32_t n = 0; n < DRIVER_CAPS_MAX; n++)
			limits[i].ack_ms[n] = 20;
		sights[i] = (sight_t){.alive = true, .endpoint = 10 + i, .reply = 20 + i};
		sights[i].thread = (inspect_thread_t){.state = INSPECT_RECEIVING,
						      .ticks_per_ms = TICKS,
						      .since_ms = clock_ms,
						      .received_ms = clock_ms};
	}
	return 0;
}

static void set_state(uint32_t i, uint32_t state, uint32_t waits_for)
{
	sights[i].thread.state = state;
	sights[i].thread.waits_for = waits_for;
	sights[i].thread.since_ms = clock_ms;
}

static inline void calls(uint32_t i, uint32_t server)
{
	set_state(i, INSPECT_CALLING, 20 + server);
	sights[server].tied = true;
	sights[server].tied_ms = clock_ms;
}

static const bench_t bench = {COUNT, sights, watches, limits, MANAGER, (uint32_t[]){REPLY}, 1};

static const bench_t all_plain = {COUNT, sights, plain, limits, MANAGER, (uint32_t[]){REPLY},
				  1};

static void look_plainly(uint32_t i)
{
	verdict_look(&plain[i], &sights[i], &limits[i]);
	plain[i].rests = false;
}

/* The short way leads to the same verdicts. */
static void look(void)
{
	verdict_t expected[COUNT];
	for (uint32_t i = 0; i < COUNT; i++) {
		if (!sights[i].alive)
			continue;
		look_plainly(i);
		if (verdict_rests(&watches[i], &sights[i]))
			rested++;
		else
			verdict_look(&watches[i], &sights[i], &limits[i]);
	}
	verdict_judge(&all_plain, expected);
	verdict_judge(&bench, verdicts);
	for (uint32_t i = 0; i < COUNT; i++) {
		assert_int_equal(verdicts[i].kind, expected[i].kind);
		assert_int_equal(watches[i].run_ms, plain[i].run_ms);
		if (verdicts[i].kind != VERDICT_WELL)
			assert_memory_equal(&verdicts[i], &expected[i], sizeof(expected[i]));
	}
}

static void run(uint32_t i, uint32_t ms)
{
	uint64_t ticks = (uint64_t)sights[i].thread.run_high << 32 | sights[i].thread.run_low;
	ticks += (uint64_t)ms * TICKS;
	sights[i].thread.run_low = (uint32_t)ticks;
	sights[i].thread.run_high = (uint32_t)(ticks >> 32);
}

/* One step of time, for one thread. Who is ready and does not run waits. */
static void step(uint32_t runs)
{
	clock_ms += STEP_MS;
	for (uint32_t i = 0; i < COUNT; i++) {
		inspect_thread_t *thread = &sights[i].thread;
		thread->now_ms = clock_ms;
		if (thread->state == INSPECT_READY && i != runs)
			thread->ready_ms += STEP_MS;
		if (thread->state == INSPECT_READY)
			thread->since_ms = clock_ms;
	}
	if (runs != IDLE)
		run(runs, STEP_MS);
	if (clock_ms % LOOK_MS < STEP_MS)
		look();
}

/* Lets time pass until somebody is judged so; how long that took, or UINT32_MAX. */
static inline uint32_t until(uint32_t i, verdict_kind_t kind, uint32_t runs, uint32_t most_ms)
{
	for (uint32_t ms = 0; ms < most_ms; ms += STEP_MS) {
		step(runs);
		if (verdicts[i].kind == kind)
			return ms + STEP_MS;
	}
	return UINT32_MAX;
}

static void assert_well(uint32_t i)
{
	assert_int_equal(verdicts[i].kind, VERDICT_WELL);
}

#define assert_between(value, low, high)                                                       \
	do {                                                                                   \
		uint32_t value_ = (value);                                                     \
		assert_true(value_ >= (low) && value_ <= (high));                              \
	} while (0)

#define TEST(name) cmocka_unit_test_setup(name, fresh)

#endif
