/* SPDX-License-Identifier: BSD-2-Clause */
/* Types and rights of capabilities as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/cap.h"
#include "cap/type.h"

static void each_type_has_its_name_and_no_other_number_one(void **state)
{
	(void)state;
	assert_string_equal(type_text(CAP_FRAME), "frame");
	assert_string_equal(type_text(CAP_PIO), "pio");
	for (uint32_t a = 0; a < CAP_TYPE_COUNT; a++)
		for (uint32_t b = 0; b < a; b++)
			assert_string_not_equal(type_text(a), type_text(b));
	assert_string_equal(type_text(CAP_TYPE_COUNT), "?");
	assert_string_equal(type_text(UINT32_MAX), "?");
}

static void each_right_has_its_place(void **state)
{
	char text[TYPE_RIGHTS];
	(void)state;
	assert_string_equal(type_rights(0, text), "----");
	assert_string_equal(type_rights(RIGHT_READ, text), "r---");
	assert_string_equal(type_rights(RIGHT_WRITE, text), "-w--");
	assert_string_equal(type_rights(RIGHT_EXEC, text), "--x-");
	assert_string_equal(type_rights(RIGHT_GRANT, text), "---g");
	assert_string_equal(type_rights(RIGHT_INSPECT, text), "----i");
	assert_string_equal(type_rights(UINT32_MAX, text), "rwxgi");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_type_has_its_name_and_no_other_number_one),
	    cmocka_unit_test(each_right_has_its_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
