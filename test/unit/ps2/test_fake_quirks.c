/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of fake_quirks.h by themselves: who reported a row, and that each is a machine of
 * its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_quirks.h"

#define LEAST_ROWS 40u
#define MOST_ROWS  200u

static const quirk_table_t *const tables[] = {&quirks_controller, &quirks_keyboard,
					      &quirks_mouse};
#define TABLES (sizeof(tables) / sizeof(tables[0]))

static unsigned all_rows(const fake_quirk_t **rows)
{
	unsigned count = 0;
	for (unsigned i = 0; i < TABLES; i++)
		for (unsigned row = 0; row < tables[i]->count; row++) {
			assert_true(count < MOST_ROWS);
			rows[count++] = &tables[i]->rows[row];
		}
	return count;
}

static void each_row_has_a_name_of_its_own_and_a_source(void **state)
{
	const fake_quirk_t *rows[MOST_ROWS];
	unsigned count = all_rows(rows);
	(void)state;
	assert_true(count >= LEAST_ROWS);
	for (unsigned i = 0; i < count; i++) {
		assert_non_null(rows[i]->name);
		assert_non_null(rows[i]->reported);
		assert_true(strlen(rows[i]->reported) > 4);
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(rows[i]->name, rows[k]->name);
	}
}

/* But for those whose machine is as it should be, and a hand is what is odd. */
static void each_row_is_an_odd_machine(void **state)
{
	static fake_pc_t healthy, odd;
	const fake_quirk_t *rows[MOST_ROWS];
	unsigned count = all_rows(rows);
	(void)state;
	for (unsigned i = 0; i < count; i++) {
		const fake_quirk_t *row = rows[i];
		pc_init(&healthy, &fake_8042);
		quirk_machine(row, &odd);
		if (!row->types && !row->moves)
			assert_memory_not_equal(&healthy, &odd, sizeof(odd));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_row_has_a_name_of_its_own_and_a_source),
	    cmocka_unit_test(each_row_is_an_odd_machine),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
