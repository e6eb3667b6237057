/* SPDX-License-Identifier: BSD-2-Clause */
/* An old driver's loop beside the event loop: who runs when, and what of interrupts and limits
 * of time the loop sees. */
#define _XOPEN_SOURCE 700 /* ucontext.h */
#include "legacy_world.h"

static err_t step_run(void)
{
	tell("run");
	return DRV_OK;
}

static err_t step_quiesce(void)
{
	tell("quiesce");
	return DRV_OK;
}

static err_t step_stop(void)
{
	tell("stop");
	return DRV_OK;
}

static void timed(unsigned index)
{
	tell(index == 2 ? "timed" : "timed-wrongly");
}

static void never(unsigned index)
{
	(void)index;
	tell("irq-wrongly");
}

/* clang-format off */
#define TIME	1000000u /* a driver that waits for nothing waits longer */
#define START	{COMMAND, DRIVER_PROBE, 0}, {COMMAND, DRIVER_INIT, 0}, {COMMAND, DRIVER_RUN, 0}
#define LEAVE	{COMMAND, DRIVER_QUIESCE, 0}, {COMMAND, DRIVER_STOP, 0}
#define NO_MORE {NOTHING_COMES, 0, TIME}
/* clang-format on */

static int drive_with(const driver_ops_t *ops, const coming_t *coming, void (*loop)(void))
{
	world.coming = coming;
	assert_int_equal(set_driver(), DRV_OK);
	return driver_main_legacy(ops, loop);
}

static int drive(const coming_t *coming, void (*loop)(void))
{
	static const driver_ops_t ops = {.run = step_run,
					 .quiesce = step_quiesce,
					 .stop = step_stop,
					 .timed = timed,
					 .irq = never};
	return drive_with(&ops, coming, loop);
}

static int fresh(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	world.exit_code = 1;
	for (unsigned i = 0; i <= DRIVER_STOP; i++)
		world.done[i] = 1;
	memset(&runtime, 0, sizeof(runtime));
	memset(&legacy, 0, sizeof(legacy));
	legacy.waits_for = NOTHING;
	own_page = (driver_page_t){.signal = 9};
	own_page.context = (DriverContextV2){.abi_version = DRIVER_CONTEXT_VERSION,
					     .irq_caps = {HANDLE, HANDLE + 1},
					     .pio_caps = {20}};
	told[0] = '\0';
	may_ask = false;
	return 0;
}

/* The loop of the user's first driver. */
static void keyboard(void)
{
	tell("begins");
	for (;;) {
		tell(wait_irq(LINE) ? "failed" : "key");
		inb(PORT);
	}
}

static void a_loop_that_waits_lives_beside_the_managers_commands(void **state)
{
	static const coming_t coming[] = {
	    START, {INTERRUPT, 0, 500}, {REQUEST, 0, 10}, {INTERRUPT, 0, 500}, LEAVE};
	(void)state;
	assert_int_equal(drive(coming, keyboard), 0);
	/* The first one is the look at the device. */
	assert_string_equal(told, "run begins key key key quiesce stop ");
	for (unsigned i = DRIVER_PROBE; i <= DRIVER_STOP; i++)
		assert_int_equal(world.done[i], DRV_OK);
	assert_int_equal(world.requests, 1);
	assert_int_equal(world.answered, 1);
	assert_int_equal(world.accesses, 3);
	assert_int_equal(world.ended, 0);
}

/* So that the device has been served when it may interrupt again. */
static void slow(void)
{
	for (;;) {
		wait_irq(LINE);
		uint32_t acks = world.acks[0];
		for (unsigned i = 0; i < 3 * ACCESSES; i++)
			inb(PORT);
		assert_int_equal(world.acks[0], acks);
		tell("served");
	}
}

static void an_interrupt_is_acknowledged_when_the_loop_waits_again(void **state)
{
	static const coming_t coming[] = {START, {INTERRUPT, 0, 500}, NO_MORE};
	(void)state;
	drive(coming, slow);
	assert_string_equal(told, "run served served ");
	assert_int_equal(world.acks[0], 2);
	assert_int_equal(world.acks[1], 0);
}

/* It looks at a status port for ever, and never waits. */
static void polling(void)
{
	while (inb(PORT) >= 0)
		;
}

static void a_loop_that_polls_lets_the_event_loop_answer(void **state)
{
	static const coming_t coming[] = {START, {REQUEST, 0, 0}, {REQUEST, 0, 0}, LEAVE};
	(void)state;
	assert_int_equal(drive(coming, polling), 0);
	assert_string_equal(told, "run quiesce stop ");
	assert_int_equal(world.answered, 2);
	assert_int_equal(world.polls, 3); /* what comes is not waited for: a loop is ready */
	assert_in_range(world.accesses, 2 * ACCESSES, 5 * ACCESSES);
}

