/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole driver, glue included, on a runtime that is played here: what the lifecycle
 * steps answer and when, what clients get, what outlives a restart. */
#define _GNU_SOURCE /* MAP_32BIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "fake_i8042.h"

int ps2kbd_main(void);
#define main ps2kbd_main
#include "ps2/main.c"
#undef main

#define LOG_LINES  16u
#define LOG_LENGTH 200u
#define NOT_DONE   1

/* ---- the runtime ---- */

static fake_t fake;
static const driver_ops_t *ops;
static DriverContextV2 context;
static uint32_t timer_ms, notified, forgot;
static err_t done, health, refuse;
static unsigned done_count;
static char lines[LOG_LINES][LOG_LENGTH];
static unsigned line_count;
static jmp_buf failed;
static uint32_t *page; /* below 4 GiB, as in a driver process */

int driver_main(const driver_ops_t *given)
{
	ops = given;
	return 0;
}

DriverContextV2 *driver_context(void)
{
	return &context;
}

void driver_done(err_t result)
{
	done = result;
	done_count++;
}

_Noreturn void driver_fail(err_t reason)
{
	longjmp(failed, reason);
}

void driver_set_timer(uint32_t ms)
{
	timer_ms = ms;
}

uint32_t driver_now_ms(void)
{
	return fake.now_ms;
}

void driver_forget(void)
{
	forgot++;
}

static bool reserved; /* the keyboard is the operator's, who is not the one who asks */

bool driver_is_reserved(const session_t *session)
{
	(void)session;
	return reserved;
}

void driver_notify(void)
{
	notified++;
}

void driver_set_health(err_t value)
{
	health = value;
}

static void log_line(const char *text, va_list args)
{
	assert_true(line_count < LOG_LINES);
	vsnprintf(lines[line_count++], LOG_LENGTH, text, args);
}

void driver_log(const char *text, ...)
{
	va_list args;
	va_start(args, text);
	log_line(text, args);
	va_end(args);
}

err_t driver_in8(unsigned index, uint16_t port, uint8_t *value)
{
	if (refuse != DRV_OK)
		return refuse;
	assert_true((index == 0 && port == 0x60) || (index == 1 && port == 0x64));
	*value = port == 0x60 ? fake_data(&fake) : fake_status(&fake);
	return DRV_OK;
}

err_t driver_out8(unsigned index, uint16_t port, uint8_t value)
{
	if (refuse != DRV_OK)
		return refuse;
	assert_true((index == 0 && port == 0x60) || (index == 1 && port == 0x64));
	if (port == 0x60)
		fake_write(&fake, value);
	else
		fake_command(&fake, value);
	return DRV_OK;
}

/* ---- helpers ---- */

/* A new process: nothing survives but the machine and the kept page. */
static void start_process(void)
{
	step_open = false;
	timer_ms = DRIVER_NO_TIMER;
	notified = done_count = line_count = forgot = 0;
	done = health = NOT_DONE;
	refuse = DRV_OK;
	context = (DriverContextV2){
	    .shared_cfg = (driver_address_t)(uintptr_t)page,
	    .shared_cfg_size = PAGE_SIZE,
	};
	assert_int_equal(ps2kbd_main(), 0);
}

static int fresh(void **state)
{
	(void)state;
	if (!page)
		page = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	assert_true((void *)page != MAP_FAILED);
	memset(page, 0, PAGE_SIZE);
	fake_init(&fake);
	start_process();
	return 0;
}

/* Lets time pass as the driver asks until the open step is done. */
static void run_timers(void)
{
	while (!done_count) {
		assert_int_not_equal(timer_ms, DRIVER_NO_TIMER);
		fake_pass(&fake, timer_ms);
		ops->timer();
	}
}

static void type(const uint8_t *bytes, unsigned count)
{
	fake_send(&fake, bytes, count, 0);
	ops->irq(0);
}

/* ---- tests ---- */

static void the_probe_tells_a_controller_from_none(void **state)
{
	assert_int_equal(ops->probe(), DRV_OK);
	fresh(state);
	fake.absent = true;
	assert_int_equal(ops->probe(), DRV_ENODEV);
}

static void a_prompt_keyboard_is_initialised_at_once(void **state)
{
	(void)state;
	assert_int_equal(ops->init(), DRV_OK);
	assert_int_equal(health, DRV_OK);
	assert_int_equal(timer_ms, PS2_SLOW_POLL_MS);
	assert_int_equal(done_count, 0);
	assert_string_equal(lines[0], "keyboard ab41, scan-code set 1");
}

static void a_slow_keyboard_is_waited_for_without_blocking(void **state)
{
	(void)state;
	fake.latency_ms = 20;
	assert_int_equal(ops->init(), DRV_EAGAIN);
	run_timers();
	assert_int_equal(done, DRV_OK);
	assert_int_equal(done_count, 1);
	ops->timer();
	assert_int_equal(done_count, 1);
}

