/* SPDX-License-Identifier: BSD-2-Clause */
/* Two drivers that run, of which one is given another image: for tests of core/swap.c. */
#ifndef TEST_SWAP_BENCH_H
#define TEST_SWAP_BENCH_H

#include "hands.h"

#include "abi/protocol/driver.h"

#define RESET_MS 10000u

/* A driver that runs, and one beside it. */
static inline int fresh(void **state)
{
	(void)state;
	hands_clear(2);
	hands_settle();
	hands_run(0);
	hands_run(1);
	return 0;
}

static inline void begin(void)
{
	assert_int_equal(core_may_replace(&world, 0), DRV_OK);
	hands[0].second = true;
	core_replace(&world, 0);
	hands_settle();
}

/* It has the other image and begins with it. */
static inline void replace(void)
{
	begin();
	hands_leave(0);
	assert_int_equal(hands[0].image, 1);
	assert_int_equal(units[0].swap, SWAP_PROBATION);
	assert_int_equal(units[0].state, STATE_PROBING);
}

/* The first image is back, and no policy knows of it. */
static inline void came_back(uint32_t generation)
{
	assert_int_equal(hands[0].image, 0);
	assert_int_equal(units[0].swap, SWAP_RETURNED);
	assert_int_equal(units[0].state, STATE_PROBING);
	assert_int_equal(hands[0].generation, generation);
	assert_false(hands[0].forgot);
	assert_int_equal(units[0].history.held, 0);
	assert_int_equal(units[0].history.restarts, 0);
	assert_int_equal(units[0].early_deaths, 0);
	hands_run(0);
	assert_int_equal(hands[1].generation, 1);
}

static inline void prove(uint32_t ms)
{
	hands_pass(ms);
	core_progress(&world, 0);
	hands_settle();
}

#endif
