/* SPDX-License-Identifier: BSD-2-Clause */
/* From registers, a copied stack and an image to the functions that were under way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/backtrace.h"
#include "test/unit/symbols_image.h"

#define STACK 0xbfff8000u

static uint8_t image[IMAGE_SIZE];
static symbols_t symbols;
static death_facts_t facts;
static uint32_t stack[64];
static death_frame_t frames[DEATH_FRAMES_MOST];

static int fresh(void **state)
{
	(void)state;
	make_image(image);
	symbols_open(image, sizeof(image), &symbols);
	memset(stack, 0, sizeof(stack));
	facts =
	    (death_facts_t){.registers_known = 1, .stack = STACK, .stack_bytes = sizeof(stack)};
	facts.registers.eip = INNER + 4;
	facts.registers.esp = STACK;
	stack[1] =
	    OUTER + 1; /* behind ebp, which is pushed; the call is at its very beginning */
	stack[2] = FIRST + 4;
	return 0;
}

static uint32_t make(void)
{
	return backtrace_make(&facts, (const uint8_t *)stack, &symbols, frames);
}

static void callers_follow_up_to_who_was_called_by_nobody(void **state)
{
	(void)state;
	assert_int_equal(make(), 3);
	assert_int_equal(frames[0].address, INNER + 4);
	assert_string_equal(frames[0].function, "inner");
	assert_int_equal(frames[1].address, OUTER + 1);
	assert_string_equal(frames[1].function, "outer");
	assert_int_equal(frames[2].address, FIRST + 4);
	assert_string_equal(frames[2].function, "first");
}

/* A call can be the last instruction: what it would go on with is another function then. */
static void who_called_last_of_all_is_told_and_not_who_stands_behind(void **state)
{
	(void)state;
	stack[1] = FIRST;
	make();
	assert_string_equal(frames[1].function, "outer");
	facts.registers.eip = OUTER;
	make();
	assert_string_equal(frames[0].function, "outer");
}

static void who_jumped_where_no_code_is_is_told_by_the_stack(void **state)
{
	(void)state;
	facts.registers.eip = 0x12345678;
	stack[0] = OUTER + 1;
	stack[1] = FIRST + 4;
	assert_int_equal(make(), 3);
	assert_string_equal(frames[0].function, "");
	assert_string_equal(frames[1].function, "outer");
	assert_string_equal(frames[2].function, "first");
	stack[0] = 0x12345678;
	assert_int_equal(make(), 1);
}

static void what_is_not_known_is_not_told(void **state)
{
	(void)state;
	symbols = (symbols_t){0};
	assert_int_equal(make(), 1);
	assert_string_equal(frames[0].function, "");
	facts.registers_known = 0;
	assert_int_equal(make(), 0);
	fresh(state);
	facts.stack_bytes = 0;
	assert_int_equal(make(), 1);
	facts.stack_bytes = 7; /* the last word is cut */
	assert_int_equal(make(), 1);
	facts.stack_bytes = DEATH_STACK_MOST + 1; /* a lie */
	assert_int_equal(make(), 1);
}

static void a_stack_without_an_end_has_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(stack) / sizeof(stack[0]); i++)
		stack[i] = INNER + 4;
	assert_int_equal(make(), DEATH_FRAMES_MOST);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(callers_follow_up_to_who_was_called_by_nobody),
	    TEST(who_called_last_of_all_is_told_and_not_who_stands_behind),
	    TEST(who_jumped_where_no_code_is_is_told_by_the_stack),
	    TEST(what_is_not_known_is_not_told),
	    TEST(a_stack_without_an_end_has_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
