/* SPDX-License-Identifier: BSD-2-Clause */
/* The fake machine itself, port by port: tests that lean on it lean on what is shown here. */
#include "fake_bench.h"

static void the_controller_answers_when_it_had_time(void **state)
{
	(void)state;
	command(0x20);
	assert_int_equal(pc_status(&pc) & FULL, 0);
	EXPECT(0x47);
	uint64_t before = pc.now_us;
	command(0xaa);
	EXPECT(0x55);
	assert_in_range(pc.now_us - before, 20 * FAKE_MS, 21 * FAKE_MS);
	command(0xa9);
	EXPECT(0);
	assert_int_equal(next(100), QUIET);
}

static void the_emulator_answers_at_once_and_has_one_slot(void **state)
{
	(void)state;
	pc_command(&pc, 0x20);
	assert_int_equal(pc_status(&pc) & FULL, FULL);
	assert_int_equal(pc_data(&pc), 0x61);
	pc_key(&pc, KEY_A, true); /* in the output buffer: the answers wait in the slot */
	pc_command(&pc, 0xaa);
	pc_command(&pc, 0x20);
	EXPECT(0x1e, 0x61, QUIET);
}

static void keys_are_translated_as_the_configuration_says(void **state)
{
	(void)state;
	pc_key(&pc, KEY_A, true);
	pc_key(&pc, KEY_HOME, true);
	pc_key(&pc, KEY_HOME, false);
	pc_key(&pc, KEY_A, false);
	EXPECT(0x1e, 0xe0, 0x47, 0xe0, 0xc7, 0x9e);
	configure(0x05);
	pc_key(&pc, KEY_A, true);
	pc_key(&pc, KEY_A, false);
	pc_key(&pc, KEY_PAUSE, true);
	EXPECT(0x1c, 0xf0, 0x1c, 0xe1, 0x14, 0x77, 0xe1, 0xf0, 0x14, 0xf0, 0x77);
}

static void a_byte_takes_its_time_on_the_wire(void **state)
{
	(void)state;
	pc_key(&pc, KEY_HOME, true);
	assert_int_equal(pc_status(&pc) & FULL, 0);
	pc_pass(&pc, FAKE_MS);
	assert_int_equal(pc_status(&pc) & FULL, FULL);
	assert_true(pc_irq(&pc, FAKE_KEYBOARD));
	assert_false(pc_irq(&pc, FAKE_KEYBOARD));
	pc_data(&pc);
	assert_int_equal(pc_status(&pc) & FULL, 0);
}

static void a_full_buffer_and_a_port_that_is_off_hold_the_clock(void **state)
{
	(void)state;
	command(0xad);
	pc_key(&pc, KEY_A, true);
	assert_int_equal(next(100), QUIET);
	command(0xae);
	pc_key(&pc, KEY_B, true);
	pc_pass(&pc, 50 * FAKE_MS);
	EXPECT(0x1e, 0x30);
	assert_int_equal(next(400), QUIET);
}

static void rules_replace_answers_as_often_as_they_say(void **state)
{
	(void)state;
	pc.rules[0] = (fake_rule_t){FAKE_KEYBOARD, 0xf4, 1, 2, FAKE_REFUSES, 0, 1, {0xfe}};
	pc.rules[1] = (fake_rule_t){FAKE_KEYBOARD, 0xf5, 0, 0, FAKE_DIES, 0, 0, {0}};
	pc.rules[2] = (fake_rule_t){FAKE_KEYBOARD, 0xee, 0, 0, FAKE_BEFORE, 0, 1, {0x1c}};
	pc.rules[3] = (fake_rule_t){FAKE_CONTROLLER, 0xaa, 0, 1, FAKE_INSTEAD, 0, 1, {0xfc}};
	const unsigned answers[] = {0xfa, 0xfe, 0xfe, 0xfa};
	for (unsigned i = 0; i < 4; i++) {
		keyboard(0xf4);
		EXPECT(answers[i]);
	}
	keyboard(0xee);
	EXPECT(0x1e, 0xee);
	command(0xaa);
	EXPECT(0xfc);
	command(0xaa);
	EXPECT(0x55, QUIET);
	keyboard(0xf5);
	EXPECT(QUIET);
	keyboard(0xf4);
	EXPECT(QUIET);
	keyboard(0xff);
	EXPECT(0xfa, 0xaa);
}

