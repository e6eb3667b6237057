/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole driver: what the lifecycle steps answer and when, what is told. */
#include "ps2_process.h"

static void the_probe_tells_a_controller_from_none(void **state)
{
	assert_int_equal(ops->probe(), DRV_OK);
	fresh(state);
	pc.faults.absent = true;
	assert_int_equal(ops->probe(), DRV_ENODEV);
}

static void prompt_devices_are_set_up_at_once(void **state)
{
	(void)state;
	assert_int_equal(ops->init(), DRV_OK);
	assert_int_equal(health, DRV_OK);
	assert_int_equal(timer_ms, PS2_SLOW_POLL_MS);
	assert_int_equal(done_count, 0);
	assert_string_equal(lines[0], "keyboard ab41, scan-code set 1");
	assert_string_equal(lines[1], "mouse 04");
	assert_int_equal(line_count, 2);
}

/* Each device has a line when its set-up ends, and the other one has none then. */
static void a_device_that_comes_or_goes_is_told(void **state)
{
	(void)state;
	pc_unplug(&pc, FAKE_MOUSE);
	assert_int_equal(ops->init(), DRV_OK);
	while (line_count < 2)
		turn();
	assert_string_equal(lines[1], "no mouse");
	pc_plug(&pc, FAKE_MOUSE);
	while (line_count < 3)
		turn();
	assert_string_equal(lines[2], "mouse 04");
	pc_unplug(&pc, FAKE_KEYBOARD);
	while (line_count < 4)
		turn();
	assert_string_equal(lines[3], "no keyboard");
	assert_int_equal(health, DRV_OK);
}

static void a_slow_controller_is_waited_for_without_blocking(void **state)
{
	(void)state;
	pc_init(&pc, &fake_8042);
	assert_int_equal(ops->init(), DRV_EAGAIN);
	while (!done_count)
		turn();
	assert_int_equal(done, DRV_OK);
	assert_int_equal(line_count, 0); /* devices follow while it runs */
	while (!line_count)
		turn();
	assert_int_equal(done_count, 1);
	assert_string_equal(lines[0], "keyboard ab41, scan-code set 1");
}

/* The wait between two rows of looks begins when the first one ends. */
static void others_have_their_time_however_long_a_look_takes(void **state)
{
	(void)state;
	pc_init(&pc, &fake_8042);
	access_us = FAKE_MS / 10;
	assert_int_equal(ops->init(), DRV_EAGAIN);
	assert_int_equal(timer_ms, PS2_POLL_MS);
}

/* However late the driver has its turn. */
static void an_event_has_the_time_of_its_interrupt(void **state)
{
	(void)state;
	input_event_t event;
	start();
	open_as(0, DRV_OK);
	uint32_t position = session.position;
	late_ms = 7;
	press(KEY_A, true);
	assert_int_equal(read_at(&position, &event), sizeof(event));
	assert_int_equal(event.code, KEY_A);
	assert_int_equal(event.time_ms, driver_now_ms() - 7);
}

static void no_keyboard_is_well_and_is_told(void **state)
{
	(void)state;
	pc_unplug(&pc, FAKE_KEYBOARD);
	assert_int_equal(ops->init(), DRV_OK);
	while (line_count < 2)
		turn();
	assert_string_equal(lines[0], "mouse 04");
	assert_string_equal(lines[1], "no keyboard");
	assert_int_equal(health, DRV_OK);
}

static void a_refused_port_is_reported_as_the_kernel_said(void **state)
{
	(void)state;
	refuse = DRV_EPERM;
	assert_int_equal(ops->probe(), DRV_EPERM);
	assert_int_equal(ops->init(), DRV_EPERM);
	refuse = DRV_EBADCAP;
	assert_int_equal(ops->stop(), DRV_EBADCAP);
}

static void without_a_page_it_does_not_start(void **state)
{
	(void)state;
	context.shared_cfg = 0;
	assert_int_equal(ps2kbd_main(), 0);
	assert_int_equal(ops->probe(), DRV_ENOTSUP);
	assert_int_equal(ops->init(), DRV_ENOTSUP);
	driver_stats_t rows = {0};
	ops->stats(&rows); /* all of them zero */
}

#define STATS_MOST 64u
static struct {
	const char *name;
	uint32_t value;
} stats[STATS_MOST];
static uint32_t stat_count;

