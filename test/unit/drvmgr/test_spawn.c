/* SPDX-License-Identifier: BSD-2-Clause */
/* What is taken apart of an instance: all that it was made of, and what the manager holds for
 * it, for as many units as there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/syscall.h"
#include "claims/need.h"
#include "hands/budget.h"
#include "hands/grant.h"
#include "hands/memory.h"
#include "hands/spawn.h"

/* Handles. */
enum {
	UNTYPED = 1,
	FRAMES,
	PAGE,
	CONFIG,
	LOG,
	DOOR,
	SIGNAL,
	CONNECTION,
	LINES,
	SUBSCRIBER = LINES + 2,
	CAPS
};
#define THREAD	 52u
#define ENDPOINT 53u

static uint32_t left[CAPS]; /* steps, to revoke what was derived of each */
static uint32_t revoked[CAPS], released[CAPS], released_some[CAPS];
static uint32_t suspended, cancelled;
static driver_t driver;

err_t cap_revoke_some(cap_t cap, uint32_t limit)
{
	assert_in_range(cap, UNTYPED, CONNECTION);
	assert_int_not_equal(limit, 0);
	revoked[cap]++;
	left[cap] -= limit < left[cap] ? limit : left[cap];
	return left[cap] ? DRV_EAGAIN : DRV_OK;
}

err_t cap_release(cap_t cap)
{
	released[cap]++;
	return DRV_OK;
}

err_t cap_release_some(cap_t cap)
{
	released_some[cap]++;
	return DRV_EAGAIN;
}

err_t thread_suspend(cap_t thread)
{
	assert_int_equal(thread, THREAD);
	suspended++;
	return DRV_OK;
}

err_t endpoint_cancel(cap_t endpoint, enum endpoint_cancel mode, err_t error)
{
	assert_int_equal(endpoint, ENDPOINT);
	assert_int_equal(mode, CANCEL_WAITING);
	assert_int_equal(error, DRV_EGONE);
	assert_int_equal(suspended, 1); /* it takes no call any more */
	cancelled++;
	return DRV_OK;
}

/* ---- what is not called here ---- */

err_t memory_map(manager_t *manager, cap_t frame, uint32_t virt)
{
	(void)manager, (void)frame, (void)virt;
	return DRV_ENOTSUP;
}

static uint32_t taken, takes, given_back; /* pieces of memory; how many there are */
static bool makes;			  /* the manager's own objects */

err_t memory_take(manager_t *manager, uint32_t bits, cap_t *untyped)
{
	(void)manager, (void)bits;
	if (taken == takes)
		return DRV_ENOMEM;
	*untyped = ++taken;
	return DRV_OK;
}

void memory_give_back(manager_t *manager, uint32_t bits, cap_t *untyped)
{
	(void)manager, (void)bits;
	given_back += *untyped != CAP_NULL;
	*untyped = CAP_NULL;
}

err_t memory_make(const manager_t *manager, uint32_t type, cap_t *cap)
{
	(void)manager, (void)type, (void)cap;
	return makes ? DRV_OK : DRV_ENOMEM;
}

uint32_t memory_bits(uint32_t bytes)
{
	return bytes;
}

int32_t cap_derive(cap_t cap, uint32_t rights, uint32_t scope0, uint32_t scope1)
{
	(void)cap, (void)rights, (void)scope0, (void)scope1;
	return DRV_ENOTSUP;
}

err_t process_map(const process_maker_t *maker, const process_t *process, cap_t frame,
		  uint32_t virt, uint32_t rights)
{
	(void)maker, (void)process, (void)frame, (void)virt, (void)rights;
	return DRV_ENOTSUP;
}

err_t process_create_some(const process_maker_t *maker, const process_config_t *config,
			  process_build_t *build, uint32_t *units)
{
	(void)maker, (void)config, (void)build, (void)units;
	return DRV_ENOTSUP;
}

err_t budget_begin(manager_t *manager, const driver_t *of)
{
	(void)manager, (void)of;
	return DRV_ENOTSUP;
}

