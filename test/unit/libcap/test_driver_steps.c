/* SPDX-License-Identifier: BSD-2-Clause */
/* The manager's lifecycle commands as a driver's runtime performs them: each once, in the order
 * of its callbacks, and answered with what those say, at once or later. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/driver.h"

static driver_page_t page;
#define driver_page real_driver_page /* whose page has a fixed address in the machine */
#include "libs/libcap/driver/private.h"
#undef driver_page
#define driver_page() (&page)
#include "libs/libcap/driver/lifecycle.c"

#define LINE 50u /* the handle of irq_caps[0] */

runtime_t runtime;
static char called[128];  /* the callbacks, in order */
static unsigned told;	  /* times that the manager was */
static unsigned notified; /* times that the clients were */
static unsigned bound;	  /* lines that were */
static err_t says;	  /* what the callbacks answer */
static err_t binding;	  /* what the kernel says */

DriverContextV2 *driver_context(void)
{
	return &page.context;
}

void tell_manager(void)
{
	told++;
}

void driver_notify(void)
{
	assert_true(runtime.serving);
	notified++;
}

err_t irq_bind(cap_t cap, cap_t notification, uint32_t bits)
{
	assert_int_equal(cap, LINE + bound);
	assert_int_equal(notification, page.notification_grant);
	assert_int_equal(bits, DRIVER_SIGNAL_IRQ(bound));
	bound++;
	return binding;
}

