/* SPDX-License-Identifier: BSD-2-Clause */
/* That what a manifest says is what a driver is judged by: for each field, when the verdict
 * comes with one value of it, and with another. Looks are 50 ms apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/syscall.h"
#include "hands/budget.h"
#include "hands/evidence.h"

enum { THREAD = 1, ENDPOINT, REPLY, LINE, OWN, OWN_REPLY }; /* handles */
#define STEP_MS 50u
#define END_MS	20000u /* nothing is judged later */

static manager_t manager;
static driver_t driver;
static driver_page_t page; /* the driver's own word, which rises whatever it does */
static inspect_thread_t thread;
static inspect_endpoint_t endpoint;
static inspect_reply_t reply;
static inspect_irq_t irq;
static uint32_t throttled;

/* An object's number is its handle. */
err_t cap_inspect(cap_t cap, uint32_t *number, void *evidence, uint32_t size)
{
	static const void *const reports[] = {
	    [THREAD] = &thread, [ENDPOINT] = &endpoint, [REPLY] = &reply, [LINE] = &irq};
	if (number)
		*number = cap;
	if (size)
		memcpy(evidence, reports[cap], size);
	return DRV_OK;
}

err_t thread_set(cap_t cap, enum thread_attribute what, uint32_t value)
{
	assert_int_equal(cap, THREAD);
	assert_int_equal(what, THREAD_BUDGET);
	throttled = value;
	return DRV_OK;
}

err_t thread_read(cap_t cap, thread_registers_t *registers)
{
	(void)cap, (void)registers;
	return DRV_EINVAL;
}

static driver_state_t in_service = STATE_RUNNING;

/* One driver, which waits in its event loop, and has run for as long as it lived. */
static int fresh(void **state)
{
	(void)state;
	memset(&manager, 0, sizeof(manager));
	memset(&driver, 0, sizeof(driver));
	endpoint = (inspect_endpoint_t){0};
	reply = (inspect_reply_t){0};
	irq = (inspect_irq_t){0};
	thread = (inspect_thread_t){.state = INSPECT_RECEIVING, .ticks_per_ms = 1};
	manager.drivers = &driver;
	manager.count = 1;
	manager.endpoint = OWN;
	manager.reply = OWN_REPLY;
	driver.unit.state = in_service;
	driver.unit.generation = 1;
	driver.manifest.heartbeat =
	    (heartbeat_t){.period_ms = 250, .misses = 3, .progress_ms = 750};
	driver.manifest.cpu = (cpu_share_t){.budget_us = 25000, .period_us = 100000};
	driver.manifest.lifecycle = (lifecycle_limits_t){.probe_ms = 500,
							 .init_ms = 2000,
							 .quiesce_ms = 600,
							 .stop_ms = 700,
							 .recover_ms = 1000};
	page = (driver_page_t){0};
	driver.instance = (instance_t){.alive = true,
				       .process = {.thread = THREAD},
				       .endpoint = ENDPOINT,
				       .reply = REPLY,
				       .page = &page};
	return 0;
}

/* Milliseconds until there is a verdict of this kind, of a driver that runs `run` milliseconds
 * of each step and, if it has to, loses `over` lines of its log in it. */
static uint32_t judged_after(verdict_kind_t kind, uint32_t run, uint32_t over)
{
	static verdict_t verdicts[DRIVERS_MAX];
	uint32_t begin_ms = (uint32_t)manager.now_ms;
	for (;;) {
		evidence_look(&manager, verdicts);
		if (verdicts[0].kind == kind)
			return (uint32_t)manager.now_ms - begin_ms;
		if (manager.now_ms - begin_ms >= END_MS)
			return END_MS;
		manager.now_ms += STEP_MS;
		thread.now_ms = thread.since_ms = endpoint.now_ms = reply.now_ms = irq.now_ms =
		    (uint32_t)manager.now_ms;
		thread.run_low += run;
		if (thread.state == INSPECT_READY && !run)
			thread.ready_ms += STEP_MS;
		driver.over += over;
		page.beats++;
		page.work++;
	}
}

