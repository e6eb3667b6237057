/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole driver: what clients get, and what outlives a restart for them. */
#include "ps2_process.h"

void driver_stat(driver_stats_t *rows, const char *name, uint32_t value)
{
	(void)rows, (void)name, (void)value;
}

static void a_client_reads_whole_events_and_is_told_of_them(void **state)
{
	(void)state;
	input_event_t events[4];
	start();
	open_as(0, DRV_OK);
	assert_int_equal(ops->read(&session, events, sizeof(events)), 0);
	press(KEY_A, true);
	press(KEY_A, false);
	assert_int_equal(notified, 2);
	assert_int_equal(ops->read(&session, events, sizeof(events[0]) - 1), DRV_EINVAL);
	reserved = true;
	assert_int_equal(ops->read(&session, events, sizeof(events)), DRV_EPERM);
	reserved = false;
	assert_int_equal(ops->read(&session, events, sizeof(events)), 2 * sizeof(events[0]));
	assert_int_equal(events[0].code, KEY_A);
	assert_int_equal(events[1].value, INPUT_UP);
	assert_int_equal(ops->read(&session, events, sizeof(events)), 0);
	ops->irq(2); /* not ours */
	assert_int_equal(ps2.turn.stats.irq1, 3);
	assert_int_equal(kept_reads, ps2.turn.page->taken.count);
}

static void each_session_reads_from_its_own_place(void **state)
{
	(void)state;
	input_event_t event;
	start();
	open_as(0, DRV_OK);
	session_t other = {.badge = 2};
	ops->open(&other);
	press(KEY_A, true);
	assert_int_equal(ops->read(&session, &event, sizeof(event)), sizeof(event));
	assert_int_equal(ops->read(&other, &event, sizeof(event)), sizeof(event));
	assert_int_equal(event.code, KEY_A);
	session_t late = {.badge = 3};
	ops->open(&late);
	assert_int_equal(ops->read(&late, &event, sizeof(event)), 0);
}

static void a_session_is_for_what_there_is(void **state)
{
	(void)state;
	input_event_t event;
	start();
	open_as(3, DRV_EINVAL);
	open_as(INPUT_OPEN_MOUSE, DRV_OK);
	press(KEY_A, true);
	assert_int_equal(ops->read(&session, &event, sizeof(event)), 0);
	pc_move(&pc, 1, 0, 0, 0);
	pc_pass(&pc, 20 * FAKE_MS);
	uint32_t before = ps2.turn.stats.irq12;
	ops->irq(1);
	assert_int_equal(ps2.turn.stats.irq12, before + 1);
	assert_int_equal(ops->read(&session, &event, sizeof(event)), sizeof(event));
	assert_int_equal(event.type, INPUT_REL);
}

static void a_position_outlives_the_driver(void **state)
{
	(void)state;
	input_event_t event;
	uint32_t position = 0;
	start();
	open_as(0, DRV_OK);
	press(KEY_A, true);
	assert_int_equal(read_at(&position, &event), sizeof(event));
	press(KEY_A, false);
	start_process();
	assert_int_equal(ops->probe(), DRV_OK);
	assert_int_equal(ops->recover(), DRV_OK);
	start();
	assert_int_equal(forgot, 0);
	open_as(0, DRV_OK);
	assert_int_equal(read_at(&position, &event), sizeof(event));
	assert_int_equal(event.value, INPUT_UP);
	assert_int_equal(read_at(&position, &event), 0);
	reserved = true;
	assert_int_equal(read_at(&position, &event), DRV_EPERM);
}

static void what_is_lost_with_a_damaged_page_is_told(void **state)
{
	(void)state;
	input_event_t event;
	input_state_t held;
	uint32_t position = 0;
	start();
	press(KEY_A, true);
	page[offsetof(ps2_page_t, pair)] ^= 0x10;
	start_process();
	assert_int_equal(ops->recover(), DRV_OK);
	assert_int_equal(forgot, 1);
	start();
	open_as(0, DRV_OK);
	assert_int_equal(read_at(&position, &event), DRV_EOVERFLOW);
	assert_int_equal(ask(INPUT_IOCTL_GET_STATE, position, &position, &held), DRV_OK);
	assert_int_equal(held.keys[KEY_A / 8], 0);
	assert_int_equal(read_at(&position, &event), 0);
	press(KEY_B, true);
	assert_int_equal(read_at(&position, &event), sizeof(event));
	assert_int_equal(event.code, KEY_B);
	/* Who reads without a position is told as well. */
	assert_int_equal(ops->read(&session, &event, sizeof(event)), DRV_EOVERFLOW);
	assert_int_equal(ops->read(&session, &event, sizeof(event)), sizeof(event));
}

