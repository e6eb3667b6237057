/* SPDX-License-Identifier: BSD-2-Clause */
/* Who gets a failure back, and who does not: what the manager saw itself is forgiven for as
 * long as the trouble lasts, what a driver says when the culprit is named. */
#include "watch_world.h"

static void gives_up(uint32_t i)
{
	supervisor_fail(&manager, &drivers[i], DEATH_GAVE_UP, DRV_ETIMEDOUT, "gave up");
}

/* At the next look the server is found so, since `ms` before it. */
static void look(verdict_kind_t kind, uint32_t ms)
{
	manager.now_ms += EVIDENCE_LOOK_MS;
	found[SERVER] = verdict_of(kind, (uint32_t)manager.now_ms - ms);
	supervisor_tick(&manager);
	well();
}

static void a_step_that_failed_is_a_failure_with_its_own_error(void **state)
{
	(void)state;
	drivers[CLIENT].unit.state = STATE_INITIALISING;
	supervisor_done(&manager, &drivers[CLIENT], drivers[CLIENT].unit.command_seq,
			DRV_EFORMAT);
	assert_int_equal(drivers[CLIENT].unit.last_error, DRV_EFORMAT);
	assert_int_equal(failed[CLIENT], 1);
}

static void who_gave_up_because_of_a_hung_driver_is_forgiven(void **state)
{
	(void)state;
	manager.world.rules[CLIENT].policy.burst = manager.world.rules[OTHER].policy.burst = 0;
	gives_up(CLIENT);
	gives_up(OTHER); /* it does not use the server */
	assert_int_equal(drivers[CLIENT].unit.state, STATE_QUARANTINED);
	look(VERDICT_SPINS, 750);
	assert_int_equal(drivers[CLIENT].unit.state, STATE_RUNNING);
	assert_int_equal(failures(CLIENT), 0);
	assert_int_equal(drivers[OTHER].unit.state, STATE_QUARANTINED);
}

static void an_essential_driver_s_client_is_forgiven_each_time_it_hangs(void **state)
{
	(void)state;
	manager.world.rules[SERVER].essential = true;
	for (uint32_t i = 0; i < 20; i++) {
		gives_up(CLIENT);
		pass_ms(500);
		look(VERDICT_WAITS, 750);
		assert_int_equal(failures(CLIENT), 0);
		pass_ms(100);
		assert_int_equal(drivers[SERVER].unit.state, STATE_RUNNING);
	}
}

static void what_failed_before_the_trouble_began_is_its_own(void **state)
{
	(void)state;
	gives_up(CLIENT);
	pass_ms(1000);
	gives_up(CLIENT);
	look(VERDICT_SPINS, 750);
	assert_int_equal(failures(CLIENT), 1);
}

/* Whatever the policy says: while it had the line, the others did not. */
static void who_kept_a_shared_line_from_others_leaves_it_to_them(void **state)
{
	irq_line_t *line = &drivers[SERVER].manifest.caps.irq.items[1];
	for (uint32_t shared = 0; shared < 2; shared++) {
		fresh(state);
		*line = (irq_line_t){.line = 3, .shared = shared, .ack_ms = 20};
		manager.now_ms += EVIDENCE_LOOK_MS;
		found[SERVER] = verdict_of(VERDICT_NO_ACK, (uint32_t)manager.now_ms - 30);
		found[SERVER].value = 1;
		supervisor_tick(&manager);
		well();
		uint64_t back_ms = manager.now_ms + 19u * 30;
		if (shared)
			assert_int_equal(drivers[SERVER].unit.until_ms, back_ms);
		else
			assert_true(drivers[SERVER].unit.until_ms < back_ms);
	}
}

