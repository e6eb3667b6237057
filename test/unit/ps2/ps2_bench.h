/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver with a fake controller and keyboard, for tests of its set-up and shut-down. */
#ifndef PS2_BENCH_H
#define PS2_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_i8042.h"
#include "ps2/i8042.h"

#define COMMAND(byte) (0x100u | (byte))
#define CONFIG_IRQS   (I8042_CONFIG_KBD_IRQ | I8042_CONFIG_AUX_IRQ)
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static fake_t fake;
static ps2_t ps2;

static inline int fresh(void **state)
{
	(void)state;
	fake_init(&fake);
	ps2_init(&ps2);
	return 0;
}

static inline void expect_streaming(void)
{
	assert_int_equal(fake_run(&fake, &ps2, PS2_EV_START, NULL).type, PS2_ACT_DONE);
	assert_int_equal(ps2.stats.state, PS2_STREAMING);
	assert_int_equal(fake.config & (CONFIG_IRQS | I8042_CONFIG_KBD_OFF),
			 I8042_CONFIG_KBD_IRQ);
	assert_true(fake.scanning);
	assert_false(fake_was_endangered(&fake));
}

static inline void expect_failure(err_t error)
{
	ps2_action_t action = fake_run(&fake, &ps2, PS2_EV_START, NULL);
	assert_int_equal(action.type, PS2_ACT_FAIL);
	assert_int_equal(action.error, error);
	assert_int_equal(ps2.stats.state, PS2_FAILED);
	assert_int_equal((err_t)ps2.stats.init_error, error);
	assert_false(fake_was_endangered(&fake));
}

#endif
