/* SPDX-License-Identifier: BSD-2-Clause */
/* How near a driver came to its limits, and what is remembered for that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/margin.h"

static watch_t watch;
static verdict_limits_t limits;
static unit_t unit;
static policy_t policy;
static manager_margin_t rows[MARGIN_COUNT];
static uint32_t count;

static int fresh(void **state)
{
	(void)state;
	memset(&watch, 0, sizeof(watch));
	unit = (unit_t){.state = STATE_RUNNING, .since_ms = 500};
	limits = (verdict_limits_t){
	    .silence_ms = 750, .call_ms = 700, .cpu = {25, 100}, .ack_ms = {20, 10}};
	policy = (policy_t){.kind = POLICY_ON_FAILURE, .burst = 5, .window_ms = 60000};
	return 0;
}

static const manager_margin_t *find(uint32_t rule)
{
	count = margins_of(&watch, &limits, &unit, &policy, 1000, rows);
	assert_true(count <= MARGIN_COUNT);
	for (uint32_t i = 0; i < count; i++)
		if (rows[i].rule == rule)
			return &rows[i];
	return NULL;
}

static void expect(uint32_t rule, uint32_t value, uint32_t limit)
{
	const manager_margin_t *row = find(rule);
	assert_non_null(row);
	assert_int_equal(row->value, value);
	assert_int_equal(row->limit, limit);
}

static void each_limit_has_its_row(void **state)
{
	(void)state;
	watch.silent.most_ms = 600;
	watch.call.most_ms = 5;
	watch.queue.most_ms = 30;
	watch.line_count = 2;
	watch.lines[0].owed.most_ms = 8;
	watch.lines[1].owed.most_ms = 5; /* of 10, which is nearer than 8 of 20 */
	watch.most_run_ms = 11;
	watch.most_sent = 77;
	unit.history = (policy_history_t){.ever_ran = true, .held = 2, .failures = {1, 900}};
	expect(MARGIN_SILENCE, 600, 750);
	expect(MARGIN_CALL, 30, 700);
	expect(MARGIN_ACK, 5, 10);
	expect(MARGIN_PROCESSOR, 11, 25);
	expect(MARGIN_SENT, 77, VERDICT_MOST_SENT);
	expect(MARGIN_FAILURES, 2, 5);
	assert_null(find(MARGIN_STATE));
	assert_null(find(MARGIN_EARLY));
}

static void what_has_no_limit_has_no_row(void **state)
{
	(void)state;
	limits = (verdict_limits_t){.state_ms = 2000};
	unit.state = STATE_INITIALISING;
	expect(MARGIN_STATE, 500, 2000);
	expect(MARGIN_EARLY, 0, POLICY_EARLY_RESTARTS);
	assert_null(find(MARGIN_SILENCE));
	assert_null(find(MARGIN_ACK));
	assert_null(find(MARGIN_PROCESSOR));
	policy.kind = POLICY_NEVER;
	assert_null(find(MARGIN_FAILURES));
	assert_null(find(MARGIN_EARLY));
}

static void one_that_does_not_live_has_its_history_alone(void **state)
{
	(void)state;
	unit.state = STATE_BACKOFF;
	unit.history = (policy_history_t){.restarts = 1, .held = 1, .failures = {990}};
	expect(MARGIN_EARLY, 1, POLICY_EARLY_RESTARTS);
	expect(MARGIN_FAILURES, 1, 5);
	assert_int_equal(count, 2);
}

/* As long as its instance lives. */
static void the_most_that_was_seen_is_remembered(void **state)
{
	sight_t sight = {.alive = true};
	inspect_thread_t *thread = &sight.thread;
	(void)state;
	thread->ticks_per_ms = 1000;
	thread->state = INSPECT_READY;
	for (uint32_t now = 100; now <= 400; now += 100) { /* out of its loop for 300 ms */
		thread->now_ms = thread->since_ms = now;
		thread->run_low += 30 * 1000;
		thread->messages += 7;
		verdict_look(&watch, &sight, &limits);
	}
	assert_int_equal(watch.silent.most_ms, 300);
	assert_int_equal(watch.most_run_ms, 30);
	assert_int_equal(watch.most_sent, 7);
	thread->now_ms = thread->since_ms = 600; /* twice as long a window, of which half */
	thread->run_low += 100 * 1000;
	verdict_look(&watch, &sight, &limits);
	assert_int_equal(watch.most_run_ms, 50);
	thread->now_ms = thread->since_ms = 700; /* ticks were left out */
	thread->run_low += 1773 * 1000;
	verdict_look(&watch, &sight, &limits);
	assert_int_equal(watch.most_run_ms, VERDICT_WINDOW_MS);
	watch.silent.most_ms = 300;
	for (uint32_t now = 800; now <= 1100; now += 100) {
		thread->state = INSPECT_RECEIVING;
		thread->now_ms = thread->received_ms = now;
		verdict_look(&watch, &sight, &limits);
	}
	assert_int_equal(watch.silent.most_ms, 300);
	verdict_live(&watch);
	assert_int_equal(watch.silent.most_ms + watch.most_run_ms + watch.most_sent, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(each_limit_has_its_row),
	    TEST(what_has_no_limit_has_no_row),
	    TEST(one_that_does_not_live_has_its_history_alone),
	    TEST(the_most_that_was_seen_is_remembered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
