/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's event loop: what ends it, and what does not. */
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
#include "libs/libcap/driver/private.h"

static driver_page_t own_page;
#define driver_page() (&own_page)
#include "libs/libcap/driver/main.c"

#define MOST  8u
#define BADGE 3u

static err_t receives[MOST]; /* what each receive answers; DRV_OK: a request came */
static bool answers[MOST];   /* and whether it answered the one before */
static uint32_t received, requests, timers_taken;
static jmp_buf failed;
static err_t said; /* to the manager */

static err_t receive(bool with_answer, message_t *message)
{
	assert_in_range(received, 0, MOST - 1);
	answers[received] = with_answer;
	if (receives[received]) /* as all failing calls of the kernel do */
		own_page.context.last_error = receives[received];
	else
		*message = (message_t){.badge = BADGE};
	return receives[received++];
}

err_t ipc_receive(cap_t endpoint, cap_t reply, uint32_t timeout_ms, message_t *message)
{
	(void)endpoint, (void)reply, (void)timeout_ms;
	return receive(false, message);
}

err_t ipc_reply_receive(cap_t endpoint, cap_t reply, uint32_t timeout_ms, message_t *message)
{
	(void)endpoint, (void)reply, (void)timeout_ms;
	return receive(true, message);
}

err_t ipc_call(cap_t endpoint, message_t *message, uint32_t timeout_ms)
{
	(void)endpoint, (void)timeout_ms;
	assert_int_equal(MSG_LABEL(message->info), MANAGER_FAIL);
	said = (err_t)message->word0;
	return DRV_OK;
}

void thread_exit(uint32_t code)
{
	(void)code;
	longjmp(failed, 1);
}

/* The last one that comes has the driver stop. */
void session_request(message_t *message)
{
	assert_int_equal(message->badge, BADGE);
	requests++;
	runtime.stopped = received == MOST;
}

void timers_take(void)
{
	timers_taken++;
}

uint32_t timers_left_ms(void)
{
	return TIMEOUT_FOREVER;
}

void lifecycle_command(void)
{
}

void cap_record_errors(int32_t *last_error)
{
	assert_ptr_equal(last_error, &own_page.context.last_error);
}

err_t notification_signal(cap_t notification, uint32_t bits)
{
	(void)notification, (void)bits;
	return DRV_OK;
}

err_t irq_ack(cap_t cap)
{
	(void)cap;
	return DRV_OK;
}

uint32_t clock_ms(void)
{
	return 0;
}

static int fresh(void **state)
{
	(void)state;
	memset(receives, 0, sizeof(receives));
	runtime = (runtime_t){0};
	own_page = (driver_page_t){0};
	received = requests = timers_taken = 0;
	said = DRV_OK;
	return 0;
}

/* False: the driver failed. */
static bool run(void)
{
	static const driver_ops_t ops = {0};
	if (setjmp(failed))
		return false;
	assert_int_equal(driver_main(&ops), 0);
	return true;
}

static void a_receive_that_ended_early_ends_nothing(void **state)
{
	static const err_t early[] = {DRV_EAGAIN, DRV_ETIMEDOUT};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		fresh(state);
		receives[0] = receives[2] = receives[3] = early[i];
		own_page.context.last_error = DRV_EIO;
		assert_true(run());
		assert_int_equal(own_page.context.last_error, DRV_EIO); /* the driver's own */
		assert_int_equal(said, DRV_OK);
		assert_int_equal(requests, MOST - 3);
		assert_int_equal(timers_taken, MOST);
		/* The answer is given once, whatever came of the receive behind it. */
		assert_false(answers[0] || answers[1] || answers[3] || answers[4]);
		assert_true(answers[2] && answers[5]);
	}
}

static void any_other_error_is_told_to_the_manager(void **state)
{
	(void)state;
	receives[1] = DRV_EBADCAP;
	assert_false(run());
	assert_int_equal(said, DRV_EBADCAP);
	assert_int_equal(received, 2);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_receive_that_ended_early_ends_nothing),
	    TEST(any_other_error_is_told_to_the_manager),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