static uint32_t spins_after(uint32_t period_ms, uint32_t misses)
{
	fresh(NULL);
	driver.manifest.heartbeat.period_ms = period_ms;
	driver.manifest.heartbeat.misses = misses;
	thread.state = INSPECT_READY;
	return judged_after(VERDICT_SPINS, STEP_MS, 0);
}

static void silence_is_what_the_heartbeat_forgives(void **state)
{
	(void)state;
	assert_int_equal(spins_after(250, 3), 750);
	assert_int_equal(spins_after(100, 3), 300);
	assert_int_equal(spins_after(250, 10), 2500);
}

static uint32_t works_not_after(uint32_t progress_ms, bool tied)
{
	fresh(NULL);
	driver.manifest.heartbeat.progress_ms = progress_ms;
	driver.manifest.heartbeat.period_ms = 10000;
	thread.state = INSPECT_READY;
	reply.tied = tied;
	endpoint.senders = !tied;
	return judged_after(VERDICT_NO_WORK, STEP_MS, 0);
}

static void a_call_waits_for_progress_ms_taken_or_not(void **state)
{
	(void)state;
	for (int tied = 0; tied < 2; tied++) {
		assert_int_equal(works_not_after(750, tied), 750);
		assert_int_equal(works_not_after(200, tied), 200);
		assert_int_equal(works_not_after(0, tied), PROGRESS_MS_DEFAULT);
	}
}

static uint32_t acknowledges_not_after(uint32_t progress_ms, uint32_t ack_ms, bool shared)
{
	fresh(NULL);
	driver.manifest.heartbeat.progress_ms = progress_ms;
	driver.manifest.caps.irq.count = 1;
	driver.manifest.caps.irq.items[0] =
	    (irq_line_t){.line = 5, .shared = shared, .ack_ms = ack_ms};
	driver.instance.lines[0] = LINE;
	irq.claimers = irq.unacknowledged = 1;
	return judged_after(VERDICT_NO_ACK, 0, 0);
}

static void an_acknowledgement_is_due_by_ack_ms_and_progress_ms(void **state)
{
	(void)state;
	assert_int_equal(acknowledges_not_after(750, 20, false), 750);
	assert_int_equal(acknowledges_not_after(200, 20, false), 200);
	assert_int_equal(acknowledges_not_after(0, 20, false), END_MS);
	assert_int_equal(acknowledges_not_after(750, 20, true), 50);
	assert_int_equal(acknowledges_not_after(750, 400, true), 400);
}

static void who_is_quiesced_is_judged_as_who_runs(void **state)
{
	(void)state;
	in_service = STATE_QUIESCED;
	assert_int_equal(spins_after(250, 3), 750);
	assert_int_equal(works_not_after(200, true), 200);
	assert_int_equal(acknowledges_not_after(750, 20, true), 50);
	in_service = STATE_RUNNING;
}

static uint32_t limit_of(driver_state_t state, uint32_t generation)
{
	fresh(NULL);
	driver.unit.state = state;
	driver.unit.generation = generation;
	return judged_after(VERDICT_LIMIT, STEP_MS, 0);
}

static void each_state_has_the_manifests_limit(void **state)
{
	(void)state;
	assert_int_equal(limit_of(STATE_PROBING, 1), 500);
	assert_int_equal(limit_of(STATE_INITIALISING, 1), 2000);
	assert_int_equal(limit_of(STATE_INITIALISING, 2), 3000);
	assert_int_equal(limit_of(STATE_QUIESCING, 1), 600);
	assert_int_equal(limit_of(STATE_STOPPING, 1), 700);
	assert_int_equal(limit_of(STATE_RUNNING, 1), END_MS);
	assert_int_equal(limit_of(STATE_QUIESCED, 1), END_MS);
}

