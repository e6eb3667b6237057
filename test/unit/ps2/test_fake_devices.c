/* SPDX-License-Identifier: BSD-2-Clause */
/* The fake machine's keyboard and mouse. */
#include "fake_bench.h"

static void the_keyboard_keeps_sixteen_bytes_and_marks_what_it_lost(void **state)
{
	(void)state;
	configure(0x15); /* set 2, port off */
	for (uint16_t key = KEY_1; key <= KEY_8; key++)
		pc_key(&pc, key, true);
	for (uint16_t key = KEY_1; key <= KEY_8; key++)
		pc_key(&pc, key, false); /* two bytes each: four of them fit */
	assert_int_equal(pc.overruns, 4);
	command(0xae);
	EXPECT(0x16, 0x1e, 0x26, 0x25, 0x2e, 0x36, 0x3d, 0x3e);
	EXPECT(0xf0, 0x16, 0xf0, 0x1e, 0xf0, 0x26, 0xf0, 0x25, 0x00, QUIET);
}

static void the_emulator_drops_what_it_cannot_keep_and_says_nothing(void **state)
{
	(void)state;
	pc_command(&pc, 0xad);
	for (uint16_t key = KEY_1; key <= KEY_0; key++) {
		pc_key(&pc, key, true);
		pc_key(&pc, key, false);
	}
	assert_int_equal(pc.overruns, 4);
	pc_command(&pc, 0xae);
	for (unsigned i = 0; i < 8; i++)
		EXPECT(2 + i, 0x82 + i);
	EXPECT(QUIET);
}

static void a_held_key_repeats_as_set(void **state)
{
	(void)state;
	pc_key(&pc, KEY_A, true);
	EXPECT(0x1e);
	assert_int_equal(next(490), QUIET);
	EXPECT(0x1e);
	assert_int_equal(next(80), QUIET);
	EXPECT(0x1e);
	pc_key(&pc, KEY_A, false);
	EXPECT(0x9e, QUIET);
	keyboard(0xf3);
	EXPECT(0xfa);
	keyboard(0x00); /* 250 ms, 30 a second */
	EXPECT(0xfa);
	pc_key(&pc, KEY_A, true);
	EXPECT(0x1e);
	assert_int_equal(next(240), QUIET);
	EXPECT(0x1e);
	assert_int_equal(next(30), QUIET);
	EXPECT(0x1e);
}

static void the_keyboard_obeys(void **state)
{
	(void)state;
	configure(0x05);
	keyboard(0xf2);
	EXPECT(0xfa, 0xab, 0x83);
	keyboard(0xee);
	EXPECT(0xee);
	keyboard(0xed);
	EXPECT(0xfa);
	keyboard(0x02);
	EXPECT(0xfa);
	assert_int_equal(pc.keys.leds, 2);
	keyboard(0xf0);
	EXPECT(0xfa);
	keyboard(0x00);
	EXPECT(0xfa, 0x02);
	keyboard(0xf0);
	EXPECT(0xfa);
	keyboard(0x03);
	EXPECT(0xfe);
	keyboard(0x01);
	EXPECT(0xfe);
	keyboard(0xf5);
	EXPECT(0xfa);
	pc_key(&pc, KEY_A, true);
	EXPECT(QUIET);
	assert_int_equal(pc.written[FAKE_KEYBOARD][0xf0], 2);
}

static void a_command_where_a_parameter_is_due_ends_the_first(void **state)
{
	(void)state;
	keyboard(0xed);
	EXPECT(0xfa);
	keyboard(0xee);
	EXPECT(0xee);
	emulator(state);
	keyboard(0xed);
	EXPECT(0xfa);
	keyboard(0xee);
	EXPECT(0xfa);
	keyboard(0xee);
	EXPECT(0xee);
}

