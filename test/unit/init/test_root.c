/* SPDX-License-Identifier: BSD-2-Clause */
/* What an incarnation of the manager gets, and what is left of it; and how the root task waits:
 * for its end, and between two of them. A receive that ended early, DRV_EAGAIN, says nothing
 * about either. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

int init_main(void);
#include "servers/init/init.h"

/* In place of what the kernel maps. */
static boot_info_t info_of_it;
#define boot_info() (&info_of_it)

#define main init_main
#include "servers/init/main.c"
#undef main

#define MOST 8u

static struct {
	err_t err;
	uint32_t takes_ms;
} receives[MOST]; /* what one answers, and how long it takes */
static uint32_t received, waited_ms[MOST], now_ms, suspended;
static uint32_t last_receive_ms; /* of the manager; 0: it never served */

enum { BODY = 10, IMAGE, SPACE, INFO, ENDPOINT, MADE_SPACE, MADE_THREAD, COPY };
static process_config_t made; /* the manager's process … */
static err_t makes;	      /* … if it can be made */
static uint32_t revoked[COPY + 1], resumed;

err_t ipc_receive(cap_t endpoint, cap_t reply, uint32_t timeout_ms, message_t *message)
{
	(void)endpoint, (void)reply;
	assert_in_range(received, 0, MOST - 1);
	waited_ms[received] = timeout_ms;
	now_ms += receives[received].takes_ms;
	if (!receives[received].err)
		*message = (message_t){.info = MSG_INFO(FAULT_PAGE, 2, 0), .word0 = 4711};
	return receives[received++].err;
}

err_t cap_inspect(cap_t cap, uint32_t *number, void *evidence, uint32_t size)
{
	(void)cap, (void)number;
	inspect_thread_t thread = {
	    .state = INSPECT_READY, .ticks_per_ms = 1, .received_ms = last_receive_ms};
	memcpy(evidence, &thread, size);
	return DRV_OK;
}

uint32_t clock_ms(void)
{
	return now_ms;
}

uint64_t clock_us(void)
{
	return now_ms * 1000ull;
}

err_t thread_suspend(cap_t thread)
{
	(void)thread;
	suspended++;
	return DRV_OK;
}

err_t thread_read(cap_t thread, thread_registers_t *registers)
{
	(void)thread, (void)registers;
	return DRV_OK;
}

/* ---- what is not called here ---- */

err_t thread_resume(cap_t thread)
{
	assert_int_equal(thread, MADE_THREAD);
	resumed++;
	return DRV_OK;
}

void thread_exit(uint32_t code)
{
	fail_msg("the root task gives up: %d", (int)code);
	for (;;)
		;
}

int32_t untyped_retype(cap_t untyped, uint32_t type, uint32_t size, cap_t cspace)
{
	(void)untyped, (void)type, (void)size, (void)cspace;
	return DRV_ENOTSUP;
}

int32_t cap_derive(cap_t cap, uint32_t rights, uint32_t scope0, uint32_t scope1)
{
	assert_true(cap == INFO && rights == RIGHT_READ && !scope0 && !scope1);
	return COPY;
}

err_t cap_revoke(cap_t cap)
{
	assert_in_range(cap, BODY, COPY);
	revoked[cap]++;
	return DRV_OK;
}

err_t cap_mmio_map_all(cap_t cap, uint32_t virt)
{
	(void)cap, (void)virt;
	return DRV_ENOTSUP;
}

err_t process_add_tables(const process_maker_t *maker, const process_t *process, uint32_t virt,
			 uint32_t bytes)
{
	(void)maker, (void)process, (void)virt, (void)bytes;
	return DRV_ENOTSUP;
}

err_t process_map(const process_maker_t *maker, const process_t *process, cap_t cap,
		  uint32_t virt, uint32_t rights)
{
	(void)maker;
	assert_int_equal(process->vspace, MADE_SPACE);
	assert_true(cap == COPY && virt == ROOT_BOOT_INFO && rights == RIGHT_READ);
	return DRV_OK;
}

err_t process_create(const process_maker_t *maker, const process_config_t *config,
		     process_t *process)
{
	(void)maker;
	made = *config;
	if (!makes)
		*process = (process_t){.vspace = MADE_SPACE, .thread = MADE_THREAD};
	return makes;
}

cap_t own_untyped(void)
{
	return CAP_NULL;
}

static err_t records;  /* if calls can be recorded */
static uint32_t rings; /* how often that was asked for */

err_t hand_over_ring(manager_memory_t *memory, uint32_t *bits)
{
	(void)memory;
	rings++;
	*bits = 22;
	return records;
}

err_t hand_over_kept(manager_memory_t *memory, boot_info_t *info)
{
	(void)memory, (void)info;
	return DRV_ENOTSUP;
}

err_t hand_over_body(const manager_memory_t *memory, const process_t *drvmgr, boot_info_t *info)
{
	(void)info;
	assert_int_equal(memory->body, BODY);
	assert_int_equal(drvmgr->thread, MADE_THREAD);
	assert_int_equal(resumed, 0); /* it runs when it has all */
	return DRV_OK;
}

void report_init(void)
{
}

static char reported[100]; /* last */

void report(const char *text, ...)
{
	va_list args;
	va_start(args, text);
	format_v(reported, sizeof(reported), text, args);
	va_end(args);
}

/* ---- */

static state_t state_of_it;

