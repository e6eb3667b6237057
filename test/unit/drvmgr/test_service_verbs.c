/* SPDX-License-Identifier: BSD-2-Clause */
/* What the manager does when it is asked to: each command to the driver that it names and to no
 * other, and what is told of it. The rest of the manager is stood for by functions that write
 * down that they were called. */
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

enum { ASKER, FIRST, SECOND, COUNT };
enum {
	PORT_CAP = 60,
	CSPACE = 61,
	COMES = 62,
	BEFORE = 63,
	NO_NOTIFICATION = 64,
	ENDPOINTS = 70,
	MADE = 80
};

static manager_t manager;
static driver_t drivers[COUNT];
static boot_info_t boot;
static log_t log_text;
static struct {
	uint32_t released[NO_NOTIFICATION + 1], signalled[NO_NOTIFICATION + 1];
	uint16_t ports[4];
	uint8_t values[4];
	uint32_t written, taken;
	err_t chipset; /* what it answers to a reset */
	cap_t connected;
} world;

int32_t grant_connection(driver_t *driver, uint32_t place, const driver_t *to, uint32_t with)
{
	(void)driver, (void)place, (void)with;
	world.connected = to->instance.endpoint;
	return MADE;
}

err_t cap_release_some(cap_t cap)
{
	world.released[cap]++;
	return DRV_OK;
}

err_t cap_release(cap_t cap)
{
	return cap_release_some(cap);
}

/* Three capabilities, each another type. */
err_t cspace_list(cap_t cspace, cap_t *handle, cap_info_t *info)
{
	static const uint32_t types[] = {CAP_FRAME, CAP_THREAD, CAP_CSPACE};
	assert_int_equal(cspace, CSPACE);
	if (*handle == 3)
		return DRV_ENOENT;
	*info = (cap_info_t){.type = types[*handle], .rights = RIGHT_READ};
	++*handle;
	return DRV_OK;
}

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
	(void)audit;
	*report = (audit_report_t){0};
	return DRV_EBADCAP;
}

err_t cap_pio_write8(cap_t cap, uint16_t port, uint8_t value)
{
	assert_int_equal(cap, PORT_CAP);
	world.ports[world.written] = port;
	world.values[world.written++] = value;
	return port == RESET_PORT ? world.chipset : DRV_OK;
}

err_t notification_signal(cap_t notification, uint32_t bits)
{
	assert_in_range(bits, 0, 1); /* 0: it is only looked at */
	world.signalled[notification] += bits;
	return notification == NO_NOTIFICATION ? DRV_EINVAL : DRV_OK;
}

cap_t grant_master_port(const manager_t *of, uint16_t port)
{
	(void)of, (void)port;
	return PORT_CAP;
}

void supervisor_fail(manager_t *of, driver_t *who, death_kind_t kind, err_t err, const char *w)
{
	(void)of, (void)who, (void)kind, (void)err, (void)w;
}

void supervisor_excess(manager_t *of, driver_t *driver, const driver_t *victim, bool goes_on)
{
	(void)of, (void)driver, (void)victim, (void)goes_on;
}

void wire_taken(manager_t *of, uint32_t position)
{
	(void)of;
	world.taken = position;
}

uint32_t wire_position(void)
{
	return world.taken;
}

