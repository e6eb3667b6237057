/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's timers. Times are 32-bit milliseconds that wrap: a timer may be set for half of
 * what they count, DRIVER_TIMER_MAX_MS. Where none is set, nobody is asked for the time. */
#include "private.h"

uint32_t driver_now_ms(void)
{
	runtime.turn_knows = true;
	return runtime.turn_ms = clock_ms();
}

uint32_t driver_turn_ms(void)
{
	return runtime.turn_knows ? runtime.turn_ms : driver_now_ms();
}

static void set(unsigned index, uint32_t at_ms)
{
	if (runtime.quiet)
		return;
	runtime.timers |= 1u << index;
	runtime.timer_at[index] = at_ms;
}

void timers_set(unsigned index, uint32_t ms)
{
	runtime.timers &= ~(1u << index);
	if (ms != DRIVER_NO_TIMER)
		set(index,
		    driver_now_ms() + (ms < DRIVER_TIMER_MAX_MS ? ms : DRIVER_TIMER_MAX_MS));
}

void driver_set_timer_at(uint32_t at_ms)
{
	set(TIMER_PLAIN, at_ms);
}

void driver_set_timer(uint32_t ms)
{
	timers_set(TIMER_PLAIN, ms);
}

err_t driver_timer_set(unsigned index, uint32_t ms)
{
	if (index >= DRIVER_TIMERS)
		return cap_failed(DRV_EINVAL);
	timers_set(index, ms);
	return DRV_OK;
}

/* How long until the time of a timer that is set, which is `now` or later; 0: it has come. */
static uint32_t left(unsigned index, uint32_t now)
{
	int32_t ms = (int32_t)(runtime.timer_at[index] - now);
	return ms > 0 ? (uint32_t)ms : 0;
}

/* The answer lies where messages that the driver sends will. */
static void give_answer(void)
{
	if (runtime.answer)
		ipc_reply(driver_page()->reply, runtime.answer);
	runtime.answer = NULL;
}

static void call_back(unsigned index)
{
	const driver_ops_t *ops = runtime.ops;
	give_answer();
	driver_page()->work++;
	if (index == TIMER_SIGNALS)
		runtime.signal(0);
	else if (index == TIMER_PLAIN && ops->timer)
		ops->timer();
	else if (index != TIMER_PLAIN && ops->timed)
		ops->timed(index);
}

/* One that is set again for now, by its own callback or another's, has its turn next time. */
static void call_due(uint32_t due, uint32_t now)
{
	for (; due; due &= due - 1) {
		unsigned index = (unsigned)__builtin_ctz(due);
		if (!(runtime.timers >> index & 1) || left(index, now))
			continue;
		runtime.timers &= ~(1u << index);
		call_back(index);
	}
}

/* Whoever read the clock in this turn read it for all. Time has passed since, but no more than
 * the turn took: what comes late by it is no timer that was set from then on. */
__attribute__((cold, noinline)) static uint32_t take_due(void)
{
	uint32_t now = runtime.turn_knows ? runtime.turn_ms : clock_ms();
	uint32_t due = 0, least = TIMEOUT_FOREVER;
	for (uint32_t set = runtime.timers; set; set &= set - 1) {
		uint32_t ms = left((unsigned)__builtin_ctz(set), now);
		if (!ms)
			due |= set & -set;
		if (ms < least)
			least = ms;
	}
	call_due(due, now);
	return least;
}

uint32_t timers_take(void)
{
	uint32_t least = runtime.timers ? take_due() : TIMEOUT_FOREVER;
	runtime.turn_knows = false;
	return least;
}
