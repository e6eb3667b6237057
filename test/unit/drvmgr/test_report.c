/* SPDX-License-Identifier: BSD-2-Clause */
/* What the manager tells of one driver: what it believes, what the driver says, and of its last
 * failure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "doors/report.h"
#include "hands/evidence.h"

enum { DISK, SERVER, OTHER, COUNT };
static manager_t manager;
static driver_t drivers[COUNT];
static told_t told[COUNT];
static driver_page_t page;
static uint32_t server; /* whom DISK waits for */
static manager_report_t report;

uint32_t evidence_server(const manager_t *of, const driver_t *client, uint32_t *for_ms)
{
	assert_ptr_equal(of, &manager);
	assert_ptr_equal(client, &drivers[DISK]);
	*for_ms = 0;
	return server;
}

static int fresh(void **state)
{
	static const char *const names[] = {"disk", "server", "other"};
	(void)state;
	memset(drivers, 0, sizeof(drivers));
	memset(told, 0, sizeof(told));
	memset(&report, 0xff, sizeof(report));
	manager = (manager_t){.count = COUNT, .drivers = drivers, .told = told, .now_ms = 5000};
	server = NOBODY;
	for (uint32_t i = 0; i < COUNT; i++) {
		drivers[i].index = i;
		strcpy(drivers[i].manifest.name, names[i]);
		drivers[i].instance.alive = true;
	}
	drivers[DISK].instance.page = &page;
	drivers[DISK].unit.state = STATE_RUNNING;
	drivers[DISK].unit.generation = 3;
	drivers[DISK].unit.since_ms = 4000;
	drivers[DISK].manifest.heartbeat = (heartbeat_t){.period_ms = 100, .misses = 4};
	manager.heard_ms[DISK] = 4900;
	page.health = (uint32_t)DRV_EIO;
	page.beats = 7;
	page.work = 8;
	page.context.last_error = DRV_EPERM;
	return 0;
}

static void make(void)
{
	report_make(&manager, &drivers[DISK], &report);
}

static void what_is_believed_and_what_is_said_stand_side_by_side(void **state)
{
	(void)state;
	drivers[DISK].unit.named = 1u << VERDICT_BUSY;
	make();
	assert_string_equal(report.status.name, "disk");
	assert_int_equal(report.status.generation, 3);
	assert_int_equal(report.status.beat_age_ms, 100);
	assert_int_equal(report.state_ms, 1000);
	assert_int_equal(report.silence_ms, 400);
	assert_int_equal(report.named, 1u << VERDICT_BUSY);
	assert_string_equal(report.waits_for, "");
	assert_int_equal(report.lives, 1);
	assert_int_equal(report.health, DRV_EIO);
	assert_int_equal(report.call_error, DRV_EPERM);
	assert_int_equal(report.beats, 7);
	assert_int_equal(report.work, 8);
	assert_int_equal(report.failure.generation, 0);
}

/* What is left in its page is of the one before. */
static void who_does_not_live_says_nothing(void **state)
{
	(void)state;
	drivers[DISK].instance.alive = false;
	drivers[DISK].unit.state = STATE_BACKOFF;
	make();
	assert_int_equal(report.lives, 0);
	assert_int_equal(report.health, 0);
	assert_int_equal(report.call_error, 0);
	assert_int_equal(report.beats + report.work + report.silence_ms, 0);
	assert_int_equal(report.status.beat_age_ms, 0);
}

static void another_limit_holds_before_and_after_running(void **state)
{
	(void)state;
	drivers[DISK].unit.state = STATE_INITIALISING;
	make();
	assert_int_equal(report.silence_ms, 0);
}

static void whom_its_call_is_with_is_named(void **state)
{
	(void)state;
	server = OTHER;
	make();
	assert_string_equal(report.waits_for, "other");
	drivers[DISK].instance.alive = false;
	make();
	assert_string_equal(report.waits_for, "");
}

static void versions_are_those_of_manifest_and_binary(void **state)
{
	(void)state;
	drivers[DISK].abi = 5;
	drivers[DISK].manifest.abi = (abi_range_t){.min = 1, .max = 5};
	drivers[DISK].plan.note = (driver_note_t){2, 7, 2, 0x20003};
	drivers[DISK].build_id[19] = 9;
	make();
	assert_int_equal(report.abi, 5);
	assert_int_equal(report.manifest_min * 10 + report.manifest_max, 15);
	assert_int_equal(report.binary_min * 10 + report.binary_max, 27);
	assert_int_equal(report.context, 2);
	assert_int_equal(report.kernel_abi, 0x20003);
	assert_memory_equal(report.build_id, drivers[DISK].build_id, 20);
}

static void fail_by(uint32_t culprit)
{
	told[DISK] = (told_t){.generation = 2,
			      .state = STATE_INITIALISING,
			      .error = DRV_ETIMEDOUT,
			      .culprit = culprit,
			      .at_ms = 4200,
			      .decided = DECIDED_RESTART,
			      .number = 4,
			      .delay_ms = 100,
			      .call_error = DRV_EPERM};
	memset(told[DISK].why, 'w', sizeof(told[DISK].why)); /* without an end */
}

static void the_last_failure_is_told_whole(void **state)
{
	const struct manager_failure *failure = &report.failure;
	(void)state;
	fail_by(SERVER);
	make();
	assert_int_equal(failure->error, DRV_ETIMEDOUT);
	assert_int_equal(failure->generation, 2);
	assert_int_equal(failure->killed, 0);
	assert_int_equal(failure->state, STATE_INITIALISING);
	assert_int_equal(failure->ago_ms, 800);
	assert_int_equal(failure->call_error, DRV_EPERM);
	assert_int_equal(failure->decided, DECIDED_RESTART);
	assert_int_equal(failure->restart, 4);
	assert_int_equal(failure->delay_ms, 100);
	assert_string_equal(failure->culprit, "server");
	assert_int_equal(strlen(failure->why), sizeof(failure->why) - 1);
}

static void its_own_fault_and_nobodys_name_nobody(void **state)
{
	static const uint32_t whose[] = {DISK, NOBODY, COUNT};
	(void)state;
	for (size_t i = 0; i < sizeof(whose) / sizeof(whose[0]); i++) {
		fail_by(whose[i]);
		make();
		assert_string_equal(report.failure.culprit, "");
	}
}

static uint32_t told_state(uint32_t state, bool ends)
{
	drivers[DISK].unit.state = (driver_state_t)state;
	drivers[DISK].unit.ends = ends;
	return report_status(&manager, &drivers[DISK]).state;
}

/* Who holds nothing by its state is told as what it is when that is so. */
static void while_an_end_lasts_a_driver_is_on_its_way(void **state)
{
	(void)state;
	for (uint32_t at = 0; at < STATE_COUNT; at++) {
		assert_int_equal(told_state(at, false), at);
		if (!lifecycle_is_live((driver_state_t)at))
			assert_int_equal(told_state(at, true), at == STATE_RECOVERING
								   ? STATE_RECOVERING
								   : STATE_STOPPING);
	}
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_is_believed_and_what_is_said_stand_side_by_side),
	    TEST(who_does_not_live_says_nothing),
	    TEST(while_an_end_lasts_a_driver_is_on_its_way),
	    TEST(another_limit_holds_before_and_after_running),
	    TEST(whom_its_call_is_with_is_named),
	    TEST(versions_are_those_of_manifest_and_binary),
	    TEST(the_last_failure_is_told_whole),
	    TEST(its_own_fault_and_nobodys_name_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
