/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom a reset or a quiesce is about, doors/verbs.h: who is named, or the sender. Who may ask
 * by name, test_service_rights.c says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "doors/verbs.h"
#include "hands/evidence.h"

enum { SENDER, OTHER, COUNT };

static manager_t manager;
static driver_t drivers[COUNT];
static log_t text;
static bool is_asked; /* the sender, by an operator, as the kernel says */

bool evidence_is_asked(const manager_t *of, const driver_t *driver)
{
	assert_ptr_equal(driver, &of->drivers[SENDER]);
	return is_asked;
}

/* All run; "sender" has the operator's right. */
static int fresh(void **state)
{
	static const char *const names[COUNT] = {"sender", "other"};
	(void)state;
	memset(drivers, 0, sizeof(drivers));
	memset(&text, 0, sizeof(text));
	manager = (manager_t){.drivers = drivers, .count = COUNT, .log = &text};
	manager.world.count = COUNT;
	for (uint32_t i = 0; i < COUNT; i++) {
		drivers[i].index = i;
		drivers[i].unit.state = STATE_RUNNING;
		strcpy(drivers[i].manifest.name, names[i]);
		manager.world.units[i] = &drivers[i].unit;
	}
	strcpy(drivers[SENDER].manifest.uses.items[0], MANIFEST_OPERATOR);
	drivers[SENDER].manifest.uses.count = 1;
	is_asked = false;
	return 0;
}

static err_t ask(int32_t (*verb)(request_t *request), const char *name)
{
	char copy[MANAGER_NAME_MAX + 1];
	request_t request = {.manager = &manager,
			     .sender = &drivers[SENDER],
			     .name = strcpy(copy, name),
			     .length = (uint32_t)strlen(name)};
	return verb(&request);
}

/* Of which is wanted what? */
static void check(uint32_t resets, uint32_t quiesced)
{
	for (uint32_t i = 0; i < COUNT; i++) {
		assert_int_equal(drivers[i].unit.resets, i == resets);
		assert_int_equal(drivers[i].unit.wanted == WANTED_QUIESCED, i == quiesced);
	}
}

static void who_is_named_is_meant(void **state)
{
	fresh(state);
	assert_int_equal(ask(verb_reset, "other"), DRV_OK);
	check(OTHER, NOBODY);
	fresh(state);
	assert_int_equal(ask(verb_quiesce, "other"), DRV_OK);
	check(NOBODY, OTHER);
	assert_int_equal(ask(verb_quiesce, "nobody"), DRV_ENOENT);
	drivers[OTHER].unit.state = STATE_STOPPED;
	assert_int_equal(ask(verb_reset, "other"), DRV_EBUSY);
}

/* The operator's right does not help, and is not needed. */
static void a_restart_is_of_the_driver_that_is_named(void **state)
{
	(void)state;
	assert_int_equal(ask(verb_restart, "other"), DRV_OK);
	assert_true(drivers[OTHER].unit.anew && !drivers[SENDER].unit.anew);
	assert_int_equal(ask(verb_restart, "nobody"), DRV_ENOENT);
	*drivers[OTHER].manifest.name = '\0'; /* a place that is empty has no name */
	assert_int_equal(ask(verb_restart, ""), DRV_ENOENT);
	strcpy(drivers[OTHER].manifest.name, "other");
	drivers[OTHER].unit.state = STATE_STOPPED;
	assert_int_equal(ask(verb_restart, "other"), DRV_EBUSY);
}

static void only_who_is_quarantined_is_cleared(void **state)
{
	(void)state;
	for (uint32_t at = 0; at < STATE_COUNT; at++) {
		bool is = at == STATE_QUARANTINED;
		drivers[OTHER].accepted = true;
		drivers[OTHER].unit.state = (driver_state_t)at;
		drivers[OTHER].unit.wanted = WANTED_STOPPED;
		assert_int_equal(ask(verb_clear, "other"), is ? DRV_OK : DRV_EBUSY);
		assert_int_equal(drivers[OTHER].unit.wanted, is ? WANTED_UP : WANTED_STOPPED);
	}
	assert_int_equal(ask(verb_clear, "nobody"), DRV_ENOENT);
}

static void without_a_name_it_is_the_sender_if_an_operator_waits_for_it(void **state)
{
	int32_t (*const verbs[])(request_t *) = {verb_reset, verb_quiesce};
	for (size_t i = 0; i < 2; i++) {
		fresh(state);
		assert_int_equal(ask(verbs[i], ""), DRV_EPERM);
		check(NOBODY, NOBODY);
		drivers[SENDER].manifest.uses.count = 0;
		is_asked = true;
		assert_int_equal(ask(verbs[i], ""), DRV_OK);
		check(i == 0 ? SENDER : NOBODY, i == 1 ? SENDER : NOBODY);
	}
}

static void a_hold_that_ends_is_told_and_one_that_stays_is_not(void **state)
{
	(void)state;
	drivers[OTHER].unit.wanted = WANTED_HELD;
	assert_int_equal(ask(verb_reset, "other"), DRV_OK);
	assert_int_equal(drivers[OTHER].unit.wanted, WANTED_HELD);
	assert_int_equal(text.head, 0);
	assert_int_equal(ask(verb_quiesce, "other"), DRV_OK);
	assert_string_equal(text.text, "drvmgr: other: is released\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, fresh)
	    TEST(who_is_named_is_meant),
	    TEST(a_restart_is_of_the_driver_that_is_named),
	    TEST(only_who_is_quarantined_is_cleared),
	    TEST(without_a_name_it_is_the_sender_if_an_operator_waits_for_it),
	    TEST(a_hold_that_ends_is_told_and_one_that_stays_is_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
