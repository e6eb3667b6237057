/* SPDX-License-Identifier: BSD-2-Clause */
/* What the manager asks the kernel about drivers, and what it makes of the answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/syscall.h"
#include "hands/evidence.h"
#include "hands/shared.h"

/* Handles. */
enum { THREAD = 100, ENDPOINT = 200, REPLY = 300, LINE = 400, DOOR = 500, OWN = 600 };
#define OWN_REPLY (OWN + 1)
#define DRIVERS	  2u
#define STEP_MS	  50u

static manager_t manager;
static driver_t drivers[DRIVERS_MAX];
static verdict_t verdicts[DRIVERS_MAX];
static inspect_thread_t threads[DRIVERS];
static inspect_irq_t irq;
static uint32_t asked;

/* An object's number is its handle. */
err_t cap_inspect(cap_t cap, uint32_t *number, void *evidence, uint32_t size)
{
	asked++;
	if (number)
		*number = cap;
	if (size)
		memset(evidence, 0, size);
	if (cap >= THREAD && cap < ENDPOINT)
		memcpy(evidence, &threads[cap - THREAD], size);
	else if (cap == LINE)
		memcpy(evidence, &irq, size);
	return DRV_OK;
}

err_t thread_set(cap_t thread, enum thread_attribute what, uint32_t value)
{
	(void)thread, (void)what, (void)value;
	return DRV_OK;
}

err_t thread_read(cap_t thread, thread_registers_t *registers)
{
	(void)thread;
	registers->eip = 0x401234;
	return DRV_OK;
}

static int fresh(void **state)
{
	(void)state;
	memset(drivers, 0, sizeof(drivers));
	memset(&manager, 0, sizeof(manager));
	manager.drivers = drivers;
	memset(verdicts, 0, sizeof(verdicts));
	memset(&irq, 0, sizeof(irq));
	manager.count = DRIVERS;
	manager.endpoint = OWN;
	manager.reply = OWN_REPLY;
	evidence_look(&manager, verdicts); /* all are dead: what was seen of them is gone */
	for (uint32_t i = 0; i < DRIVERS; i++) {
		driver_t *driver = &drivers[i];
		driver->index = i;
		driver->unit.state = STATE_RUNNING;
		driver->manifest.heartbeat =
		    (heartbeat_t){.period_ms = 250, .misses = 3, .progress_ms = 750};
		driver->instance = (instance_t){.alive = true,
						.process = {.thread = THREAD + i},
						.endpoint = ENDPOINT + i,
						.reply = REPLY + i};
		driver->door.reply = DOOR + i;
		threads[i] = (inspect_thread_t){.state = INSPECT_RECEIVING, .ticks_per_ms = 1};
	}
	return 0;
}

static void pass(uint32_t ms)
{
	for (uint32_t at = 0; at < ms; at += STEP_MS) {
		manager.now_ms += STEP_MS;
		for (uint32_t i = 0; i < DRIVERS; i++)
			threads[i].now_ms = (uint32_t)manager.now_ms;
		irq.now_ms = (uint32_t)manager.now_ms;
		evidence_look(&manager, verdicts);
	}
}

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

static void give_line(bool shared)
{
	driver_t *driver = &drivers[1];
	driver->manifest.caps.irq.count = 1;
	driver->manifest.caps.irq.items[0] =
	    (irq_line_t){.line = 5, .shared = shared, .ack_ms = 20};
	driver->instance.lines[0] = LINE;
	irq.claimers = irq.unacknowledged = 4;
}

static void an_interrupt_that_is_owed_is_its_only_claimers(void **state)
{
	(void)state;
	give_line(false);
	pass(1000);
	assert_int_equal(verdicts[1].kind, VERDICT_NO_ACK);
	assert_int_equal(verdicts[0].kind, VERDICT_WELL);
}

static void who_owes_on_a_shared_line_is_judged_at_once(void **state)
{
	(void)state;
	give_line(true);
	irq.own = 2;
	pass(3 * STEP_MS);
	assert_int_equal(verdicts[1].kind, VERDICT_NO_ACK);
}

static void what_another_claimer_of_a_shared_line_owes_is_not_this_ones(void **state)
{
	(void)state;
	give_line(true);
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
	give_line(true);
	irq.own = 1;
	for (uint32_t i = 0; i < 20; i++) {
		irq.count += 100000;
		pass(STEP_MS);
	}
	assert_int_equal(verdicts[1].kind, VERDICT_WELL);
}

static driver_page_t pages[2];

/* Both drivers have a share in line 5. */
static void share_the_line(void)
{
	give_line(true);
	drivers[0].manifest.caps.irq = drivers[1].manifest.caps.irq;
	drivers[0].instance.lines[0] = LINE;
	for (uint32_t i = 0; i < 2; i++) {
		pages[i].foreign[0] = 0;
		drivers[i].instance.page = &pages[i];
	}
}