#define STEP(name)                                                                             \
	static err_t name(void)                                                                \
	{                                                                                      \
		strcat(called, #name " ");                                                     \
		return says;                                                                   \
	}
STEP(probe)
STEP(recover)
STEP(begin)
STEP(serve_now)
STEP(quiesce)
STEP(stop)

static void look(unsigned index)
{
	strcat(called, index ? "look-1 " : "look-0 ");
	assert_true(runtime.serving);
}

static const driver_ops_t ops = {.probe = probe,
				 .recover = recover,
				 .init = begin,
				 .run = serve_now,
				 .quiesce = quiesce,
				 .stop = stop,
				 .irq = look};

static int fresh(void **state)
{
	(void)state;
	runtime = (runtime_t){.ops = &ops};
	page = (driver_page_t){.done_result = 1, .notification_grant = 9};
	page.context.irq_caps[0] = LINE;
	page.context.irq_caps[1] = LINE + 1;
	told = bound = notified = 0;
	says = binding = DRV_OK;
	called[0] = '\0';
	return 0;
}

static void command(uint32_t what)
{
	page.command = what;
	page.command_seq++;
	called[0] = '\0';
	told = 0;
	lifecycle_command();
}

/* The command is answered with that; these callbacks were called. */
static void check(err_t result, const char *callbacks)
{
	assert_string_equal(called, callbacks);
	assert_int_equal(page.done_seq, page.command_seq);
	assert_int_equal(page.done_result, result);
	assert_int_equal(told, 1);
}

static void each_command_calls_its_step_once(void **state)
{
	(void)state;
	command(DRIVER_PROBE);
	check(DRV_OK, "probe ");
	command(DRIVER_INIT);
	check(DRV_OK, "begin ");
	assert_false(runtime.serving || runtime.bound);
	command(DRIVER_RUN);
	check(DRV_OK, "serve_now look-0 look-1 ");
	assert_true(runtime.serving && runtime.bound && bound == 2);
	lifecycle_command(); /* somebody signalled, and there is nothing new */
	check(DRV_OK, "serve_now look-0 look-1 ");
	runtime.timers = 1;
	command(DRIVER_QUIESCE);
	check(DRV_OK, "quiesce ");
	assert_false(runtime.serving || runtime.stopped);
	assert_true(runtime.quiet && !runtime.timers);
	command(DRIVER_STOP);
	check(DRV_OK, "stop ");
	assert_false(runtime.quiet); /* that step may need its timers */
	assert_true(runtime.stopped);
}

static void what_a_step_answers_the_manager_is_told(void **state)
{
	static const uint32_t steps[] = {DRIVER_PROBE, DRIVER_INIT, DRIVER_RUN, DRIVER_QUIESCE,
					 DRIVER_STOP};
	static const char *const names[] = {"probe ", "begin ", "serve_now ", "quiesce ",
					    "stop "};
	(void)state;
	says = DRV_EIO;
	for (unsigned i = 0; i < 5; i++) {
		command(steps[i]);
		check(DRV_EIO, names[i]);
		assert_false(runtime.serving);
		bound = 0;
	}
	assert_true(runtime.stopped); /* it goes whatever became of the step */
}

static void an_unknown_command_is_refused_and_calls_nothing(void **state)
{
	(void)state;
	command(DRIVER_STOP + 1);
	check(DRV_ENOTSUP, "");
	command(DRIVER_NOTHING);
	check(DRV_ENOTSUP, "");
	assert_false(runtime.stopped);
}

static void a_driver_without_callbacks_does_every_step(void **state)
{
	static const driver_ops_t none = {0};
	(void)state;
	runtime.ops = &none;
	for (uint32_t step = DRIVER_PROBE; step <= DRIVER_STOP; step++) {
		command(step);
		check(DRV_OK, "");
	}
	assert_true(runtime.stopped);
}

static void only_a_restarted_instance_recovers_and_before_init(void **state)
{
	(void)state;
	page.context.flags = DRIVER_FLAG_RESTARTED;
	command(DRIVER_INIT);
	check(DRV_OK, "recover begin ");
	says = DRV_ENODEV;
	command(DRIVER_INIT);
	check(DRV_ENODEV, "recover ");
	page.context.flags = DRIVER_FLAG_FORGOTTEN | DRIVER_FLAG_ESSENTIAL;
	command(DRIVER_INIT);
	check(DRV_ENODEV, "begin ");
}

/* The same instance has nothing to recover; its lines are bound again, its clients told. */
static void a_reset_is_init_and_run_again_without_recover(void **state)
{
	(void)state;
	page.context.flags = DRIVER_FLAG_RESTARTED;
	command(DRIVER_INIT);
	check(DRV_OK, "recover begin ");
	command(DRIVER_RUN);
	assert_int_equal(notified, 1);
	command(DRIVER_QUIESCE);
	check(DRV_OK, "quiesce ");
	command(DRIVER_INIT);
	check(DRV_OK, "begin ");
	assert_false(runtime.serving);
	assert_int_equal(notified, 1);
	bound = 0;
	command(DRIVER_RUN);
	check(DRV_OK, "serve_now look-0 look-1 ");
	assert_true(runtime.serving);
	assert_int_equal(bound, 2);
	assert_int_equal(notified, 2);
	says = DRV_EAGAIN;
	command(DRIVER_QUIESCE);
	command(DRIVER_INIT);
	driver_done(DRV_EIO); /* later, but the manager hears of it */
	check(DRV_EIO, "begin ");
}

static void a_line_that_cannot_be_bound_is_a_failure_to_run(void **state)
{
	(void)state;
	binding = DRV_EBUSY;
	command(DRIVER_RUN);
	check(DRV_EBUSY, "");
	assert_int_equal(bound, 1);
	assert_false(runtime.serving || runtime.bound);
}

static void a_step_that_takes_longer_is_answered_when_it_is_done(void **state)
{
	(void)state;
	says = DRV_EAGAIN;
	command(DRIVER_INIT);
	assert_int_equal(told + page.done_seq, 0);
	driver_done(DRV_EIO);
	check(DRV_EIO, "begin ");
	driver_done(DRV_OK); /* there is no step */
	check(DRV_EIO, "begin ");
}

static void a_driver_whose_run_takes_longer_serves_when_it_is_done(void **state)
{
	(void)state;
	says = DRV_EAGAIN;
	command(DRIVER_RUN);
	assert_string_equal(called, "serve_now ");
	assert_false(runtime.serving);
	driver_done(DRV_OK);
	check(DRV_OK, "serve_now look-0 look-1 ");
	assert_true(runtime.serving);
	command(DRIVER_STOP);
	assert_false(runtime.stopped);
	driver_done(DRV_OK);
	assert_true(runtime.stopped);
}

/* The answer to a command that was given up is not taken for that to the next one. */
static void a_step_that_was_given_up_answers_nothing_any_more(void **state)
{
	(void)state;
	says = DRV_EAGAIN;
	command(DRIVER_INIT);
	says = DRV_OK;
	command(DRIVER_QUIESCE);
	check(DRV_OK, "quiesce ");
	driver_done(DRV_EIO);
	check(DRV_OK, "quiesce ");
}

static err_t done_within(void)
{
	driver_done(DRV_ENODEV);
	return DRV_OK;
}

static void a_step_that_calls_done_itself_is_answered_once(void **state)
{
	static const driver_ops_t within = {.probe = done_within};
	(void)state;
	runtime.ops = &within;
	command(DRIVER_PROBE);
	check(DRV_ENODEV, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, fresh)
	    TEST(each_command_calls_its_step_once),
	    TEST(what_a_step_answers_the_manager_is_told),
	    TEST(an_unknown_command_is_refused_and_calls_nothing),
	    TEST(a_driver_without_callbacks_does_every_step),
	    TEST(only_a_restarted_instance_recovers_and_before_init),
	    TEST(a_reset_is_init_and_run_again_without_recover),
	    TEST(a_line_that_cannot_be_bound_is_a_failure_to_run),
	    TEST(a_step_that_takes_longer_is_answered_when_it_is_done),
	    TEST(a_driver_whose_run_takes_longer_serves_when_it_is_done),
	    TEST(a_step_that_was_given_up_answers_nothing_any_more),
	    TEST(a_step_that_calls_done_itself_is_answered_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
