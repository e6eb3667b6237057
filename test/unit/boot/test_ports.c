/* SPDX-License-Identifier: BSD-2-Clause */
/* Which ports the root task gets. */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "abi/ports.h"
#include "boot/ports.h"

#define PORTS 0x10000u

/* Written once more, so that a row that is added or made wider is noticed here. */
static const uint16_t granted[][2] = {
    {0x60, 0x64},   {0x70, 0x71},   {0x80, 0x80},   {0xf4, 0xf4},   {0x170, 0x177},
    {0x1f0, 0x1f7}, {0x200, 0x20f}, {0x220, 0x22f}, {0x278, 0x27f}, {0x2e8, 0x2ef},
    {0x2f8, 0x2ff}, {0x300, 0x33f}, {0x376, 0x376}, {0x378, 0x37f}, {0x388, 0x38b},
    {0x3b0, 0x3df}, {0x3e8, 0x3ef}, {0x3f0, 0x3f7}, {0x3f8, 0x3ff}, {0xcf8, 0xcff},
};

static bool in_list(uint32_t port)
{
	for (size_t i = 0; i < sizeof(granted) / sizeof(granted[0]); i++)
		if (granted[i][0] <= port && port <= granted[i][1])
			return true;
	return false;
}

static void the_root_task_gets_each_listed_port_once_and_no_other(void **state)
{
	static uint8_t given[PORTS];
	uint32_t row = 0, first, last;
	(void)state;
	memset(given, 0, sizeof(given));
	while (ports_next(&row, &first, &last)) {
		assert_true(first <= last && last < PORTS);
		for (uint32_t port = first; port <= last; port++)
			given[port]++;
	}
	for (uint32_t port = 0; port < PORTS; port++)
		if (given[port] != in_list(port))
			fail_msg("port 0x%x is given %u times", port, given[port]);
}

static void rows_that_touch_are_handed_over_as_one_range(void **state)
{
	uint32_t row = 0, first, last, before = 0;
	bool serial = false, cards = false;
	(void)state;
	while (ports_next(&row, &first, &last)) {
		assert_true(first > before + 1);
		before = last;
		serial |= first == 0x3e8 && last == 0x3ff;
		cards |= first == 0x2f8 && last == 0x33f;
	}
	assert_true(serial && cards);
}

#define ROW(first, last, who, whose) {first, last, who, whose},
static const struct {
	uint32_t first, last;
	enum ports_who who;
	const char *whose;
} rows[] = {PORTS_GRANTABLE(ROW)};

static void the_table_is_in_order_and_says_whose_each_row_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(rows[i].first <= rows[i].last && rows[i].first != 0);
		assert_true(i == 0 || rows[i - 1].last < rows[i].first);
		assert_true(strlen(rows[i].whose) > 0);
	}
}

static void no_driver_gets_what_configures_pci_resets_or_ends_the_machine(void **state)
{
	static const uint32_t never[] = {0xf4, 0xcf8, 0xcf9, 0xcfc, 0xcff};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t n = 0; n < sizeof(never) / sizeof(never[0]); n++)
			if (rows[i].first <= never[n] && never[n] <= rows[i].last)
				assert_int_equal(rows[i].who, PORTS_MANAGER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_root_task_gets_each_listed_port_once_and_no_other),
	    cmocka_unit_test(rows_that_touch_are_handed_over_as_one_range),
	    cmocka_unit_test(the_table_is_in_order_and_says_whose_each_row_is),
	    cmocka_unit_test(no_driver_gets_what_configures_pci_resets_or_ends_the_machine),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