static void a_storm_of_a_shared_line_takes_away_a_member_that_stays(void **state)
{
	(void)state;
	share_the_line();
	assert_int_equal(shared_lines(&manager), 1u << 5);
	drivers[0].unit.state = STATE_QUIESCED;	 /* its device may do it all the same */
	drivers[1].unit.state = STATE_QUIESCING; /* it leaves anyway */
	storm_answer_t answer = {.suspect = NOBODY};
	for (uint32_t i = 0; i < 4 && answer.suspect == NOBODY; i++) {
		answer = shared_look(&manager, 5);
		irq.count += 100000;
		pass(STEP_MS);
	}
	assert_int_equal(answer.suspect, 0);
	assert_int_equal(manager.storms[5].any, 1u << 1);
	drivers[0].instance.alive = drivers[1].instance.alive = false; /* one is apart */
	uint32_t ms = STEP_MS;
	for (; shared_lines(&manager); ms += STEP_MS) {
		assert_in_range(ms, 0, STORM_APART_MS);
		shared_look(&manager, 5);
		pass(STEP_MS);
	}
	assert_int_equal(manager.storms[5].quiet, 1u << 0);
}

/* Who is suspected in the next looks, with 100 interrupts between two of them. */
static uint32_t suspected(void)
{
	storm_answer_t answer = {.suspect = NOBODY};
	for (uint32_t i = 0; i < 4 && answer.suspect == NOBODY; i++) {
		answer = shared_look(&manager, 5);
		irq.count += 100;
		pass(STEP_MS);
	}
	return answer.suspect;
}

static void interrupts_are_nobodys_if_all_who_are_told_of_them_say_so(void **state)
{
	(void)state;
	share_the_line();
	pages[0].foreign[0] = UINT32_MAX;
	assert_int_equal(suspected(), NOBODY);
	pages[0].foreign[0] = STORM_FOREIGN - 1;
	pages[1].foreign[0] = UINT32_MAX;
	assert_int_equal(suspected(), NOBODY);
	pages[0].foreign[0] = STORM_FOREIGN;
	pages[1].foreign[0] = STORM_FOREIGN - 1;
	assert_int_equal(suspected(), NOBODY);
	drivers[1].unit.state = STATE_STOPPING; /* it still serves its device */
	assert_int_equal(suspected(), NOBODY);
	drivers[1].unit.state = STATE_INITIALISING; /* it is told of none yet … */
	drivers[1].unit.resets = true;		    /* … unless it ran before */
	assert_int_equal(suspected(), NOBODY);
	drivers[1].unit.resets = false;
	assert_int_equal(suspected(), 0);
}

static void use(uint32_t from, const char *name, cap_t connection)
{
	name_list_t *uses = &drivers[from].manifest.uses;
	strcpy(uses->items[uses->count], name);
	drivers[from].instance.connections[uses->count++] = connection;
}

/* Is driver 0 named for what it sends, while driver 1 has used up its share? */
static bool floods_with(uint32_t messages, uint32_t signals)
{
	strcpy(drivers[0].manifest.name, "sender");
	strcpy(drivers[1].manifest.name, "server");
	drivers[1].manifest.provides.count = 1;
	strcpy(drivers[1].manifest.provides.items[0], "service");
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
	use(0, "other", 1);
	use(0, "server", CAP_NULL); /* it never asked for it */
	assert_false(floods_with(500, 0));
	fresh(state);
	use(1, "sender", 1); /* that is the other way round */
	assert_false(floods_with(500, 0));
	fresh(state);
	use(0, "server", 1);
	assert_true(floods_with(500, 0));
	fresh(state);
	use(0, "other", 1);
	use(0, "service", 1);
	assert_true(floods_with(500, 0));
}

static void signals_are_for_clients_too(void **state)
{
	(void)state;
	use(1, "sender", 1);
	assert_true(floods_with(0, 500));
	fresh(state);
	use(1, "sender", 1);
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

static void looks_are_rare_when_nobody_lives_and_begin_with_who_does(void **state)
{
	(void)state;
	drivers[0].instance.alive = drivers[1].instance.alive = false;
	pass(STEP_MS);
	assert_int_equal(evidence_wait_ms(&manager), 1000);
	drivers[1].instance.alive = true;
	evidence_begin(&manager, &drivers[1], true);
	assert_int_equal(evidence_wait_ms(&manager), 100);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_idle_driver_costs_one_question_a_look),
	    TEST(who_waits_for_an_answer_that_the_manager_owes_is_excused),
	    TEST(an_interrupt_that_is_owed_is_its_only_claimers),
	    TEST(who_owes_on_a_shared_line_is_judged_at_once),
	    TEST(what_another_claimer_of_a_shared_line_owes_is_not_this_ones),
	    TEST(a_shared_lines_rate_alone_is_nobodys_fault),
	    TEST(a_storm_of_a_shared_line_takes_away_a_member_that_stays),
	    TEST(interrupts_are_nobodys_if_all_who_are_told_of_them_say_so),
	    TEST(messages_are_for_whom_it_was_given_a_connection_to),
	    TEST(signals_are_for_clients_too),
	    TEST(a_verdict_is_told_with_its_number_and_place),
	    TEST(looks_are_further_apart_when_all_run),
	    TEST(looks_are_rare_when_nobody_lives_and_begin_with_who_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
