/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver that tells and quiesces: who listens reads what came of that before it is gone. */
#include "tell_world.h"

/* What a driver that quiesces looks at. */
static void who_listens_is_behind_until_it_has_read_all(void **state)
{
	(void)state;
	begin_telling();
	assert_false(somebody_is_behind());
	world.head = 103;
	assert_true(somebody_is_behind());
	world.listening = false;
	driver_tell();
	assert_true(somebody_is_behind()); /* that may have come to nobody */
	assert_int_equal(read_at(100, 2), 2);
	assert_true(somebody_is_behind());
	assert_int_equal(read_at(102, 2), 1);
	assert_false(somebody_is_behind());
	world.listening = true;
	world.head = 104;
	driver_tell(); /* it goes along */
	assert_false(somebody_is_behind());
	world.wrong = DRV_EOVERFLOW; /* it does not know that yet */
	assert_true(somebody_is_behind());
}

static void nobody_else_is_waited_for(void **state)
{
	(void)state;
	begin_telling();
	open_session(0);
	assert_int_equal(read_at(100, 8), 0);
	world.head = 101;
	assert_false(somebody_is_behind());
	open_session(DRIVER_OPEN_LISTENS);
	assert_true(somebody_is_behind());
	runtime.sessions[CLIENT - 1].badge = 0;
	assert_false(somebody_is_behind());
}

static err_t says;		      /* what the driver's own steps answer */
static unsigned inits, stops, others; /* times that they, and timed(), were called */

static err_t own_init(void)
{
	inits++;
	return says;
}

static err_t own_stop(void)
{
	stops++;
	return says;
}

/* It says what came of that. */
static err_t own_quiesce(void)
{
	world.head = 103;
	world.listening = false;
	driver_tell();
	return says;
}

static void own_timed(unsigned index)
{
	assert_int_equal(index, 3);
	others++;
}

static const driver_ops_t own = {.read_at = stream,
				 .init = own_init,
				 .quiesce = own_quiesce,
				 .stop = own_stop,
				 .timed = own_timed};

static int quiescing(void **state)
{
	listening(state);
	runtime.ops = &own;
	driver_tell();
	assert_int_equal(read_at(100, 8), 0);
	says = DRV_OK;
	inits = stops = others = ended = 0;
	now_ms = 0xfffffffc; /* it wraps soon */
	runtime.serving = 0;
	runtime.step_seq = 5;
	runtime.timers = 1;
	return 0;
}

static void look_again(void)
{
	assert_int_equal(runtime.timers, 1u << TIMER_READERS);
	assert_int_equal(runtime.timer_at[TIMER_READERS], ++now_ms);
	assert_true(runtime.quiet);
	runtime.timers = 0;
	runtime.ops->timed(TIMER_READERS);
}

static void who_listens_reads_what_came_of_quiescing_first(void **state)
{
	(void)state;
	assert_int_equal(runtime.ops->quiesce(), DRV_EAGAIN);
	look_again();
	assert_int_equal(ended, 0);
	assert_int_equal(read_at(100, 8), 3);
	assert_int_equal(ask(CLIENT, DRIVER_READ), DRV_EAGAIN);
	look_again();
	assert_int_equal(ended, 1);
	assert_int_equal(runtime.timers, 0);
	runtime.step_seq = 6;
	assert_int_equal(runtime.ops->quiesce(), DRV_EAGAIN); /* that was told again */
	assert_int_equal(read_at(103, 8), 0);
	look_again();
	assert_int_equal(ended, 2);
}

static void who_never_reads_keeps_nobody_waiting_for_long(void **state)
{
	(void)state;
	assert_int_equal(runtime.ops->quiesce(), DRV_EAGAIN);
	for (uint32_t i = 0; i < READERS_MS; i++) {
		assert_int_equal(ended, 0);
		look_again();
	}
	assert_int_equal(ended, 1);
	assert_int_equal(runtime.timers, 0);
}

static void a_command_that_comes_meanwhile_is_what_counts(void **state)
{
	(void)state;
	assert_int_equal(runtime.ops->quiesce(), DRV_EAGAIN);
	runtime.step_seq = 6;
	look_again();
	assert_int_equal(ended, 0);
	assert_int_equal(runtime.timers, 0);
}

/* Nor one that takes its time: it reads meanwhile. */
static void a_quiesce_that_did_not_go_well_is_not_waited_for(void **state)
{
	(void)state;
	says = DRV_EIO;
	assert_int_equal(runtime.ops->quiesce(), DRV_EIO);
	assert_int_equal(runtime.timers, 1);
	says = DRV_EAGAIN;
	assert_int_equal(runtime.ops->quiesce(), DRV_EAGAIN);
	assert_int_equal(runtime.timers, 1);
	assert_int_equal(read_at(100, 8), 3);
	says = DRV_OK;
	runtime.step_seq = 0; /* driver_done() was called within */
	assert_int_equal(runtime.ops->quiesce(), DRV_OK);
}

static void the_next_step_ends_the_reading(void **state)
{
	(void)state;
	assert_int_equal(runtime.ops->quiesce(), DRV_EAGAIN);
	assert_int_equal(read_at(100, 8), 3);
	assert_int_equal(runtime.ops->init(), DRV_OK);
	assert_int_equal((err_t)read_at(103, 8), DRV_EAGAIN);
	assert_int_equal(runtime.ops->quiesce(), DRV_EAGAIN);
	assert_int_equal(runtime.ops->stop(), DRV_OK);
	assert_int_equal((err_t)read_at(103, 8), DRV_EAGAIN);
	assert_int_equal(inits, 1);
	assert_int_equal(stops, 1);
	runtime.ops->timed(3);
	assert_int_equal(others, 1);
}

static void a_driver_without_steps_has_none(void **state)
{
	static const driver_ops_t none = {.read_at = stream};
	(void)state;
	runtime.ops = &none;
	begin_telling();
	assert_int_equal(runtime.ops->init(), DRV_OK);
	assert_int_equal(runtime.ops->quiesce(), DRV_OK);
	assert_int_equal(runtime.ops->stop(), DRV_OK);
	runtime.ops->timed(3);
	assert_int_equal(others, 0);
}

#define QUIESCING(test) cmocka_unit_test_setup(test, quiescing)

#define TEST(name) cmocka_unit_test_setup(name, listening)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(who_listens_is_behind_until_it_has_read_all),
	    TEST(nobody_else_is_waited_for),
	    QUIESCING(who_listens_reads_what_came_of_quiescing_first),
	    QUIESCING(who_never_reads_keeps_nobody_waiting_for_long),
	    QUIESCING(a_command_that_comes_meanwhile_is_what_counts),
	    QUIESCING(a_quiesce_that_did_not_go_well_is_not_waited_for),
	    QUIESCING(the_next_step_ends_the_reading),
	    QUIESCING(a_driver_without_steps_has_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