err_t thread_bind(cap_t thread, enum thread_bind what, cap_t cap, uint32_t badge)
{
	(void)thread, (void)what, (void)cap, (void)badge;
	return DRV_ENOTSUP;
}

err_t thread_resume(cap_t thread)
{
	(void)thread;
	return DRV_ENOTSUP;
}

err_t thread_read(cap_t thread, thread_registers_t *registers)
{
	(void)thread, (void)registers;
	return DRV_ENOTSUP;
}

err_t thread_write(cap_t thread, const thread_registers_t *registers)
{
	(void)thread, (void)registers;
	return DRV_ENOTSUP;
}

err_t vspace_map(cap_t vspace, cap_t cap, uint32_t virt, uint32_t rights)
{
	(void)vspace, (void)cap, (void)virt, (void)rights;
	return DRV_ENOTSUP;
}

err_t vspace_unmap(cap_t cap)
{
	(void)cap;
	return DRV_ENOTSUP;
}

err_t notification_signal(cap_t notification, uint32_t bits)
{
	(void)notification, (void)bits;
	return DRV_ENOTSUP;
}

err_t grant_channels(driver_t *to)
{
	(void)to;
	return DRV_ENOTSUP;
}

err_t grant_devices(const manager_t *manager, driver_t *to)
{
	(void)manager, (void)to;
	return DRV_ENOTSUP;
}

err_t grant_irqs(const manager_t *manager, driver_t *to)
{
	(void)manager, (void)to;
	return DRV_ENOTSUP;
}

/* ---- */

static int fresh(void **state)
{
	(void)state;
	memset(left, 0, sizeof(left));
	memset(revoked, 0, sizeof(revoked));
	memset(released, 0, sizeof(released));
	memset(released_some, 0, sizeof(released_some));
	suspended = cancelled = 0;
	driver = (driver_t){.untyped = UNTYPED,
			    .frames = FRAMES,
			    .instance = {.page_frame = PAGE,
					 .config_frame = CONFIG,
					 .log_frame = LOG,
					 .lines = {LINES, LINES + 1},
					 .connections = {[MANIFEST_PLACES] = CONNECTION},
					 .notification = 50,
					 .reply = 51,
					 .endpoint = ENDPOINT,
					 .process = {.thread = THREAD}},
			    .door = {.endpoint = DOOR, .signal = SIGNAL},
			    .subscriber = SUBSCRIBER};
	return 0;
}

static void nothing_is_left_of_an_instance(void **state)
{
	uint32_t at = 0, units = 2 * (CONNECTION - UNTYPED + 1);
	(void)state;
	assert_true(spawn_clear(&driver, &at, &units));
	for (uint32_t cap = UNTYPED; cap <= CONNECTION; cap++)
		assert_int_equal(revoked[cap], 1);
	assert_int_equal(released[CONNECTION], 1);
	assert_int_equal(driver.instance.connections[MANIFEST_PLACES], CAP_NULL);
	assert_int_equal(released[DOOR] + released[SIGNAL], 0); /* the next one's, too */
	for (uint32_t i = 0; i < DRIVER_CAPS_MAX; i++)
		assert_int_equal(driver.instance.lines[i], CAP_NULL);
	assert_int_equal(released[LINES], 1);
	assert_int_equal(released[LINES + 1], 1);
	assert_int_equal(released[CAP_NULL], 0);
	assert_int_equal(driver.instance.notification + driver.instance.reply +
			     driver.instance.process.thread,
			 CAP_NULL);
	/* Again: there is nothing more to release. */
	at = 0;
	units = 100;
	assert_true(spawn_clear(&driver, &at, &units));
	assert_int_equal(released[LINES] + released[LINES + 1], 2);
}

static void of_what_it_sent_one_piece_is_taken_apart(void **state)
{
	uint32_t at = 0, units = 2 * (CONNECTION - UNTYPED + 1);
	(void)state;
	assert_true(spawn_clear(&driver, &at, &units));
	assert_int_equal(released_some[SUBSCRIBER], 1);
	assert_int_equal(released[SUBSCRIBER], 0);
	assert_int_equal(driver.subscriber, CAP_NULL);
	at = 0;
	units = 100;
	assert_true(spawn_clear(&driver, &at, &units));
	assert_int_equal(released_some[SUBSCRIBER], 1);
	assert_int_equal(released_some[CAP_NULL], 0);
}

