/* SPDX-License-Identifier: BSD-2-Clause */
/* What the manager asks the kernel about drivers, and what it makes of the answers. */
#include "evidence_world.h"

static void an_idle_driver_costs_one_question_a_look(void **state)
{
	(void)state;
	pass(STEP_MS); /* the first look learns numbers */
	asked = 0;
	pass(STEP_MS);
	assert_int_equal(asked, DRIVERS);
	assert_int_equal(verdicts[0].kind, VERDICT_WELL);
	threads[0].state = INSPECT_CALLING; /* for whom? its own two, and the manager's */
	asked = 0;
	pass(STEP_MS);
	assert_int_equal(asked, DRIVERS + 2 + 2);
}

static void wait_for(uint32_t number)
{
	threads[0].state = INSPECT_CALLING;
	threads[0].waits_for = number;
	pass(1000);
}

static void who_waits_for_an_answer_that_the_manager_owes_is_excused(void **state)
{
	(void)state;
	wait_for(OWN_REPLY);
	assert_int_equal(verdicts[0].kind, VERDICT_WELL);
	fresh(state);
	drivers[0].door.waits = true;
	wait_for(DOOR);
	assert_int_equal(verdicts[0].kind, VERDICT_WELL);
	fresh(state);
	wait_for(DOOR); /* nothing is laid by: it is not the manager that it waits for */
	assert_int_equal(verdicts[0].kind, VERDICT_WAITS);
}

/* Driver 1 was seen with a reply object whose memory is driver 2's now. */
static void assert_blamed_for_its_own_reply_object(void)
{
	drivers[2].manifest.heartbeat.period_ms = 0; /* its server's is what counts */
	drivers[2].instance.reply = REPLY + 1;
	threads[2].state = INSPECT_READY;
	wait_for(REPLY + 1);
	assert_int_equal(verdicts[0].kind, VERDICT_WAITS);
	assert_int_equal(verdicts[0].waits_for, 2);
}

static void who_died_is_not_taken_for_the_one_whose_reply_object_is_where_its_was(void **state)
{
	(void)state;
	threads[1].state = INSPECT_READY;
	pass(STEP_MS);
	drivers[1].instance.alive = false;
	assert_blamed_for_its_own_reply_object();
}

/* It ends and begins between two looks. */
static void nor_is_the_next_instance(void **state)
{
	(void)state;
	threads[1].state = INSPECT_READY;
	pass(STEP_MS);
	drivers[1].instance.reply = REPLY + 2;
	threads[1].state = INSPECT_RECEIVING;
	evidence_begin(&manager, &drivers[1], true);
	assert_blamed_for_its_own_reply_object();
}

/* Driver 1's place is another one's, and its old endpoint's number driver 2's. */
static void nor_is_who_has_its_place_by_now(void **state)
{
	(void)state;
	pass(STEP_MS);
	drivers[1].instance.endpoint = ENDPOINT + 7;
	drivers[2].instance.endpoint = ENDPOINT + 1;
	evidence_begin(&manager, &drivers[1], true);
	evidence_begin(&manager, &drivers[2], true);
	drivers[2].manifest.heartbeat.period_ms = 0;
	threads[2].state = INSPECT_READY;
	wait_for(ENDPOINT + 1);
	assert_int_equal(verdicts[0].kind, VERDICT_WAITS);
	assert_int_equal(verdicts[0].waits_for, 2);
}

static void an_interrupt_that_is_owed_is_its_only_claimers(void **state)
{
	(void)state;
	give_line(1, false);
	pass(1000);
	assert_int_equal(verdicts[1].kind, VERDICT_NO_ACK);
	assert_int_equal(verdicts[0].kind, VERDICT_WELL);
}

static void who_owes_on_a_shared_line_is_judged_at_once(void **state)
{
	(void)state;
	give_line(1, true);
	irq.own = 2;
	pass(3 * STEP_MS);
	assert_int_equal(verdicts[1].kind, VERDICT_NO_ACK);
}

