/* SPDX-License-Identifier: BSD-2-Clause */
/* What a driver can make the manager do in a period by what it sends and signals. */
#include "door_world.h"

/* Driver `i` calls: from now on a caller waits in the manager's reply object. */
static void call(uint32_t i, uint32_t word)
{
	message_t message = {.info = MSG_INFO(LABEL_NOTED, DRIVER_DATA_WORD + 1, 0)};
	assert_false(world.tied[manager.reply]);
	world.tied[manager.reply] = true;
	buffer.words[DRIVER_DATA_WORD] = word;
	door_message(&manager, &drivers[i], &message);
	assert_false(world.tied[manager.reply]);
}

/* The same, and a capability comes along. */
static void call_with(uint32_t i, cap_t cap)
{
	message_t message = {.info = MSG_INFO(LABEL_NOTED, DRIVER_DATA_WORD, 1)};
	world.tied[manager.reply] = true;
	buffer.caps[0] = cap;
	door_message(&manager, &drivers[i], &message);
}

static void a_call_within_the_share_is_answered_at_once(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < MANAGER_SHARE; i++)
		call(0, i);
	assert_int_equal(world.served, MANAGER_SHARE);
	assert_int_equal(world.answers[REPLY], MANAGER_SHARE);
	assert_int_equal(door_wait_ms(&manager), IDLE_MS);
}

/* With a caller left in it, the reply object could not be offered again. */
static void who_does_not_take_an_answer_gets_the_reason_instead(void **state)
{
	(void)state;
	world.not_taken = DRV_ENOMEM;
	call(0, 1);
	assert_int_equal(world.answers[REPLY], 1);
}

static void an_essential_driver_has_five_shares(void **state)
{
	(void)state;
	manager.world.rules[0].essential = true;
	for (uint32_t i = 0; i <= 5 * MANAGER_SHARE; i++)
		call(0, i);
	assert_int_equal(world.served, 5 * MANAGER_SHARE);
	assert_int_equal(drivers[0].over, 1);
	manager.world.rules[0].essential = false;
}

static void a_call_beyond_it_is_answered_at_the_next_period(void **state)
{
	(void)state;
	manager.now_ms += 30;
	for (uint32_t i = 0; i < MANAGER_SHARE; i++)
		call(0, i);
	call(0, 4711);
	assert_int_equal(world.served, MANAGER_SHARE);
	assert_int_equal(drivers[0].over, 1);
	assert_int_equal(door_wait_ms(&manager), PERIOD - 30);
	buffer.words[DRIVER_DATA_WORD] = 0;
	pass_ms(PERIOD - 31);
	assert_int_equal(world.served, MANAGER_SHARE);
	pass_ms(1);
	assert_int_equal(world.served, MANAGER_SHARE + 1);
	assert_int_equal(world.word_seen, 4711);
	assert_int_equal(world.answers[REPLY], MANAGER_SHARE + 1);
	assert_false(world.tied[REPLY]);
	call(0, 1); /* a new share */
	assert_int_equal(world.served, MANAGER_SHARE + 2);
}

static void the_others_are_answered_meanwhile(void **state)
{
	(void)state;
	for (uint32_t i = 0; i <= MANAGER_SHARE; i++)
		call(0, i);
	for (uint32_t i = 0; i < MANAGER_SHARE; i++)
		call(1, i);
	assert_int_equal(world.served, 2 * MANAGER_SHARE);
	assert_int_equal(drivers[1].over, 0);
}

/* Its call is given up and made again, without end: one is laid by, and no reply object more.
 */
static void who_does_not_wait_for_the_answer_gains_nothing(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < MANAGER_SHARE; i++)
		call(0, i);
	for (uint32_t i = 0; i < 100; i++) {
		call(0, 1000 + i);
		world.tied[drivers[0].door.reply] = false;
	}
	assert_int_equal(world.objects, manager.count);
	pass_ms(PERIOD);
	assert_int_equal(world.served, MANAGER_SHARE + 1);
	assert_int_equal(world.word_seen, 1099);
}