static void things_happen_at_their_time(void **state)
{
	(void)state;
	pc.happenings[0] = (fake_happening_t){100, FAKE_UNPLUGS, FAKE_KEYBOARD, 0, {0}};
	pc.happenings[1] = (fake_happening_t){200, FAKE_PLUGS, FAKE_KEYBOARD, 0, {0}};
	pc.happenings[2] = (fake_happening_t){900, FAKE_SENDS, FAKE_MOUSE, 2, {1, 2}};
	pc.happenings[3] = (fake_happening_t){950, FAKE_DAMAGES, FAKE_KEYBOARD, 0, {7, 0x80}};
	pc_pass(&pc, 150 * FAKE_MS);
	pc_key(&pc, KEY_A, true);
	assert_int_equal(next(545), QUIET);
	EXPECT(0xaa, 0x201, 0x202);
	pc_pass(&pc, 100 * FAKE_MS);
	assert_int_equal(pc_status(&pc) & 0xc1, 0x81);
}

static void the_multiplexer_answers_its_probe(void **state)
{
	(void)state;
	static const uint8_t probe[] = {0xf0, 0x56, 0xa4};
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 0; i < 3; i++) {
			command(0xd3);
			keyboard(probe[i]);
			EXPECT(i == 2 && round ? 0x211u : 0x200u | probe[i]);
		}
		pc.faults.multiplexer = 0x11;
	}
}

static void what_a_driver_must_not_do_is_counted(void **state)
{
	(void)state;
	pc_data(&pc);
	assert_int_equal(pc.empty_reads, 1);
	pc_command(&pc, 0x20);
	pc_command(&pc, 0x20);
	assert_int_equal(pc.hasty_writes, 1);
	EXPECT(0x47, QUIET);
	command(0xfe);
	command(0xd1);
	assert_int_equal(pc.dangerous, 2);
}

static void the_tables_agree_with_the_translation(void **state)
{
	(void)state;
	for (unsigned i = 0; i < fake_code_count; i++) {
		const fake_code_t *code = &fake_codes[i];
		assert_int_equal(fake_translation[code->set2 & 0xff], code->set1 & 0xff);
		assert_int_equal(code->set1 >> 8, code->set2 >> 8);
	}
}

/* A pause of one step and one of many are the same time. */
static void time_passes_alike_in_any_steps(void **state)
{
	fake_pc_t other;
	for (unsigned round = 0; round < 2; round++) {
		real(state);
		keyboard(0xff);
		for (unsigned i = 0; i < (round ? 7000u : 1u); i++)
			pc_pass(&pc, round ? 100 : 700000);
		pc_key(&pc, KEY_HOME, true);
		for (unsigned i = 0; i < (round ? 9000u : 1u); i++)
			pc_pass(&pc, round ? 100 : 900000);
		if (!round)
			other = pc;
	}
	assert_int_equal(pc.output_full, other.output_full);
	assert_int_equal(pc.output, other.output);
	assert_int_equal(pc.devices[0].stream_count, other.devices[0].stream_count);
	assert_int_equal(pc.now_us, other.now_us);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_controller_answers_when_it_had_time, real),
	    cmocka_unit_test_setup(the_emulator_answers_at_once_and_has_one_slot, emulator),
	    cmocka_unit_test_setup(keys_are_translated_as_the_configuration_says, real),
	    cmocka_unit_test_setup(a_byte_takes_its_time_on_the_wire, real),
	    cmocka_unit_test_setup(a_full_buffer_and_a_port_that_is_off_hold_the_clock, real),
	    cmocka_unit_test_setup(rules_replace_answers_as_often_as_they_say, real),
	    cmocka_unit_test_setup(things_happen_at_their_time, real),
	    cmocka_unit_test_setup(the_multiplexer_answers_its_probe, real),
	    cmocka_unit_test_setup(what_a_driver_must_not_do_is_counted, real),
	    cmocka_unit_test(the_tables_agree_with_the_translation),
	    cmocka_unit_test(time_passes_alike_in_any_steps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
