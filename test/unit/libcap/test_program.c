/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs of cap/program.h: where they go, how often, and which tables are wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cap/program.h"

enum { OP_END = PROGRAM_END, OP_SEND, OP_REPLY };
enum { NO_LABEL, ASK, SECOND, PLAIN, AT_END };

#define DUE_MS 50u

static program_t program;

/* Which row's turn it is. */
static uint32_t at(void)
{
	assert_non_null(program.row);
	return (uint32_t)(program.row - program.rows);
}

static void begin(const program_row_t *rows, uint32_t count)
{
	uint32_t bad = 99;
	assert_int_equal(program_check(rows, count, &bad), DRV_OK);
	assert_int_equal(bad, 99);
	program_begin(&program, rows, count, 0);
	assert_int_equal(at(), 0);
}

static void assert_failed_to(err_t error, uint32_t row, bool retried)
{
	bool again = !retried;
	assert_int_equal(program_fail(&program, error, 0, &again), DRV_OK);
	assert_int_equal(at(), row);
	assert_int_equal(again, retried);
}

static void assert_failed_with(err_t error, err_t found)
{
	bool again = true;
	assert_int_equal(program_fail(&program, error, 0, &again), found);
	assert_null(program.row);
	assert_false(again);
}

static void rows_are_performed_in_order_to_the_end(void **state)
{
	(void)state;
	const program_row_t rows[] = {
	    {.op = OP_SEND}, {.op = OP_REPLY}, {.op = OP_END, .state = 7}};
	begin(PROGRAM_ROWS(rows));
	program_next(&program, 0);
	assert_int_equal(program.row->op, OP_REPLY);
	program_next(&program, 0);
	assert_int_equal(program.row->op, PROGRAM_END);
	assert_int_equal(program.row->state, 7);
	program_end(&program);
	assert_null(program.row);
}

static void a_row_without_tries_fails_the_program_at_once(void **state)
{
	(void)state;
	const program_row_t rows[] = {{.op = OP_SEND}, {.op = OP_END}};
	begin(PROGRAM_ROWS(rows));
	assert_failed_with(DRV_EIO, DRV_EIO);
	const program_row_t named[] = {{.op = OP_SEND, .error = DRV_ENODEV}, {.op = OP_END}};
	begin(PROGRAM_ROWS(named));
	assert_failed_with(DRV_EIO, DRV_ENODEV);
	begin(PROGRAM_ROWS(named));
	assert_int_equal(program_fail(&program, DRV_EIO, 0, NULL), DRV_ENODEV);
}

static void a_row_is_tried_where_it_stands_as_often_as_it_says(void **state)
{
	(void)state;
	const program_row_t rows[] = {
	    {.op = OP_SEND, .tries = 3}, {.op = OP_SEND, .tries = 3}, {.op = OP_END}};
	begin(PROGRAM_ROWS(rows));
	assert_failed_to(DRV_EIO, 0, true);
	assert_failed_to(DRV_EIO, 0, true);
	program_next(&program, 0);
	assert_failed_to(DRV_EIO, 1, true); /* it has all three of its own */
	assert_failed_to(DRV_EIO, 1, true);
	assert_failed_with(DRV_ETIMEDOUT, DRV_ETIMEDOUT);
}

static const program_row_t asking[] = {
    {.op = OP_SEND},
    {.label = ASK, .op = OP_SEND, .tries = 2},
    {.op = OP_REPLY, .tries = 3, .again = ASK},
    {.op = OP_REPLY, .tries = 3, .again = ASK, .otherwise = PLAIN},
    {.op = OP_SEND},
    {.label = PLAIN, .op = OP_SEND},
    {.op = OP_END},
};

static void another_attempt_begins_at_its_label(void **state)
{
	(void)state;
	begin(PROGRAM_ROWS(asking));
	program_next(&program, 0);
	for (int i = 0; i < 2; i++) {
		program_next(&program, 0);
		assert_failed_to(DRV_EIO, 1, true);
	}
	program_next(&program, 0);
	assert_failed_with(DRV_EIO, DRV_EIO);
}

