/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver's shut-down: what it leaves behind in the controller. */
#include "ps2_bench.h"

static void stop_puts_the_configuration_back_without_interrupts(void **state)
{
	(void)state;
	expect_streaming();
	assert_int_equal(fake_run(&fake, &ps2, PS2_EV_STOP, NULL).type, PS2_ACT_DONE);
	assert_int_equal(ps2.stats.state, PS2_OFF);
	assert_int_equal(fake.config, 0x70);
	expect_streaming();
	assert_int_equal(ps2.found, 0x71); /* still what the first set-up found */
}

static void quiesce_switches_ports_and_interrupts_off(void **state)
{
	(void)state;
	expect_streaming();
	assert_int_equal(fake_run(&fake, &ps2, PS2_EV_QUIESCE, NULL).type, PS2_ACT_DONE);
	assert_int_equal(fake.config & CONFIG_IRQS, 0);
	assert_int_equal(fake.config & I8042_CONFIG_KBD_OFF, I8042_CONFIG_KBD_OFF);
	assert_int_equal(fake_run(&fake, &ps2, PS2_EV_IRQ, NULL).type, PS2_ACT_NONE);
}

static void stop_without_a_known_configuration_writes_none(void **state)
{
	(void)state;
	assert_int_equal(fake_run(&fake, &ps2, PS2_EV_STOP, NULL).type, PS2_ACT_DONE);
	for (unsigned i = 0; i < fake.log_count; i++)
		assert_int_not_equal(fake.log[i], COMMAND(I8042_CMD_WRITE_CONFIG));
	fake.never_ready = true;
	assert_int_equal(fake_run(&fake, &ps2, PS2_EV_STOP, NULL).error, DRV_ETIMEDOUT);
}

static void a_stop_in_the_middle_of_a_set_up_wins(void **state)
{
	(void)state;
	fake.latency_ms = 1000000;
	ps2_event_t event = {.type = PS2_EV_START};
	for (unsigned i = 0; i < 10; i++)
		event = ps2_step(&ps2, event).type == PS2_ACT_READ_STATUS
			    ? (ps2_event_t){.type = PS2_EV_STATUS}
			    : (ps2_event_t){.type = PS2_EV_WRITTEN};
	assert_int_equal(fake_run(&fake, &ps2, PS2_EV_STOP, NULL).type, PS2_ACT_DONE);
	assert_int_equal(ps2.stats.state, PS2_OFF);
	assert_int_equal(fake_run(&fake, &ps2, PS2_EV_TIMER, NULL).type, PS2_ACT_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(stop_puts_the_configuration_back_without_interrupts, fresh),
	    cmocka_unit_test_setup(quiesce_switches_ports_and_interrupts_off, fresh),
	    cmocka_unit_test_setup(stop_without_a_known_configuration_writes_none, fresh),
	    cmocka_unit_test_setup(a_stop_in_the_middle_of_a_set_up_wins, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
