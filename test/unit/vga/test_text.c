/* SPDX-License-Identifier: BSD-2-Clause */
/* The text screen's bounds, cells and cursor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vga/crtc.h"
#include "vga/text.h"

static uint16_t cells[SCREEN_CELLS]; /* the sanitizer watches both ends */

static void a_position_is_even_and_on_the_screen_or_at_its_end(void **state)
{
	(void)state;
	assert_int_equal(text_check_position(0), DRV_OK);
	assert_int_equal(text_check_position(SCREEN_BYTES), DRV_OK);
	assert_int_equal(text_check_position(1), DRV_EINVAL);
	assert_int_equal(text_check_position(SCREEN_BYTES + 2), DRV_EINVAL);
	assert_int_equal(text_check_position(0xfffffffeu), DRV_EINVAL);
}

static void a_transfer_over_the_end_moves_what_fits(void **state)
{
	(void)state;
	assert_int_equal(text_span(0, 472), 472);
	assert_int_equal(text_span(SCREEN_BYTES - 4, 472), 4);
	assert_int_equal(text_span(SCREEN_BYTES, 472), 0);
	assert_int_equal(text_span(0, 3), DRV_EINVAL);
	assert_int_equal(text_span(SCREEN_BYTES + 2, 2), DRV_EINVAL);
	assert_int_equal(text_span(0, 0xfffffffeu), SCREEN_BYTES);
}

static void cells_are_written_and_read_back(void **state)
{
	(void)state;
	const uint8_t in[] = {'a', 0x07, 'b', 0x1f};
	uint8_t out[sizeof(in)];
	text_blank(cells);
	assert_int_equal(text_write(cells, 160, in, sizeof(in)), 4);
	assert_int_equal(cells[79], SCREEN_CELL(' ', SCREEN_PLAIN));
	assert_int_equal(cells[80], 0x0761);
	assert_int_equal(cells[81], 0x1f62);
	assert_int_equal(cells[82], SCREEN_CELL(' ', SCREEN_PLAIN));
	assert_int_equal(text_read(cells, 160, out, sizeof(out)), 4);
	assert_memory_equal(in, out, sizeof(in));
}

static void a_write_outside_changes_no_cell(void **state)
{
	(void)state;
	const uint8_t in[] = {'x', 0x07, 'y', 0x07};
	text_blank(cells);
	assert_int_equal(text_write(cells, SCREEN_BYTES + 2, in, 4), DRV_EINVAL);
	assert_int_equal(text_write(cells, 1, in, 4), DRV_EINVAL);
	assert_int_equal(text_write(cells, 0, in, 3), DRV_EINVAL);
	for (unsigned i = 0; i < SCREEN_CELLS; i++)
		assert_int_equal(cells[i], SCREEN_CELL(' ', SCREEN_PLAIN));
	assert_int_equal(text_write(cells, SCREEN_BYTES - 2, in, 4), 2);
	assert_int_equal(cells[SCREEN_CELLS - 1], 0x0778);
}

static void the_cursor_is_placed_hidden_and_refused(void **state)
{
	(void)state;
	crtc_write_t writes[TEXT_CURSOR_WRITES] = {{0, 0}};
	assert_int_equal(text_cursor(SCREEN_CELLS, writes), DRV_EINVAL);
	assert_int_equal(writes[0].index, 0);
	assert_int_equal(text_cursor(0x123, writes), DRV_OK);
	assert_int_equal(writes[0].index, CRTC_LOCATION_HIGH);
	assert_int_equal(writes[0].value, 0x01);
	assert_int_equal(writes[1].index, CRTC_LOCATION_LOW);
	assert_int_equal(writes[1].value, 0x23);
	assert_int_equal(writes[2].value & CRTC_CURSOR_OFF, 0);
	assert_int_equal(text_cursor(SCREEN_NO_CURSOR, writes), DRV_OK);
	assert_int_equal(writes[2].index, CRTC_CURSOR_START);
	assert_int_equal(writes[2].value, CRTC_CURSOR_OFF);
}

static void the_screen_begins_with_its_first_cell(void **state)
{
	crtc_write_t writes[TEXT_ORIGIN_WRITES];
	(void)state;
	text_origin(writes);
	assert_true(writes[0].index == CRTC_START_HIGH && writes[0].value == 0);
	assert_true(writes[1].index == CRTC_START_LOW && writes[1].value == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_screen_begins_with_its_first_cell),
	    cmocka_unit_test(a_position_is_even_and_on_the_screen_or_at_its_end),
	    cmocka_unit_test(a_transfer_over_the_end_moves_what_fits),
	    cmocka_unit_test(cells_are_written_and_read_back),
	    cmocka_unit_test(a_write_outside_changes_no_cell),
	    cmocka_unit_test(the_cursor_is_placed_hidden_and_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
