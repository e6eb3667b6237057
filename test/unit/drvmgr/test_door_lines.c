/* SPDX-License-Identifier: BSD-2-Clause */
/* What a driver writes, on its way into the log. */
#include "door_world.h"

static void put(uint32_t i, uint32_t how, const char *text)
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
	manager.changed = false;
	door_signals(&manager, 1);
	assert_true(manager.changed);
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

/* Its time is the manager's, and its level the driver's word, if that is one. */
static void what_a_driver_says_is_kept_with_its_time_and_level(void **state)
{
	static const struct {
		uint32_t how;
		log_level_t level;
	} lines[] = {{DRIVER_LINE_NAMED, LOG_INFO},
		     {DRIVER_LINE_HOW(DRIVER_LINE_NAMED, LOG_ERROR), LOG_ERROR},
		     {DRIVER_LINE_HOW(DRIVER_LINE_NAMED, LOG_DEBUG), LOG_DEBUG},
		     {0xff00, LOG_INFO}};
	const history_t *history = &manager.log->history;
	history_set_t set = {0};
	(void)state;
	history_set_add(&set, HISTORY_OF(0));
	for (uint32_t i = 0; i < 4; i++) {
		pass_ms(7);
		lines_put(&pages[0].lines, rings[0], numbers[0]++, lines[i].how, "x", 1);
		door_signals(&manager, 1);
		const manager_log_record_t *record = history_find(history, i, &set, LOG_DEBUG);
		assert_int_equal(record->number, i);
		assert_int_equal(record->level, lines[i].level);
		assert_int_equal(record->time_ms, START + 7 * (i + 1));
		assert_int_equal(record->skip, strlen("a: "));
		assert_memory_equal(record + 1, "a: x", 4);
	}
	make_operator(&drivers[0]);
	put(0, DRIVER_LINE_HOW(DRIVER_LINE_AS_IS, LOG_INFO), "input: key a down");
	door_signals(&manager, 1);
	assert_null(history_find(history, 4, &set, LOG_DEBUG));
	history_set_add(&set, HISTORY_RAW);
	assert_int_equal(history_find(history, 4, &set, LOG_DEBUG)->skip, 0);
}

/* Nor by dying often. */
static void who_floods_pushes_out_no_line_of_others(void **state)
{
	(void)state;
	driver_log_line(&manager, &drivers[1], "of another");
	manager_log_line(&manager, "drvmgr: the manager's");
	for (uint32_t i = 0; i < 4000; i++) {
		put(0, DRIVER_LINE_NAMED, "flood");
		driver_log_line(&manager, &drivers[0], "died again");
		if (i % 8 == 0)
			pass_ms(PERIOD);
		door_signals(&manager, 1);
	}
	const history_t *history = &manager.log->history;
	for (uint32_t i = 0; i < 2; i++) {
		history_set_t set = {0};
		history_set_add(&set, i ? HISTORY_MANAGER : HISTORY_ABOUT(1));
		const manager_log_record_t *record = history_find(history, 0, &set, LOG_DEBUG);
		assert_non_null(record);
		assert_int_equal(record->number, i);
	}
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
	take_all(&manager, &drivers[0]);
	expect_line(&position, "a: I am");
	expect_line(&position, "a: dying");
	drivers[0].instance.alive = false;
	put(0, DRIVER_LINE_NAMED, "of nobody");
	take_all(&manager, &drivers[0]);
	assert_int_equal(position, manager.log->head);
}

/* A ring full of the shortest lines there are, and a gap before each of them. */
static void shout(void)
{
	for (uint32_t i = 0; i < DRIVER_LOG_BYTES / sizeof(driver_line_t); i++) {
		numbers[0] += 1000003;
		put(0, DRIVER_LINE_NAMED, "");
	}
}

static void who_shouts_at_its_end_costs_nobody_a_line(void **state)
{
	(void)state;
	put(1, DRIVER_LINE_NAMED, "unread");
	uint32_t position = manager.log->head;
	door_signals(&manager, 2);
	shout();
	put(0, DRIVER_LINE_NAMED, "the last");
	take_all(&manager, &drivers[0]);
	assert_int_equal(lines_in_log(), 1 + 1 + SHARE_LINES_SAVED + 1);
	expect_line(&position, "b: unread");
	assert_non_null(strstr(manager.log->text, "\na: the last\ndrvmgr: a: dropped "));
}

/* And again: then the last words alone are heard, until its share is back. */
static void who_shouts_at_each_end_has_its_last_words(void **state)
{
	static const uint32_t taken[] = {SHARE_LINES_SAVED, SHARE_LINES_SAVED, SHARE_LINES_LAST,
					 SHARE_LINES_LAST};
	(void)state;
	for (uint32_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		uint32_t before = lines_in_log();
		for (uint32_t k = 0; k < 100; k++)
			put(0, DRIVER_LINE_NAMED, "");
		take_all(&manager, &drivers[0]);
		assert_int_equal(lines_in_log() - before, taken[i] + 1);
	}
}

