/* SPDX-License-Identifier: BSD-2-Clause */
/* The manager's answers: what they hold besides what they are to hold; and in whose name lines
 * enter the log. Only calls that need nobody else are made; the rest of the manager is stood
 * for by functions that do nothing. */
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

#define OLD 0xa5u /* what earlier messages left in the buffer */

static manager_t manager;
static boot_info_t boot;

int32_t cap_derive(cap_t cap, uint32_t rights, uint32_t scope0, uint32_t scope1)
{
	(void)cap, (void)rights, (void)scope0, (void)scope1;
	return DRV_EBADCAP;
}

err_t cap_release(cap_t cap)
{
	(void)cap;
	return DRV_OK;
}

err_t cspace_list(cap_t cspace, cap_t *handle, cap_info_t *info)
{
	(void)cspace, (void)handle;
	*info = (cap_info_t){.type = CAP_FRAME, .rights = RIGHT_READ};
	return DRV_OK;
}

#define AUDIT_CAP 77u

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

err_t spawn_kill(const driver_t *driver)
{
	(void)driver;
	return DRV_OK;
}

void supervisor_event(manager_t *of, driver_t *driver, lifecycle_event_t event)
{
	(void)of, (void)driver, (void)event;
}

void supervisor_fail(manager_t *of, driver_t *driver, err_t error, const char *why)
{
	(void)of, (void)driver, (void)error, (void)why;
}

void supervisor_done(manager_t *of, driver_t *driver, uint32_t seq, err_t result)
{
	(void)of, (void)driver, (void)seq, (void)result;
}

void wire_taken(manager_t *of, uint32_t position)
{
	(void)of, (void)position;
}

uint32_t wire_position(void)
{
	return 0;
}

driver_t *manager_find(manager_t *of, const char *name)
{
	return strcmp(name, of->drivers[0].manifest.name) == 0 ? &of->drivers[0] : NULL;
}

static int fresh(void **state)
{
	(void)state;
	memset(&manager, 0, sizeof(manager));
	manager.boot = &boot;
	boot.caps[BOOT_CAP_AUDIT].cap = AUDIT_CAP;
	manager.count = 1;
	driver_t *driver = &manager.drivers[0];
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
	message_t message = {.info = MSG_INFO(label, DRIVER_DATA_WORD + 1, 0),
			     .word0 = label == MANAGER_CAPS,
			     .word1 = word1};
	memset(&buffer, OLD, sizeof(buffer));
	buffer.words[DRIVER_DATA_WORD] = 'd';
	service_request(&manager, &manager.drivers[0], &message);
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
	log_add(&manager.log, "a line of the log", 17);
	for (uint32_t bytes = 0; bytes <= 9; bytes++)
		check_answer(MANAGER_LOG_READ, bytes, bytes);
}

static void a_capability_s_text_is_followed_by_nothing_of_others(void **state)
{
	(void)state;
	check_answer(MANAGER_CAPS, 0, 12 + 1 + 4);
}

/* Sends `text` as a line; what the log has then is `expected` and a line end. */
static void check_line(const char *text, uint32_t how, const char *expected)
{
	char got[LOG_LINE_MAX + 2] = "";
	uint32_t position = manager.log.head, length = (uint32_t)strlen(text);
	message_t message = {.info =
				 MSG_INFO(MANAGER_LOG, DRIVER_DATA_WORD + (length + 3) / 4, 0),
			     .word0 = length,
			     .word1 = how};
	memcpy(&buffer.words[DRIVER_DATA_WORD], text, length);
	service_request(&manager, &manager.drivers[0], &message);
	size_t count = log_read(&manager.log, &position, got, sizeof(got) - 1);
	assert_int_equal(count, strlen(expected) + 1);
	assert_memory_equal(got, expected, count - 1);
	assert_int_equal(got[count - 1], '\n');
}

static void what_a_driver_says_begins_with_its_name(void **state)
{
	(void)state;
	manager.drivers[0].manifest.uses.count = 0; /* not an operator */
	check_line("hello", MANAGER_LOG_NAMED, "d: hello");
	check_line("", MANAGER_LOG_NAMED, "d: ");
	check_line("drvmgr: serial: Running -> Quarantined", MANAGER_LOG_NAMED,
		   "d: drvmgr: serial: Running -> Quarantined");
	check_line("drvmgr: as it is?", MANAGER_LOG_AS_IS, "d: drvmgr: as it is?");
	check_line("two\ndrvmgr: lines", MANAGER_LOG_NAMED, "d: two?drvmgr: lines");
}

static void the_counters_are_for_operators(void **state)
{
	(void)state;
	check_answer(MANAGER_AUDIT, 0, sizeof(audit_report_t));
	manager.drivers[0].manifest.uses.count = 0;
	message_t message = {.info = MSG_INFO(MANAGER_AUDIT, DRIVER_DATA_WORD, 0)};
	service_request(&manager, &manager.drivers[0], &message);
	assert_int_equal((int32_t)message.word0, DRV_EPERM);
	assert_int_equal(MSG_WORD_COUNT(message.info), DRIVER_DATA_WORD);
}

static void a_line_as_it_is_comes_only_from_who_makes_the_operator_s_calls(void **state)
{
	(void)state;
	check_line("input: key a down", MANAGER_LOG_AS_IS, "input: key a down");
	check_line("input: key a down", MANAGER_LOG_NAMED, "d: input: key a down");
	check_line("input: key a down", MANAGER_LOG_AS_IS + 1, "d: input: key a down");
}

static void a_line_is_cut_behind_the_longest_name(void **state)
{
	(void)state;
	char text[MANAGER_TEXT_MAX + 1], expected[LOG_LINE_MAX + 1];
	manifest_t *manifest = &manager.drivers[0].manifest;
	memset(manifest->name, 'n', sizeof(manifest->name) - 1);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	memset(expected, 'x', sizeof(expected));
	memset(expected, 'n', sizeof(manifest->name) - 1);
	memcpy(expected + sizeof(manifest->name) - 1, ": ", 2);
	expected[LOG_LINE_MAX] = '\0';
	check_line(text, MANAGER_LOG_NAMED, expected);
	memset(expected, 'x', LOG_LINE_MAX);
	check_line(text, MANAGER_LOG_AS_IS, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_command_line_is_followed_by_nothing_of_others, fresh),
	    cmocka_unit_test_setup(the_log_is_followed_by_nothing_of_others, fresh),
	    cmocka_unit_test_setup(a_capability_s_text_is_followed_by_nothing_of_others, fresh),
	    cmocka_unit_test_setup(what_a_driver_says_begins_with_its_name, fresh),
	    cmocka_unit_test_setup(
		a_line_as_it_is_comes_only_from_who_makes_the_operator_s_calls, fresh),
	    cmocka_unit_test_setup(the_counters_are_for_operators, fresh),
	    cmocka_unit_test_setup(a_line_is_cut_behind_the_longest_name, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