static void limited(void)
{
	tell(wait_irq(LINE, 0) == DRV_OK ? "look" : "none");
	tell(wait_irq(LINE, 0) == DRV_ETIMEDOUT ? "none" : "wrong");
	uint32_t begun = world.now;
	tell(wait_irq(LINE, 30) == DRV_ETIMEDOUT ? "over" : "early");
	assert_int_equal(world.now - begun, 30);
	tell(wait_irq(LINE, 5000) == DRV_OK ? "came" : "over");
	assert_int_equal(world.now - begun, 100);
	tell(wait_irq(LINE, 0xfffffffe) == DRV_OK ? "came" : "over");
	assert_int_equal(own_page.context.last_error, DRV_ETIMEDOUT);
	tell(wait_irq(LINE + 2) == DRV_EPERM ? "refused" : "wrong");
}

static void a_wait_ends_at_its_limit(void **state)
{
	static const coming_t coming[] = {
	    START, {INTERRUPT, 0, 100}, {INTERRUPT, 0, 50000}, NO_MORE};
	(void)state;
	drive(coming, limited);
	assert_string_equal(told, "run look none over came came refused ");
	assert_int_equal(world.ended, 1);
}

static void a_loop_that_returns_ends_the_driver(void **state)
{
	static const coming_t coming[] = {
	    START, {INTERRUPT, 0, 100}, {INTERRUPT, 0, 50000}, NO_MORE};
	(void)state;
	drive(coming, limited);
	assert_int_equal(world.ended, 1);
	assert_int_equal(world.exit_code, 0);
	assert_int_equal(world.coming->what, NOTHING_COMES);
}

static void two_lines(void)
{
	for (;;) {
		tell(wait_irq(LINE + 1) == DRV_OK ? "second" : "wrong");
		tell(wait_irq(LINE) == DRV_OK ? "first" : "wrong");
	}
}

static void an_interrupt_of_another_line_waits_for_its_turn(void **state)
{
	static const coming_t coming[] = {
	    START, {INTERRUPT, 0, 10}, {INTERRUPT, 1, 10}, NO_MORE};
	(void)state;
	drive(coming, two_lines);
	/* Two looks, then the two that came, in the order of the loop. */
	assert_string_equal(told, "run second first second first ");
	assert_int_equal(world.acks[0], 2);
	assert_int_equal(world.acks[1], 2);
}

static void after_quiesce_the_loop_is_not_gone_on_with(void **state)
{
	static const coming_t coming[] = {START,
					  {COMMAND, DRIVER_QUIESCE, 10},
					  {INTERRUPT, 0, 10},
					  {REQUEST, 0, 10},
					  {COMMAND, DRIVER_STOP, 10}};
	(void)state;
	assert_int_equal(drive(coming, keyboard), 0);
	assert_string_equal(told, "run begins key quiesce stop ");
	assert_int_equal(world.acks[0], 2); /* of the first and of the one that nobody takes */
	assert_int_equal(world.answered, 1);
	assert_int_equal(world.done[DRIVER_STOP], DRV_OK);
}

static void in_rounds(void)
{
	for (;;) {
		wait_irq(LINE);
		for (unsigned i = 0; i < 3 * ACCESSES; i++)
			inb(PORT);
		tell("served");
	}
}

/* It would be late with it otherwise, for as long as it is quiesced. */
static void what_the_loop_owes_when_it_is_quiesced_is_acknowledged(void **state)
{
	static const coming_t coming[] = {START, {COMMAND, DRIVER_QUIESCE, 0}, NO_MORE};
	static const coming_t again[] = {
	    {COMMAND, DRIVER_INIT, 0}, {COMMAND, DRIVER_RUN, 0}, NO_MORE};
	(void)state;
	drive(coming, in_rounds);
	assert_string_equal(told, "run quiesce "); /* in the middle of its first round */
	assert_int_equal(world.acks[0], 1);
	runtime.stopped = false;
	world.coming = again;
	(void)driver_main(runtime.ops);
	/* It goes on with that round, and then with the look that came behind the reset. */
	assert_string_equal(told, "run quiesce run served served ");
	assert_int_equal(world.acks[0], 2);
}

static void who_runs_again_goes_on_with_its_loop(void **state)
{
	static const coming_t coming[] = {START,
					  {COMMAND, DRIVER_QUIESCE, 10},
					  {INTERRUPT, 1, 10},
					  {COMMAND, DRIVER_RUN, 10},
					  {INTERRUPT, 0, 10},
					  NO_MORE};
	(void)state;
	drive(coming, keyboard);
	/* With another look at the device. */
	assert_string_equal(told, "run begins key quiesce run key key ");
}

/* A poll that quiesce finds half done is gone on with as well. */
static void who_runs_again_goes_on_to_poll(void **state)
{
	static const coming_t coming[] = {
	    START, {COMMAND, DRIVER_QUIESCE, 0}, NO_MORE, NO_MORE};
	(void)state;
	drive(coming, polling);
	uint32_t before = world.accesses;
	static const coming_t again[] = {
	    {COMMAND, DRIVER_RUN, 0}, {REQUEST, 0, 0}, {REQUEST, 0, 0}, {NOTHING_COMES, 0, 0}};
	runtime.stopped = false;
	world.coming = again;
	(void)driver_main(runtime.ops);
	assert_true(world.accesses >= before + ACCESSES);
}