/* The server is busy, and may be right to be. */
static void who_says_again_and_again_that_it_waited_is_believed_once(void **state)
{
	(void)state;
	gives_up(CLIENT);
	look(VERDICT_BUSY, 800);
	assert_int_equal(failures(CLIENT), 0);
	assert_int_equal(tells[SERVER], 1);
	for (uint32_t i = 1; i <= 5; i++) {
		gives_up(CLIENT);
		look(VERDICT_BUSY, 800 + i * EVIDENCE_LOOK_MS);
		assert_int_equal(failures(CLIENT), i);
	}
	gives_up(CLIENT);
	look(VERDICT_BUSY, 2000);
	assert_int_equal(drivers[CLIENT].unit.state, STATE_QUARANTINED);
	assert_int_equal(tells[SERVER], 1);
	assert_int_equal(throttled[SERVER], 0); /* it is only named */
	look(VERDICT_HOGS, 10000);
	assert_int_equal(throttled[SERVER], 1);
}

/* The client is found to have waited for the server. */
static void client_waits(uint32_t kind, bool alone)
{
	found[CLIENT] = verdict_of(kind, 0);
	found[CLIENT].waits_for = SERVER;
	found[CLIENT].alone = alone;
}

static void what_the_manager_saw_itself_is_forgiven_as_long_as_it_lasts(void **state)
{
	(void)state;
	look(VERDICT_BUSY, 800);
	for (uint32_t i = 0; i < 20; i++) {
		client_waits(VERDICT_WAITS, false);
		pass_ms(100);
		well();
		assert_int_equal(failures(CLIENT), 1);
		look(VERDICT_BUSY, 1000 + i * 200);
		assert_int_equal(failures(CLIENT), 0);
	}
}

static void it_forgives_no_more_than_what_it_saw(void **state)
{
	(void)state;
	look(VERDICT_BUSY, 800);
	supervisor_fail(&manager, &drivers[CLIENT], DEATH_OPCODE, DRV_EFAULT, "fault");
	pass_ms(500);
	client_waits(VERDICT_WAITS, false);
	pass_ms(100);
	well();
	look(VERDICT_BUSY, 2000);
	assert_int_equal(failures(CLIENT), 1);
}

/* They use each other, and each only spins. */
static void two_that_fail_by_verdicts_do_not_forgive_each_other(void **state)
{
	(void)state;
	for (uint32_t i = 1; i <= 3; i++) {
		found[CLIENT] = verdict_of(VERDICT_SPINS, (uint32_t)manager.now_ms);
		pass_ms(100);
		well();
		look(VERDICT_SPINS, 750);
		assert_int_equal(failures(CLIENT), i);
		pass_ms(1000);
	}
}

static void who_fails_without_the_time_that_it_waited_fails_by_itself(void **state)
{
	(void)state;
	look(VERDICT_BUSY, 800);
	client_waits(VERDICT_WAITS, true);
	pass_ms(100);
	well();
	look(VERDICT_BUSY, 1000);
	assert_int_equal(failures(CLIENT), 1);
}

static void a_limit_that_passes_names_whom_it_waited_for_or_itself(void **state)
{
	(void)state;
	client_waits(VERDICT_WAITS, false);
	pass_ms(100);
	well();
	assert_int_equal(drivers[CLIENT].unit.last_culprit, SERVER);
	drivers[CLIENT].unit.state = STATE_INITIALISING;
	found[CLIENT] = verdict_of(VERDICT_LIMIT, 0);
	limits_told = 0;
	pass_ms(100);
	assert_int_equal(drivers[CLIENT].unit.last_culprit, CLIENT);
	assert_int_equal(limits_told, 1);
	well();
	pass_ms(100); /* it is started again */
	drivers[CLIENT].unit.state = STATE_INITIALISING;
	client_waits(VERDICT_LIMIT, false);
	pass_ms(100);
	assert_int_equal(drivers[CLIENT].unit.last_culprit, SERVER);
	assert_int_equal(drivers[CLIENT].unit.last_error, DRV_ETIMEDOUT);
}

