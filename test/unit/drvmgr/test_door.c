/* SPDX-License-Identifier: BSD-2-Clause */
/* What a driver can make the manager do in a period by what it sends, signals and logs. The
 * kernel's part is written down here: which reply object holds a caller, what was revoked. */
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
#include "doors/door.c"

#define ENDPOINT    5u
#define SIGNAL	    6u
#define REPLY	    7u /* the manager's; more are made from OBJECTS on */
#define OBJECTS	    20u
#define DERIVED	    40u
#define HANDLES	    60u
#define GIVEN	    50u /* a capability that comes along with a message */
#define PERIOD	    MANAGER_PERIOD_MS
#define START	    1000u
#define CAPS	    100u
#define LABEL_NOTED 9u

static manager_t manager;
static driver_t drivers[DRIVERS_MAX];
static driver_page_t pages[2];
static uint8_t rings[2][DRIVER_LOG_BYTES];
static uint32_t numbers[2];
static struct {
	uint32_t objects, derived, handles;
	bool tied[CAPS];	/* a caller waits in this reply object */
	uint32_t answers[CAPS]; /* given through it */
	uint32_t revoked[CAPS], released[CAPS];
	uint32_t served;
	uint32_t word_seen;
	cap_t cap_seen;
	uint32_t done, done_seq;
	err_t done_result;
	uint32_t backlog;
} world;

int32_t cap_derive(cap_t cap, uint32_t rights, uint32_t scope0, uint32_t scope1)
{
	(void)rights, (void)scope1;
	assert_true(cap == ENDPOINT || cap == SIGNAL);
	assert_int_not_equal(scope0, 0);
	return (int32_t)(DERIVED + world.derived++);
}

int32_t cap_delegate(cap_t cspace, cap_t cap, uint32_t rights, uint32_t badge)
{
	(void)cspace, (void)rights;
	assert_in_range(cap, DERIVED, DERIVED + world.derived - 1);
	assert_int_equal(badge, 0);
	return (int32_t)(HANDLES + world.handles++);
}

err_t cap_revoke(cap_t cap)
{
	world.revoked[cap]++;
	return DRV_OK;
}

err_t cap_release(cap_t cap)
{
	world.released[cap]++;
	return DRV_OK;
}

err_t memory_make_body(const manager_t *of, uint32_t type, cap_t *cap)
{
	(void)of;
	assert_int_equal(type, CAP_REPLY);
	*cap = OBJECTS + world.objects++;
	return DRV_OK;
}

err_t ipc_reply(cap_t reply, const message_t *message)
{
	(void)message;
	if (!world.tied[reply])
		return DRV_EGONE;
	world.tied[reply] = false;
	world.answers[reply]++;
	return DRV_OK;
}

bool service_is_operator(const driver_t *driver)
{
	return manifest_uses(&driver->manifest, MANIFEST_OPERATOR);
}

void service_request(manager_t *of, driver_t *sender, message_t *message)
{
	(void)of, (void)sender, (void)message;
	world.served++;
	world.word_seen = buffer.words[DRIVER_DATA_WORD];
	world.cap_seen = buffer.caps[0];
}

void service_answered(void)
{
}

void supervisor_done(manager_t *of, driver_t *driver, uint32_t seq, err_t result)
{
	(void)of, (void)driver;
	world.done++;
	world.done_seq = seq;
	world.done_result = result;
}

uint32_t wire_backlog(const manager_t *of)
{
	(void)of;
	return world.backlog;
}

void kept_commit(manager_t *of)
{
	(void)of;
}

driver_t *driver_touch(manager_t *of, uint32_t i)
{
	(void)of;
	return &drivers[i];
}

void manager_log_line(manager_t *of, const char *text, ...)
{
	char out[LOG_LINE_MAX + 1];
	va_list args;
	va_start(args, text);
	log_add(of->log, out, format_v(out, sizeof(out), text, args));
	va_end(args);
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
	memset(&world, 0, sizeof(world));
	memset(pages, 0, sizeof(pages));
	memset(numbers, 0, sizeof(numbers));
	manager.endpoint = ENDPOINT;
	manager.signal = SIGNAL;
	manager.reply = REPLY;
	manager.now_ms = START;
	manager.count = 2;
	for (uint32_t i = 0; i < 2; i++) {
		driver_t *driver = &drivers[i];
		driver->index = i;
		driver->instance.alive = true;
		driver->instance.page = &pages[i];
		driver->instance.log_text = rings[i];
		driver->unit.generation = 1;
		driver->manifest.name[0] = (char)('a' + i);
		assert_int_equal(door_open(&manager, driver), DRV_OK);
	}
	return 0;
}

