/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver's set-up against a controller and a keyboard that do all that
 * such devices have been seen doing. */
#include "ps2_bench.h"

#define INIT_LIMIT_MS 2000u /* the manager's default limit for init */

static void a_healthy_keyboard_streams_after_the_documented_order(void **state)
{
	(void)state;
	static const uint16_t order[] = {
	    COMMAND(0xad), COMMAND(0xa7),		 /* ports off */
	    COMMAND(0x20), COMMAND(0x20),		 /* configuration, twice */
	    COMMAND(0x60), 0x74,			 /* all off */
	    COMMAND(0xaa),				 /* self-test */
	    COMMAND(0x60), 0x74,	  COMMAND(0x20), /* again, and it held */
	    COMMAND(0xab), COMMAND(0xae),		 /* line test, port on */
	    0xff,	   0xf5,	  0xf2,		 /* reset, defaults, identify */
	    0xf4,					 /* keys */
	    COMMAND(0x60), 0x65,			 /* interrupts last */
	};
	expect_streaming();
	assert_int_equal(fake.log_count, LENGTH(order));
	for (unsigned i = 0; i < LENGTH(order); i++)
		assert_int_equal(fake.log[i], order[i]);
	assert_int_equal(ps2.stats.device_id, 0xab41);
	assert_int_equal(ps2.stats.resets, 1);
	assert_int_equal(ps2.stats.retries, 0);
	assert_int_equal(ps2.found, 0x71); /* 61, read with the keyboard switched off */
	assert_int_equal(fake.now_ms, 0);
}

static void slow_answers_are_waited_for(void **state)
{
	(void)state;
	fake.latency_ms = 30;
	fake.now_ms = 0xffffffe0u; /* the clock wraps on the way */
	expect_streaming();
	assert_int_equal(ps2.stats.read_timeouts, 0);
}

static void a_dead_keyboard_costs_exactly_the_retry_budget(void **state)
{
	(void)state;
	fake.dead_keyboard = true;
	expect_failure(DRV_ETIMEDOUT);
	assert_int_equal(fake.keyboard_resets, PS2_TRIES);
	assert_int_equal(ps2.stats.read_timeouts, PS2_TRIES);
	assert_int_equal(ps2.stats.retries, PS2_TRIES - 1);
	assert_int_equal(ps2.stats.failed_commands, 1);
	assert_in_range(fake.now_ms, PS2_TRIES * PS2_RESET_ACK_MS, INIT_LIMIT_MS - 1);
}

static void a_controller_that_is_never_ready_times_out(void **state)
{
	(void)state;
	fake.never_ready = true;
	expect_failure(DRV_ETIMEDOUT);
	assert_int_equal(ps2.stats.write_timeouts, 1);
	assert_int_equal(fake.log_count, 0);
	assert_in_range(fake.now_ms, PS2_READY_MS, PS2_READY_MS + 2);
}

static void a_controller_that_never_answers_times_out_after_the_budget(void **state)
{
	(void)state;
	fake.mute_controller = true;
	expect_failure(DRV_ETIMEDOUT);
	assert_int_equal(ps2.stats.read_timeouts, PS2_TRIES);
	assert_false(ps2.config_known);
}

static void all_ones_for_ever_are_no_device(void **state)
{
	(void)state;
	fake.absent = true;
	ps2_action_t action = fake_run(&fake, &ps2, PS2_EV_PROBE, NULL);
	assert_int_equal(action.type, PS2_ACT_FAIL);
	assert_int_equal(action.error, DRV_ENODEV);
	assert_int_equal(fake.data_reads, PS2_FLUSH_MAX);
	expect_failure(DRV_ENODEV);
}

static void a_stream_without_end_is_no_device(void **state)
{
	(void)state;
	fake.endless = true;
	fake.endless_byte = 0x1e;
	ps2_action_t action = fake_run(&fake, &ps2, PS2_EV_PROBE, NULL);
	assert_int_equal(action.error, DRV_ENODEV);
	assert_int_equal(fake.data_reads, PS2_FLUSH_MAX);
	expect_failure(DRV_ENODEV);
}

static void the_probe_finds_a_controller_and_writes_nothing(void **state)
{
	(void)state;
	static const uint8_t waiting[] = {0x1e, 0x9e, 0xe0};
	fake_send(&fake, waiting, sizeof(waiting), 0);
	assert_int_equal(fake_run(&fake, &ps2, PS2_EV_PROBE, NULL).type, PS2_ACT_DONE);
	assert_int_equal(fake.data_reads, sizeof(waiting));
	assert_int_equal(fake.log_count, 0);
	assert_int_equal(fake.now_ms, 0);
}

static void refused_bytes_are_sent_again_within_the_budget(void **state)
{
	(void)state;
	fake.naks = PS2_TRIES - 1;
	expect_streaming();
	assert_int_equal(ps2.stats.naks, PS2_TRIES - 1);
	assert_int_equal(ps2.stats.retries, PS2_TRIES - 1);
	assert_int_equal(fake.keyboard_resets, PS2_TRIES);
}

