/* SPDX-License-Identifier: BSD-2-Clause */
/* The manager's answers: what they hold besides what they are to hold, and who gets them. Only
 * calls that need nobody else are made; the rest of the manager is stood for by functions that
 * do nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/syscall.h"

/* The buffer has a fixed address in the machine, which the host may use for something else. */
static message_buffer_t buffer;
#define message_buffer() (&buffer)
#include "doors/service.c"
#include "not_asked.h"

#define OLD 0xa5u /* what earlier messages left in the buffer */

static manager_t manager;
static driver_t drivers[DRIVERS_MAX];
static boot_info_t boot;

int32_t grant_connection(driver_t *driver, uint32_t place, const driver_t *server,
			 uint32_t badge)
{
	(void)driver, (void)place, (void)server, (void)badge;
	return DRV_EBADCAP;
}

err_t cap_release_some(cap_t cap)
{
	(void)cap;
	return DRV_OK;
}

err_t cap_release(cap_t cap)
{
	return cap_release_some(cap);
}

err_t cspace_list(cap_t cspace, cap_t *handle, cap_info_t *info)
{
	(void)cspace, (void)handle;
	*info = (cap_info_t){.type = CAP_FRAME, .rights = RIGHT_READ};
	return DRV_OK;
}

#define AUDIT_CAP 77u

err_t cap_inspect(cap_t cap, uint32_t *number, void *report, uint32_t size)
{
	(void)cap, (void)number, (void)report, (void)size;
	return DRV_EBADCAP;
}

err_t cap_get_info(cap_t cap, cap_info_t *info)
{
	(void)cap, (void)info;
	return DRV_EBADCAP;
}

err_t audit_read(cap_t audit, audit_report_t *report)
{
	assert_int_equal(audit, AUDIT_CAP);
	memset(report, 1, sizeof(*report));
	return DRV_OK;
}

err_t cap_pio_write8(cap_t cap, uint16_t port, uint8_t value)
{
	(void)cap, (void)port, (void)value;
	return DRV_EBADCAP;
}

err_t notification_signal(cap_t notification, uint32_t bits)
{
	(void)notification, (void)bits;
	return DRV_OK;
}

cap_t grant_master_port(const manager_t *of, uint16_t port)
{
	(void)of, (void)port;
	return CAP_NULL;
}

void supervisor_excess(manager_t *of, driver_t *driver, const driver_t *victim, bool goes_on)
{
	(void)of, (void)driver, (void)victim, (void)goes_on;
}

void supervisor_fail(manager_t *of, driver_t *who, death_kind_t kind, err_t err, const char *w)
{
	(void)of, (void)who, (void)kind, (void)err, (void)w;
}

void wire_taken(manager_t *of, uint32_t position)
{
	(void)of, (void)position;
}

uint32_t wire_position(void)
{
	return 0;
}

static int fresh(void **state)
{
	(void)state;
	static log_t log;
	memset(drivers, 0, sizeof(drivers));
	memset(&manager, 0, sizeof(manager));
	manager.drivers = drivers;
	memset(&log, 0, sizeof(log));
	manager.log = &log;
	manager.boot = &boot;
	boot.caps[BOOT_CAP_AUDIT].cap = AUDIT_CAP;
	manager.count = 1;
	driver_t *driver = &drivers[0];
	driver->instance.alive = true;
	strcpy(driver->manifest.name, "d");
	strcpy(driver->manifest.uses.items[0], MANIFEST_OPERATOR);
	driver->manifest.uses.count = 1;
	return 0;
}

/* Calls with the text "d", which is a name. All data that comes back is the first `bytes`
 * bytes, or zeros. */
static void check_answer(uint32_t label, uint32_t word1, uint32_t bytes)
{
	message_t message = {.info = MSG_INFO(label, DRIVER_DATA_WORD + 1, 0), .word1 = word1};
	memset(&buffer, OLD, sizeof(buffer));
	buffer.words[DRIVER_DATA_WORD] = 'd';
	service_request(&manager, &drivers[0], &message);
	assert_int_equal((int32_t)message.word0, bytes);
	uint32_t sent = (MSG_WORD_COUNT(message.info) - DRIVER_DATA_WORD) * 4;
	assert_in_range(sent, bytes, bytes + 3);
	const uint8_t *data = (const uint8_t *)&buffer.words[DRIVER_DATA_WORD];
	for (uint32_t i = 0; i < sent; i++)
		assert_true(i < bytes ? data[i] && data[i] != OLD : data[i] == 0);
}

