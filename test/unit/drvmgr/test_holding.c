/* SPDX-License-Identifier: BSD-2-Clause */
/* What `caps` says of each kind of capability that a driver can hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "doors/holding.h"

static driver_t driver;

/* What `caps` says of a capability of a driver with index 1, generation 5. */
static const char *holding(uint32_t type, uint32_t rights, uint32_t scope0, uint32_t scope1)
{
	static char text[MANAGER_TEXT_MAX];
	driver.index = 1;
	driver.unit.generation = 5;
	driver.manifest.caps.irq.count = 2;
	driver.manifest.caps.irq.items[1].line = 4;
	driver.manifest.caps.pio.count = 1;
	driver.manifest.caps.pio.items[0] = (pio_range_t){.start = 0x70, .end = 0x71};
	driver.manifest.caps.mmio.count = 1;
	driver.manifest.caps.mmio.items[0].base = 0xb8000;
	cap_info_t info = {.type = type, .rights = rights, .scope0 = scope0, .scope1 = scope1};
	holding_describe(&driver, &info, text, sizeof(text));
	return text;
}

static void a_capability_says_what_it_is_for(void **state)
{
	(void)state;
	const uint32_t write = RIGHT_WRITE, both = RIGHT_READ | RIGHT_WRITE;
	assert_string_equal(holding(CAP_ENDPOINT, RIGHT_READ, 0, 0),
			    "endpoint     r---  what its clients ask");
	assert_string_equal(holding(CAP_ENDPOINT, write | RIGHT_GRANT, 2, 0),
			    "endpoint     -w-g  to the manager");
	assert_string_equal(holding(CAP_ENDPOINT, write, DRIVER_BADGE(2, 5), 0),
			    "endpoint     -w--  to a driver that it uses");
	assert_string_equal(holding(CAP_ENDPOINT, write, DRIVER_BADGE(2, 4), 0),
			    "endpoint     -w--  sent to it by another");
	assert_string_equal(holding(CAP_NOTIFICATION, write, 0, 0),
			    "notification -w--  to itself, to be handed on");
	assert_string_equal(holding(CAP_NOTIFICATION, write, 1u << 1, 0),
			    "notification -w--  to the manager");
	assert_string_equal(holding(CAP_NOTIFICATION, write, DRIVER_SIGNAL_CLIENT(2), 0),
			    "notification -w--  for a connection");
	assert_string_equal(holding(CAP_PIO, both, PIO_SCOPE(0x70, 0x71), 1),
			    "pio          rw-- ports 0x70-0x71  caps.pio[0]: clock and CMOS "
			    "memory (Motorola MC146818)");
	assert_string_equal(holding(CAP_PIO, both, PIO_SCOPE(0x1, 0x1), 1),
			    "pio          rw-- ports 0x1-0x1");
	assert_string_equal(holding(CAP_IRQ, RIGHT_READ, IRQ_SCOPE(4, 4), 0),
			    "irq          r--- line 4  caps.irq[1]");
	assert_string_equal(holding(CAP_MMIO, both, 0xb8000, 0x8000),
			    "mmio         rw-- 0xb8000, 0x8000 bytes  caps.mmio[0]");
	assert_string_equal(holding(CAP_THREAD, RIGHT_ALL & ~RIGHT_EXEC, 0, 0),
			    "thread       rw-gi");
	assert_string_equal(holding(CAP_FRAME, RIGHT_EXEC, 0, 0), "frame        --x-");
}

/* A bit that the manager and a connection can both have is not said to be either's. */
static void what_a_signal_is_for_is_not_guessed(void **state)
{
	(void)state;
	char text[MANAGER_TEXT_MAX];
	driver.index = 9;
	cap_info_t info = {.type = CAP_NOTIFICATION, .rights = RIGHT_WRITE, .scope0 = 1u << 9};
	holding_describe(&driver, &info, text, sizeof(text));
	assert_string_equal(text, "notification -w--  to the manager, or for a connection");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_capability_says_what_it_is_for),
	    cmocka_unit_test(what_a_signal_is_for_is_not_guessed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