static void a_byte_that_is_always_refused_is_an_error(void **state)
{
	static const uint8_t naks[] = {0xfe, 0xfc, 0xff, 0x00};
	for (unsigned i = 0; i < LENGTH(naks); i++) {
		fresh(state);
		fake.naks = FAKE_FOREVER;
		fake.nak = naks[i];
		expect_failure(DRV_EIO);
		assert_int_equal(fake.keyboard_resets, PS2_TRIES);
		assert_int_equal(ps2.stats.naks, PS2_TRIES);
	}
}

static void enabling_keys_must_be_acknowledged(void **state)
{
	(void)state;
	fake.naks = FAKE_FOREVER;
	fake.nak_only = KBD_CMD_ENABLE;
	expect_failure(DRV_EIO);
	assert_int_equal(fake.config & CONFIG_IRQS, 0);
}

static void a_self_test_may_fail_within_the_budget(void **state)
{
	(void)state;
	fake.bad_self_tests = PS2_TRIES - 1;
	expect_streaming();
	assert_int_equal(ps2.stats.self_test_failures, PS2_TRIES - 1);
}

static void a_self_test_that_always_fails_is_an_error(void **state)
{
	(void)state;
	fake.bad_self_tests = PS2_TRIES;
	expect_failure(DRV_EIO);
	assert_int_equal(ps2.stats.self_test_failures, PS2_TRIES);
	assert_int_equal(fake.keyboard_resets, 0);
}

static void a_configuration_lost_by_the_self_test_is_written_again(void **state)
{
	(void)state;
	fake.lost_configs = 1;
	expect_streaming();
	assert_int_equal(fake.config, 0x65);
}

static void a_configuration_is_believed_when_it_was_read_twice_alike(void **state)
{
	(void)state;
	static const int16_t once_odd[] = {0x1e, 0x61, 0x61, 0x61, 0x34};
	fake.config_answers = once_odd;
	fake.config_answer_count = LENGTH(once_odd);
	expect_streaming();
	assert_int_equal(ps2.found, 0x61);
	assert_int_equal(ps2.stats.retries, 1);

	static const int16_t odd[] = {1, 2};
	fresh(state);
	fake.config_answers = odd;
	fake.config_answer_count = LENGTH(odd);
	expect_failure(DRV_EIO);
	assert_false(ps2.config_known);
}

static void failures_that_take_turns_share_one_budget(void **state)
{
	(void)state;
	static const int16_t answers[] = {1, 2, -1};
	fake.config_answers = answers;
	fake.config_answer_count = LENGTH(answers);
	expect_failure(DRV_EIO);
	assert_int_equal(ps2.stats.retries, PS2_TRIES - 1);
}

static void a_damaged_answer_does_not_count(void **state)
{
	(void)state;
	fake.before_ack[0] = KBD_ACK;
	fake.before_ack_count = 1;
	fake.before_ack_status = I8042_STATUS_PARITY;
	fake.naks = FAKE_FOREVER;
	expect_failure(DRV_EIO);
	assert_in_range(ps2.stats.parity_errors, 1, PS2_TRIES);
}

static void a_configuration_that_does_not_hold_is_an_error(void **state)
{
	(void)state;
	fake.config_fixed = I8042_CONFIG_KBD_OFF;
	expect_failure(DRV_EIO);
	assert_int_equal(ps2.stats.retries, PS2_TRIES - 1);
}

static void without_translation_set_2_is_decoded(void **state)
{
	(void)state;
	fake.config_fixed = I8042_CONFIG_TRANSLATE;
	expect_streaming();
	assert_int_equal(ps2.scan.set, SCAN_SET2);
	assert_int_equal(fake.config & I8042_CONFIG_TRANSLATE, 0);
}

static void a_failed_line_test_is_counted_and_ignored(void **state)
{
	(void)state;
	fake.line_test = 3;
	expect_streaming();
	assert_int_equal(ps2.stats.self_test_failures, 1);
}

static void keys_that_come_before_an_ack_are_tolerated(void **state)
{
	(void)state;
	static const uint8_t keys[] = {0x1e, 0x9e, 0xe0};
	for (unsigned i = 0; i < sizeof(keys); i++)
		fake.before_ack[i] = keys[i];
	fake.before_ack_count = sizeof(keys);
	expect_streaming();
	assert_int_equal(ps2.stats.retries, 0);
	assert_int_equal(keys_modifiers(&ps2.keys), 0);
}

static void an_ack_of_the_other_port_does_not_count(void **state)
{
	(void)state;
	fake.before_ack[0] = KBD_ACK;
	fake.before_ack_count = 1;
	fake.before_ack_status = I8042_STATUS_AUX;
	expect_streaming();
	assert_int_equal(ps2.stats.wrong_port, 4); /* one for each byte to the keyboard */

	fresh(state);
	fake.before_ack[0] = KBD_ACK;
	fake.before_ack_count = 1;
	fake.before_ack_status = I8042_STATUS_AUX;
	fake.naks = FAKE_FOREVER;
	expect_failure(DRV_EIO);
}