static int fresh(void **state)
{
	(void)state;
	memset(receives, 0, sizeof(receives));
	received = suspended = resumed = last_receive_ms = 0;
	memset(revoked, 0, sizeof(revoked));
	makes = DRV_OK;
	now_ms = 0xfffffff0u; /* the clock wraps */
	state_of_it = (state_t){.endpoint = ENDPOINT,
				.info_frame = INFO,
				.memory = {.body = BODY, .image = IMAGE, .cspace = SPACE}};
	return 0;
}

static void a_receive_that_ended_early_is_not_the_manager_s_end(void **state)
{
	boot_death_t death = {0};
	(void)state;
	receives[0].err = DRV_EAGAIN;
	receives[1].err = DRV_ETIMEDOUT;
	receives[2].err = DRV_EAGAIN;
	watch_manager(&state_of_it, &death);
	assert_int_equal(received, 4);
	assert_int_equal(suspended, 1);
	assert_int_equal(death.cause, BOOT_DEATH_FAULT);
	assert_int_equal(death.address, 4711);
}

static void any_other_error_is_its_end(void **state)
{
	boot_death_t death = {0};
	(void)state;
	receives[0].err = DRV_EGONE;
	watch_manager(&state_of_it, &death);
	assert_int_equal(received, 1);
	assert_int_equal(death.cause, BOOT_DEATH_HANGS);
}

static void a_delay_lasts_however_often_a_receive_ends_early(void **state)
{
	uint32_t begun = now_ms;
	(void)state;
	receives[0].err = receives[1].err = DRV_EAGAIN;
	receives[0].takes_ms = 30;
	receives[1].takes_ms = 10;
	receives[2].err = DRV_ETIMEDOUT;
	receives[2].takes_ms = 61; /* a limit may be late */
	wait(&state_of_it, 100);
	assert_int_equal(received, 3);
	assert_int_equal(now_ms - begun, 101);
	assert_int_equal(waited_ms[0], 100);
	assert_int_equal(waited_ms[1], 70);
	assert_int_equal(waited_ms[2], 60);
}

static void an_incarnation_has_what_the_last_one_held_and_is_watched(void **state)
{
	(void)state;
	assert_int_equal(start_manager(&state_of_it), DRV_OK);
	assert_int_equal(made.cspace, SPACE);
	assert_int_equal(made.untyped, BODY);
	assert_int_equal(made.frames, IMAGE);
	assert_int_equal(made.fault_endpoint, ENDPOINT);
	assert_in_range(made.priority, 1, PRIORITY_MAX - 1); /* the root task comes first */
	assert_int_equal(resumed, 1);
	makes = DRV_ENOMEM;
	assert_int_equal(start_manager(&state_of_it), DRV_ENOMEM);
	assert_int_equal(resumed, 1);
}

static void nothing_is_left_of_an_incarnation_but_what_it_held(void **state)
{
	(void)state;
	end_manager(&state_of_it);
	assert_int_equal(revoked[BODY], 1);
	assert_int_equal(revoked[IMAGE], 1);
	assert_int_equal(revoked[INFO], 1);
	assert_int_equal(revoked[SPACE], 0);
}

static void each_death_is_counted_and_those_before_serving_in_a_row(void **state)
{
	boot_death_t death = {0};
	for (uint32_t number = 1; number <= 3; number++) {
		received = 0;
		watch_manager(&state_of_it, &death);
		assert_int_equal(death.count, number);
		assert_int_equal(state_of_it.silent, number);
	}
	(void)state;
	received = 0;
	last_receive_ms = now_ms;
	watch_manager(&state_of_it, &death);
	assert_int_equal(death.count, 4);
	assert_int_equal(state_of_it.silent, 0);
}

static void without_a_delay_there_is_no_wait(void **state)
{
	(void)state;
	wait(&state_of_it, 0);
	assert_int_equal(received, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
static void calls_are_recorded_where_that_word_is_on_the_command_line(void **state)
{
	static const char *const with[] = {"trace=calls", "a trace=calls", " trace=calls  b"};
	static const char *const without[] = {"", "trace=call", "trace=calls2", "trace=input",
					      "atrace=calls"};
	(void)state;
	for (uint32_t i = 0; i < sizeof(with) / sizeof(with[0]); i++) {
		strcpy(info_of_it.cmdline, with[i]);
		assert_true(is_asked(BOOT_WORD_CALLS));
	}
	for (uint32_t i = 0; i < sizeof(without) / sizeof(without[0]); i++) {
		strcpy(info_of_it.cmdline, without[i]);
		assert_false(is_asked(BOOT_WORD_CALLS));
	}
}

static void it_says_where_calls_are_recorded_or_why_they_are_not(void **state)
{
	(void)state;
	records = DRV_OK;
	record_calls(&state_of_it);
	assert_string_equal(reported, "init: calls are recorded in 4096 KiB");
	records = DRV_ENOMEM;
	record_calls(&state_of_it);
	assert_string_equal(reported, "init: trace=calls: DRV_ENOMEM (out of memory or slots); "
				      "nothing is recorded");
	assert_int_equal(rings, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(calls_are_recorded_where_that_word_is_on_the_command_line),
	    TEST(it_says_where_calls_are_recorded_or_why_they_are_not),
	    TEST(a_receive_that_ended_early_is_not_the_manager_s_end),
	    TEST(any_other_error_is_its_end),
	    TEST(a_delay_lasts_however_often_a_receive_ends_early),
	    TEST(an_incarnation_has_what_the_last_one_held_and_is_watched),
	    TEST(nothing_is_left_of_an_incarnation_but_what_it_held),
	    TEST(each_death_is_counted_and_those_before_serving_in_a_row),
	    TEST(without_a_delay_there_is_no_wait),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