static int fresh(void **state)
{
	static const char *const names[] = {"asker", "first", "second"};
	static const char *const files[] = {"asker.drv.json", "first.drv.json",
					    "second.drv.json"};
	(void)state;
	memset(drivers, 0, sizeof(drivers));
	memset(&manager, 0, sizeof(manager));
	memset(&log_text, 0, sizeof(log_text));
	memset(&world, 0, sizeof(world));
	manager.drivers = drivers;
	manager.log = &log_text;
	manager.boot = &boot;
	manager.count = manager.world.count = COUNT;
	for (uint32_t i = 0; i < COUNT; i++) {
		driver_t *driver = &drivers[i];
		manifest_errors_t errors = {0};
		driver->index = i;
		driver->accepted = driver->instance.alive = true;
		driver->instance.endpoint = ENDPOINTS + i;
		driver->instance.process.cspace = CSPACE;
		driver->unit.state = STATE_RUNNING;
		manager.world.units[i] = &driver->unit;
		strcpy(driver->manifest.name, names[i]);
		if (i != ASKER) { /* both provide one service, of which one has it at a time */
			strcpy(driver->manifest.provides.items[0], "service");
			driver->manifest.provides.count = 1;
		}
		assert_int_equal(
		    registry_add(&manager.registry, files[i], &drivers[i].manifest, &errors),
		    DRV_OK);
	}
	name_list_t *uses = &drivers[ASKER].manifest.uses;
	strcpy(uses->items[0], MANIFEST_OPERATOR);
	strcpy(uses->items[1], "service");
	uses->count = 2;
	return 0;
}

/* The asker's request, with a name, and with a capability. */
static message_t request(uint32_t label, const char *name, uint32_t word1, cap_t cap)
{
	uint32_t length = (uint32_t)strlen(name);
	message_t message = {
	    .info = MSG_INFO(label, DRIVER_DATA_WORD + (length + 3) / 4, cap != CAP_NULL),
	    .word0 = length,
	    .word1 = word1};
	memcpy(&buffer.words[DRIVER_DATA_WORD], name, length);
	buffer.caps[0] = cap;
	service_request(&manager, &drivers[ASKER], &message);
	return message;
}

static err_t ask(uint32_t label, const char *name)
{
	return (err_t)request(label, name, 0, CAP_NULL).word0;
}

static bool was_logged(const char *line)
{
	char text[512] = "";
	uint32_t position = 0;
	log_read(&log_text, &position, text, sizeof(text) - 1);
	return strstr(text, line) != NULL;
}

/* And who waits for a change is woken. */
static void what_is_said_or_changed_of_a_driver_is_noted(void **state)
{
	(void)state;
	manager.changed = false;
	driver_log_line(&manager, &drivers[SECOND], "is %s", "told");
	assert_true(was_logged("drvmgr: second: is told"));
	assert_true(manager.changed);
	manager.world.touched = 0;
	assert_ptr_equal(driver_touch(&manager, SECOND), &drivers[SECOND]);
	assert_int_equal(manager.world.touched, 1u << SECOND);
}

static void start_and_stop_are_of_the_driver_that_is_named(void **state)
{
	(void)state;
	assert_int_equal(ask(MANAGER_STOP, "first"), DRV_OK);
	assert_int_equal(drivers[FIRST].unit.wanted, WANTED_STOPPED);
	assert_int_equal(drivers[SECOND].unit.wanted, WANTED_UP);
	assert_int_equal(ask(MANAGER_START, "first"), DRV_OK);
	assert_int_equal(drivers[FIRST].unit.wanted, WANTED_UP);
	assert_int_equal(ask(MANAGER_START, "first"), DRV_EBUSY);
}

static void a_driver_that_was_refused_is_not_started_but_says_why(void **state)
{
	(void)state;
	drivers[FIRST].accepted = false;
	drivers[FIRST].unit.state = STATE_STOPPED;
	drivers[FIRST].unit.wanted = WANTED_STOPPED;
	drivers[FIRST].unit.last_error = DRV_EFORMAT;
	assert_int_equal(ask(MANAGER_START, "first"), DRV_EFORMAT);
	assert_int_equal(ask(MANAGER_HOLD, "first"), DRV_EFORMAT);
	assert_int_equal(drivers[FIRST].unit.wanted, WANTED_STOPPED);
}

static void a_kill_is_of_the_driver_that_is_named(void **state)
{
	(void)state;
	assert_int_equal(ask(MANAGER_KILL, "second"), DRV_OK);
	assert_true(drivers[SECOND].unit.killed);
	assert_false(drivers[FIRST].unit.killed);
	drivers[FIRST].unit.state = STATE_STOPPED;
	assert_int_equal(ask(MANAGER_KILL, "first"), DRV_EBUSY);
}

