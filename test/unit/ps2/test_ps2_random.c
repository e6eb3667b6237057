/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver with devices that do anything, and with events in any order. */
#include "ps2_bench.h"

#define FUZZ_RUNS      3000u
#define FUZZ_STEPS_MAX 200000u

/* Whatever the device does, a set-up ends: streaming or a typed error, in bounded steps;
 * no dangerous command is ever written. */
static void a_random_device_never_hangs_or_confuses_it(void **state)
{
	unsigned good = 0, bad = 0;
	for (uint32_t seed = 1; seed <= FUZZ_RUNS; seed++) {
		unsigned steps = 0;
		fresh(state);
		fake.random = true;
		fake.seed = seed * 2654435761u;
		ps2_action_t action = fake_run(&fake, &ps2, PS2_EV_START, &steps);
		assert_true(steps < FUZZ_STEPS_MAX);
		if (action.type == PS2_ACT_FAIL)
			assert_true(action.error == DRV_ENODEV || action.error == DRV_EIO ||
				    action.error == DRV_ETIMEDOUT);
		else
			assert_int_equal(action.type, PS2_ACT_DONE);
		*(action.type == PS2_ACT_FAIL ? &bad : &good) += 1;
		for (unsigned i = 0; i < 20; i++)
			fake_run(&fake, &ps2, i % 2 ? PS2_EV_IRQ : PS2_EV_TIMER, &steps);
		assert_true(steps < 2 * FUZZ_STEPS_MAX);
		assert_false(fake_was_endangered(&fake));
	}
	assert_true(good > 0);
	assert_true(bad > 0);
}

/* Events in any order, as no caller would send them, break no invariant. */
static void events_out_of_order_break_nothing(void **state)
{
	uint32_t dice = 1;
	fresh(state);
	for (unsigned i = 0; i < 200000; i++) {
		dice = dice * 1664525u + 1013904223u;
		ps2_event_t event = {
		    .type = (ps2_event_type_t)((dice >> 8) % (PS2_EV_WRITTEN + 1)),
		    .byte = (uint8_t)(dice >> 16),
		    .now_ms = i,
		};
		if (event.type <= PS2_EV_STOP && (dice >> 24) % 16)
			continue;
		ps2_action_t action = ps2_step(&ps2, event);
		assert_true(action.type <= PS2_ACT_FAIL);
		assert_int_equal(ps2.row == NULL,
				 ps2.phase == PS2_IDLE || ps2.phase == PS2_KEYS);
		if (ps2.phase == PS2_KEYS)
			assert_int_equal(ps2.stats.state, PS2_STREAMING);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_random_device_never_hangs_or_confuses_it, fresh),
	    cmocka_unit_test_setup(events_out_of_order_break_nothing, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