/* Driver `i` calls: from now on a caller waits in the manager's reply object. */
static void call(uint32_t i, uint32_t word)
{
	message_t message = {.info = MSG_INFO(LABEL_NOTED, DRIVER_DATA_WORD + 1, 0)};
	assert_false(world.tied[manager.reply]);
	world.tied[manager.reply] = true;
	buffer.words[DRIVER_DATA_WORD] = word;
	door_message(&manager, &drivers[i], &message);
	assert_false(world.tied[manager.reply]);
}

static void pass_ms(uint32_t ms)
{
	manager.now_ms += ms;
	door_tick(&manager);
}

static void a_call_within_the_share_is_answered_at_once(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < MANAGER_SHARE; i++)
		call(0, i);
	assert_int_equal(world.served, MANAGER_SHARE);
	assert_int_equal(world.answers[REPLY], MANAGER_SHARE);
	assert_int_equal(door_wait_ms(&manager), IDLE_MS);
}

static void an_essential_driver_has_five_shares(void **state)
{
	(void)state;
	manager.world.rules[0].essential = true;
	for (uint32_t i = 0; i <= 5 * MANAGER_SHARE; i++)
		call(0, i);
	assert_int_equal(world.served, 5 * MANAGER_SHARE);
	assert_int_equal(drivers[0].over, 1);
	manager.world.rules[0].essential = false;
}

static void a_call_beyond_it_is_answered_at_the_next_period(void **state)
{
	(void)state;
	manager.now_ms += 30;
	for (uint32_t i = 0; i < MANAGER_SHARE; i++)
		call(0, i);
	call(0, 4711);
	assert_int_equal(world.served, MANAGER_SHARE);
	assert_int_equal(drivers[0].over, 1);
	assert_int_equal(door_wait_ms(&manager), PERIOD - 30);
	buffer.words[DRIVER_DATA_WORD] = 0;
	pass_ms(PERIOD - 31);
	assert_int_equal(world.served, MANAGER_SHARE);
	pass_ms(1);
	assert_int_equal(world.served, MANAGER_SHARE + 1);
	assert_int_equal(world.word_seen, 4711);
	assert_int_equal(world.answers[REPLY], MANAGER_SHARE + 1);
	assert_false(world.tied[REPLY]);
	call(0, 1); /* a new share */
	assert_int_equal(world.served, MANAGER_SHARE + 2);
}

static void the_others_are_answered_meanwhile(void **state)
{
	(void)state;
	for (uint32_t i = 0; i <= MANAGER_SHARE; i++)
		call(0, i);
	for (uint32_t i = 0; i < MANAGER_SHARE; i++)
		call(1, i);
	assert_int_equal(world.served, 2 * MANAGER_SHARE);
	assert_int_equal(drivers[1].over, 0);
}

/* Its call is given up and made again, without end: one is laid by, and no reply object more.
 */
static void who_does_not_wait_for_the_answer_gains_nothing(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < MANAGER_SHARE; i++)
		call(0, i);
	for (uint32_t i = 0; i < 100; i++) {
		call(0, 1000 + i);
		world.tied[drivers[0].door.reply] = false;
	}
	assert_int_equal(world.objects, manager.count);
	pass_ms(PERIOD);
	assert_int_equal(world.served, MANAGER_SHARE + 1);
	assert_int_equal(world.word_seen, 1099);
}

static void who_sends_twice_its_share_loses_the_endpoint_until_the_next_period(void **state)
{
	(void)state;
	cap_t copy = drivers[0].door.endpoint, before = pages[0].manager;
	for (uint32_t i = 0; i < 2 * MANAGER_SHARE; i++)
		call(0, i);
	assert_int_equal(world.revoked[copy], 0);
	call(0, 0);
	assert_int_equal(world.revoked[copy], 1);
	assert_int_equal(world.revoked[drivers[1].door.endpoint], 0);
	pass_ms(PERIOD - 1);
	assert_int_equal(pages[0].manager, before);
	pass_ms(1);
	assert_int_not_equal(pages[0].manager, before);
	assert_int_equal(drivers[0].over, MANAGER_SHARE + 1);
	assert_int_equal(door_wait_ms(&manager), IDLE_MS);
}