static void what_another_claimer_of_a_shared_line_owes_is_not_this_ones(void **state)
{
	(void)state;
	give_line(1, true);
	irq.own = 1;
	pass(1000);
	assert_int_equal(verdicts[1].kind, VERDICT_WELL);
	irq.own = IRQ_CLAIMERS; /* it has claimed nothing yet */
	pass(1000);
	assert_int_equal(verdicts[1].kind, VERDICT_WELL);
}

static void a_shared_lines_rate_alone_is_nobodys_fault(void **state)
{
	(void)state;
	give_line(1, true);
	irq.own = 1;
	for (uint32_t i = 0; i < 20; i++) {
		irq.count += 100000;
		pass(STEP_MS);
	}
	assert_int_equal(verdicts[1].kind, VERDICT_WELL);
}

static void use(uint32_t from, uint32_t place, uint32_t server, cap_t connection)
{
	drivers[from].instance.connections[place] = connection;
	drivers[from].instance.servers[place] = (uint8_t)server;
}

/* Is driver 0 named for what it sends, while driver 1 has used up its share? */
static bool floods_with(uint32_t messages, uint32_t signals)
{
	threads[1].spent = 1;
	for (uint32_t i = 0; i < 6; i++) {
		threads[0].messages += messages;
		threads[0].signals += signals;
		threads[1].received_ms = (uint32_t)manager.now_ms;
		pass(STEP_MS);
	}
	return verdicts[0].kind == VERDICT_FLOODS && verdicts[0].harms == 1;
}

static void messages_are_for_whom_it_was_given_a_connection_to(void **state)
{
	(void)state;
	assert_false(floods_with(500, 0));
	fresh(state);
	use(0, 0, 2, 1);
	use(0, 1, 1, CAP_NULL); /* it never asked for it */
	assert_false(floods_with(500, 0));
	fresh(state);
	use(1, 3, 0, 1); /* that is the other way round */
	assert_false(floods_with(500, 0));
	fresh(state);
	use(0, 0, 1, 1);
	assert_true(floods_with(500, 0));
	fresh(state);
	use(0, 0, 2, 1);
	use(0, MANIFEST_PLACES, 1, 1); /* an operator, of whom it likes */
	assert_true(floods_with(500, 0));
}

static void signals_are_for_clients_too(void **state)
{
	(void)state;
	use(1, 3, 0, 1);
	assert_true(floods_with(0, 500));
	fresh(state);
	use(1, 3, 0, 1);
	assert_false(floods_with(250, 50));
	fresh(state);
	assert_false(floods_with(0, 500));
}

static void a_verdict_is_told_with_its_number_and_place(void **state)
{
	(void)state;
	char text[200];
	verdict_t verdict = verdict_of(VERDICT_SPINS, 0);
	verdict.own_ms = 760;
	evidence_describe(&manager, &drivers[0], &verdict, text, sizeof(text));
	assert_non_null(strstr(text, "spins"));
	assert_non_null(strstr(text, "760 ms"));
	assert_non_null(strstr(text, "0x401234"));
	strcpy(drivers[1].manifest.name, "server");
	verdict = verdict_of(VERDICT_WAITS, 0);
	verdict.waits_for = 1;
	evidence_describe(&manager, &drivers[0], &verdict, text, sizeof(text));
	assert_non_null(strstr(text, "for server"));
	verdict = verdict_of(VERDICT_FLOODS, 0);
	verdict.harms = 1;
	evidence_describe(&manager, &drivers[0], &verdict, text, sizeof(text));
	assert_non_null(strstr(text, "harms server"));
}

static void looks_are_further_apart_when_all_run(void **state)
{
	(void)state;
	pass(STEP_MS);
	assert_int_equal(evidence_wait_ms(&manager), 100);
	drivers[1].unit.state = STATE_INITIALISING;
	evidence_begin(&manager, &drivers[1], false);
	assert_int_equal(evidence_wait_ms(&manager), 50);
	pass(STEP_MS);
	assert_int_equal(evidence_wait_ms(&manager), 50);
	manager.now_ms += 60;
	assert_int_equal(evidence_wait_ms(&manager), 0);
}