/* A server that hangs in a state before Running fails by its limit, and so is named. */
static void who_waited_for_one_that_hangs_until_a_limit_is_forgiven(void **state)
{
	static const driver_state_t before[] = {STATE_PROBING, STATE_INITIALISING};
	for (uint32_t i = 0; i < 2; i++) {
		fresh(state);
		gives_up(CLIENT);
		gives_up(OTHER);
		drivers[SERVER].unit.state = before[i];
		look(VERDICT_LIMIT, 750);
		assert_int_equal(failures(SERVER), 1);
		assert_int_equal(failures(CLIENT), 0);
		assert_int_equal(failures(OTHER), 1);
	}
}

/* On its way out it does not fail by that. */
static void a_limit_that_is_no_failure_forgives_nobody(void **state)
{
	static const driver_state_t out[] = {STATE_QUIESCING, STATE_STOPPING};
	for (uint32_t i = 0; i < 2; i++) {
		fresh(state);
		core_want(&manager.world, SERVER, WANTED_STOPPED);
		drivers[SERVER].unit.state = out[i];
		gives_up(CLIENT);
		look(VERDICT_LIMIT, 750);
		assert_true(drivers[SERVER].unit.state > out[i]);
		assert_int_equal(drivers[SERVER].unit.last_error, DRV_OK);
		assert_int_equal(failures(SERVER), 0);
		assert_int_equal(failures(CLIENT), 1);
	}
}

/* Its exit, before Running a failure, is found by the manager's next incarnation. */
static void who_is_being_ended_does_not_fail_of_what_its_thread_did_last(void **state)
{
	(void)state;
	message_t exit = {.info = MSG_INFO(FAULT_EXIT, FAULT_WORDS, 0)};
	drivers[OTHER].unit.state = STATE_LOADED;
	drivers[OTHER].unit.ends = true;
	supervisor_fault(&manager, &drivers[OTHER], &exit);
	assert_int_equal(failed[OTHER], 0);
	drivers[CLIENT].unit.state = STATE_PROBING;
	supervisor_fault(&manager, &drivers[CLIENT], &exit);
	assert_int_equal(failed[CLIENT], 1);
}

static void a_clean_exit_of_one_that_is_quiesced_is_no_failure(void **state)
{
	(void)state;
	message_t exit = {.info = MSG_INFO(FAULT_EXIT, FAULT_WORDS, 0)};
	core_quiesce(&manager.world, CLIENT);
	perform_all(&manager);
	assert_int_equal(drivers[CLIENT].unit.state, STATE_QUIESCED);
	supervisor_fault(&manager, &drivers[CLIENT], &exit);
	assert_int_equal(failed[CLIENT], 0);
	assert_int_equal(drivers[CLIENT].unit.state, STATE_WAITING);
	core_quiesce(&manager.world, OTHER);
	perform_all(&manager);
	exit.word1 = 7;
	supervisor_fault(&manager, &drivers[OTHER], &exit);
	assert_int_equal(failed[OTHER], 1);
	assert_int_equal(failures(OTHER), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_step_that_failed_is_a_failure_with_its_own_error),
	    TEST(who_gave_up_because_of_a_hung_driver_is_forgiven),
	    TEST(an_essential_driver_s_client_is_forgiven_each_time_it_hangs),
	    TEST(what_failed_before_the_trouble_began_is_its_own),
	    TEST(who_says_again_and_again_that_it_waited_is_believed_once),
	    TEST(what_the_manager_saw_itself_is_forgiven_as_long_as_it_lasts),
	    TEST(it_forgives_no_more_than_what_it_saw),
	    TEST(two_that_fail_by_verdicts_do_not_forgive_each_other),
	    TEST(who_fails_without_the_time_that_it_waited_fails_by_itself),
	    TEST(a_limit_that_passes_names_whom_it_waited_for_or_itself),
	    TEST(who_waited_for_one_that_hangs_until_a_limit_is_forgiven),
	    TEST(who_kept_a_shared_line_from_others_leaves_it_to_them),
	    TEST(a_limit_that_is_no_failure_forgives_nobody),
	    TEST(a_clean_exit_of_one_that_is_quiesced_is_no_failure),
	    TEST(who_is_being_ended_does_not_fail_of_what_its_thread_did_last),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
