/* SPDX-License-Identifier: BSD-2-Clause */
/* Time limits of many threads: a tick, which has interrupts off, serves so many and goes on
 * with the rest in the next one. */
#include "pair.h"

#define CROWD	   70u
#define TICK_WAKES 64u

static void a_crowd_that_is_due_at_once_is_woken_in_portions(void **state)
{
	(void)state;
	static tcb_t *crowd[CROWD];
	cap_t handle = give(&p, make(CAP_NOTIFICATION, 0), RIGHT_READ, 0);
	for (uint32_t i = 0; i < CROWD; i++) {
		crowd[i] = thread_in(&p);
		blocks(crowd[i], SYS_NOTIFICATION_WAIT, handle, 5, 0, 0);
	}
	ticks(5);
	assert_int_equal(kernel.audit.timers, CROWD);
	ticks(1);
	assert_int_equal(kernel.audit.timers, CROWD - TICK_WAKES);
	ticks(1);
	assert_int_equal(kernel.audit.timers, 0);
	for (uint32_t i = 0; i < CROWD; i++)
		assert_int_equal(answer(crowd[i]), DRV_ETIMEDOUT);
}

#define TICK_LOOKS 1024u
#define STRANGERS  (TICK_LOOKS + 100)
#define LAP	   256u

/* Threads with limits, in no other way real: in a lap of the wheel they meet `due`. */
static tcb_t strangers[STRANGERS];

static void add_strangers(uint32_t timeout_ms)
{
	memset(strangers, 0, sizeof(strangers));
	for (uint32_t i = 0; i < STRANGERS; i++)
		timer_add(&strangers[i], timeout_ms + LAP);
}

static void remove_strangers(void)
{
	for (uint32_t i = 0; i < STRANGERS; i++)
		timer_remove(&strangers[i]);
	assert_int_equal(kernel.audit.timers, 0);
}

static void a_tick_looks_at_so_many_threads_and_goes_on_there(void **state)
{
	(void)state;
	cap_t handle = give(&p, make(CAP_NOTIFICATION, 0), RIGHT_READ, 0);
	blocks(p.tcb, SYS_NOTIFICATION_WAIT, handle, 5, 0, 0);
	tcb_t *later = thread_in(&p);
	blocks(later, SYS_NOTIFICATION_WAIT, handle, 6, 0, 0);
	add_strangers(5);
	ticks(6);
	assert_int_equal(answer(p.tcb), BLOCKED); /* behind those who joined the bucket later */
	ticks(1);
	assert_int_equal(answer(p.tcb), DRV_ETIMEDOUT);
	assert_int_equal(answer(later), DRV_ETIMEDOUT);
	assert_int_equal(kernel.timers.swept_ms, kernel.timers.now_ms);
	remove_strangers();
}

static void who_stops_its_limit_is_passed_by_the_sweep(void **state)
{
	(void)state;
	cap_t handle = give(&p, make(CAP_NOTIFICATION, 0), RIGHT_READ, 0);
	blocks(p.tcb, SYS_NOTIFICATION_WAIT, handle, 5, 0, 0);
	add_strangers(5);
	ticks(6);
	tcb_t *next = kernel.timers.at;
	assert_non_null(next);
	timer_remove(next);
	next->timer_next = next; /* whoever believes it goes round for ever */
	ticks(1);
	assert_int_equal(answer(p.tcb), DRV_ETIMEDOUT);
	next->timer_next = NULL;
	timer_add(next, LAP);
	remove_strangers();
}

/* Who holds the sweep up once must not be able to begin it again. */
static void a_sweep_that_has_nobody_left_is_over(void **state)
{
	(void)state;
	cap_t handle = give(&p, make(CAP_NOTIFICATION, 0), RIGHT_READ, 0);
	blocks(p.tcb, SYS_NOTIFICATION_WAIT, handle, 6, 0, 0);
	add_strangers(5);
	ticks(6);
	while (kernel.timers.at)
		timer_remove(kernel.timers.at);
	assert_int_equal(kernel.audit.timers, TICK_LOOKS + 1);
	ticks(1);
	assert_int_equal(answer(p.tcb), DRV_ETIMEDOUT);
	for (uint32_t i = 0; i < STRANGERS; i++)
		if (!strangers[i].timed)
			timer_add(&strangers[i], LAP);
	remove_strangers();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_crowd_that_is_due_at_once_is_woken_in_portions),
	    TEST(a_tick_looks_at_so_many_threads_and_goes_on_there),
	    TEST(who_stops_its_limit_is_passed_by_the_sweep),
	    TEST(a_sweep_that_has_nobody_left_is_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