static void the_command_line_is_followed_by_nothing_of_others(void **state)
{
	(void)state;
	for (uint32_t bytes = 0; bytes <= 9; bytes++) {
		memset(boot.cmdline, 0, sizeof(boot.cmdline));
		memset(boot.cmdline, 'c', bytes);
		check_answer(MANAGER_CMDLINE, 0, bytes);
	}
}

static void the_log_is_followed_by_nothing_of_others(void **state)
{
	(void)state;
	manager_log_line(&manager, "a line of the log");
	for (uint32_t bytes = 0; bytes <= 9; bytes++)
		check_answer(MANAGER_LOG_READ, bytes, bytes);
}

static err_t refused_without_operator(uint32_t label)
{
	message_t message = {.info = MSG_INFO(label, DRIVER_DATA_WORD, 0), .word1 = 80};
	drivers[0].manifest.uses.count = 0;
	service_request(&manager, &drivers[0], &message);
	assert_int_equal(MSG_WORD_COUNT(message.info), DRIVER_DATA_WORD);
	return (err_t)message.word0;
}

static void the_log_is_for_operators(void **state)
{
	(void)state;
	manager_log_line(&manager, "input: key a down");
	assert_int_equal(refused_without_operator(MANAGER_LOG_READ), DRV_EPERM);
	assert_int_equal(refused_without_operator(MANAGER_LOG_WRITTEN), DRV_EPERM);
	assert_int_equal(refused_without_operator(MANAGER_LOG_RECORDS), DRV_EPERM);
}

/* Asks for the rows from `first` on and returns how many came. */
static uint32_t rows_from(uint32_t first)
{
	message_t message = {.info = MSG_INFO(MANAGER_STATUS, DRIVER_DATA_WORD, 0),
			     .word0 = first};
	const manager_status_t *rows = (const void *)&buffer.words[DRIVER_DATA_WORD];
	memset(&buffer, OLD, sizeof(buffer));
	service_request(&manager, &drivers[0], &message);
	if ((int32_t)message.word0 == DRV_ENOENT)
		return 0;
	assert_int_equal((int32_t)message.word0, DRV_OK);
	assert_int_equal(MSG_WORD_COUNT(message.info),
			 DRIVER_DATA_WORD + message.word1 * sizeof(*rows) / 4);
	for (uint32_t i = 0; i < message.word1; i++) {
		assert_int_equal(rows[i].index, first + i);
		assert_int_equal(rows[i].generation, 100 + first + i);
	}
	return message.word1;
}

static void one_answer_has_as_many_rows_as_fit(void **state)
{
	(void)state;
	manager.count = MANAGER_STATUS_ROWS + 3;
	for (uint32_t i = 0; i < manager.count; i++)
		drivers[i] =
		    (driver_t){.index = i, .manifest.name = "one", .unit.generation = 100 + i};
	assert_int_equal(rows_from(0), MANAGER_STATUS_ROWS);
	assert_int_equal(rows_from(MANAGER_STATUS_ROWS), 3);
	assert_int_equal(rows_from(manager.count - 1), 1);
	assert_int_equal(rows_from(manager.count) + rows_from(UINT32_MAX), 0);
	drivers[manager.count - 1].manifest.name[0] = 0; /* of an empty place nothing is told */
	assert_int_equal(rows_from(manager.count - 2), 1);
}

/* Asks why driver "d", which requires "disk", does not run. */
static const char *explained(void)
{
	static char text[MANAGER_TEXT_MAX + 1];
	message_t message = {.info = MSG_INFO(MANAGER_EXPLAIN, DRIVER_DATA_WORD + 1, 0),
			     .word0 = 1};
	buffer.words[DRIVER_DATA_WORD] = 'd';
	service_request(&manager, &drivers[0], &message);
	int32_t count = (int32_t)message.word0;
	assert_in_range(count, 0, MANAGER_TEXT_MAX);
	memcpy(text, &buffer.words[DRIVER_DATA_WORD], (size_t)count);
	text[count] = '\0';
	return text;
}