static err_t later(void)
{
	return DRV_EAGAIN;
}

/* The device is ready after the first interrupt. */
static void ready_later(void)
{
	world.done[DRIVER_RUN] = 1;
	wait_irq(LINE, 20);
	tell(own_page.done_seq == own_page.command_seq ? "early" : "begins");
	driver_done(DRV_OK);
	tell(own_page.done_seq == own_page.command_seq ? "done" : "not-done");
	keyboard();
}

static void the_loop_may_answer_the_step_that_it_is_part_of(void **state)
{
	static const coming_t coming[] = {
	    START, {INTERRUPT, 0, 10}, {INTERRUPT, 0, 10}, {REQUEST, 0, 10}, LEAVE};
	static const driver_ops_t ops = {.run = later};
	(void)state;
	assert_int_equal(drive_with(&ops, coming, ready_later), 0);
	/* With the look at the device that a driver which begins to run has. */
	assert_string_equal(told, "begins done begins key key ");
	assert_int_equal(world.done[DRIVER_RUN], DRV_OK);
	assert_int_equal(world.answered, 1);
	assert_int_equal(world.done[DRIVER_STOP], DRV_OK);
}

/* It may be stopped without quiesce while it is not running yet, and need its interrupts. */
static void behind_stop_the_loop_is_not_gone_on_with(void **state)
{
	static const coming_t coming[] = {
	    START, {INTERRUPT, 0, 0}, {COMMAND, DRIVER_STOP, 0}, {INTERRUPT, 0, 10}, NO_MORE};
	static const driver_ops_t ops = {.run = later, .stop = later};
	(void)state;
	drive_with(&ops, coming, in_rounds);
	assert_string_equal(told, ""); /* in the middle of its first round */
	assert_int_equal(world.acks[0], 2);
}

static err_t broken(void)
{
	tell("run");
	return DRV_EIO;
}

static void the_loop_does_not_begin_where_run_fails(void **state)
{
	static const coming_t coming[] = {START, {INTERRUPT, 0, 10}, NO_MORE};
	static const driver_ops_t ops = {.run = broken};
	(void)state;
	drive_with(&ops, coming, keyboard);
	assert_string_equal(told, "run ");
	assert_int_equal(world.done[DRIVER_RUN], DRV_EIO);
	assert_int_equal(world.acks[0], 1);
}

static void timers(void)
{
	driver_timer_set(2, 5);
	wait_irq(LINE);
	wait_irq(LINE);
}

static void the_drivers_own_timers_come_as_without_a_loop(void **state)
{
	static const coming_t coming[] = {START, {INTERRUPT, 0, 10}, NO_MORE};
	(void)state;
	drive(coming, timers);
	assert_string_equal(told, "run timed ");
	assert_int_equal(world.ended, 1);
}

/* Outside of the loop: before the driver runs, the kernel is asked; then its lines are bound.
 */
static err_t wait_in_probe(void)
{
	assert_int_equal(wait_irq(LINE, 5), DRV_OK);
	return DRV_OK;
}

static int32_t refused;
static void wait_in_signal(uint32_t bits)
{
	(void)bits;
	refused = wait_irq(LINE, 5);
}

static void only_the_loop_waits_in_the_event_loops_way(void **state)
{
	static const coming_t coming[] = {START, {INTERRUPT, 8, 10}, NO_MORE};
	static const driver_ops_t ops = {.probe = wait_in_probe, .signal = wait_in_signal};
	(void)state;
	refused = 1;
	drive_with(&ops, coming, keyboard);
	assert_string_equal(told, "waits-in-the-kernel begins key ");
	assert_int_equal(refused, DRV_EBUSY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, fresh)
	    TEST(a_loop_that_waits_lives_beside_the_managers_commands),
	    TEST(an_interrupt_is_acknowledged_when_the_loop_waits_again),
	    TEST(a_loop_that_polls_lets_the_event_loop_answer),
	    TEST(a_wait_ends_at_its_limit),
	    TEST(a_loop_that_returns_ends_the_driver),
	    TEST(an_interrupt_of_another_line_waits_for_its_turn),
	    TEST(after_quiesce_the_loop_is_not_gone_on_with),
	    TEST(what_the_loop_owes_when_it_is_quiesced_is_acknowledged),
	    TEST(who_runs_again_goes_on_with_its_loop),
	    TEST(who_runs_again_goes_on_to_poll),
	    TEST(the_loop_may_answer_the_step_that_it_is_part_of),
	    TEST(behind_stop_the_loop_is_not_gone_on_with),
	    TEST(the_loop_does_not_begin_where_run_fails),
	    TEST(the_drivers_own_timers_come_as_without_a_loop),
	    TEST(only_the_loop_waits_in_the_event_loops_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