static void who_sends_twice_its_share_loses_the_endpoint_until_the_next_period(void **state)
{
	(void)state;
	cap_t copy = drivers[0].door.endpoint, before = pages[0].manager;
	for (uint32_t i = 0; i < 2 * MANAGER_SHARE; i++)
		call(0, i);
	assert_int_equal(world.revoked[copy], 0);
	call(0, 0);
	assert_int_equal(world.revoked[copy], 1);
	assert_int_equal(world.revoked[drivers[1].door.endpoint], 0);
	pass_ms(PERIOD - 1);
	assert_int_equal(pages[0].manager, before);
	pass_ms(1);
	assert_int_not_equal(pages[0].manager, before);
	assert_int_equal(drivers[0].over, MANAGER_SHARE + 1);
	assert_int_equal(door_wait_ms(&manager), IDLE_MS);
}

/* It has made copies of its capability, and others hold some for it. */
static void what_it_made_of_it_goes_in_pieces_before_it_gets_a_new_one(void **state)
{
	const uint32_t piece = 1u << NEED_CSPACE_BITS;
	cap_t copy = drivers[0].door.endpoint, signal = drivers[0].door.signal;
	(void)state;
	for (uint32_t i = 0; i < 2 * MANAGER_SHARE; i++)
		call(0, i);
	world.left[copy] = 4 * piece;
	call(0, 0);
	assert_int_equal(world.left[copy], 3 * piece);
	call(0, 0); /* by one of them */
	assert_int_equal(world.left[copy], 2 * piece);
	for (uint32_t i = 0; i <= MANAGER_SHARE; i++)
		door_signals(&manager, 1);
	world.left[signal] = piece + 1;
	cap_t before = pages[0].manager, signalled = pages[0].signal;
	pass_ms(PERIOD);
	assert_int_equal(world.left[copy], piece);
	assert_int_equal(world.left[signal], 1);
	assert_int_equal(pages[0].manager, before);
	assert_int_equal(pages[0].signal, signalled);
	pass_ms(PERIOD);
	assert_int_not_equal(pages[0].manager, before);
	assert_int_not_equal(pages[0].signal, signalled);
	assert_int_equal(world.left[copy] + world.left[signal], 0);
	assert_int_equal(door_wait_ms(&manager), IDLE_MS);
}

static void what_came_along_with_a_call_that_was_given_up_is_released(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < MANAGER_SHARE; i++)
		call(0, i);
	call_with(0, GIVEN);
	world.tied[drivers[0].door.reply] = false;
	call(0, 1);
	assert_int_equal(world.released[GIVEN], 1);
	pass_ms(PERIOD);
	assert_int_equal(world.released[GIVEN], 1);
}

static void what_came_along_with_a_call_waits_with_it_or_is_released(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < MANAGER_SHARE; i++)
		call(0, i);
	call_with(0, GIVEN);
	assert_int_equal(world.released[GIVEN], 0);
	buffer.caps[0] = 0;
	pass_ms(PERIOD);
	assert_int_equal(world.cap_seen, GIVEN); /* the service's from here */
	assert_int_equal(drivers[0].door.cap, CAP_NULL);
	for (uint32_t i = 0; i < MANAGER_SHARE; i++)
		call(0, i);
	call_with(0, GIVEN);
	drivers[0].instance.alive = false;
	pass_ms(PERIOD);
	assert_int_equal(drivers[0].door.cap, CAP_NULL);
	assert_int_equal(world.released[GIVEN], 1);
	assert_int_equal(world.word_seen, MANAGER_SHARE - 1); /* not done for the dead */
}

static void nothing_of_an_instance_is_done_for_the_next_one(void **state)
{
	(void)state;
	for (uint32_t i = 0; i <= MANAGER_SHARE; i++)
		call(0, i);
	world.tied[drivers[0].door.reply] = false;
	drivers[0].unit.generation = 2;
	assert_int_equal(ends_open(&drivers[0]), DRV_OK);
	pass_ms(PERIOD);
	assert_int_equal(world.served, MANAGER_SHARE);
}

/* Its next instance, in the same period or at once in the next. */
static void lives_again_after(uint32_t ms)
{
	drivers[0].unit.generation++;
	manager.now_ms += ms;
	assert_int_equal(ends_open(&drivers[0]), DRV_OK);
}

static void the_next_instance_has_what_is_left_of_the_share(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < MANAGER_SHARE; i++) {
		call(0, i);
		door_signals(&manager, 1);
	}
	assert_int_equal(drivers[0].over, 0);
	lives_again_after(PERIOD - 1);
	call(0, 1);
	assert_int_equal(world.served, MANAGER_SHARE);
	assert_int_equal(drivers[0].over, 1);
	door_signals(&manager, 1);
	assert_true(drivers[0].door.no_signal);
	lives_again_after(1);
	call(0, 1);
	door_signals(&manager, 1);
	assert_int_equal(world.served, MANAGER_SHARE + 1);
	assert_int_equal(drivers[0].over, 2);
	assert_false(drivers[0].door.no_signal);
}

