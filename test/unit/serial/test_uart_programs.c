/* SPDX-License-Identifier: BSD-2-Clause */
/* The serial driver's tables: each is right, and its operations are those that are performed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "drivers/serial/programs.h"

static void every_program_is_right(void **state)
{
	(void)state;
	for (size_t i = 0; i < UART_PROGRAMS; i++) {
		uint32_t bad = 0;
		if (program_check(uart_programs[i].rows, uart_programs[i].count, &bad))
			fail_msg("program %zu: row %u", i, bad);
	}
}

/* A row goes on otherwise, or fails, in what its operation says of it. */
static void no_row_says_what_its_operation_does_not_do(void **state)
{
	(void)state;
	for (size_t i = 0; i < UART_PROGRAMS; i++) {
		for (uint32_t n = 0; n < uart_programs[i].count; n++) {
			const program_row_t *row = &uart_programs[i].rows[n];
			bool goes =
			    row->op == OP_EMPTY || row->op == OP_TAKE || row->op == OP_SKIP;
			bool fails = row->op == OP_EMPTY || row->op == OP_EXPECT;
			bool waits = row->op == OP_EMPTY || row->op == OP_TAKE;
			assert_in_range(row->op, OP_END, OP_DEPTH);
			assert_true(goes || !row->otherwise);
			assert_true(fails || !row->error);
			assert_true(row->op != OP_EXPECT || !row->mask || row->error);
			assert_int_equal(waits, row->limit_ms != 0);
			assert_false(row->again || row->tries);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_program_is_right),
	    cmocka_unit_test(no_row_says_what_its_operation_does_not_do),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
