/* SPDX-License-Identifier: BSD-2-Clause */
/* What a report has of a dead instance, of report/capture.h. Whatever the driver wrote is
 * bounded. */
#include "capture_world.h"

static void a_report_says_who_died_of_what_and_when(void **state)
{
	(void)state;
	const death_facts_t *facts = take(DEATH_NULL);
	assert_int_equal(facts->kind, DEATH_NULL);
	assert_string_equal(facts->name, "sick");
	assert_string_equal(facts->cause, "write to 0x10 through a null pointer");
	assert_int_equal(facts->error, DRV_EFAULT);
	assert_int_equal(facts->generation, 3);
	assert_int_equal(facts->restarts, 2);
	assert_int_equal(facts->state, STATE_RUNNING);
	assert_int_equal(facts->state_ms, 600);
	assert_int_equal(facts->age_ms, 1000);
	assert_int_equal(facts->at_ms, 5000);
	assert_int_equal(facts->build_id[0], 0xab);
	assert_int_equal(facts->label, FAULT_PAGE);
	assert_int_equal(facts->address, 0x10);
	assert_int_equal(facts->received_ms, 750);
	assert_int_equal(facts->registers.eip, 0x40001c);
	assert_int_equal(facts->registers_known, 1);
	assert_int_equal(facts->code_bytes, 4); /* up to the end of the code */
	assert_int_equal(facts->bytes[3], 0x90);
	assert_string_equal(facts->culprit, "");
	assert_int_equal(facts->command, 0);
}

static void the_stack_is_copied_from_esp_up(void **state)
{
	(void)state;
	const death_facts_t *facts = take(DEATH_NULL);
	assert_int_equal(facts->stack, STACK_LOW + STACK_BYTES - 64);
	assert_int_equal(facts->stack_bytes, 64);
	assert_memory_equal(store_find(&store, 0, 0)->stack, stack + STACK_BYTES - 64, 64);
	registers.esp = STACK_LOW - 8; /* it overflowed */
	facts = take(DEATH_STACK);
	assert_int_equal(facts->stack, STACK_LOW);
	assert_int_equal(facts->stack_bytes, PAGE_SIZE);
	assert_memory_equal(store_find(&store, 0, 0)->stack, stack, PAGE_SIZE);
}

/* Of a driver that has two. */
static void a_stack_in_the_data_is_copied_too(void **state)
{
	(void)state;
	registers.esp = DATA + 100;
	const death_facts_t *facts = take(DEATH_NULL);
	assert_int_equal(facts->stack, DATA + 100);
	assert_int_equal(facts->stack_bytes, PAGE_SIZE);
	assert_int_equal(store_find(&store, 0, 0)->stack[7], 0xda);
}

static void any_other_stack_pointer_has_no_stack(void **state)
{
	static const uint32_t rows[] = {
	    0,		4,	  0x400000,   DATA + (1u << DATA_BITS),
	    0x0f000000, USER_END, UINT32_MAX, STACK_LOW + STACK_BYTES};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		registers.esp = rows[i];
		const death_facts_t *facts = take(DEATH_NULL);
		assert_int_equal(facts->stack_bytes, 0);
		assert_int_equal(facts->registers.esp, rows[i]);
	}
}

static void no_room_for_the_copy_leaves_the_facts(void **state)
{
	(void)state;
	no_copy = DRV_ENOMEM;
	const death_facts_t *facts = take(DEATH_NULL);
	assert_int_equal(facts->stack_bytes, 0);
	assert_int_equal(facts->kind, DEATH_NULL);
}

static void capabilities_are_counted_by_type_and_not_for_ever(void **state)
{
	(void)state;
	const death_facts_t *facts = take(DEATH_NULL);
	assert_int_equal(facts->caps[CAP_ENDPOINT], 3);
	assert_int_equal(facts->caps[CAP_PIO], 2);
	assert_int_equal(facts->caps_more, 0);
	held = 1000;
	facts = take(DEATH_NULL);
	assert_int_equal(facts->caps[CAP_ENDPOINT] + facts->caps[CAP_PIO], DEATH_CAPS_MOST);
	assert_int_equal(facts->caps_more, 1);
}

static void the_call_under_way_is_the_kernel_s_word(void **state)
{
	(void)state;
	const death_facts_t *facts = take(DEATH_NULL);
	assert_int_equal(facts->tied, 0);
	assert_string_equal(facts->client, "");
	assert_int_equal(facts->senders, 3);
	assert_int_equal(facts->oldest_ms, 40);
	reply = (inspect_reply_t){.now_ms = 1000, .tied = 1, .since_ms = 930};
	facts = take(DEATH_NULL);
	assert_int_equal(facts->tied, 1);
	assert_int_equal(facts->tied_ms, 70);
	assert_string_equal(facts->client, "other");
	assert_string_equal(facts->waits_for, ""); /* it does not wait */
	thread.state = INSPECT_CALLING;
	facts = take(DEATH_VERDICT);
	assert_string_equal(facts->waits_for, "other");
	assert_int_equal(facts->label, 0); /* and did not fault */
}