static void who_signals_beyond_its_share_loses_the_signal_until_the_next_period(void **state)
{
	(void)state;
	cap_t copy = drivers[1].door.signal, before = pages[1].signal;
	for (uint32_t i = 0; i < MANAGER_SHARE; i++)
		door_signals(&manager, 1u << 1);
	assert_int_equal(world.revoked[copy], 0);
	assert_int_equal(drivers[1].over, 0);
	door_signals(&manager, 1u << 1);
	door_signals(&manager, 1u << 1);
	assert_int_equal(world.revoked[copy], 2); /* the second comes of what was left */
	assert_int_equal(drivers[1].over, 2);	  /* for its verdict */
	assert_int_equal(world.revoked[drivers[0].door.signal], 0);
	/* What it leaves meanwhile is found at the next period. */
	pages[1].done_result = DRV_EIO;
	pages[1].done_seq = 3;
	pass_ms(PERIOD);
	assert_int_not_equal(pages[1].signal, before);
	assert_int_equal(world.done_seq, 3);
	assert_int_equal(world.done_result, DRV_EIO);
}

static void an_answer_to_a_command_is_passed_on_once(void **state)
{
	(void)state;
	door_signals(&manager, 1);
	assert_int_equal(world.done, 0);
	pages[0].done_seq = 1;
	door_signals(&manager, 1);
	door_signals(&manager, 1);
	assert_int_equal(world.done, 1);
	door_signals(&manager, 0xfffffffe); /* nobody else has left anything */
	assert_int_equal(world.done, 1);
}

/* Somebody was sent what an instance had, and sends a capability along. */
static void who_has_no_instance_asks_for_nothing(void **state)
{
	(void)state;
	drivers[0].unit.ends = true;
	call_with(0, GIVEN);
	drivers[0].unit.ends = false;
	drivers[0].instance.alive = false;
	call_with(0, GIVEN);
	drivers[0].instance.alive = true;
	drivers[0].unit.generation++; /* and its door is not open yet */
	call_with(0, GIVEN);
	call(0, 1);
	assert_int_equal(world.served, 0);
	assert_int_equal(world.answers[REPLY], 4);
	assert_int_equal(world.released[GIVEN], 3);
}

/* The caller has what it was sent, and still waits when the instance is gone. */
static void whose_call_outlives_the_instance_is_answered(void **state)
{
	(void)state;
	for (uint32_t lives = 0; lives < 2; lives++) {
		for (uint32_t i = 0; i < MANAGER_SHARE; i++)
			call(0, i);
		call(0, 1);
		cap_t laid_by = drivers[0].door.reply;
		assert_true(world.tied[laid_by]);
		if (lives) {
			lives_again_after(PERIOD);
		} else { /* it is looked at before the next one lives */
			drivers[0].instance.alive = false;
			pass_ms(PERIOD);
			drivers[0].instance.alive = true;
		}
		assert_false(world.tied[laid_by]);
		assert_int_equal(world.told[laid_by], DRV_EGONE);
	}
	assert_int_equal(world.served, 2 * MANAGER_SHARE);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_call_within_the_share_is_answered_at_once),
	    TEST(who_does_not_take_an_answer_gets_the_reason_instead),
	    TEST(an_essential_driver_has_five_shares),
	    TEST(a_call_beyond_it_is_answered_at_the_next_period),
	    TEST(the_others_are_answered_meanwhile),
	    TEST(who_does_not_wait_for_the_answer_gains_nothing),
	    TEST(who_sends_twice_its_share_loses_the_endpoint_until_the_next_period),
	    TEST(what_it_made_of_it_goes_in_pieces_before_it_gets_a_new_one),
	    TEST(what_came_along_with_a_call_waits_with_it_or_is_released),
	    TEST(what_came_along_with_a_call_that_was_given_up_is_released),
	    TEST(nothing_of_an_instance_is_done_for_the_next_one),
	    TEST(the_next_instance_has_what_is_left_of_the_share),
	    TEST(who_signals_beyond_its_share_loses_the_signal_until_the_next_period),
	    TEST(an_answer_to_a_command_is_passed_on_once),
	    TEST(who_has_no_instance_asks_for_nothing),
	    TEST(whose_call_outlives_the_instance_is_answered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