static void a_hold_and_its_end_are_told(void **state)
{
	static const uint32_t ends[] = {MANAGER_RELEASE, MANAGER_STOP};
	for (size_t i = 0; i < 2; i++) {
		fresh(state);
		assert_int_equal(ask(MANAGER_HOLD, "first"), DRV_OK);
		assert_true(
		    was_logged("drvmgr: first: is held: when it ends it stays away until "
			       "`release first`"));
		assert_false(was_logged("is released"));
		assert_int_equal(ask(ends[i], "first"), DRV_OK);
		assert_true(was_logged("drvmgr: first: is released"));
	}
	fresh(state);
	assert_int_equal(ask(MANAGER_STOP, "first"), DRV_OK);
	assert_false(was_logged("is released")); /* since it was not held */
	fresh(state);
	drivers[FIRST].unit.state = STATE_WAITING; /* nothing of it is to end */
	assert_int_equal(ask(MANAGER_HOLD, "first"), DRV_OK);
	assert_true(was_logged("drvmgr: first: is held: it stays away until `release first`"));
}

static void the_machine_is_reset_in_each_way_that_is_known(void **state)
{
	(void)state;
	assert_int_equal(ask(MANAGER_REBOOT, ""), DRV_ENOTSUP); /* as it still runs */
	assert_int_equal(world.written, 2);
	assert_true(world.ports[0] == 0xcf9 && world.values[0] == 0x06);
	assert_true(world.ports[1] == 0x64 && world.values[1] == 0xfe);
	world.chipset = DRV_EPERM;
	assert_int_equal(ask(MANAGER_REBOOT, ""), DRV_EPERM);
}

static void the_capabilities_of_one_that_lives_are_told_one_by_one(void **state)
{
	static const char *const lines[] = {"frame ", "thread ", "cspace "};
	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		const manager_held_t *held = (const void *)DATA;
		request(MANAGER_HELD, "first", i, CAP_NULL);
		assert_memory_equal(held->text, lines[i], strlen(lines[i]));
	}
	assert_int_equal((err_t)request(MANAGER_HELD, "first", 3, CAP_NULL).word0, DRV_ENOENT);
	drivers[FIRST].instance.alive = false;
	assert_int_equal(ask(MANAGER_HELD, "first"), DRV_ENOENT);
}

static void who_has_the_service_is_who_one_connects_to(void **state)
{
	(void)state;
	drivers[SECOND].unit.holds = true;
	assert_int_equal(ask(MANAGER_CONNECT, "service"), DRV_OK);
	assert_int_equal(world.connected, ENDPOINTS + SECOND);
	drivers[FIRST].unit.holds = true;
	assert_int_equal(ask(MANAGER_CONNECT, "service"), DRV_OK);
	assert_int_equal(world.connected, ENDPOINTS + FIRST);
}

static void what_is_left_of_a_driver_is_still_stopping(void **state)
{
	(void)state;
	const manager_status_t *rows = (const void *)DATA;
	drivers[FIRST].unit.state = STATE_STOPPED;
	drivers[FIRST].unit.ends = true;
	drivers[SECOND].unit.state = STATE_STOPPED;
	assert_int_equal(request(MANAGER_STATUS, "", 0, CAP_NULL).word1, COUNT);
	assert_int_equal(rows[FIRST].state, STATE_STOPPING);
	assert_int_equal(rows[SECOND].state, STATE_STOPPED);
}