static void a_self_test_takes_its_time_and_hears_no_key(void **state)
{
	(void)state;
	keyboard(0xff);
	EXPECT(0xfa);
	pc_key(&pc, KEY_A, true);
	pc_key(&pc, KEY_A, false);
	assert_int_equal(next(480), QUIET);
	EXPECT(0xaa, QUIET);
	mouse(0xff);
	EXPECT(0x2fa);
	assert_int_equal(next(380), QUIET);
	EXPECT(0x2aa, 0x200, QUIET);
}

static void the_mouse_speaks_three_protocols(void **state)
{
	(void)state;
	static const uint8_t knocks[] = {200, 100, 80, 200, 200, 80};
	mouse(0xf2);
	EXPECT(0x2fa, 0x200);
	for (unsigned i = 0; i < sizeof(knocks); i++) {
		mouse(0xf3);
		EXPECT(0x2fa);
		mouse(knocks[i]);
		EXPECT(0x2fa);
		if (i % 3 < 2)
			continue;
		mouse(0xf2);
		EXPECT(0x2fa, i < 3 ? 0x203 : 0x204);
		mouse(0xf4);
		EXPECT(0x2fa);
		pc_buttons(&pc, 0x11);
		pc_move(&pc, 3, 2, 1, 0); /* right, down, wheel up */
		EXPECT(0x229, 0x203, 0x2fe, i < 3 ? 0x2ff : 0x22f);
		pc_buttons(&pc, 0);
		EXPECT(0x208, 0x200, 0x200, 0x200, QUIET);
	}
	pc_move(&pc, 0, 0, 0, -1);
	EXPECT(0x208, 0x200, 0x200, 0x241, QUIET);
}

static void motion_too_fast_is_marked(void **state)
{
	(void)state;
	mouse(0xf4);
	EXPECT(0x2fa);
	pc_move(&pc, -300, 0, 0, 0);
	EXPECT(0x258, 0x201, 0x200, QUIET);
}

static void the_emulators_mouse_drops_answers_behind_motion(void **state)
{
	(void)state;
	pc_command(&pc, 0xa8);
	mouse(0xf4);
	EXPECT(0x2fa);
	pc_command(&pc, 0xa7);
	for (unsigned i = 0; i < 9; i++)
		pc_move(&pc, 1, 0, 0, 0);
	mouse(0xf5); /* switches the port on, too */
	mouse(0xf4);
	mouse(0xf5);
	assert_false(pc.devices[FAKE_MOUSE].enabled);
	for (unsigned i = 0; i < 5; i++)
		EXPECT(0x208, 0x201, 0x200);
	EXPECT(0x2fa, QUIET); /* the sixteenth */
}

static void nobody_at_the_port_is_told_by_a_status_bit(void **state)
{
	(void)state;
	pc_unplug(&pc, FAKE_KEYBOARD);
	keyboard(0xf4);
	while (!(pc_status(&pc) & FULL))
		pc_pass(&pc, 100);
	assert_int_equal(pc_status(&pc) & 0xe0, 0x40);
	EXPECT(0xfe);
	pc_plug(&pc, FAKE_KEYBOARD);
	EXPECT(0xaa, QUIET);
	emulator(state);
	pc_unplug(&pc, FAKE_KEYBOARD);
	keyboard(0xf4);
	EXPECT(QUIET);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_keyboard_keeps_sixteen_bytes_and_marks_what_it_lost,
				   real),
	    cmocka_unit_test_setup(the_emulator_drops_what_it_cannot_keep_and_says_nothing,
				   emulator),
	    cmocka_unit_test_setup(a_held_key_repeats_as_set, real),
	    cmocka_unit_test_setup(the_keyboard_obeys, real),
	    cmocka_unit_test_setup(a_command_where_a_parameter_is_due_ends_the_first, real),
	    cmocka_unit_test_setup(a_self_test_takes_its_time_and_hears_no_key, real),
	    cmocka_unit_test_setup(the_mouse_speaks_three_protocols, real),
	    cmocka_unit_test_setup(motion_too_fast_is_marked, real),
	    cmocka_unit_test_setup(the_emulators_mouse_drops_answers_behind_motion, emulator),
	    cmocka_unit_test_setup(nobody_at_the_port_is_told_by_a_status_bit, real),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