static void what_came_along_with_a_call_waits_with_it_or_is_released(void **state)
{
	(void)state;
	message_t message = {.info = MSG_INFO(LABEL_NOTED, DRIVER_DATA_WORD, 1)};
	for (uint32_t i = 0; i < MANAGER_SHARE; i++)
		call(0, i);
	world.tied[manager.reply] = true;
	buffer.caps[0] = GIVEN;
	door_message(&manager, &drivers[0], &message);
	assert_int_equal(world.released[GIVEN], 0);
	buffer.caps[0] = 0;
	pass_ms(PERIOD);
	assert_int_equal(world.cap_seen, GIVEN); /* the service's from here */
	for (uint32_t i = 0; i < MANAGER_SHARE; i++)
		call(0, i);
	world.tied[manager.reply] = true;
	buffer.caps[0] = GIVEN;
	message.info = MSG_INFO(LABEL_NOTED, DRIVER_DATA_WORD, 1);
	door_message(&manager, &drivers[0], &message);
	drivers[0].instance.alive = false;
	pass_ms(PERIOD);
	assert_int_equal(world.released[GIVEN], 1);
	assert_int_equal(world.word_seen, MANAGER_SHARE - 1); /* not done for the dead */
}

static void nothing_of_an_instance_is_done_for_the_next_one(void **state)
{
	(void)state;
	for (uint32_t i = 0; i <= MANAGER_SHARE; i++)
		call(0, i);
	world.tied[drivers[0].door.reply] = false;
	drivers[0].unit.generation = 2;
	assert_int_equal(door_open(&manager, &drivers[0]), DRV_OK);
	pass_ms(PERIOD);
	assert_int_equal(world.served, MANAGER_SHARE);
}

static void who_signals_beyond_its_share_loses_the_signal_until_the_next_period(void **state)
{
	(void)state;
	cap_t copy = drivers[1].door.signal, before = pages[1].signal;
	for (uint32_t i = 0; i < MANAGER_SHARE; i++)
		door_signals(&manager, 1u << 1);
	assert_int_equal(world.revoked[copy], 0);
	door_signals(&manager, 1u << 1);
	door_signals(&manager, 1u << 1);
	assert_int_equal(world.revoked[copy], 1);
	assert_int_equal(world.revoked[drivers[0].door.signal], 0);
	/* What it leaves meanwhile is found at the next period. */
	pages[1].done_result = DRV_EIO;
	pages[1].done_seq = 3;
	pass_ms(PERIOD);
	assert_int_not_equal(pages[1].signal, before);
	assert_int_equal(world.done_seq, 3);
	assert_int_equal(world.done_result, DRV_EIO);
}

static void an_answer_to_a_command_is_passed_on_once(void **state)
{
	(void)state;
	door_signals(&manager, 1);
	assert_int_equal(world.done, 0);
	pages[0].done_seq = 1;
	door_signals(&manager, 1);
	door_signals(&manager, 1);
	assert_int_equal(world.done, 1);
	door_signals(&manager, 0xfffffffe); /* nobody else has left anything */
	assert_int_equal(world.done, 1);
}

static void put(uint32_t i, enum driver_line_how how, const char *text)
{
	lines_put(&pages[i].lines, rings[i], numbers[i]++, how, text, strlen(text));
}

/* The log from *position on is `expected` and a line end. */
static void expect_line(uint32_t *position, const char *expected)
{
	char got[LOG_LINE_MAX + 2] = "";
	size_t count = log_read(manager.log, position, got, sizeof(got) - 1);
	assert_true(count > strlen(expected));
	assert_memory_equal(got, expected, strlen(expected));
	assert_int_equal(got[strlen(expected)], '\n');
	*position += (uint32_t)strlen(expected) + 1;
}

static void check_line(const char *text, enum driver_line_how how, const char *expected)
{
	uint32_t position = manager.log->head;
	put(0, how, text);
	door_signals(&manager, 1);
	expect_line(&position, expected);
	assert_int_equal(position, manager.log->head);
}

static void what_a_driver_says_begins_with_its_name(void **state)
{
	(void)state;
	check_line("hello", DRIVER_LINE_NAMED, "a: hello");
	check_line("", DRIVER_LINE_NAMED, "a: ");
	check_line("drvmgr: serial: Running -> Quarantined", DRIVER_LINE_NAMED,
		   "a: drvmgr: serial: Running -> Quarantined");
	check_line("drvmgr: as it is?", DRIVER_LINE_AS_IS, "a: drvmgr: as it is?");
	check_line("two\ndrvmgr: lines", DRIVER_LINE_NAMED, "a: two?drvmgr: lines");
}

static void make_operator(driver_t *driver)
{
	strcpy(driver->manifest.uses.items[0], MANIFEST_OPERATOR);
	driver->manifest.uses.count = 1;
}

static void a_line_as_it_is_comes_only_from_who_makes_the_operator_s_calls(void **state)
{
	(void)state;
	make_operator(&drivers[0]);
	check_line("input: key a down", DRIVER_LINE_AS_IS, "input: key a down");
	check_line("input: key a down", DRIVER_LINE_NAMED, "a: input: key a down");
	check_line("input: key a down", DRIVER_LINE_AS_IS + 1, "a: input: key a down");
}