static void the_command_that_was_not_answered_is_under_way(void **state)
{
	(void)state;
	page.page.command = DRIVER_INIT;
	page.page.done_seq = 8;
	assert_int_equal(take(DEATH_NULL)->command, DRIVER_INIT);
}

static step_ring_t *ring(void)
{
	return (step_ring_t *)(void *)(page.bytes + STEPS_AT);
}

static void the_last_steps_are_told_oldest_first_with_their_age(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < STEPS_HELD; i++)
		ring()->held[i] = (step_note_t){.what = STEP_READ, .a = i, .ticks = 900 + i};
	ring()->next = 2 * sizeof(step_note_t);
	const death_words_t *words = &take(DEATH_NULL)->words;
	assert_int_equal(words->steps, 2);
	assert_int_equal(words->step[0].a, 0);
	assert_int_equal(words->step[1].a, 1);
	assert_int_equal(words->step[1].ago_us,
			 99 * 1024 / 1000); /* at a million a millisecond */
	ring()->next = 19 * sizeof(step_note_t);
	words = &take(DEATH_NULL)->words;
	assert_int_equal(words->steps, STEPS_HELD);
	assert_int_equal(words->step[0].a, 3);
	assert_int_equal(words->step[STEPS_HELD - 1].a, 2);
	ring()->held[2].ticks = 0; /* a processor without a counter */
	assert_int_equal(take(DEATH_NULL)->words.step[STEPS_HELD - 1].ago_us, UINT32_MAX);
	ring()->held[2].ticks = 2000; /* it lies */
	assert_int_equal(take(DEATH_NULL)->words.step[STEPS_HELD - 1].ago_us, UINT32_MAX);
	ring()->next = 0xfffffff1u; /* and again */
	assert_int_equal(take(DEATH_NULL)->words.steps, STEPS_HELD);
}

/* Its registers are its own before the kill alone. */
static void a_kill_is_told_once(void **state)
{
	(void)state;
	drivers[0].unit.killed = true;
	const death_facts_t *facts = take(DEATH_NONE);
	assert_int_equal(facts->kind, DEATH_KILLED);
	assert_string_equal(facts->cause, "killed by the operator");
	assert_int_equal(facts->error, DRV_ECANCELED);
	registers.eip = 0;
	facts = take_again(DEATH_NULL);
	assert_int_equal(facts->registers.eip, 0x40001c);
	assert_int_equal(facts->number, 1);
	drivers[0].unit.generation++;
	assert_int_equal(take(DEATH_NULL)->number, 2); /* of another instance */
}

/* The manager that took the report died before the end was done. */
static void nor_is_another_end_told_twice(void **state)
{
	(void)state;
	assert_int_equal(take(DEATH_NULL)->number, 1);
	assert_int_equal(take_again(DEATH_NULL)->number, 1);
	drivers[0].unit.generation++;
	assert_int_equal(take_again(DEATH_NULL)->number, 2);
}

static void without_an_instance_or_memory_there_is_no_report(void **state)
{
	(void)state;
	drivers[0].instance.alive = false;
	assert_null(take(DEATH_MANAGER));
	drivers[0].instance.alive = true;
	no_copy = DRV_ENOMEM;
	capture_begin(&manager);
	assert_null(manager.deaths);
	assert_null(take(DEATH_NULL));
}

static void another_one_s_fault_names_it(void **state)
{
	(void)state;
	capture_take(&manager, &drivers[0],
		     &(capture_end_t){.kind = DEATH_VERDICT,
				      .verdict = VERDICT_WAITS,
				      .culprit = 1,
				      .cause = "waits"});
	assert_string_equal(store_find(&store, 0, 0)->facts.culprit, "other");
	assert_int_equal(store_find(&store, 0, 0)->facts.verdict, VERDICT_WAITS);
	drivers[0].unit.generation++;
	capture_take(&manager, &drivers[0], &(capture_end_t){.culprit = 0, .cause = "spins"});
	assert_string_equal(store_find(&store, 0, 0)->facts.culprit, "");
}

/* As one that lived has them. */
static void the_next_incarnation_has_the_reports(void **state)
{
	(void)state;
	take(DEATH_NULL);
	manager.deaths = NULL;
	capture_adopt(&manager);
	assert_string_equal(store_find(manager.deaths, 0, 0)->facts.name, "sick");
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_report_says_who_died_of_what_and_when),
	    TEST(the_stack_is_copied_from_esp_up),
	    TEST(a_stack_in_the_data_is_copied_too),
	    TEST(any_other_stack_pointer_has_no_stack),
	    TEST(no_room_for_the_copy_leaves_the_facts),
	    TEST(capabilities_are_counted_by_type_and_not_for_ever),
	    TEST(the_call_under_way_is_the_kernel_s_word),
	    TEST(the_command_that_was_not_answered_is_under_way),
	    TEST(the_last_steps_are_told_oldest_first_with_their_age),
	    TEST(a_kill_is_told_once),
	    TEST(nor_is_another_end_told_twice),
	    TEST(without_an_instance_or_memory_there_is_no_report),
	    TEST(another_one_s_fault_names_it),
	    TEST(the_next_incarnation_has_the_reports),
	};
	return cmocka_run_group_tests(tests, make_scratch, NULL);
}
