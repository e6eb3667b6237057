/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of what can be granted at all: the table of abi/ports.h, each row at both ends, and the
 * questions that the check of a manifest asks it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "claims/grantable.h"

#define PORT_MAX 0xffffu
#define SEARCHED 0x420u /* behind the last row for drivers */
#define BEYOND	 20u	/* so many are tried behind one that is not, over most gaps */

static bool is_for_drivers(uint32_t port)
{
	bool found = false;
	for (size_t i = 0; i < port_row_count; i++)
		found |= port_rows[i].who == PORTS_DRIVER && port >= port_rows[i].ports.first &&
			 port <= port_rows[i].ports.last;
	return found;
}

static bool grantable(uint32_t first, uint32_t last)
{
	span_t withheld;
	return !ports_withheld((span_t){first, last}, &withheld);
}

static void rows_ascend_do_not_overlap_and_have_a_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < port_row_count; i++) {
		assert_true(port_rows[i].ports.first <= port_rows[i].ports.last);
		assert_true(port_rows[i].ports.last <= PORT_MAX);
		assert_true(strlen(port_rows[i].reason) > 0);
		assert_true(i == 0 || port_rows[i - 1].ports.last < port_rows[i].ports.first);
	}
}

static void a_row_for_drivers_is_grantable_to_both_ends_and_no_port_further(void **state)
{
	(void)state;
	for (size_t i = 0; i < port_row_count; i++) {
		span_t row = port_rows[i].ports;
		bool good = port_rows[i].who == PORTS_DRIVER;
		assert_int_equal(grantable(row.first, row.last), good);
		assert_int_equal(grantable(row.first, row.first), good);
		assert_int_equal(grantable(row.last, row.last), good);
		assert_int_equal(grantable(row.first - 1, row.last),
				 good && is_for_drivers(row.first - 1));
		assert_int_equal(grantable(row.first, row.last + 1),
				 good && is_for_drivers(row.last + 1));
		assert_int_equal(grantable(row.first - 1, row.first - 1),
				 is_for_drivers(row.first - 1));
		assert_int_equal(grantable(row.last + 1, row.last + 1),
				 is_for_drivers(row.last + 1));
	}
}

static void every_port_is_grantable_exactly_if_a_row_for_drivers_has_it(void **state)
{
	(void)state;
	uint32_t count = 0;
	for (uint32_t port = 0; port <= PORT_MAX; port++) {
		assert_int_equal(grantable(port, port), is_for_drivers(port));
		count += is_for_drivers(port);
	}
	assert_in_range(count, 1, 1023);
}

static void a_range_is_grantable_exactly_if_each_of_its_ports_is(void **state)
{
	(void)state;
	for (uint32_t first = 0; first <= SEARCHED; first++) {
		bool all = true;
		uint32_t beyond = 0;
		for (uint32_t last = first; beyond < BEYOND; last++, beyond += !all) {
			all = all && is_for_drivers(last);
			if (grantable(first, last) != all)
				fail_msg("0x%x..0x%x", first, last);
		}
	}
}

static void rows_that_touch_count_as_one_range_and_a_gap_parts_them(void **state)
{
	(void)state;
	assert_true(grantable(0x3e8, 0x3ff)); /* three rows */
	assert_true(grantable(0x3ef, 0x3f0));
	assert_false(grantable(0x3df, 0x3e8));
	assert_false(grantable(0x376, 0x378));
	assert_false(grantable(0, PORT_MAX));
}

static void the_machines_own_ports_are_withheld(void **state)
{
	(void)state;
	static const span_t own[] = {
	    {0x00, 0x1f},     {0x20, 0x21},	{0x40, 0x43},	  {0x65, 0x6f},
	    {0x72, 0x77},     {0x81, 0x8f},	{0x92, 0x92},	  {0xa0, 0xa1},
	    {0xb2, 0xb3},     {0xc0, 0xdf},	{0xf0, 0xff},	  {0x4d0, 0x4d1},
	    {0x510, 0x51b},   {0x600, 0x63f},	{0xae00, 0xae13}, {0xafe0, 0xafe3},
	    {0xb000, 0xb03f}, {0xc000, 0xc00f}, {0xcf8, 0xcff},	  {0x5658, 0x5659}};
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		for (uint32_t port = own[i].first; port <= own[i].last; port++)
			assert_false(grantable(port, port));
}

