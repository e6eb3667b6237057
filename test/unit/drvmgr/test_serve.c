/* SPDX-License-Identifier: BSD-2-Clause */
/* The manager's begin, and its turns: what a receive that brought nothing does, and what ends
 * it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/syscall.h"

/* The buffer has a fixed address in the machine, which the host may use for something else. */
static message_buffer_t buffer;
#define message_buffer() (&buffer)
int manager_main(void);
#define main manager_main
#include "servers/drvmgr/main.c"
#undef main

#define TURNS 4u
#define LAST  DRV_EBADCAP /* ends it */

static err_t receives[TURNS + 1];
static uint32_t received, ticks, messages, adopted, doors, loaded, performed;
static err_t kept; /* what kept_adopt() answers */
static uint64_t now_us;
static jmp_buf ended;
static driver_t drivers[DRIVERS_MAX];

err_t ipc_receive(cap_t endpoint, cap_t reply, uint32_t timeout_ms, message_t *message)
{
	(void)endpoint, (void)reply, (void)timeout_ms;
	assert_in_range(received, 0, TURNS);
	now_us += 200000; /* it slept meanwhile */
	if (!receives[received])
		*message = (message_t){.badge = 1};
	return receives[received++];
}

void capture_begin(manager_t *of)
{
	of->deaths_frame = 1;
}

void capture_adopt(manager_t *of)
{
	assert_int_equal(kept, DRV_OK); /* there is something to adopt */
	of->deaths_frame = 2;
}

void thread_exit(uint32_t code)
{
	assert_int_equal((err_t)code, LAST);
	longjmp(ended, 1);
}

void supervisor_tick(manager_t *of)
{
	(void)of;
	ticks++;
}

void door_message(manager_t *of, driver_t *driver, message_t *message)
{
	(void)message;
	assert_ptr_equal(driver, &drivers[0]);
	assert_int_equal(of->world.now_ms, now_us / 1000); /* not when it last looked */
	messages++;
}

uint64_t clock_us(void)
{
	return now_us;
}

static uint32_t long_ms(void)
{
	return 1000;
}

uint32_t supervisor_wait_ms(const manager_t *of)
{
	(void)of;
	return long_ms();
}

uint32_t door_wait_ms(const manager_t *of)
{
	(void)of;
	return long_ms();
}

uint32_t wire_wait_ms(const manager_t *of)
{
	(void)of;
	return long_ms();
}

err_t kept_adopt(manager_t *of)
{
	(void)of;
	return kept;
}

err_t adopt_all(manager_t *of)
{
	(void)of;
	adopted++;
	return DRV_OK;
}

err_t load_archive(manager_t *of)
{
	(void)of;
	loaded++;
	return DRV_OK;
}

/* Its drivers' words to the dead one are waiting. */
void door_begin(manager_t *of)
{
	(void)of;
	assert_int_equal(adopted, 1);
	doors++;
}

void perform_all(manager_t *of)
{
	(void)of;
	assert_int_equal(doors, adopted);
	performed++;
}

/* ---- what is of no account here ---- */

#define NOTHING(name)                                                                          \
	void name(manager_t *of)                                                               \
	{                                                                                      \
		(void)of;                                                                      \
	}
NOTHING(depot_begin)
NOTHING(door_tick)
NOTHING(idle_ask)
NOTHING(idle_take)
NOTHING(kept_begin)
NOTHING(kept_seal)
NOTHING(kept_turn)
NOTHING(service_tell)
NOTHING(upload_tick)
NOTHING(terminal_tick)
NOTHING(wire_tick)
NOTHING(work_turn)

#define SUCCEEDS(name)                                                                         \
	err_t name(manager_t *of)                                                              \
	{                                                                                      \
		(void)of;                                                                      \
		return DRV_OK;                                                                 \
	}
SUCCEEDS(idle_make)
SUCCEEDS(kept_open)
SUCCEEDS(memory_begin)
SUCCEEDS(memory_init)

