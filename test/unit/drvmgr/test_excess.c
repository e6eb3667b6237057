/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is to blame if an essential driver says that a client asks too much of it: that client,
 * or who drives it to that. */
#include "watch_world.h"

enum { VICTIM = OTHER, PROXY = SERVER, DRIVING = CLIENT };

/* The victim says so of the proxy. */
static void say(bool goes_on)
{
	supervisor_excess(&manager, &drivers[PROXY], &drivers[VICTIM], goes_on);
}

/* A window ends in which each sent so much. */
static void end_one(uint32_t proxy, uint32_t driving)
{
	manager.now_ms += VERDICT_WINDOW_MS;
	for (uint32_t i = 0; i < COUNT; i++)
		manager.watches[i].ended++;
	manager.watches[PROXY].sent = proxy;
	manager.watches[DRIVING].sent = driving;
	supervisor_tick(&manager);
}

static void end_window(uint32_t proxy, uint32_t driving)
{
	end_one(proxy, driving);
	end_one(proxy, driving);
}

static void who_asks_by_itself_is_named_at_once_and_then_fails(void **state)
{
	(void)state;
	say(false);
	assert_int_equal(told[PROXY].kind, VERDICT_FLOODS);
	assert_int_equal(told[PROXY].harms, VICTIM);
	assert_int_equal(throttled[PROXY], 1);
	say(false);
	assert_int_equal(tells[PROXY], 1);
	say(true);
	assert_int_equal(told[PROXY].kind, VERDICT_PERSISTS);
	assert_int_equal(told[PROXY].harms, VICTIM);
	assert_int_equal(drivers[PROXY].unit.last_error, DRV_EBUSY);
	assert_int_equal(drivers[PROXY].unit.last_culprit, PROXY); /* not the victim */
	assert_int_equal(failures(PROXY), 1);
}

/* It began in the period that is over, and a look may have come before. */
static void who_failed_because_of_it_in_that_period_is_forgiven(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		fresh(state);
		found[DRIVING] = verdict_of(VERDICT_WAITS, 0);
		found[DRIVING].waits_for = PROXY;
		supervisor_tick(&manager);
		manager.now_ms += MANAGER_PERIOD_MS + EVIDENCE_LOOK_MS + i;
		say(false);
		assert_int_equal(failures(DRIVING), i);
	}
}

/* Its end is what it is: no failure is added to it, nor to the next instance. */
static void one_that_is_gone_is_named_and_does_not_fail(void **state)
{
	(void)state;
	drivers[PROXY].instance.alive = false;
	say(false);
	assert_int_equal(told[PROXY].kind, VERDICT_FLOODS);
	say(true);
	assert_int_equal(tells[PROXY], 1);
	assert_int_equal(failures(PROXY), 0);
}

static void an_essential_client_is_not_judged_but_who_drives_it_is(void **state)
{
	(void)state;
	manager.world.rules[PROXY].essential = true;
	say(true);
	assert_int_equal(tells[PROXY] + throttled[PROXY] + failures(PROXY), 0);
	assert_false(manager.excesses[PROXY].noted);
	clients[PROXY] = DRIVING;
	say(true);
	end_window(600, EXCESS_MOST + 1);
	assert_int_equal(failures(DRIVING), 1);
	assert_int_equal(tells[PROXY] + throttled[PROXY] + failures(PROXY), 0);
}

static void who_drives_a_server_to_it_is_blamed_instead(void **state)
{
	(void)state;
	clients[PROXY] = DRIVING;
	say(false);
	assert_int_equal(tells[PROXY] + tells[DRIVING], 0); /* when the window is over */
	clients[PROXY] = NOBODY;
	end_window(600, EXCESS_MOST + 1);
	assert_int_equal(told[DRIVING].kind, VERDICT_FLOODS);
	assert_int_equal(told[DRIVING].harms, VICTIM);
	assert_int_equal(throttled[DRIVING], 1);
	clients[PROXY] = DRIVING;
	say(true);
	end_window(600, EXCESS_MOST + 1);
	assert_int_equal(failures(DRIVING), 1);
	assert_int_equal(tells[PROXY] + throttled[PROXY] + failures(PROXY), 0);
}

static void a_server_that_keeps_an_innocent_s_call_is_blamed_itself(void **state)
{
	(void)state;
	clients[PROXY] = DRIVING;
	say(false);
	say(true);
	end_window(600, EXCESS_MOST);
	assert_int_equal(failures(PROXY), 1);
	assert_int_equal(tells[DRIVING] + throttled[DRIVING] + failures(DRIVING), 0);
}

/* The first window to end may have begun before it did, and the second may be quiet. */
static void it_is_enough_to_send_much_in_one_of_the_next_windows(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		fresh(state);
		clients[PROXY] = DRIVING;
		say(false);
		end_one(600, i ? EXCESS_MOST + 1 : 0);
		assert_int_equal(tells[PROXY] + tells[DRIVING], 0);
		end_one(600, i ? 0 : EXCESS_MOST + 1);
		assert_int_equal(tells[DRIVING], 1);
		assert_int_equal(tells[PROXY], 0);
	}
}

