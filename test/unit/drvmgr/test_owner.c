/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose object a capability is for: found by its type and number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "doors/owner.h"

#define NUMBER 5000u /* of the object of capability 0, and so on: of the manager's own */

/* The manager's capabilities: the hundreds are the type. */
enum {
	MANAGERS_ENDPOINT = CAP_ENDPOINT * 100,
	A_ENDPOINT,
	B_ENDPOINT,
	MANAGERS_SIGNAL = CAP_NOTIFICATION * 100,
	A_NOTIFICATION,
	B_NOTIFICATION,
	B_REPLY = CAP_REPLY * 100
};

static manager_t manager;
static driver_t drivers[DRIVERS_MAX];

err_t cap_get_info(cap_t cap, cap_info_t *info)
{
	if (!cap)
		return DRV_EBADCAP;
	*info = (cap_info_t){.type = cap / 100, .scope1 = NUMBER + cap};
	return DRV_OK;
}

static const char *owner(uint32_t type, uint32_t number)
{
	cap_info_t info = {.type = type, .rights = RIGHT_WRITE, .scope0 = 3, .scope1 = number};
	return owner_of(&manager, &info);
}

/* "b" lives, "a" does not, and "c" was rejected. */
static int fresh(void **state)
{
	(void)state;
	memset(drivers, 0, sizeof(drivers));
	manager = (manager_t){.drivers = drivers,
			      .count = 3,
			      .endpoint = MANAGERS_ENDPOINT,
			      .signal = MANAGERS_SIGNAL};
	strcpy(drivers[0].manifest.name, "a");
	strcpy(drivers[1].manifest.name, "b");
	strcpy(drivers[2].manifest.name, "c");
	drivers[0].instance = (instance_t){.endpoint = A_ENDPOINT};
	drivers[1].instance = (instance_t){
	    .endpoint = B_ENDPOINT, .notification = B_NOTIFICATION, .reply = B_REPLY};
	return 0;
}

static void an_object_is_its_driver_s_or_the_manager_s(void **state)
{
	(void)state;
	assert_string_equal(owner(CAP_ENDPOINT, NUMBER + MANAGERS_ENDPOINT), "drvmgr");
	assert_string_equal(owner(CAP_NOTIFICATION, NUMBER + MANAGERS_SIGNAL), "drvmgr");
	assert_string_equal(owner(CAP_ENDPOINT, NUMBER + A_ENDPOINT), "a");
	assert_string_equal(owner(CAP_ENDPOINT, NUMBER + B_ENDPOINT), "b");
	assert_string_equal(owner(CAP_NOTIFICATION, NUMBER + B_NOTIFICATION), "b");
	assert_string_equal(owner(CAP_REPLY, NUMBER + B_REPLY), "b");
}

/* A number is that of an endpoint or of something else, whatever the type that is asked for. */
static void what_is_nobody_s_is_not_said_to_be_somebody_s(void **state)
{
	(void)state;
	assert_string_equal(owner(CAP_ENDPOINT, NUMBER), "?");
	assert_string_equal(owner(CAP_NOTIFICATION, NUMBER + A_NOTIFICATION), "?");
	assert_string_equal(owner(CAP_ENDPOINT, NUMBER + B_REPLY), "?");
	assert_string_equal(owner(CAP_REPLY, NUMBER + B_ENDPOINT), "?");
	assert_string_equal(owner(CAP_NOTIFICATION, NUMBER + MANAGERS_ENDPOINT), "?");
	assert_string_equal(owner(CAP_FRAME, NUMBER + B_REPLY), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(an_object_is_its_driver_s_or_the_manager_s, fresh),
	    cmocka_unit_test_setup(what_is_nobody_s_is_not_said_to_be_somebody_s, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
