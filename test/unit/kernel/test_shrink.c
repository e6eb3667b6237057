/* SPDX-License-Identifier: BSD-2-Clause */
/* The shrinker (shrink.c) on sequences that fail for reasons made up here. No kernel runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sequence.h"

#define LONG 600u

/* Operations that all have much to make simpler. */
static sequence_t long_sequence(void)
{
	static sequence_t sequence;
	memset(&sequence, 0, sizeof(sequence));
	sequence.count = LONG;
	for (uint32_t i = 0; i < LONG; i++)
		sequence.op[i] = (op_t){.id = i + 1,
					.kind = OP_CALL,
					.actor = NAME(3),
					.number = SYS_NULL,
					.arg = {1000 + i, 2000 + i, 3000 + i, 4000 + i},
					.timeout_ms = 5000 + i,
					.reply = NAME(9)};
	return sequence;
}

static const op_t *find(const sequence_t *sequence, uint32_t id)
{
	for (uint32_t i = 0; i < sequence->count; i++)
		if (sequence->op[i].id == id)
			return &sequence->op[i];
	return NULL;
}

static bool has_three(const sequence_t *sequence)
{
	return find(sequence, 17) && find(sequence, 301) && find(sequence, LONG);
}

static void what_does_not_matter_is_left_out(void **state)
{
	(void)state;
	sequence_t sequence = long_sequence();
	uint32_t asked = sequence_shrink(&sequence, has_three);
	assert_int_equal(sequence.count, 3);
	assert_int_equal(sequence.op[0].id, 17);
	assert_int_equal(sequence.op[1].id, 301);
	assert_int_equal(sequence.op[2].id, LONG);
	assert_in_range(asked, 1, LONG);
}

static bool always(const sequence_t *sequence)
{
	(void)sequence;
	return true;
}

static void a_failure_without_a_cause_leaves_nothing(void **state)
{
	(void)state;
	sequence_t sequence = long_sequence();
	sequence_shrink(&sequence, always);
	assert_int_equal(sequence.count, 0);
}

static bool never(const sequence_t *sequence)
{
	(void)sequence;
	return false;
}

static void what_cannot_be_made_shorter_stays_as_it_is(void **state)
{
	(void)state;
	sequence_t sequence = long_sequence();
	sequence_t before = sequence;
	sequence_shrink(&sequence, never);
	assert_memory_equal(&sequence, &before, sizeof(before));
}

static bool has_a_number(const sequence_t *sequence)
{
	const op_t *op = find(sequence, 40);
	return op && op->arg[1] >= 5 && op->timeout_ms >= 1;
}

static void numbers_become_as_simple_as_they_can(void **state)
{
	(void)state;
	static const op_t expected = {
	    .id = 40, .kind = OP_CALL, .arg = {0, 5, 0, 0}, .timeout_ms = 1};
	sequence_t sequence = long_sequence();
	sequence_shrink(&sequence, has_a_number);
	assert_int_equal(sequence.count, 1);
	assert_memory_equal(&sequence.op[0], &expected, sizeof(expected));
}

/* Operation 500 acts on what operation 100 makes, or on something that it was made from. */
static bool has_its_thing(const sequence_t *sequence)
{
	const op_t *user = find(sequence, 500);
	return user && (user->arg[0] == NAME_UNTYPED ||
			(user->arg[0] == NAME(100) && find(sequence, 100)));
}

static void what_was_there_from_the_start_is_used_instead(void **state)
{
	(void)state;
	sequence_t sequence = long_sequence();
	sequence.op[99].number = SYS_UNTYPED_RETYPE;
	sequence.op[99].named = 1;
	sequence.op[99].arg[0] = NAME_UNTYPED;
	sequence.op[499].named = 1;
	sequence.op[499].arg[0] = NAME(100);
	sequence_shrink(&sequence, has_its_thing);
	assert_int_equal(sequence.count, 1);
	assert_int_equal(sequence.op[0].id, 500);
	assert_int_equal(sequence.op[0].arg[0], NAME_UNTYPED);
}

static bool has_two_threads(const sequence_t *sequence)
{
	const op_t *one = find(sequence, 7), *other = find(sequence, 70);
	return one && other && one->actor != other->actor;
}

static void no_more_threads_are_left_than_it_takes(void **state)
{
	(void)state;
	sequence_t sequence = long_sequence();
	sequence.op[69].actor = NAME(4);
	sequence_shrink(&sequence, has_two_threads);
	assert_int_equal(sequence.count, 2);
	assert_true((sequence.op[0].actor == 0) != (sequence.op[1].actor == 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_does_not_matter_is_left_out),
	    cmocka_unit_test(a_failure_without_a_cause_leaves_nothing),
	    cmocka_unit_test(what_cannot_be_made_shorter_stays_as_it_is),
	    cmocka_unit_test(numbers_become_as_simple_as_they_can),
	    cmocka_unit_test(what_was_there_from_the_start_is_used_instead),
	    cmocka_unit_test(no_more_threads_are_left_than_it_takes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