void driver_stat(driver_stats_t *rows, const char *name, uint32_t value)
{
	(void)rows;
	assert_in_range(strlen(name), 1, sizeof(((driver_stat_t *)0)->name) - 1);
	assert_true(stat_count < STATS_MOST);
	stats[stat_count].name = name;
	stats[stat_count++].value = value;
}

/* Of the one row of that name. */
static uint32_t stat_of(const char *name)
{
	uint32_t found = STATS_MOST;
	for (uint32_t i = 0; i < stat_count; i++)
		if (!strcmp(stats[i].name, name)) {
			assert_int_equal(found, STATS_MOST);
			found = i;
		}
	assert_in_range(found, 0, stat_count - 1);
	return stats[found].value;
}

static void statistics_are_rows_by_name(void **state)
{
	(void)state;
	driver_stats_t rows = {0};
	ops->init();
	stat_count = 0;
	ops->stats(&rows);
	assert_int_equal(stat_of("state"), PS2_STREAMING);
	assert_int_equal(stat_of("inits"), 2);
	assert_int_equal(stat_of("device_id"), 0xab41);
	assert_int_equal(stat_of("mouse_id"), 4);
	assert_int_equal(stat_of("init_error"), DRV_OK);
	/* The original design names these. */
	assert_int_equal(stat_of("read_timeouts"), 0);
	assert_int_equal(stat_of("parity_errors"), 0);
	assert_int_equal(stat_of("overruns"), 0);
}

static void any_instance_puts_the_first_configuration_back(void **state)
{
	(void)state;
	start();
	start_process();
	start();
	assert_int_equal(pc.config, 0x47);
	assert_int_equal(ops->quiesce(), DRV_OK);
	assert_int_equal(ops->stop(), DRV_OK);
	assert_int_equal(pc.config, 0x60); /* 61, without interrupts */
	assert_int_equal(timer_ms, DRIVER_NO_TIMER);
}

static void a_reset_is_another_init_and_keeps_the_events(void **state)
{
	(void)state;
	input_event_t event;
	uint32_t position = 0;
	start();
	open_as(0, DRV_OK);
	press(KEY_A, true);
	assert_int_equal(ops->quiesce(), DRV_OK);
	assert_int_equal(read_at(&position, &event), sizeof(event));
	assert_int_equal(read_at(&position, &event), sizeof(event));
	assert_int_equal(event.value, INPUT_UP);
	assert_int_equal(ops->init(), DRV_OK);
	assert_int_equal(pc.written[FAKE_KEYBOARD][KBD_CMD_RESET], 2);
	assert_int_equal(read_at(&position, &event), DRV_EOVERFLOW);
}

static void a_controller_lost_while_running_fails_the_driver(void **state)
{
	(void)state;
	start();
	pc.faults.absent = true;
	volatile unsigned turns = 0;
	int reason = setjmp(failed);
	while (!reason && turns++ < 10)
		turn();
	assert_int_equal(reason, DRV_EIO);
	assert_string_equal(lines[line_count - 1], "controller: device answered wrongly");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_probe_tells_a_controller_from_none, fresh),
	    cmocka_unit_test_setup(prompt_devices_are_set_up_at_once, fresh),
	    cmocka_unit_test_setup(a_device_that_comes_or_goes_is_told, fresh),
	    cmocka_unit_test_setup(a_slow_controller_is_waited_for_without_blocking, fresh),
	    cmocka_unit_test_setup(others_have_their_time_however_long_a_look_takes, fresh),
	    cmocka_unit_test_setup(an_event_has_the_time_of_its_interrupt, fresh),
	    cmocka_unit_test_setup(no_keyboard_is_well_and_is_told, fresh),
	    cmocka_unit_test_setup(a_refused_port_is_reported_as_the_kernel_said, fresh),
	    cmocka_unit_test_setup(without_a_page_it_does_not_start, fresh),
	    cmocka_unit_test_setup(statistics_are_rows_by_name, fresh),
	    cmocka_unit_test_setup(any_instance_puts_the_first_configuration_back, fresh),
	    cmocka_unit_test_setup(a_reset_is_another_init_and_keeps_the_events, fresh),
	    cmocka_unit_test_setup(a_controller_lost_while_running_fails_the_driver, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