/* Its lines stay to be asked about until all else is gone. */
static void it_takes_no_more_units_than_there_are(void **state)
{
	uint32_t turns = 0, at = 0;
	(void)state;
	left[FRAMES] = 100;
	for (bool done = false; !done; turns++) {
		uint32_t units = 4;
		assert_in_range(turns, 0, 20);
		assert_int_equal(released[LINES], 0);
		done = spawn_clear(&driver, &at, &units);
		assert_in_range(revoked[FRAMES], 0, 2 * (turns + 1));
		assert_true(done || units == 0);
	}
	assert_int_equal(left[FRAMES], 0);
	assert_in_range(turns, 8, 15);
	assert_int_equal(released[LINES], 1);
}

/* Each call can take as long as any other, whether it finds an end or not; and what is done is
 * not done again. */
static void no_call_is_for_nothing(void **state)
{
	uint32_t at = 0, calls = 0;
	(void)state;
	for (bool done = false; !done;) {
		uint32_t units = 4, before = calls;
		done = spawn_clear(&driver, &at, &units);
		assert_in_range(calls, 0, CAPS); /* or it would never come to an end */
		calls = 0;
		for (uint32_t cap = UNTYPED; cap <= CONNECTION; cap++)
			calls += revoked[cap];
		assert_in_range(calls - before, 0, 2);
	}
	assert_int_equal(calls, CONNECTION - UNTYPED + 1);
}

/* Calls that wait at its endpoint stay there for the next one unless they are to be told. */
static void what_waits_at_its_end_is_told_or_left(void **state)
{
	(void)state;
	for (uint32_t tells = 0; tells < 2; tells++) {
		fresh(NULL);
		spawn_freeze(&driver, tells);
		assert_int_equal(suspended, 1);
		assert_int_equal(cancelled, tells);
	}
}

static void who_is_refused_for_memory_holds_none(void **state)
{
	(void)state;
	for (takes = 0; takes <= 2; takes++) {
		manager_t manager = {0};
		driver_t refused = {0};
		taken = given_back = 0;
		assert_int_equal(spawn_reserve(&manager, &refused), DRV_ENOMEM);
		assert_int_equal(taken, takes);
		assert_int_equal(given_back, takes);
		assert_int_equal(refused.untyped, CAP_NULL);
		assert_int_equal(refused.frames, CAP_NULL);
		assert_int_equal(refused.home[HOME_OBJECTS].untyped, CAP_NULL);
		assert_int_equal(refused.home[HOME_FRAMES].untyped, CAP_NULL);
	}
}

static void what_boot_gives_stays_the_drivers(void **state)
{
	manager_t manager = {0};
	driver_t given = {0};
	(void)state;
	taken = given_back = 0;
	takes = 2;
	makes = true;
	assert_int_equal(spawn_reserve(&manager, &given),
			 DRV_ENOTSUP); /* nothing is mapped here */
	makes = false;
	assert_int_equal(given_back, 0);
	assert_int_equal(given.home[HOME_OBJECTS].untyped, given.untyped);
	assert_int_equal(given.home[HOME_FRAMES].untyped, given.frames);
	assert_int_not_equal(given.untyped, given.frames);
	need_t need = need_of(&given.manifest, &given.plan);
	assert_int_equal(given.home[HOME_OBJECTS].bits, memory_bits(need.objects));
	assert_int_equal(given.home[HOME_FRAMES].bits, memory_bits(need.frames));
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(nothing_is_left_of_an_instance),
	    TEST(of_what_it_sent_one_piece_is_taken_apart),
	    TEST(it_takes_no_more_units_than_there_are),
	    TEST(no_call_is_for_nothing),
	    TEST(what_waits_at_its_end_is_told_or_left),
	    TEST(who_is_refused_for_memory_holds_none),
	    TEST(what_boot_gives_stays_the_drivers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