static void a_dead_keyboard_ends_init_with_a_typed_error(void **state)
{
	(void)state;
	fake.dead_keyboard = true;
	assert_int_equal(ops->init(), DRV_EAGAIN);
	run_timers();
	assert_int_equal(done, DRV_ETIMEDOUT);
	assert_int_equal(health, DRV_ETIMEDOUT);
	assert_string_equal(lines[0], "controller or keyboard: timed out");
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

static void a_client_reads_whole_events_and_is_told_of_them(void **state)
{
	(void)state;
	static const uint8_t bytes[] = {0x1e, 0x9e};
	input_event_t events[4];
	ops->init();
	assert_int_equal(ops->read(NULL, events, sizeof(events)), 0);
	type(bytes, sizeof(bytes));
	assert_int_equal(notified, 1);
	assert_int_equal(ops->read(NULL, events, sizeof(events[0]) - 1), DRV_EINVAL);
	reserved = true;
	assert_int_equal(ops->read(NULL, events, sizeof(events)), DRV_EPERM);
	reserved = false;
	assert_int_equal(ops->read(NULL, events, sizeof(events)), 2 * sizeof(events[0]));
	assert_int_equal(events[0].code, KEY_A);
	assert_int_equal(events[1].value, INPUT_UP);
	ops->irq(1); /* not ours */
	assert_int_equal(ps2.stats.irq1, 1);
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
	assert_int_equal(stat_of("inits"), 1);
	assert_int_equal(stat_of("init_error"), DRV_OK);
	/* The original design names these. */
	assert_int_equal(stat_of("read_timeouts"), 0);
	assert_int_equal(stat_of("parity_errors"), 0);
	assert_int_equal(stat_of("overruns"), 0);
}

static void a_restarted_instance_still_puts_the_first_configuration_back(void **state)
{
	(void)state;
	ops->init();
	uint8_t found = ps2.found;
	start_process(); /* after a crash: the machine is as the dead instance left it */
	assert_int_not_equal(fake.config, found);
	assert_int_equal(ops->init(), DRV_OK);
	assert_int_equal(ps2.found, found);
	assert_int_equal(ops->stop(), DRV_OK);
	assert_int_equal(fake.config, found & ~3);
	assert_int_equal(timer_ms, DRIVER_NO_TIMER);
}

static void a_damaged_kept_page_is_not_believed(void **state)
{
	(void)state;
	kept_t kept = {0x12};
	keep_save(&context, KEPT_VERSION, &kept, sizeof(kept));
	page[3]++; /* of the checksum */
	ops->init();
	assert_int_equal(forgot, 0); /* the first instance has nobody to tell */
	assert_int_equal(ps2.found, 0x71);
	assert_int_equal(keep_load(&context, KEPT_VERSION, &kept, sizeof(kept)), DRV_OK);
	assert_int_equal(kept.found, 0x71);
	fresh(state);
	context.shared_cfg = 0;
	assert_int_equal(ops->init(), DRV_OK);
	assert_int_equal(forgot, 0);
}

static void what_is_lost_with_a_damaged_page_is_told(void **state)
{
	(void)state;
	kept_t kept = {0x12};
	context.flags = DRIVER_FLAG_RESTARTED;
	keep_save(&context, KEPT_VERSION, &kept, sizeof(kept));
	ops->init();
	assert_int_equal(forgot, 0);
	fresh(state);
	context.flags = DRIVER_FLAG_RESTARTED;
	keep_save(&context, KEPT_VERSION, &kept, sizeof(kept));
	page[3]++;
	ops->init();
	assert_int_equal(forgot, 1);
}

static void a_reset_is_another_init_and_keeps_the_events(void **state)
{
	(void)state;
	static const uint8_t bytes[] = {0x1e};
	input_event_t events[2];
	ops->init();
	type(bytes, sizeof(bytes));
	assert_int_equal(ops->quiesce(), DRV_OK);
	assert_int_equal(ops->init(), DRV_OK);
	assert_int_equal(ops->read(NULL, events, sizeof(events)), sizeof(events));
	assert_int_equal(events[1].value, INPUT_UP);
}

static void a_keyboard_lost_while_running_fails_the_driver(void **state)
{
	(void)state;
	static const uint8_t report[] = {0xaa};
	ops->init();
	fake.dead_keyboard = true;
	type(report, sizeof(report));
	volatile unsigned turns = 0;
	int reason = setjmp(failed);
	while (!reason && turns++ < 10000) {
		fake_pass(&fake, timer_ms);
		ops->timer();
	}
	assert_int_equal(reason, DRV_ETIMEDOUT);
}

static void a_keyboard_plugged_in_while_running_works(void **state)
{
	(void)state;
	static const uint8_t bytes[] = {0xaa, 0x1e};
	ops->init();
	type(bytes, 1);
	assert_int_equal(ps2.stats.hotplugs, 1);
	assert_int_equal(ps2.stats.state, PS2_STREAMING);
	assert_int_equal(done_count, 0);
	type(bytes + 1, 1);
	assert_int_equal(notified, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_probe_tells_a_controller_from_none, fresh),
	    cmocka_unit_test_setup(a_prompt_keyboard_is_initialised_at_once, fresh),
	    cmocka_unit_test_setup(a_slow_keyboard_is_waited_for_without_blocking, fresh),
	    cmocka_unit_test_setup(a_dead_keyboard_ends_init_with_a_typed_error, fresh),
	    cmocka_unit_test_setup(a_refused_port_is_reported_as_the_kernel_said, fresh),
	    cmocka_unit_test_setup(a_client_reads_whole_events_and_is_told_of_them, fresh),
	    cmocka_unit_test_setup(statistics_are_rows_by_name, fresh),
	    cmocka_unit_test_setup(a_restarted_instance_still_puts_the_first_configuration_back,
				   fresh),
	    cmocka_unit_test_setup(a_damaged_kept_page_is_not_believed, fresh),
	    cmocka_unit_test_setup(what_is_lost_with_a_damaged_page_is_told, fresh),
	    cmocka_unit_test_setup(a_reset_is_another_init_and_keeps_the_events, fresh),
	    cmocka_unit_test_setup(a_keyboard_lost_while_running_fails_the_driver, fresh),
	    cmocka_unit_test_setup(a_keyboard_plugged_in_while_running_works, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