#define MAKES(name)                                                                            \
	err_t name(const manager_t *of, uint32_t type, cap_t *cap)                             \
	{                                                                                      \
		(void)of, (void)type, (void)cap;                                               \
		return DRV_OK;                                                                 \
	}
MAKES(memory_make)
MAKES(memory_make_body)

void kept_sweep(manager_t *of)
{
	(void)of;
}

void wire_restore(const manager_t *of, uint32_t position)
{
	(void)of, (void)position;
}

err_t thread_bind(cap_t thread, enum thread_bind what, cap_t cap, uint32_t badge)
{
	(void)thread, (void)what, (void)cap, (void)badge;
	return DRV_OK;
}

void door_signals(manager_t *of, uint32_t bits)
{
	(void)of, (void)bits;
}

void take_all(manager_t *of, driver_t *driver)
{
	(void)of, (void)driver;
}

void supervisor_fault(manager_t *of, driver_t *driver, const message_t *message)
{
	(void)of, (void)driver, (void)message;
}

/* ---- */

static void serve_until_the_last(void)
{
	if (!setjmp(ended))
		serve();
}

static void a_receive_that_ended_early_is_a_turn_like_any_other(void **state)
{
	static const err_t early[] = {DRV_EAGAIN, DRV_ETIMEDOUT};
	(void)state;
	manager.drivers = drivers;
	manager.count = 1;
	for (size_t i = 0; i < 2; i++) {
		received = ticks = messages = 0;
		receives[0] = receives[2] = early[i];
		receives[TURNS] = LAST;
		serve_until_the_last();
		assert_int_equal(received, TURNS + 1);
		assert_int_equal(ticks, TURNS);
		assert_int_equal(messages, TURNS - 2);
	}
}

static int fresh(void **state)
{
	static boot_info_t boot;
	static log_t log;
	(void)state;
	memset(&manager, 0, sizeof(manager));
	manager.boot = &boot;
	manager.log = &log;
	manager.drivers = drivers;
	adopted = doors = loaded = performed = 0;
	return 0;
}

static void drivers_that_live_are_taken_over_and_their_doors_looked_at(void **state)
{
	(void)state;
	kept = DRV_OK;
	assert_int_equal(take_over_or_begin(), DRV_OK);
	assert_int_equal(adopted, 1);
	assert_int_equal(doors, 1);
	assert_int_equal(performed, 1);
	assert_int_equal(loaded, 0);
}

static void where_nothing_is_kept_all_is_loaded(void **state)
{
	(void)state;
	kept = DRV_ENOENT;
	assert_int_equal(take_over_or_begin(), DRV_OK);
	assert_int_equal(adopted + doors, 0);
	assert_int_equal(loaded, 1);
}

static void one_that_believed_half_of_what_is_torn_ends(void **state)
{
	(void)state;
	kept = DRV_EFORMAT;
	assert_int_equal(take_over_or_begin(), DRV_EFORMAT);
	assert_int_equal(adopted + doors + loaded, 0);
}

/* What was kept before 32 bits of milliseconds were over is before what comes then. */
static void an_incarnation_that_begins_after_49_days_has_the_whole_time(void **state)
{
	(void)state;
	static const uint64_t at_ms[] = {0, 1, 0xffffffff, 0x100000000, 0x1234567890};
	for (size_t i = 0; i < sizeof(at_ms) / sizeof(at_ms[0]); i++) {
		manager.now_ms = 0;
		now_us = at_ms[i] * 1000 + 999;
		read_clock();
		assert_true(manager.now_ms == at_ms[i]);
	}
	now_us = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(drivers_that_live_are_taken_over_and_their_doors_looked_at,
				   fresh),
	    cmocka_unit_test_setup(where_nothing_is_kept_all_is_loaded, fresh),
	    cmocka_unit_test_setup(one_that_believed_half_of_what_is_torn_ends, fresh),
	    cmocka_unit_test(a_receive_that_ended_early_is_a_turn_like_any_other),
	    cmocka_unit_test(an_incarnation_that_begins_after_49_days_has_the_whole_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