static void a_driver_that_waits_says_for_what(void **state)
{
	(void)state;
	driver_t *driver = &drivers[0];
	strcpy(driver->manifest.needs.items[0], "disk");
	driver->manifest.needs.count = 1;
	manager.world.count = 1;
	manager.world.units[0] = &driver->unit;
	manager.world.rules[0] = (rules_t){.requires_count = 1, .requires = {UNITS_MAX}};
	driver->unit.state = STATE_RUNNING;
	assert_string_equal(explained(), "");
	driver->unit.state = STATE_WAITING;
	assert_string_equal(explained(), "requires disk, which nobody provides");
	assert_int_equal(refused_without_operator(MANAGER_EXPLAIN), DRV_EPERM);
}

static void a_driver_that_does_not_run_says_why(void **state)
{
	(void)state;
	driver_t *driver = &drivers[0];
	unit_t *unit = &driver->unit;
	strcpy(drivers[1].manifest.name, "other");
	manager.count = 2;
	manager.now_ms = 1000;
	strcpy(driver->refused, "1:22: name: is missing");
	*unit = (unit_t){.state = STATE_REJECTED, .last_culprit = NOBODY};
	assert_string_equal(explained(), "1:22: name: is missing");
	unit->state = STATE_QUARANTINED;
	unit->last_error = DRV_EFAULT;
	assert_string_equal(explained(), "failed with DRV_EFAULT (a fault of the processor) "
					 "and was given up; `start d` tries again");
	unit->last_error = DRV_ETIMEDOUT;
	unit->last_culprit = 1;
	assert_string_equal(explained(), "failed with DRV_ETIMEDOUT (timed out) because of "
					 "other and was given up; `start d` tries again");
	unit->named = 1u << VERDICT_SPINS | 1u << VERDICT_BUSY;
	unit->last_culprit = NOBODY;
	assert_string_equal(explained(),
			    "failed with DRV_ETIMEDOUT (spins: it ran and did not come back to "
			    "its event loop) and was given up; `start d` tries again");
	unit->named = 1u << VERDICT_BUSY; /* which is no failure */
	unit->state = STATE_BACKOFF;
	unit->last_error = DRV_EGONE;
	unit->until_ms = 1100;
	unit->last_culprit = NOBODY;
	assert_string_equal(explained(), "failed with DRV_EGONE (it exited); starts in 100 ms");
	manager.now_ms = 1101;
	unit->last_killed = true;
	assert_string_equal(explained(), "was killed by the operator; starts in 0 ms");
	unit->last_killed = false; /* its policy is always */
	unit->end_event = EVENT_EXIT;
	assert_string_equal(explained(), "exited; starts in 0 ms");
	unit->state = STATE_QUARANTINED;
	assert_string_equal(explained(), "exited and was given up; `start d` tries again");
	unit->state = STATE_ABSENT;
	assert_string_equal(explained(), "found no device; `start d` looks again");
	unit->state = STATE_STOPPED;
	unit->wanted = WANTED_STOPPED;
	assert_string_equal(explained(), "was stopped by the operator");
	unit->wanted = WANTED_ENDED;
	assert_string_equal(explained(), "ended by itself");
	unit->wanted = WANTED_AWAY;
	assert_string_equal(explained(), "is away: the manager needs its hardware for the log");
	unit->wanted = WANTED_HELD_AWAY;
	assert_string_equal(explained(),
			    "is held; is away: the manager needs its hardware for the log");
	unit->state = STATE_QUIESCED;
	unit->wanted = WANTED_QUIESCED;
	assert_string_equal(explained(), "does nothing until `start d` sets it up afresh");
	unit->wanted = WANTED_UP;
	for (uint32_t other = 0; other < STATE_COUNT; other++) {
		unit->state = (driver_state_t)other;
		if ((lifecycle_holds(unit->state) & HOLDS_PROCESS) && other != STATE_QUIESCED)
			assert_string_equal(explained(), "");
	}
}