static void a_flood_before_an_ack_is_an_error(void **state)
{
	(void)state;
	for (unsigned i = 0; i < LENGTH(fake.before_ack); i++)
		fake.before_ack[i] = 0x1e;
	fake.before_ack_count = LENGTH(fake.before_ack);
	expect_failure(DRV_EIO);
}

static void a_keyboard_without_identification_is_accepted(void **state)
{
	(void)state;
	fake.no_id = true;
	expect_streaming();
	assert_int_equal(ps2.stats.device_id, 0);
	fresh(state);
	fake.naks = FAKE_FOREVER;
	fake.nak_only = KBD_CMD_IDENTIFY;
	expect_streaming();
	assert_int_equal(ps2.stats.device_id, 0);
}

static void a_reset_may_fail_its_test_within_the_budget(void **state)
{
	(void)state;
	fake.bad_resets = PS2_TRIES - 1;
	expect_streaming();
	assert_int_equal(fake.keyboard_resets, PS2_TRIES);
	fresh(state);
	fake.bad_resets = PS2_TRIES;
	expect_failure(DRV_EIO);
	assert_int_equal(fake.keyboard_resets, PS2_TRIES);
}

static void a_reset_that_never_reports_times_out(void **state)
{
	(void)state;
	fake.no_report = true;
	expect_failure(DRV_ETIMEDOUT);
	assert_int_equal(fake.keyboard_resets, PS2_TRIES);
}

static void a_dead_predecessor_does_not_disturb_the_set_up(void **state)
{
	(void)state;
	/* It died after a reset: answers wait, the buffer is full, half a code is in it, and
	 * the controller still expects a parameter. */
	static const uint8_t waiting[] = {0xe0, 0xfa, 0xaa, 0x1e, 0x9e};
	fake_send(&fake, waiting, sizeof(waiting), 0);
	(void)fake_status(&fake);
	fake.expects = I8042_CMD_WRITE_CONFIG;
	expect_streaming();
	assert_int_equal(ps2.stats.retries, 0);
	assert_int_equal(ps2.stats.device_id, 0xab41);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_healthy_keyboard_streams_after_the_documented_order,
				   fresh),
	    cmocka_unit_test_setup(slow_answers_are_waited_for, fresh),
	    cmocka_unit_test_setup(a_dead_keyboard_costs_exactly_the_retry_budget, fresh),
	    cmocka_unit_test_setup(a_controller_that_is_never_ready_times_out, fresh),
	    cmocka_unit_test_setup(a_controller_that_never_answers_times_out_after_the_budget,
				   fresh),
	    cmocka_unit_test_setup(all_ones_for_ever_are_no_device, fresh),
	    cmocka_unit_test_setup(a_stream_without_end_is_no_device, fresh),
	    cmocka_unit_test_setup(the_probe_finds_a_controller_and_writes_nothing, fresh),
	    cmocka_unit_test_setup(refused_bytes_are_sent_again_within_the_budget, fresh),
	    cmocka_unit_test_setup(a_byte_that_is_always_refused_is_an_error, fresh),
	    cmocka_unit_test_setup(enabling_keys_must_be_acknowledged, fresh),
	    cmocka_unit_test_setup(a_self_test_may_fail_within_the_budget, fresh),
	    cmocka_unit_test_setup(a_self_test_that_always_fails_is_an_error, fresh),
	    cmocka_unit_test_setup(a_configuration_lost_by_the_self_test_is_written_again,
				   fresh),
	    cmocka_unit_test_setup(a_configuration_is_believed_when_it_was_read_twice_alike,
				   fresh),
	    cmocka_unit_test_setup(failures_that_take_turns_share_one_budget, fresh),
	    cmocka_unit_test_setup(a_damaged_answer_does_not_count, fresh),
	    cmocka_unit_test_setup(a_configuration_that_does_not_hold_is_an_error, fresh),
	    cmocka_unit_test_setup(without_translation_set_2_is_decoded, fresh),
	    cmocka_unit_test_setup(a_failed_line_test_is_counted_and_ignored, fresh),
	    cmocka_unit_test_setup(keys_that_come_before_an_ack_are_tolerated, fresh),
	    cmocka_unit_test_setup(an_ack_of_the_other_port_does_not_count, fresh),
	    cmocka_unit_test_setup(a_flood_before_an_ack_is_an_error, fresh),
	    cmocka_unit_test_setup(a_keyboard_without_identification_is_accepted, fresh),
	    cmocka_unit_test_setup(a_reset_may_fail_its_test_within_the_budget, fresh),
	    cmocka_unit_test_setup(a_reset_that_never_reports_times_out, fresh),
	    cmocka_unit_test_setup(a_dead_predecessor_does_not_disturb_the_set_up, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