/* An interval of looks is what a driver's rest is told by. */
static void the_manager_sleeps_longer_while_all_rest_and_not_while_one_has_a_limit(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < DRIVERS; i++)
		threads[i].ticks_per_ms = 2;
	pass(10 * STEP_MS);
	assert_int_equal(evidence_wait_ms(&manager), 100);
	assert_int_equal(evidence_sleep_ms(&manager), 200);
	manager.now_ms += 100;
	assert_int_equal(evidence_wait_ms(&manager), 0); /* if it wakes for another reason */
	drivers[1].unit.state = STATE_INITIALISING;
	evidence_begin(&manager, &drivers[1], false);
	manager.now_ms -= 100;
	assert_int_equal(evidence_sleep_ms(&manager), 50);
	drivers[1].unit.state = STATE_RUNNING;
	threads[1].state = INSPECT_READY;
	pass(STEP_MS);
	assert_int_equal(evidence_sleep_ms(&manager), 100);
}

static void looks_are_rare_when_nobody_lives_and_begin_with_who_does(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < DRIVERS; i++)
		drivers[i].instance.alive = false;
	pass(STEP_MS);
	assert_int_equal(evidence_wait_ms(&manager), 1000);
	drivers[1].instance.alive = true;
	evidence_begin(&manager, &drivers[1], true);
	assert_int_equal(evidence_wait_ms(&manager), 100);
}

/* Driver 1 uses up its share in lives so short that it is dead at each look. */
static void live_unseen(uint32_t ms)
{
	for (uint32_t at = 0; at < ms; at += STEP_MS) {
		threads[1].run_low = 13;
		evidence_end(&manager, &drivers[1]);
		drivers[1].instance.alive = false;
		pass(STEP_MS);
		drivers[1].instance.alive = true;
		threads[1].run_low = 0;
		evidence_begin(&manager, &drivers[1], true);
	}
}

static void who_is_dead_at_each_look_is_looked_at_when_it_lives(void **state)
{
	(void)state;
	drivers[1].manifest.cpu = (cpu_share_t){.budget_us = 25000, .period_us = 100000};
	live_unseen(600);
	assert_true(evidence_wait_ms(&manager) > 10);
	live_unseen(200);
	assert_int_equal(evidence_wait_ms(&manager), 10);
	evidence_look(&manager, verdicts);
	assert_int_equal(verdicts[1].kind, VERDICT_BUSY);
	drivers[1].unit.named = 1u << VERDICT_BUSY;
	live_unseen(100);
	assert_true(evidence_wait_ms(&manager) > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_idle_driver_costs_one_question_a_look),
	    TEST(who_waits_for_an_answer_that_the_manager_owes_is_excused),
	    TEST(who_died_is_not_taken_for_the_one_whose_reply_object_is_where_its_was),
	    TEST(nor_is_the_next_instance),
	    TEST(nor_is_who_has_its_place_by_now),
	    TEST(who_is_dead_at_each_look_is_looked_at_when_it_lives),
	    TEST(an_interrupt_that_is_owed_is_its_only_claimers),
	    TEST(who_owes_on_a_shared_line_is_judged_at_once),
	    TEST(what_another_claimer_of_a_shared_line_owes_is_not_this_ones),
	    TEST(a_shared_lines_rate_alone_is_nobodys_fault),
	    TEST(messages_are_for_whom_it_was_given_a_connection_to),
	    TEST(signals_are_for_clients_too),
	    TEST(a_verdict_is_told_with_its_number_and_place),
	    TEST(looks_are_further_apart_when_all_run),
	    TEST(the_manager_sleeps_longer_while_all_rest_and_not_while_one_has_a_limit),
	    TEST(looks_are_rare_when_nobody_lives_and_begin_with_who_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
