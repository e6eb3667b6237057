/* SPDX-License-Identifier: BSD-2-Clause */
/* GET_STATS as the driver runtime answers it, and a client takes it. */
#include "session_world.h"

#define COMMON 4u /* rows that libcap has for every driver */

static uint32_t own;	 /* rows that the driver makes */
static const char *name; /* of each */

static void make_rows(driver_stats_t *rows)
{
	for (uint32_t i = 0; i < own; i++)
		driver_stat(rows, name, 100 + i);
}

static int with_rows(void **state)
{
	static const driver_ops_t ops = {.stats = make_rows};
	fresh(state);
	runtime.ops = &ops;
	own = 2;
	name = "reads";
	return 0;
}

/* Asks from row `first` on, with no session. Answers how many rows came. */
static uint32_t rows_from(uint32_t first, driver_stat_t rows[DRIVER_STATS_EACH],
			  uint32_t *total)
{
	message_t message = {.badge = CLIENT + 1,
			     .info = MSG_INFO(DRIVER_IOCTL, 2, 0),
			     .word0 = DRV_IOCTL_GET_STATS,
			     .word1 = first};
	session_request(&message);
	uint32_t bytes = message.word0;
	assert_true((int32_t)bytes >= 0);
	assert_int_equal(bytes % sizeof(*rows), 0);
	assert_int_equal(MSG_WORD_COUNT(message.info), DRIVER_DATA_WORD + bytes / 4);
	memcpy(rows, &buffer.words[DRIVER_DATA_WORD], bytes);
	*total = message.word1;
	return bytes / (uint32_t)sizeof(*rows);
}

static void every_driver_has_the_rows_of_libcap(void **state)
{
	static const driver_ops_t nothing = {0};
	static const struct {
		const char *name;
		uint32_t value;
	} expected[COMMON] = {{"beats", 3},
			      {"requests", 5},
			      {"interrupts", 7},
			      {"last_error", (uint32_t)DRV_EIO}};
	driver_stat_t rows[DRIVER_STATS_EACH];
	uint32_t total;
	(void)state;
	runtime.ops = &nothing;
	assert_int_equal(ask(CLIENT, DRIVER_READ), DRV_ENOTSUP); /* asking counts elsewhere */
	page.beats = 3;
	runtime.requests = 5;
	runtime.interrupts = 7;
	page.context.last_error = DRV_EIO;
	assert_int_equal(rows_from(0, rows, &total), COMMON);
	assert_int_equal(total, COMMON);
	for (uint32_t i = 0; i < COMMON; i++) {
		assert_string_equal(rows[i].name, expected[i].name);
		assert_int_equal(rows[i].value, expected[i].value);
	}
	assert_int_equal(page.context.last_error, DRV_EIO);
}

static void an_authors_rows_follow(void **state)
{
	driver_stat_t rows[DRIVER_STATS_EACH];
	uint32_t total;
	(void)state;
	assert_int_equal(rows_from(0, rows, &total), COMMON + 2);
	assert_int_equal(total, COMMON + 2);
	assert_string_equal(rows[COMMON + 1].name, "reads");
	assert_int_equal(rows[COMMON + 1].value, 101);
}

/* Whatever the driver makes, and wherever one begins: all rows, each once, and no more. */
static void a_list_of_any_length_comes_in_pieces(void **state)
{
	driver_stat_t rows[DRIVER_STATS_EACH];
	(void)state;
	for (own = 0; own < 2 * DRIVER_STATS_MAX; own++) {
		uint32_t total = 0, first = 0, count;
		while ((count = rows_from(first, rows, &total)) != 0) {
			for (uint32_t i = 0; i < count; i++)
				if (first + i >= COMMON)
					assert_int_equal(rows[i].value,
							 100 + first + i - COMMON);
			first += count;
		}
		assert_int_equal(first, total);
		assert_int_equal(total, COMMON + own < DRIVER_STATS_MAX ? COMMON + own
									: DRIVER_STATS_MAX);
		assert_int_equal(rows_from(UINT32_MAX, rows, &total), 0);
	}
}

static void a_long_name_is_cut_and_ends(void **state)
{
	driver_stat_t rows[DRIVER_STATS_EACH];
	uint32_t total;
	(void)state;
	name = "0123456789012345678901234567890123456789";
	rows_from(0, rows, &total);
	assert_string_equal(rows[COMMON].name, "01234567890123456789012");
	name = "";
	rows_from(0, rows, &total);
	assert_string_equal(rows[COMMON].name, "");
}

static void a_driver_that_does_not_serve_yet_is_asked_all_the_same(void **state)
{
	driver_stat_t rows[DRIVER_STATS_EACH];
	uint32_t total;
	(void)state;
	runtime.serving = 0;
	assert_int_equal(rows_from(0, rows, &total), COMMON + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(every_driver_has_the_rows_of_libcap, with_rows),
	    cmocka_unit_test_setup(an_authors_rows_follow, with_rows),
	    cmocka_unit_test_setup(a_list_of_any_length_comes_in_pieces, with_rows),
	    cmocka_unit_test_setup(a_long_name_is_cut_and_ends, with_rows),
	    cmocka_unit_test_setup(a_driver_that_does_not_serve_yet_is_asked_all_the_same,
				   with_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
