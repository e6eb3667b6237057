/* SPDX-License-Identifier: BSD-2-Clause */
/* What `caps` says of each kind of capability that a driver can hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "doors/holding.h"

static driver_t driver;

/* What `caps` says of a capability of the driver "own" with index 1, generation 5. */
static const char *holding(uint32_t type, uint32_t rights, uint32_t scope0, uint32_t scope1,
			   const char *owner)
{
	static char text[MANAGER_TEXT_MAX];
	driver.index = 1;
	driver.unit.generation = 5;
	strcpy(driver.manifest.name, "own");
	driver.manifest.caps.irq.count = 2;
	driver.manifest.caps.irq.items[1].line = 4;
	driver.manifest.caps.pio.count = 1;
	driver.manifest.caps.pio.items[0] = (pio_range_t){.start = 0x70, .end = 0x71};
	driver.manifest.caps.mmio.count = 1;
	driver.manifest.caps.mmio.items[0].base = 0xb8000;
	cap_info_t info = {.type = type, .rights = rights, .scope0 = scope0, .scope1 = scope1};
	size_t length = holding_describe(&driver, &info, owner, text, sizeof(text));
	assert_int_equal(length, strlen(text));
	return text;
}

static void a_device_says_which_entry_of_the_manifest_it_is_for(void **state)
{
	(void)state;
	const uint32_t both = RIGHT_READ | RIGHT_WRITE;
	assert_string_equal(holding(CAP_PIO, both, PIO_SCOPE(0x70, 0x71), 1, "?"),
			    "pio          rw-- ports 0x70-0x71  caps.pio[0]: clock and CMOS "
			    "memory (Motorola MC146818)");
	assert_string_equal(holding(CAP_PIO, both, PIO_SCOPE(0x1, 0x1), 1, "?"),
			    "pio          rw-- ports 0x1-0x1");
	assert_string_equal(holding(CAP_IRQ, RIGHT_READ, IRQ_SCOPE(4, 4), 0, "?"),
			    "irq          r--- line 4  caps.irq[1]");
	assert_string_equal(holding(CAP_MMIO, both, 0xb8000, 0x8000, "?"),
			    "mmio         rw-- 0xb8000, 0x8000 bytes  caps.mmio[0]");
	assert_string_equal(holding(CAP_THREAD, RIGHT_ALL & ~RIGHT_EXEC, 0, 0, "?"),
			    "thread       rw-gi");
	assert_string_equal(holding(CAP_PTABLE, RIGHT_EXEC, 0, 0, "?"), "ptable       --x-");
}

static void what_it_calls_and_signals_says_whose_that_is(void **state)
{
	(void)state;
	const uint32_t write = RIGHT_WRITE;
	assert_string_equal(holding(CAP_ENDPOINT, write | RIGHT_GRANT, 2, 7, "drvmgr"),
			    "endpoint     -w-g  to drvmgr");
	assert_string_equal(holding(CAP_ENDPOINT, write, DRIVER_BADGE(2, 5), 7, "disk"),
			    "endpoint     -w--  to disk");
	assert_string_equal(holding(CAP_NOTIFICATION, write, 1u << 1, 7, "drvmgr"),
			    "notification -w--  to drvmgr");
	assert_string_equal(
	    holding(CAP_NOTIFICATION, write, DRIVER_SIGNAL_CLIENT(2), 7, "disk"),
	    "notification -w--  to disk");
}

/* The badge is another's, or that of an instance that is gone. */
static void what_another_was_given_is_said_to_be_sent(void **state)
{
	(void)state;
	static const struct {
		uint32_t type, badge;
		const char *owner, *text;
	} rows[] = {
	    {CAP_ENDPOINT, 3, "drvmgr", "to drvmgr"},
	    {CAP_ENDPOINT, DRIVER_BADGE(2, 5), "drvmgr", "to drvmgr"},
	    {CAP_ENDPOINT, DRIVER_BADGE(2, 4), "disk", "to disk"},
	    {CAP_ENDPOINT, DRIVER_BADGE(3, 5), "disk", "to disk"},
	    {CAP_ENDPOINT, 2, "disk", "to disk"},
	    {CAP_ENDPOINT, DRIVER_BADGE(3, 5), "own", "to own"},
	    {CAP_NOTIFICATION, 1u << 2, "drvmgr", "to drvmgr"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char expected[100];
		snprintf(expected, sizeof(expected), "%-12s -w--  %s, sent to it by another",
			 rows[i].type == CAP_ENDPOINT ? "endpoint" : "notification",
			 rows[i].text);
		assert_string_equal(
		    holding(rows[i].type, RIGHT_WRITE, rows[i].badge, 7, rows[i].owner),
		    expected);
	}
}

static void what_serves_clients_says_whose(void **state)
{
	(void)state;
	static const struct {
		uint32_t type, rights;
		const char *owner, *text;
	} rows[] = {
	    {CAP_ENDPOINT, RIGHT_READ, "own", "endpoint     r---  what its clients ask"},
	    {CAP_ENDPOINT, RIGHT_READ, "disk",
	     "endpoint     r---  what the clients of disk ask"},
	    {CAP_REPLY, RIGHT_WRITE, "own", "reply        -w--  answers its clients"},
	    {CAP_REPLY, RIGHT_WRITE, "disk", "reply        -w--  answers the clients of disk"},
	    {CAP_NOTIFICATION, RIGHT_READ, "own", "notification r---  what is signalled to it"},
	    {CAP_NOTIFICATION, RIGHT_READ, "disk",
	     "notification r---  what is signalled to disk"},
	    {CAP_NOTIFICATION, RIGHT_WRITE, "own",
	     "notification -w--  to itself, to be handed on"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(holding(rows[i].type, rows[i].rights, 0, 7, rows[i].owner),
				    rows[i].text);
}

static void the_frame_says_what_it_is_for(void **state)
{
	(void)state;
	assert_string_equal(holding(CAP_FRAME, RIGHT_WRITE, 0, 0, "?"),
			    "frame        -w--  what is kept over restarts");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_device_says_which_entry_of_the_manifest_it_is_for),
	    cmocka_unit_test(what_it_calls_and_signals_says_whose_that_is),
	    cmocka_unit_test(what_another_was_given_is_said_to_be_sent),
	    cmocka_unit_test(what_serves_clients_says_whose),
	    cmocka_unit_test(the_frame_says_what_it_is_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
