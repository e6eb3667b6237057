/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of a dump: what a death report has, and no more of it than there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/inspect.h"
#include "libs/libcap/answer/make.h"

static death_facts_t death;
static scratch_t scratch;
static uint32_t at, bytes;

static int fresh(void **state)
{
	(void)state;
	memset(&death, 0, sizeof(death));
	strcpy(death.cause, "division by zero");
	death.number = 7;
	death.error = DRV_EFAULT;
	death.state = STATE_RUNNING;
	death.registers = (thread_registers_t){.eip = 0x400123, .esp = 0xbfff8000, .edi = 9};
	death.build_id[0] = 0xab;
	death.caps[CAP_PIO] = 2;
	death.caps[CAP_IRQ] = 1;
	death.words.steps = 2;
	death.words.step[0] = (struct death_step){
	    .what = STEP_WHAT(STEP_TOOK, 3u << 16), .a = 1, .b = 2, .ago_us = 40};
	death.words.step[1] =
	    (struct death_step){.what = 99, .a = 1, .b = 2, .ago_us = UINT32_MAX};
	death.stack = 0xbfff8000;
	death.stack_bytes = 40;
	return 0;
}

/* The value of the row of that name, and in *number which it is; null: there is none. */
static const char *value_of(const char *name, uint32_t *number)
{
	operator_dump_t record;
	for (*number = 0; make_dump(&death, *number, &scratch, &record, &at, &bytes) == DRV_OK;
	     ++*number) {
		assert_true(ANSWER_HAS(&record, dump, name) &&
			    ANSWER_HAS(&record, dump, value));
		if (!strcmp(record.name, name))
			return record.value;
	}
	return NULL;
}

static void is(const char *name, const char *value)
{
	uint32_t number;
	const char *found = value_of(name, &number);
	if (value)
		assert_string_equal(found, value);
	else
		assert_null(found);
}

static void facts_have_names_and_values(void **state)
{
	(void)state;
	is("number", "7");
	is("cause", "division by zero");
	is("error", "DRV_EFAULT");
	is("state", "Running");
	is("eip", "0x400123");
	is("esp", "0xbfff8000");
	is("edi", "0x9");
	is("build_id", "ab00000000000000000000000000000000000000");
}

static void what_has_words_is_told_in_words(void **state)
{
	(void)state;
	is("kind", "none");
	is("verdict", "VERDICT_WELL");
	is("thread_state", "stopped");
	is("command", "nothing");
	is("decided", "nothing");
	death.kind = DEATH_VERDICT;
	death.verdict = VERDICT_SPINS;
	death.thread_state = INSPECT_CALLING;
	death.command = DRIVER_STOP;
	death.decided = DECIDED_GIVE_UP;
	is("kind", "verdict");
	is("verdict", "VERDICT_SPINS");
	is("thread_state", "calling");
	is("command", "stop");
	is("decided", "give-up");
}

static void what_has_no_word_is_none(void **state)
{
	(void)state;
	death.kind = DEATH_KIND_COUNT;
	death.verdict = VERDICT_COUNT;
	death.thread_state = INSPECT_STATE_COUNT;
	death.command = DRIVER_STOP + 1;
	death.decided = DECISION_COUNT;
	is("kind", "?");
	is("verdict", "?");
	is("thread_state", "?");
	is("command", "?");
	is("decided", "?");
}

static void what_was_held_is_there_and_nothing_else(void **state)
{
	(void)state;
	is("held pio", "2");
	is("held irq", "1");
	is("held endpoint", NULL);
}

static void steps_are_the_driver_s_word_and_shown_whatever_they_are(void **state)
{
	(void)state;
	is("step 0", "took label 3 0x1 0x2 40 us before");
	is("step 1", "? 0x1 0x2");
	is("step 2", NULL);
	death.words.steps = 1000; /* it is torn */
	is("step 15", "nothing 0x0 0x0 0 us before");
	is("step 16", NULL);
}

static void the_stack_comes_in_rows_up_to_its_end(void **state)
{
	static const uint8_t piece[] = {0x01, 0xfe, 0x00, 0x7f};
	operator_dump_t record;
	uint32_t number;
	(void)state;
	is("nothing of this name", NULL);
	value_of("", &number); /* the first that is not there */
	assert_int_equal(make_dump(&death, number, &scratch, &record, &at, &bytes), DRV_EAGAIN);
	assert_int_equal(at, 0);
	assert_int_equal(bytes, MAKE_DUMP_BYTES);
	assert_int_equal(make_dump(&death, number + 1, &scratch, &record, &at, &bytes),
			 DRV_EAGAIN);
	assert_int_equal(at, MAKE_DUMP_BYTES);
	assert_int_equal(bytes, 8);
	assert_int_equal(make_dump(&death, number + 2, &scratch, &record, &at, &bytes),
			 DRV_ENOENT);
	record = make_dump_stack(&death, 32, piece, sizeof(piece), &scratch);
	assert_string_equal(record.name, "stack 0xbfff8020");
	assert_string_equal(record.value, "01fe007f");
	death.stack_bytes = 0;
	assert_int_equal(make_dump(&death, number, &scratch, &record, &at, &bytes), DRV_ENOENT);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(facts_have_names_and_values),
	    TEST(what_has_words_is_told_in_words),
	    TEST(what_has_no_word_is_none),
	    TEST(what_was_held_is_there_and_nothing_else),
	    TEST(steps_are_the_driver_s_word_and_shown_whatever_they_are),
	    TEST(the_stack_comes_in_rows_up_to_its_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