static void who_reads_the_log_says_what_it_has_and_gets_what_fits(void **state)
{
	char line[200];
	(void)state;
	memset(line, 'l', sizeof(line));
	for (uint32_t i = 0; i < 4; i++)
		log_add(&log_text, HISTORY_MANAGER, &(manager_log_record_t){0}, line,
			sizeof(line));
	message_t message = {.info = MSG_INFO(MANAGER_LOG_READ, DRIVER_DATA_WORD, 0),
			     .word0 = 3,
			     .word1 = UINT32_MAX};
	service_request(&manager, &drivers[ASKER], &message);
	assert_int_equal(world.taken, 3);
	assert_int_equal(request(MANAGER_LOG_WRITTEN, "", 0, CAP_NULL).word1, 3);
	assert_int_equal(message.word0, MANAGER_TEXT_MAX);
}

static void lines_of_the_log_are_asked_for_with_a_whole_question(void **state)
{
	char question[2 * sizeof(manager_log_ask_t)] = {4}; /* from line 4 on */
	(void)state;
	for (uint32_t i = 0; i < 6; i++)
		manager_log_at(&manager, HISTORY_MANAGER, LOG_ERROR, "drvmgr: line");
	for (uint32_t i = 0; i <= sizeof(question); i += 4) {
		memcpy(&buffer.words[DRIVER_DATA_WORD], question, sizeof(question));
		message_t message = {.info = MSG_INFO(MANAGER_LOG_RECORDS, 100, 0), .word0 = i};
		service_request(&manager, &drivers[ASKER], &message);
		assert_int_equal((err_t)message.word0,
				 i == sizeof(manager_log_ask_t) ? 2 * 24 : DRV_EMSGSIZE);
	}
}

static void who_subscribes_is_told_at_once_and_then_of_changes(void **state)
{
	(void)state;
	drivers[ASKER].subscriber = BEFORE;
	assert_int_equal(request(MANAGER_SUBSCRIBE, "", 0, COMES).word0, DRV_OK);
	assert_int_equal(world.released[BEFORE], 1);
	assert_int_equal(world.released[COMES], 0);
	service_tell(&manager);
	assert_int_equal(world.signalled[COMES], 1);
	service_tell(&manager); /* of nothing */
	assert_int_equal(world.signalled[COMES], 1);
	manager.changed = true;
	service_tell(&manager);
	assert_int_equal(world.signalled[COMES], 2);
	assert_int_equal((err_t)request(MANAGER_SUBSCRIBE, "", 0, CAP_NULL).word0, DRV_EINVAL);
	assert_int_equal((err_t)request(MANAGER_SUBSCRIBE, "", 0, NO_NOTIFICATION).word0,
			 DRV_EINVAL);
	assert_int_equal(world.released[NO_NOTIFICATION], 1);
	assert_int_equal(drivers[ASKER].subscriber, COMES);
	assert_int_equal(world.released[COMES], 0);
}

static void what_came_with_another_request_is_released(void **state)
{
	(void)state;
	request(MANAGER_STATUS, "", 0, COMES);
	assert_int_equal(world.released[COMES], 1);
	assert_int_equal((err_t)request(999, "", 0, COMES).word0, DRV_ENOTSUP);
	assert_int_equal(world.released[COMES], 2);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_is_said_or_changed_of_a_driver_is_noted),
	    TEST(start_and_stop_are_of_the_driver_that_is_named),
	    TEST(a_driver_that_was_refused_is_not_started_but_says_why),
	    TEST(a_kill_is_of_the_driver_that_is_named),
	    TEST(a_hold_and_its_end_are_told),
	    TEST(the_machine_is_reset_in_each_way_that_is_known),
	    TEST(the_capabilities_of_one_that_lives_are_told_one_by_one),
	    TEST(who_has_the_service_is_who_one_connects_to),
	    TEST(what_is_left_of_a_driver_is_still_stopping),
	    TEST(who_reads_the_log_says_what_it_has_and_gets_what_fits),
	    TEST(lines_of_the_log_are_asked_for_with_a_whole_question),
	    TEST(who_subscribes_is_told_at_once_and_then_of_changes),
	    TEST(what_came_with_another_request_is_released),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