/* Asks `label` about driver "d". */
static err_t asked(uint32_t label)
{
	message_t message = {.info = MSG_INFO(label, DRIVER_DATA_WORD + 1, 0), .word0 = 1};
	buffer.words[DRIVER_DATA_WORD] = 'd';
	service_request(&manager, &drivers[0], &message);
	return (err_t)message.word0;
}

static void an_operator_holds_a_driver_and_releases_it(void **state)
{
	(void)state;
	driver_t *driver = &drivers[0];
	manager.world.count = 1;
	manager.world.units[0] = &driver->unit;
	driver->accepted = true;
	driver->unit.state = STATE_RUNNING;
	assert_int_equal(asked(MANAGER_RELEASE), DRV_EBUSY);
	assert_int_equal(asked(MANAGER_HOLD), DRV_OK);
	assert_int_equal(driver->unit.wanted, WANTED_HELD);
	assert_string_equal(explained(), "is held until `release d`");
	assert_int_equal(asked(MANAGER_HOLD), DRV_EEXIST);
	assert_int_equal(asked(MANAGER_RELEASE), DRV_OK);
	assert_int_equal(driver->unit.wanted, WANTED_UP);
	assert_string_equal(explained(), "");
	assert_int_equal(asked(MANAGER_HOLD), DRV_OK);
	driver->unit.state = STATE_QUARANTINED;
	driver->unit.last_error = DRV_EFAULT;
	driver->unit.last_culprit = NOBODY;
	assert_string_equal(explained(),
			    "is held; failed with DRV_EFAULT (a fault of the processor) and "
			    "was given up; `start d` tries again");
	for (uint32_t in = 0; in < STATE_COUNT; in++) {
		driver->unit.state = (driver_state_t)in;
		if (in == STATE_REJECTED || in == STATE_STOPPED || in == STATE_QUIESCED)
			continue; /* nobody is held there */
		const char *hold = strstr(explained(), "is held");
		assert_non_null(hold);
		assert_null(strstr(hold + 1, "is held"));
	}
	driver->unit.state = STATE_RUNNING;
	assert_int_equal(asked(MANAGER_STOP), DRV_OK); /* which ends the hold */
	assert_int_equal(asked(MANAGER_RELEASE), DRV_EBUSY);
	driver->accepted = false;
	driver->unit.last_error = DRV_EFORMAT;
	assert_int_equal(asked(MANAGER_HOLD), DRV_EFORMAT);
	driver->manifest.uses.count = 0;
	assert_int_equal(asked(MANAGER_HOLD), DRV_EPERM);
	assert_int_equal(asked(MANAGER_RELEASE), DRV_EPERM);
}

static void what_the_manager_no_longer_takes_is_refused(void **state)
{
	(void)state;
	for (uint32_t label = 0; label < MANAGER_FAIL; label++) {
		message_t message = {.info = MSG_INFO(label, DRIVER_DATA_WORD, 0)};
		service_request(&manager, &drivers[0], &message);
		assert_int_equal((int32_t)message.word0, DRV_ENOTSUP);
	}
}

static void the_counters_are_for_operators(void **state)
{
	(void)state;
	check_answer(MANAGER_AUDIT, 0, sizeof(audit_report_t));
	assert_int_equal(refused_without_operator(MANAGER_AUDIT), DRV_EPERM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_command_line_is_followed_by_nothing_of_others, fresh),
	    cmocka_unit_test_setup(the_log_is_followed_by_nothing_of_others, fresh),
	    cmocka_unit_test_setup(the_log_is_for_operators, fresh),
	    cmocka_unit_test_setup(the_counters_are_for_operators, fresh),
	    cmocka_unit_test_setup(one_answer_has_as_many_rows_as_fit, fresh),
	    cmocka_unit_test_setup(a_driver_that_waits_says_for_what, fresh),
	    cmocka_unit_test_setup(a_driver_that_does_not_run_says_why, fresh),
	    cmocka_unit_test_setup(an_operator_holds_a_driver_and_releases_it, fresh),
	    cmocka_unit_test_setup(what_the_manager_no_longer_takes_is_refused, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
