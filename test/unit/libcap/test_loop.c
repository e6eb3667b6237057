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
#include "libs/libcap/driver/ask.c"
#include "libs/libcap/driver/main.c"
#include "steps_fake.h"

#define MOST  8u
#define BADGE 3u

static err_t receives[MOST];   /* what each receive answers; DRV_OK: a request came, or … */
static uint32_t signals[MOST]; /* … these bits */
static bool answers[MOST];     /* and whether it answered the one before */
static uint32_t received, requests, timers_taken;
static uint32_t infos[MOST], times[MOST]; /* of the signals */
static jmp_buf failed;
static err_t said; /* to the manager */

static err_t receive(bool with_answer, message_t *message)
{
	assert_in_range(received, 0, MOST - 1);
	assert_int_equal(buffer.accept, 1); /* a request may bring one */
	buffer.accept = 0;
	answers[received] = with_answer;
	if (receives[received]) /* as all failing calls of the kernel do */
		own_page.context.last_error = receives[received];
	else if (signals[received])
		*message = (message_t){.badge = BADGE_NOTIFICATION,
				       .info = infos[received],
				       .word0 = signals[received],
				       .word1 = times[received]};
	else
		*message = (message_t){.badge = BADGE};
	return receives[received++];
}

err_t ipc_receive_acking(cap_t endpoint, cap_t reply, uint32_t timeout_ms, cap_t irq,
			 message_t *message)
{
	(void)endpoint, (void)reply, (void)timeout_ms;
	if (irq)
		irq_ack(irq);
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

uint32_t timers_take(void)
{
	timers_taken++;
	runtime.turn_knows = false;
	return TIMEOUT_FOREVER;
}

static unsigned commands;

void lifecycle_command(void)
{
	commands++;
}

void cap_record_errors(int32_t *last_error)
{
	assert_ptr_equal(last_error, &own_page.context.last_error);
}

static char done[128]; /* what was done, in order */

static void noted(const char *what, unsigned number)
{
	size_t length = strlen(done);
	format(done + length, sizeof(done) - length, "%s-%u ", what, number);
}

err_t notification_signal(cap_t notification, uint32_t bits)
{
	assert_int_equal(bits, 1);
	noted("signal", notification);
	return DRV_OK;
}

err_t irq_ack(cap_t cap)
{
	noted("ack", cap);
	return DRV_OK;
}

static driver_line_t line; /* that was put into the log last */
static char text[DRIVER_LINE_MAX + 1];

void lines_put(driver_lines_t *to, void *ring, uint32_t number, uint32_t how, const char *from,
	       size_t length)
{
	assert_ptr_equal(to, &own_page.lines);
	assert_int_equal((uintptr_t)ring, DRIVER_LOG);
	line = (driver_line_t){number, (uint16_t)length, (uint16_t)how};
	memcpy(text, from, length + 1);
}

static int fresh(void **state)
{
	(void)state;
	memset(receives, 0, sizeof(receives));
	memset(signals, 0, sizeof(signals));
	memset(infos, 0, sizeof(infos));
	memset(times, 0, sizeof(times));
	done[0] = '\0';
	commands = 0;
	runtime = (runtime_t){0};
	own_page = (driver_page_t){0};
	received = requests = timers_taken = 0;
	said = DRV_OK;
	return 0;
}

static uint32_t known_ms[MOST]; /* what time it was, as far as was known */

static bool foreign; /* interrupts are none of the driver's */

static void take_irq(unsigned index)
{
	assert_int_equal(steps_last.what, STEP_WHAT(STEP_TOOK, infos[received - 1]));
	assert_int_equal(steps_last.a, BADGE_NOTIFICATION);
	assert_true(steps_last.b & DRIVER_SIGNAL_IRQ(index));
	noted("irq", index);
	if (runtime.turn_knows)
		known_ms[received - 1] = runtime.turn_ms;
	if (foreign)
		driver_irq_disown();
}

static void take_signal(uint32_t bits)
{
	noted("client", bits / DRIVER_SIGNAL_CLIENT(0));
}

/* False: the driver failed. */
static bool run(void)
{
	static const driver_ops_t ops = {.irq = take_irq, .signal = take_signal};
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
		assert_int_equal(timers_taken, MOST + 1);
		assert_int_equal(own_page.beats, MOST);
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

static void each_interrupt_is_told_and_then_acknowledged(void **state)
{
	(void)state;
	own_page.context.irq_caps[0] = 50;
	own_page.context.irq_caps[2] = 52;
	signals[1] = DRIVER_SIGNAL_IRQ(0);
	signals[2] = DRIVER_SIGNAL_IRQ(0) | DRIVER_SIGNAL_IRQ(1) | DRIVER_SIGNAL_IRQ(2);
	assert_true(run());
	assert_string_equal(done, "irq-0 ack-50 irq-0 ack-50 irq-2 ack-52 ");
	assert_int_equal(own_page.work, 3 + MOST - 2); /* and the requests */
	fresh(state);
	own_page.context.irq_caps[0] = 50;
	signals[0] = DRIVER_SIGNAL_IRQ(0);
	runtime.acks_itself = true; /* who takes it says when it is served */
	assert_true(run());
	assert_string_equal(done, "irq-0 ");
}

static void a_line_that_is_gone_ends_nothing(void **state)
{
	(void)state;
	own_page.context.irq_caps[0] = 50;
	own_page.context.last_error = DRV_EIO;
	signals[0] = DRIVER_SIGNAL_IRQ(0);
	receives[1] = DRV_EBADCAP;
	assert_true(run());
	assert_string_equal(done, "irq-0 ack-50 ");
	assert_int_equal(own_page.context.last_error, DRV_EIO);
	fresh(state);
	own_page.context.irq_caps[0] = 50;
	signals[0] = DRIVER_SIGNAL_IRQ(0);
	receives[1] = receives[2] = DRV_EBADCAP; /* it was the endpoint */
	assert_false(run());
	assert_int_equal(said, DRV_EBADCAP);
}

static void a_signal_tells_the_time_which_never_goes_back(void **state)
{
	static const uint32_t told[] = {100, 90, 0, 0xfffffff0u, 120, 130};
	static const uint32_t known[] = {100, 0, 0, 0, 120, 0};
	(void)state;
	memset(known_ms, 0, sizeof(known_ms));
	own_page.context.irq_caps[0] = 50;
	for (uint32_t i = 0; i < 6; i++) {
		signals[i] = DRIVER_SIGNAL_IRQ(0);
		times[i] = told[i];
	}
	infos[5] = MSG_INFO(1, 4, 0); /* a message's word is no time */
	assert_true(run());
	assert_memory_equal(known_ms, known, sizeof(known));
}

static void what_is_disowned_is_counted_until_one_is_its_own(void **state)
{
	(void)state;
	own_page.context.irq_caps[3] = 53;
	foreign = true;
	signals[0] = signals[1] = signals[2] = DRIVER_SIGNAL_IRQ(3);
	assert_true(run());
	assert_int_equal(own_page.foreign[3], 3);
	foreign = false;
	received = 0;
	runtime.stopped = false;
	assert_true(run());
	assert_int_equal(own_page.foreign[3], 0);
}

static void signals_of_clients_and_of_the_manager_are_told_apart(void **state)
{
	(void)state;
	signals[0] = DRIVER_SIGNAL_CLIENT(0);
	signals[1] = DRIVER_SIGNAL_COMMAND;
	signals[2] = DRIVER_SIGNAL_CLIENT(1) | DRIVER_SIGNAL_COMMAND | DRIVER_SIGNAL_IRQ(7);
	assert_true(run());
	assert_string_equal(done, "client-1 client-2 "); /* and no line 7 */
	assert_int_equal(commands, 2);
	assert_int_equal(requests, MOST - 3);
	received = 0;
	done[0] = '\0';
	runtime.stopped = false;
	runtime.quiet = true; /* then of the manager alone */
	assert_true(run());
	assert_string_equal(done, "");
	assert_int_equal(commands, 4);
}

static void lines_are_numbered_cut_and_announced(void **state)
{
	char much[2 * DRIVER_LINE_MAX];
	(void)state;
	own_page.signal = 77;
	driver_log("a %s of %u", "line", 2u);
	assert_string_equal(text, "a line of 2");
	assert_true(line.number == 0 && line.length == 11 && line.how == DRIVER_LINE_NAMED);
	driver_trace("as it is");
	assert_true(line.number == 1 && line.length == 8 && line.how == DRIVER_LINE_AS_IS);
	memset(much, 'x', sizeof(much));
	much[sizeof(much) - 1] = '\0';
	driver_log("%s", much);
	assert_true(line.number == 2 && line.length == DRIVER_LINE_MAX);
	assert_string_equal(done, "signal-77 signal-77 signal-77 ");
	own_page.signal = CAP_NULL; /* nobody is there to be told */
	driver_log("more");
	assert_string_equal(done, "signal-77 signal-77 signal-77 ");
	driver_log_at(LOG_ERROR, "%s", "grave");
	assert_string_equal(text, "grave");
	assert_int_equal(line.how, DRIVER_LINE_HOW(DRIVER_LINE_NAMED, LOG_ERROR));
}

static void all_sessions_that_want_it_are_notified(void **state)
{
	(void)state;
	runtime.sessions[0] = (session_t){.badge = 1, .notification = 61};
	runtime.sessions[4] = (session_t){.badge = 5};
	runtime.sessions[DRIVER_SESSIONS - 1] = (session_t){.badge = 32, .notification = 92};
	runtime.used = 1u | 1u << 4 | 1u << 6 | 1u << (DRIVER_SESSIONS - 1);
	driver_notify();
	assert_string_equal(done, "signal-61 signal-92 ");
}

static void what_the_driver_says_of_itself_is_in_its_page(void **state)
{
	(void)state;
	own_page.generation = 9;
	assert_int_equal(driver_generation(), 9);
	own_page.line = 7;
	assert_int_equal(driver_line(), 7);
	own_page.line = 0;
	assert_ptr_equal(driver_context(), &own_page.context);
	driver_forget();
	assert_int_equal(own_page.kept_since, 9);
	driver_set_health(DRV_EIO);
	assert_int_equal((err_t)own_page.health, DRV_EIO);
	assert_int_equal(note.note.abi_max, DRIVER_ABI_MAX);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_receive_that_ended_early_ends_nothing),
	    TEST(any_other_error_is_told_to_the_manager),
	    TEST(each_interrupt_is_told_and_then_acknowledged),
	    TEST(a_line_that_is_gone_ends_nothing),
	    TEST(a_signal_tells_the_time_which_never_goes_back),
	    TEST(what_is_disowned_is_counted_until_one_is_its_own),
	    TEST(signals_of_clients_and_of_the_manager_are_told_apart),
	    TEST(lines_are_numbered_cut_and_announced),
	    TEST(all_sessions_that_want_it_are_notified),
	    TEST(what_the_driver_says_of_itself_is_in_its_page),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