/* A reader whose answer was short believes that this was all. */
static void whoever_comes_to_a_gap_is_signalled_that_there_is_more(void **state)
{
	(void)state;
	input_event_t events[4];
	uint32_t position = 0, before;
	input_state_t held;
	start();
	open_as(0, DRV_OK);
	press(KEY_A, true);
	pc.happenings[0] = (fake_happening_t){
	    .what = FAKE_SENDS, .at_ms = driver_now_ms() + 1, .count = 1, .bytes = {0xff}};
	pc_pass(&pc, 20 * FAKE_MS);
	ops->irq(0);
	before = notified;
	assert_int_equal(ops->read_at(&session, &position, events, sizeof(events)),
			 sizeof(events[0]));
	assert_int_equal(notified, before + 1);
	assert_int_equal(ops->read(&session, events, sizeof(events)), sizeof(events[0]));
	assert_int_equal(notified, before + 2);
	assert_int_equal(ops->read(&session, events, sizeof(events)), DRV_EOVERFLOW);
	assert_int_equal(read_at(&position, events), DRV_EOVERFLOW);
	assert_int_equal(ask(INPUT_IOCTL_GET_STATE, position, &position, &held), DRV_OK);
	assert_int_equal(read_at(&position, events), sizeof(events[0]));
	assert_int_equal(events[0].value, INPUT_UP);
	assert_int_equal(read_at(&position, events), 0);
	assert_int_equal(notified, before + 2);
}

/* However many instances had them, and whatever number this one has. */
static void the_positions_of_a_page_thrown_away_are_nobodys(void **state)
{
	static const uint32_t before[] = {4096, 1, 2};
	(void)state;
	for (uint32_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		input_event_t event;
		uint32_t position = turn_state(&ps2.turn)->head;
		start();
		open_as(0, DRV_OK);
		press(KEY_A, true);
		press(KEY_A, false);
		assert_int_equal(read_at(&position, &event), sizeof(event));
		generation = before[i];
		memset(page, 0, PAGE_SIZE);
		start_process();
		start();
		open_as(0, DRV_OK);
		press(KEY_B, true);
		press(KEY_B, false);
		assert_int_equal(read_at(&position, &event), DRV_EOVERFLOW);
	}
}

static void the_first_instance_has_nobody_to_tell(void **state)
{
	(void)state;
	input_event_t event;
	uint32_t position = 0;
	start();
	open_as(0, DRV_OK);
	assert_int_equal(forgot, 0);
	assert_int_equal(read_at(&position, &event), 0);
}

static void without_a_frame_it_serves_all_the_same(void **state)
{
	(void)state;
	input_event_t event;
	uint32_t position = 0;
	no_frame = true;
	start();
	open_as(0, DRV_OK);
	press(KEY_A, true);
	assert_int_equal(read_at(&position, &event), sizeof(event));
	assert_int_equal(kept_reads, 0);
	start_process();
	start();
	press(KEY_A, false);
	assert_int_equal(read_at(&position, &event), sizeof(event));
	assert_int_equal(forgot, 0);
	assert_int_equal(ps2.turn.page->taken.count, pc.data_reads);
}

static void lamps_and_repeat_rate_are_set_for_the_keyboard(void **state)
{
	(void)state;
	uint32_t value;
	start();
	open_as(0, DRV_OK);
	assert_int_equal(ask(INPUT_IOCTL_SET_LEDS, INPUT_CAPSLOCK, &value, NULL), DRV_OK);
	assert_int_equal(pc.keys.leds, KBD_LED_CAPS);
	assert_int_equal(ask(INPUT_IOCTL_SET_LEDS, INPUT_SHIFT, &value, NULL), DRV_EINVAL);
	assert_int_equal(ask(INPUT_IOCTL_SET_REPEAT, INPUT_REPEAT_RATE(250, 33), &value, NULL),
			 DRV_OK);
	assert_int_equal(pc.keys.typematic, 0x00);
	assert_int_equal(
	    ask(INPUT_IOCTL_SET_REPEAT, INPUT_REPEAT_RATE(1000, 500), &value, NULL), DRV_OK);
	assert_int_equal(pc.keys.typematic, 0x7f);
	assert_int_equal(ask(INPUT_IOCTL_SET_REPEAT, 0, &value, NULL), DRV_EINVAL);
	assert_int_equal(ask(DRV_IOCTL_PS2, 0, &value, NULL), DRV_ENOTSUP);
	reserved = true;
	assert_int_equal(ask(INPUT_IOCTL_SET_LEDS, 0, &value, NULL), DRV_EPERM);
	assert_int_equal(pc.keys.leds, KBD_LED_CAPS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_client_reads_whole_events_and_is_told_of_them, fresh),
	    cmocka_unit_test_setup(each_session_reads_from_its_own_place, fresh),
	    cmocka_unit_test_setup(a_session_is_for_what_there_is, fresh),
	    cmocka_unit_test_setup(a_position_outlives_the_driver, fresh),
	    cmocka_unit_test_setup(what_is_lost_with_a_damaged_page_is_told, fresh),
	    cmocka_unit_test_setup(whoever_comes_to_a_gap_is_signalled_that_there_is_more,
				   fresh),
	    cmocka_unit_test_setup(the_positions_of_a_page_thrown_away_are_nobodys, fresh),
	    cmocka_unit_test_setup(the_first_instance_has_nobody_to_tell, fresh),
	    cmocka_unit_test_setup(without_a_frame_it_serves_all_the_same, fresh),
	    cmocka_unit_test_setup(lamps_and_repeat_rate_are_set_for_the_keyboard, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