static void a_line_with_the_longest_name_is_whole(void **state)
{
	(void)state;
	char text[DRIVER_LINE_MAX + 1] = "", expected[LOG_LINE_MAX + 1] = "";
	char *name = drivers[0].manifest.name;
	memset(name, 'n', MANAGER_NAME_MAX);
	memset(text, 'x', DRIVER_LINE_MAX);
	memset(expected, 'n', MANAGER_NAME_MAX);
	strcat(expected, ": ");
	strcat(expected, text);
	check_line(text, DRIVER_LINE_NAMED, expected);
}

static uint32_t lines_in_log(void)
{
	uint32_t count = 0;
	for (uint32_t at = manager.log->tail; at != manager.log->head; at++)
		count += manager.log->text[at % LOG_SIZE] == '\n';
	return count;
}

static void a_flood_of_lines_is_taken_at_the_manager_s_pace(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 1000; i++) {
		put(0, DRIVER_LINE_NAMED, "flood");
		if (i < MANAGER_SHARE)
			door_signals(&manager, 1);
	}
	assert_int_equal(lines_in_log(), SHARE_LINES_SAVED);
	put(1, DRIVER_LINE_NAMED, "mine");
	uint32_t position = manager.log->head;
	door_signals(&manager, 2);
	expect_line(&position, "b: mine");
	pass_ms(PERIOD);
	assert_int_equal(lines_in_log(), SHARE_LINES_SAVED + 1 + SHARE_LINES + 1);
	char *all = manager.log->text;
	assert_non_null(strstr(all, "drvmgr: a: dropped "));
	assert_int_equal(drivers[0].over + SHARE_LINES_SAVED + SHARE_LINES +
			     DRIVER_LOG_BYTES / (sizeof(driver_line_t) + 8) - SHARE_LINES,
			 1000);
}

static void while_the_log_s_reader_is_far_behind_lines_wait_with_who_wrote_them(void **state)
{
	(void)state;
	world.backlog = BACKLOG_MOST;
	put(0, DRIVER_LINE_NAMED, "late");
	door_signals(&manager, 1);
	make_operator(&drivers[1]);
	put(1, DRIVER_LINE_NAMED, "the operator's");
	door_signals(&manager, 2);
	assert_int_equal(lines_in_log(), 1);
	world.backlog = 0;
	pass_ms(PERIOD);
	assert_int_equal(lines_in_log(), 2);
}

static void the_last_lines_outlive_their_driver(void **state)
{
	(void)state;
	drivers[0].door.share.lines = 0;
	put(0, DRIVER_LINE_NAMED, "I am");
	put(0, DRIVER_LINE_NAMED, "dying");
	uint32_t position = manager.log->head;
	door_drain(&manager, &drivers[0]);
	expect_line(&position, "a: I am");
	expect_line(&position, "a: dying");
	drivers[0].instance.alive = false;
	put(0, DRIVER_LINE_NAMED, "of nobody");
	door_drain(&manager, &drivers[0]);
	assert_int_equal(position, manager.log->head);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_call_within_the_share_is_answered_at_once, fresh),
	    cmocka_unit_test_setup(an_essential_driver_has_five_shares, fresh),
	    cmocka_unit_test_setup(a_call_beyond_it_is_answered_at_the_next_period, fresh),
	    cmocka_unit_test_setup(the_others_are_answered_meanwhile, fresh),
	    cmocka_unit_test_setup(who_does_not_wait_for_the_answer_gains_nothing, fresh),
	    cmocka_unit_test_setup(
		who_sends_twice_its_share_loses_the_endpoint_until_the_next_period, fresh),
	    cmocka_unit_test_setup(what_came_along_with_a_call_waits_with_it_or_is_released,
				   fresh),
	    cmocka_unit_test_setup(nothing_of_an_instance_is_done_for_the_next_one, fresh),
	    cmocka_unit_test_setup(
		who_signals_beyond_its_share_loses_the_signal_until_the_next_period, fresh),
	    cmocka_unit_test_setup(an_answer_to_a_command_is_passed_on_once, fresh),
	    cmocka_unit_test_setup(what_a_driver_says_begins_with_its_name, fresh),
	    cmocka_unit_test_setup(
		a_line_as_it_is_comes_only_from_who_makes_the_operator_s_calls, fresh),
	    cmocka_unit_test_setup(a_line_with_the_longest_name_is_whole, fresh),
	    cmocka_unit_test_setup(a_flood_of_lines_is_taken_at_the_manager_s_pace, fresh),
	    cmocka_unit_test_setup(
		while_the_log_s_reader_is_far_behind_lines_wait_with_who_wrote_them, fresh),
	    cmocka_unit_test_setup(the_last_lines_outlive_their_driver, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