static void a_row_that_is_come_to_again_has_its_own_tries_again(void **state)
{
	(void)state;
	begin(PROGRAM_ROWS(asking));
	program_next(&program, 0);
	for (int i = 0; i < 2; i++) {
		assert_failed_to(DRV_EIO, 1, true);
		program_next(&program, 0);
		assert_failed_to(DRV_EIO, 1, true);
	}
	assert_failed_to(DRV_EIO, 1, true);
	assert_failed_with(DRV_EIO, DRV_EIO);
}

static void after_the_last_attempt_it_goes_on_otherwise(void **state)
{
	(void)state;
	begin(PROGRAM_ROWS(asking));
	program_next(&program, 0);
	for (int i = 0; i < 3; i++) {
		program_next(&program, 0);
		program_next(&program, 0);
		assert_failed_to(DRV_EIO, i < 2 ? 1 : 5, i < 2);
	}
	program_next(&program, 0);
	assert_int_equal(program.row->op, PROGRAM_END);
}

/* Else two rows that send each other back would repeat for ever. */
static void rows_before_the_one_that_failed_share_its_attempts(void **state)
{
	(void)state;
	begin(PROGRAM_ROWS(asking));
	program_next(&program, 0);
	program_next(&program, 0);
	assert_failed_to(DRV_EIO, 1, true); /* one of the third row's */
	program_next(&program, 0);
	program_next(&program, 0);
	assert_failed_to(DRV_EIO, 1, true); /* the first of the fourth's */
	program_next(&program, 0);
	assert_failed_to(DRV_EIO, 1, true); /* and its second */
	program_next(&program, 0);
	assert_failed_with(DRV_EIO, DRV_EIO);
}

static void a_skip_goes_to_the_label_and_is_no_failure(void **state)
{
	(void)state;
	const program_row_t rows[] = {
	    {.op = OP_REPLY, .otherwise = SECOND},
	    {.op = OP_SEND},
	    {.label = SECOND, .op = OP_REPLY},
	    {.op = OP_END},
	};
	begin(PROGRAM_ROWS(rows));
	program_skip(&program, 0);
	assert_int_equal(at(), 2);
	program_skip(&program, 0); /* without a label */
	assert_int_equal(at(), 3);
}

static void an_attempt_is_late_at_its_limit_and_each_has_a_whole_one(void **state)
{
	(void)state;
	const program_row_t rows[] = {
	    {.op = OP_SEND, .tries = 2, .limit_ms = DUE_MS},
	    {.op = OP_SEND, .limit_ms = 0},
	    {.op = OP_END},
	};
	uint32_t now = UINT32_MAX - 10; /* it wraps meanwhile */
	program_begin(&program, PROGRAM_ROWS(rows), now);
	assert_false(program_is_late(&program, now));
	assert_false(program_is_late(&program, now + DUE_MS - 1));
	assert_true(program_is_late(&program, now + DUE_MS));
	now += DUE_MS;
	assert_int_equal(program_fail(&program, DRV_ETIMEDOUT, now, NULL), DRV_OK);
	assert_false(program_is_late(&program, now + DUE_MS - 1));
	program_wait(&program, now + DUE_MS - 1);
	assert_false(program_is_late(&program, now + 2 * DUE_MS - 2));
	assert_true(program_is_late(&program, now + 2 * DUE_MS - 1));
	program_next(&program, now);
	assert_false(program_is_late(&program, now + 0x7fffffff));
}

static void a_new_program_has_forgotten_the_one_before(void **state)
{
	(void)state;
	begin(PROGRAM_ROWS(asking));
	program_next(&program, 0);
	assert_failed_to(DRV_EIO, 1, true);
	program_next(&program, 0);
	assert_failed_to(DRV_EIO, 1, true);
	begin(PROGRAM_ROWS(asking));
	program_next(&program, 0);
	for (int i = 0; i < 2; i++) {
		program_next(&program, 0);
		assert_failed_to(DRV_EIO, 1, true);
	}
}