static void what_is_withheld_is_the_first_part_that_is_not_for_drivers(void **state)
{
	(void)state;
	span_t withheld;
	assert_true(ports_withheld((span_t){0x510, 0x51b}, &withheld));
	assert_int_equal(withheld.first, 0x510);
	assert_int_equal(withheld.last, 0x51b);
	assert_true(ports_withheld((span_t){0x60, 0x80}, &withheld));
	assert_int_equal(withheld.first, 0x65);
	assert_int_equal(withheld.last, 0x6f);
	assert_true(ports_withheld((span_t){0x3f8, 0x400}, &withheld));
	assert_int_equal(withheld.first, 0x400);
	assert_int_equal(withheld.last, 0x400);
	assert_true(ports_withheld((span_t){0xcf8, 0xcff}, &withheld));
	assert_int_equal(withheld.first, 0xcf8);
	assert_int_equal(withheld.last, 0xcff);
	withheld = (span_t){7, 7};
	assert_false(ports_withheld((span_t){96, 100}, &withheld));
	assert_int_equal(withheld.first, 7);
}

static void the_nearest_row_is_one_for_drivers(void **state)
{
	(void)state;
	static const struct {
		uint32_t port;
		span_t nearest;
	} rows[] = {{0, {0x60, 0x64}},	     {0x60, {0x60, 0x64}},    {0x65, {0x60, 0x64}},
		    {0x6a, {0x60, 0x64}},    {0x6f, {0x70, 0x71}},    {0xf4, {0x80, 0x80}},
		    {0x510, {0x3f8, 0x3ff}}, {0xcf8, {0x3f8, 0x3ff}}, {0xffff, {0x3f8, 0x3ff}}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		span_t nearest = ports_nearest(rows[i].port);
		assert_int_equal(nearest.first, rows[i].nearest.first);
		assert_int_equal(nearest.last, rows[i].nearest.last);
	}
}

static void memory_is_inside_the_window_only_with_both_ends(void **state)
{
	const span_t window = memory_window();
	(void)state;
	assert_true(span_inside(window, window));
	assert_true(span_inside((span_t){0xb8000, 0xb8fff}, window));
	assert_false(span_inside((span_t){window.first - 1, window.last}, window));
	assert_false(span_inside((span_t){window.first, window.last + 1}, window));
	assert_false(span_inside((span_t){0, 0xfff}, window));
	assert_false(span_inside((span_t){0xfee00000, 0xfee00fff}, window));
	assert_false(span_inside((span_t){0, UINT32_MAX}, window));
}

static void spans_are_shown_in_the_base_that_is_asked_for(void **state)
{
	(void)state;
	char shown[SPAN_SHOWN];
	assert_string_equal(span_show((span_t){96, 100}, false, shown), "96..100");
	assert_string_equal(span_show((span_t){96, 100}, true, shown), "0x60..0x64");
	assert_string_equal(span_show((span_t){96, 96}, true, shown), "0x60");
	assert_string_equal(span_show((span_t){0xffffffff, 0xffffffff}, false, shown),
			    "4294967295");
	assert_string_equal(span_show((span_t){0xfffff000, 0xffffffff}, false, shown),
			    "4294963200..4294967295");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_ascend_do_not_overlap_and_have_a_reason),
	    cmocka_unit_test(a_row_for_drivers_is_grantable_to_both_ends_and_no_port_further),
	    cmocka_unit_test(every_port_is_grantable_exactly_if_a_row_for_drivers_has_it),
	    cmocka_unit_test(a_range_is_grantable_exactly_if_each_of_its_ports_is),
	    cmocka_unit_test(rows_that_touch_count_as_one_range_and_a_gap_parts_them),
	    cmocka_unit_test(the_machines_own_ports_are_withheld),
	    cmocka_unit_test(what_is_withheld_is_the_first_part_that_is_not_for_drivers),
	    cmocka_unit_test(the_nearest_row_is_one_for_drivers),
	    cmocka_unit_test(memory_is_inside_the_window_only_with_both_ends),
	    cmocka_unit_test(spans_are_shown_in_the_base_that_is_asked_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