static uint32_t starved_limit_of(driver_state_t state)
{
	fresh(NULL);
	driver.unit.state = state;
	thread.state = INSPECT_READY;
	return judged_after(VERDICT_LIMIT, 0, 0);
}

static void only_who_leaves_has_a_limit_of_all_time(void **state)
{
	(void)state;
	assert_int_equal(starved_limit_of(STATE_PROBING), END_MS);
	assert_int_equal(starved_limit_of(STATE_INITIALISING), END_MS);
	assert_int_equal(starved_limit_of(STATE_QUIESCING), 6000);
	assert_int_equal(starved_limit_of(STATE_STOPPING), 7000);
}

static uint32_t busy_after(uint32_t budget_us, uint32_t period_us, bool essential)
{
	fresh(NULL);
	driver.manifest.cpu.budget_us = budget_us;
	driver.manifest.cpu.period_us = period_us;
	manager.world.rules[0].essential = essential;
	return judged_after(VERDICT_BUSY, STEP_MS / 5, 0);
}

static void a_share_is_used_up_when_the_manifests_is(void **state)
{
	(void)state;
	assert_int_equal(busy_after(20000, 100000, false), VERDICT_BUSY_MS);
	assert_int_equal(busy_after(10000, 50000, false), VERDICT_BUSY_MS);
	assert_int_equal(busy_after(50000, 100000, false), END_MS);
	assert_int_equal(busy_after(20000, 50000, false), END_MS);
	assert_int_equal(busy_after(20000, 100000, true), END_MS);
}

static void lines_beyond_its_share_are_a_flood_but_for_an_essential_one(void **state)
{
	assert_int_equal(judged_after(VERDICT_FLOODS, 0, 1), VERDICT_WINDOW_MS);
	fresh(state);
	assert_int_equal(judged_after(VERDICT_FLOODS, 0, 0), END_MS);
	fresh(state);
	manager.world.rules[0].essential = true;
	assert_int_equal(judged_after(VERDICT_FLOODS, 0, 1), END_MS);
}

static void who_is_throttled_gets_five_in_a_hundred(void **state)
{
	(void)state;
	budget_throttle(&driver);
	assert_int_equal(throttled, THREAD_BUDGET_MS(5, 100));
}

/* Milliseconds since it was in its event loop, as a look at `now_ms` has it. */
static uint32_t heard_ago(uint32_t now_ms)
{
	static verdict_t verdicts[DRIVERS_MAX];
	manager.now_ms = thread.now_ms = now_ms;
	evidence_look(&manager, verdicts);
	return (uint32_t)(manager.now_ms - manager.heard_ms[0]);
}

/* The looks find it outside its event loop each time; the kernel says that it was in it. */
static void who_serves_whenever_it_is_looked_at_was_heard_when_it_last_received(void **state)
{
	(void)state;
	assert_int_equal(heard_ago(100), 0);
	thread.state = INSPECT_READY;
	thread.received_ms = 180;
	assert_int_equal(heard_ago(200), 20);
	assert_int_equal(heard_ago(300), 120); /* not since then */
	thread.state = INSPECT_RECEIVING;
	assert_int_equal(heard_ago(400), 0);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(silence_is_what_the_heartbeat_forgives),
	    TEST(a_call_waits_for_progress_ms_taken_or_not),
	    TEST(an_acknowledgement_is_due_by_ack_ms_and_progress_ms),
	    TEST(who_is_quiesced_is_judged_as_who_runs),
	    TEST(each_state_has_the_manifests_limit),
	    TEST(only_who_leaves_has_a_limit_of_all_time),
	    TEST(a_share_is_used_up_when_the_manifests_is),
	    TEST(lines_beyond_its_share_are_a_flood_but_for_an_essential_one),
	    TEST(who_serves_whenever_it_is_looked_at_was_heard_when_it_last_received),
	    TEST(who_is_throttled_gets_five_in_a_hundred),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