/* It cannot put that off: what is said of it meanwhile does not begin anew. */
static void it_is_judged_in_the_window_of_its_first_excess(void **state)
{
	(void)state;
	clients[PROXY] = DRIVING;
	say(false);
	manager.now_ms += VERDICT_WINDOW_MS / 2;
	say(true);
	manager.watches[DRIVING].ended += EXCESS_WINDOWS;
	supervisor_tick(&manager);
	assert_int_equal(failures(PROXY), 1);
}

/* Nor can it make less of it by asking for less later. */
static void what_went_on_once_goes_on(void **state)
{
	(void)state;
	clients[PROXY] = DRIVING;
	say(true);
	say(false);
	end_window(600, 1);
	assert_int_equal(failures(PROXY), 1);
}

static void what_a_client_sent_before_is_not_looked_at(void **state)
{
	(void)state;
	manager.watches[DRIVING].ended = 7;
	manager.watches[DRIVING].sent = 10 * EXCESS_MOST;
	clients[PROXY] = DRIVING;
	say(false);
	supervisor_tick(&manager);
	assert_int_equal(tells[PROXY] + tells[DRIVING], 0);
	end_window(600, 1);
	assert_int_equal(tells[PROXY], 1);
}

static void whoever_drives_the_whole_chain_is_blamed(void **state)
{
	enum { MIDDLE = CLIENT, LAST = OTHER };
	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		fresh(state);
		clients[PROXY] = MIDDLE;
		clients[MIDDLE] = LAST;
		supervisor_excess(&manager, &drivers[PROXY], &drivers[PROXY], false);
		manager.watches[LAST].sent = i ? EXCESS_MOST + 1 : 0;
		end_window(600, 300);
		assert_int_equal(tells[PROXY], 0);
		assert_int_equal(tells[i ? LAST : MIDDLE], 1);
		assert_int_equal(tells[i ? MIDDLE : LAST], 0);
	}
}

/* The middle one keeps the call of the last, which is busy and asks nobody for too much. */
static void who_calls_one_that_sends_little_is_not_blamed(void **state)
{
	enum { MIDDLE = CLIENT, LAST = OTHER };
	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		fresh(state);
		manager.world.rules[MIDDLE].essential = i != 0;
		clients[PROXY] = MIDDLE;
		clients[MIDDLE] = LAST;
		supervisor_excess(&manager, &drivers[PROXY], &drivers[PROXY], false);
		manager.watches[LAST].sent = EXCESS_MOST + 1;
		end_window(600, 10);
		assert_int_equal(tells[PROXY], 1);
		assert_int_equal(tells[MIDDLE] + tells[LAST], 0);
	}
}

static void an_essential_link_passes_on_what_drives_it(void **state)
{
	enum { MIDDLE = CLIENT, LAST = OTHER };
	(void)state;
	manager.world.rules[MIDDLE].essential = true;
	clients[PROXY] = MIDDLE;
	clients[MIDDLE] = LAST;
	supervisor_excess(&manager, &drivers[PROXY], &drivers[PROXY], false);
	manager.watches[LAST].sent = EXCESS_MOST + 1;
	end_window(600, 600);
	assert_int_equal(tells[PROXY] + tells[MIDDLE], 0);
	assert_int_equal(tells[LAST], 1);
}

static void those_who_call_each_other_in_a_circle_have_an_end(void **state)
{
	(void)state;
	clients[PROXY] = DRIVING;
	clients[DRIVING] = PROXY;
	say(false);
	end_window(600, 0);
	assert_int_equal(tells[PROXY], 1);
}

static void an_essential_client_is_not_blamed_for_what_it_sends(void **state)
{
	(void)state;
	manager.world.rules[DRIVING].essential = true;
	clients[PROXY] = DRIVING;
	say(false);
	end_window(600, 600);
	assert_int_equal(tells[DRIVING], 0);
	assert_int_equal(tells[PROXY], 1);
}

/* Its instance ends, in whose last window it sent so much, and the next one begins. */
static void is_replaced(uint32_t i, uint32_t sent)
{
	manager.watches[i].sent_last = sent;
	excess_end(&manager, &drivers[i]);
	drivers[i].unit.generation++;
}

/* The accomplice calls and dies, each time. */
static void a_server_is_blamed_though_the_one_whose_call_it_kept_is_gone(void **state)
{
	(void)state;
	clients[PROXY] = DRIVING;
	for (uint32_t i = 0; i < 2; i++) {
		say(i);
		is_replaced(DRIVING, EXCESS_MOST);
		supervisor_tick(&manager); /* all is known at once */
		assert_int_equal(tells[PROXY], i + 1);
	}
	assert_int_equal(failures(PROXY), 1);
	assert_int_equal(tells[DRIVING] + throttled[DRIVING] + failures(DRIVING), 0);
}