/* Whatever fails: a program ends after so many performed rows. */
static void every_program_ends_whatever_fails(void **state)
{
	(void)state;
	uint32_t longest = 0;
	for (uint32_t seed = 0; seed < 20000; seed++) {
		uint32_t random = seed * 2654435761u, performed = 0;
		begin(PROGRAM_ROWS(asking));
		while (program.row && program.row->op != PROGRAM_END) {
			random = random * 1664525u + 1013904223u;
			assert_in_range(performed++, 0, 60);
			if (random >> 31)
				program_next(&program, 0);
			else
				program_fail(&program, DRV_EIO, 0, NULL);
		}
		longest = performed > longest ? performed : longest;
	}
	assert_in_range(longest, 12, 60);
}

static void a_wrong_table_is_refused_at_its_first_wrong_row(void **state)
{
	(void)state;
	static const struct {
		const char *why;
		uint32_t bad;
		program_row_t rows[4];
	} tables[] = {
	    {"the last row is no end", 3, {{.op = 1}, {.op = 1}, {.op = 0}, {.op = 1}}},
	    {"two have a label", 2, {{.label = 1}, {.op = 1}, {.label = 1}, {.op = 0}}},
	    {"no row for again", 1, {{.op = 1}, {.again = 1, .tries = 2}, {.op = 0}}},
	    {"no row for otherwise", 0, {{.otherwise = 1}, {.label = 2}, {.op = 0}}},
	    {"again is behind", 0, {{.again = 1, .tries = 2}, {.label = 1}, {.op = 0}}},
	    {"again is itself", 1, {{.op = 1}, {.label = 1, .again = 1, .tries = 2}}},
	    {"otherwise is before", 1, {{.label = 1}, {.otherwise = 1}, {.op = 0}}},
	    {"otherwise is itself", 0, {{.label = 1, .otherwise = 1}, {.op = 0}}},
	    {"again, but one try", 1, {{.label = 1}, {.again = 1, .tries = 1}, {.op = 0}}},
	    {"again, without tries", 1, {{.label = 1}, {.again = 1}, {.op = 0}}},
	};
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		uint32_t bad = 99;
		err_t found = program_check(PROGRAM_ROWS(tables[i].rows), &bad);
		if (found != DRV_EINVAL || bad != tables[i].bad)
			fail_msg("%s: %d at %u", tables[i].why, found, bad);
	}
	uint32_t bad = 99;
	assert_int_equal(program_check(asking, 0, &bad), DRV_EINVAL);
	assert_int_equal(bad, 0);
}

/* What was not checked is not followed anywhere. */
static void a_label_that_is_nowhere_fails_the_program(void **state)
{
	(void)state;
	const program_row_t rows[] = {{.op = OP_SEND, .tries = 2, .again = 9}, {.op = OP_END}};
	program_begin(&program, PROGRAM_ROWS(rows), 0);
	assert_int_equal(program_fail(&program, DRV_EIO, 0, NULL), DRV_EIO);
	assert_null(program.row);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_are_performed_in_order_to_the_end),
	    cmocka_unit_test(a_row_without_tries_fails_the_program_at_once),
	    cmocka_unit_test(a_row_is_tried_where_it_stands_as_often_as_it_says),
	    cmocka_unit_test(another_attempt_begins_at_its_label),
	    cmocka_unit_test(a_row_that_is_come_to_again_has_its_own_tries_again),
	    cmocka_unit_test(after_the_last_attempt_it_goes_on_otherwise),
	    cmocka_unit_test(rows_before_the_one_that_failed_share_its_attempts),
	    cmocka_unit_test(a_skip_goes_to_the_label_and_is_no_failure),
	    cmocka_unit_test(an_attempt_is_late_at_its_limit_and_each_has_a_whole_one),
	    cmocka_unit_test(a_new_program_has_forgotten_the_one_before),
	    cmocka_unit_test(every_program_ends_whatever_fails),
	    cmocka_unit_test(a_wrong_table_is_refused_at_its_first_wrong_row),
	    cmocka_unit_test(a_label_that_is_nowhere_fails_the_program),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