static void lost_lines_are_told_once_a_period(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < SHARE_LINES; i++) {
		numbers[0] += 2;
		put(0, DRIVER_LINE_NAMED, "x");
		door_signals(&manager, 1);
	}
	assert_int_equal(lines_in_log(), SHARE_LINES + 1);
	pass_ms(PERIOD);
	numbers[0] += 2;
	put(0, DRIVER_LINE_NAMED, "x");
	door_signals(&manager, 1);
	assert_int_equal(lines_in_log(), SHARE_LINES + 1 + 2);
	assert_non_null(strstr(manager.log->text, "dropped 20 lines\na: x\n"));
	assert_int_equal(drivers[0].over, 2 * SHARE_LINES + 2);
}

/* They are of its share: the next one begins with less. */
static void the_last_lines_count_for_the_next_instance(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < SHARE_LINES_SAVED; i++)
		put(0, DRIVER_LINE_NAMED, "last");
	take_all(&manager, &drivers[0]);
	assert_int_equal(lines_in_log(), SHARE_LINES_SAVED);
	drivers[0].unit.generation++;
	pages[0].lines = (driver_lines_t){0};
	numbers[0] = 0;
	assert_int_equal(ends_open(&drivers[0]), DRV_OK);
	put(0, DRIVER_LINE_NAMED, "first");
	door_signals(&manager, 1);
	assert_int_equal(lines_in_log(), SHARE_LINES_SAVED);
	pass_ms(PERIOD);
	assert_int_equal(lines_in_log(), SHARE_LINES_SAVED + 1);
}

static uint32_t number_of_next_instance(uint32_t abi)
{
	drivers[0].abi = abi;
	pages[0] = (driver_page_t){0};
	assert_int_equal(ends_open(&drivers[0]), DRV_OK);
	return pages[0].line;
}

/* Lines that were overwritten count, too, and nothing is said of those of former instances. */
static void the_numbers_of_lines_go_on_over_instances(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 3; i++)
		put(0, DRIVER_LINE_NAMED, "of the first");
	numbers[0] = 7;
	put(0, DRIVER_LINE_NAMED, "behind four that are lost");
	take_all(&manager, &drivers[0]);
	assert_int_equal(number_of_next_instance(8), 8);
	uint32_t position = manager.log->head;
	numbers[0] = pages[0].line;
	put(0, DRIVER_LINE_NAMED, "of the second");
	take_all(&manager, &drivers[0]);
	expect_line(&position, "a: of the second");
	assert_int_equal(position, manager.log->head);
	assert_int_equal(number_of_next_instance(8), 9);
}

static void the_numbers_of_one_that_is_older_begin_with_0(void **state)
{
	(void)state;
	put(0, DRIVER_LINE_NAMED, "of the first");
	take_all(&manager, &drivers[0]);
	assert_int_equal(number_of_next_instance(7), 0);
	uint32_t position = manager.log->head;
	numbers[0] = 0;
	put(0, DRIVER_LINE_NAMED, "of the second");
	take_all(&manager, &drivers[0]);
	expect_line(&position, "a: of the second");
	assert_int_equal(position, manager.log->head);
}

/* Nobody signals again what a dead incarnation has heard and not looked at. */
static void what_waits_in_the_rings_is_taken_when_the_drivers_are_taken_over(void **state)
{
	(void)state;
	put(0, DRIVER_LINE_NAMED, "left");
	pages[1].done_seq = 1;
	pass_ms(PERIOD);
	assert_int_equal(lines_in_log() + world.done, 0);
	door_begin(&manager);
	pass_ms(door_wait_ms(&manager));
	assert_int_equal(lines_in_log(), 1);
	assert_int_equal(world.done, 1);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_a_driver_says_begins_with_its_name),
	    TEST(a_line_as_it_is_comes_only_from_who_makes_the_operator_s_calls),
	    TEST(a_line_with_the_longest_name_is_whole),
	    TEST(what_a_driver_says_is_kept_with_its_time_and_level),
	    TEST(who_floods_pushes_out_no_line_of_others),
	    TEST(a_flood_of_lines_is_taken_at_the_manager_s_pace),
	    TEST(while_the_log_s_reader_is_far_behind_lines_wait_with_who_wrote_them),
	    TEST(the_last_lines_outlive_their_driver),
	    TEST(who_shouts_at_its_end_costs_nobody_a_line),
	    TEST(who_shouts_at_each_end_has_its_last_words),
	    TEST(lost_lines_are_told_once_a_period),
	    TEST(the_last_lines_count_for_the_next_instance),
	    TEST(the_numbers_of_lines_go_on_over_instances),
	    TEST(the_numbers_of_one_that_is_older_begin_with_0),
	    TEST(what_waits_in_the_rings_is_taken_when_the_drivers_are_taken_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