/* The server did nothing wrong. */
static void who_drove_a_server_to_it_is_blamed_though_it_is_gone(void **state)
{
	(void)state;
	clients[PROXY] = DRIVING;
	for (uint32_t i = 0; i < 2; i++) {
		say(i);
		is_replaced(DRIVING, EXCESS_MOST + 1);
		supervisor_tick(&manager);
	}
	assert_int_equal(tells[DRIVING], 1);
	assert_int_equal(told[DRIVING].kind, VERDICT_FLOODS);
	assert_int_equal(failures(DRIVING), 0);
	assert_int_equal(tells[PROXY] + throttled[PROXY] + failures(PROXY), 0);
}

/* The server is gone as well, or alone: it is no alibi, nor does it pay for who drove it. */
static void a_server_that_is_gone_hides_nobody(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 4; i++) {
		bool drove = i & 1;
		fresh(state);
		clients[PROXY] = DRIVING;
		say(true);
		is_replaced(PROXY, 600);
		if (i & 2)
			is_replaced(DRIVING, drove ? EXCESS_MOST + 1 : 1);
		end_window(600, drove ? EXCESS_MOST + 1 : 1);
		assert_int_equal(tells[DRIVING], drove);
		assert_int_equal(tells[PROXY], !drove);
		assert_int_equal(failures(DRIVING), drove && !(i & 2));
		assert_int_equal(failures(PROXY), 0);
	}
}

static void a_link_in_the_middle_that_is_gone_passes_on_who_drove_it(void **state)
{
	enum { MIDDLE = CLIENT, LAST = OTHER };
	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		fresh(state);
		clients[PROXY] = MIDDLE;
		clients[MIDDLE] = LAST;
		supervisor_excess(&manager, &drivers[PROXY], &drivers[PROXY], false);
		is_replaced(MIDDLE, EXCESS_MOST + i);
		manager.watches[LAST].sent = EXCESS_MOST + 1;
		end_window(600, 1);
		assert_int_equal(tells[LAST], i);
		assert_int_equal(tells[PROXY], 1 - i);
		assert_int_equal(tells[MIDDLE], 0);
	}
}

/* Another life, and what another driver did, are not what is asked for. */
static void only_the_end_of_the_instance_that_was_seen_counts(void **state)
{
	(void)state;
	clients[PROXY] = DRIVING;
	say(false);
	manager.watches[OTHER].sent_last = EXCESS_MOST + 1;
	excess_end(&manager, &drivers[OTHER]);
	is_replaced(DRIVING, 1);
	is_replaced(DRIVING, EXCESS_MOST + 1);
	supervisor_tick(&manager);
	assert_int_equal(tells[PROXY], 1);
	assert_int_equal(tells[DRIVING], 0);
}

static void what_the_next_instance_sends_is_not_held_against_one_that_is_gone(void **state)
{
	(void)state;
	clients[PROXY] = DRIVING;
	say(false);
	is_replaced(DRIVING, 1);
	end_window(600, EXCESS_MOST + 1);
	assert_int_equal(tells[PROXY], 1);
	assert_int_equal(tells[DRIVING], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(who_asks_by_itself_is_named_at_once_and_then_fails),
	    TEST(who_failed_because_of_it_in_that_period_is_forgiven),
	    TEST(one_that_is_gone_is_named_and_does_not_fail),
	    TEST(an_essential_client_is_not_judged_but_who_drives_it_is),
	    TEST(who_drives_a_server_to_it_is_blamed_instead),
	    TEST(a_server_that_keeps_an_innocent_s_call_is_blamed_itself),
	    TEST(it_is_enough_to_send_much_in_one_of_the_next_windows),
	    TEST(it_is_judged_in_the_window_of_its_first_excess),
	    TEST(what_went_on_once_goes_on),
	    TEST(what_a_client_sent_before_is_not_looked_at),
	    TEST(whoever_drives_the_whole_chain_is_blamed),
	    TEST(who_calls_one_that_sends_little_is_not_blamed),
	    TEST(an_essential_link_passes_on_what_drives_it),
	    TEST(those_who_call_each_other_in_a_circle_have_an_end),
	    TEST(an_essential_client_is_not_blamed_for_what_it_sends),
	    TEST(a_server_is_blamed_though_the_one_whose_call_it_kept_is_gone),
	    TEST(who_drove_a_server_to_it_is_blamed_though_it_is_gone),
	    TEST(a_server_that_is_gone_hides_nobody),
	    TEST(a_link_in_the_middle_that_is_gone_passes_on_who_drove_it),
	    TEST(only_the_end_of_the_instance_that_was_seen_counts),
	    TEST(what_the_next_instance_sends_is_not_held_against_one_that_is_gone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
