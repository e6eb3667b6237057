/* SPDX-License-Identifier: BSD-2-Clause */
/* What an image says of its functions, of an image that is right and of all that are nearly so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cap/symbols.h"
#include "test/unit/symbols_image.h"

#define STACK 0xbfff8000u

static uint8_t image[IMAGE_SIZE];
static symbols_t symbols;
static uint32_t stack[16];

static bool read_word(const void *context, uint32_t address, uint32_t *word)
{
	uint32_t index = (address - STACK) / 4;
	if (index >= 16)
		return false;
	*word = ((const uint32_t *)context)[index];
	return true;
}

static int fresh(void **state)
{
	(void)state;
	make_image(image);
	symbols_open(image, sizeof(image), &symbols);
	memset(stack, 0, sizeof(stack));
	return 0;
}

static const char *name_at(uint32_t address)
{
	static char name[32];
	bool found = symbols_name(&symbols, address, name, sizeof(name));
	assert_int_equal(found, *name != '\0');
	return name;
}

/* *frame of the caller of whoever is at `eip`; false: it is not known. */
static bool caller(uint32_t eip, symbols_frame_t *frame)
{
	return symbols_caller(&symbols, eip, frame, read_word, stack);
}

static void a_function_has_its_name_from_its_first_byte_to_its_last(void **state)
{
	(void)state;
	assert_string_equal(name_at(INNER - 1), "");
	assert_string_equal(name_at(INNER), "inner");
	assert_string_equal(name_at(INNER + EACH - 1), "inner");
	assert_string_equal(name_at(OUTER + 7), "outer");
	assert_string_equal(name_at(FIRST + EACH), "");
	char name[4];
	assert_true(symbols_name(&symbols, OUTER, name, sizeof(name)));
	assert_string_equal(name, "out");
	image[NAMES_AT + 64 + 19 + 3] = '\n'; /* behind what there is room for */
	assert_true(symbols_name(&symbols, OUTER, name, sizeof(name)));
}

/* All questions together; 64 KiB of symbols, of entries or of rules would take a manager's time
 * from everybody for each frame that is asked for. */
static void after_so_many_steps_nothing_is_known(void **state)
{
	char name[4];
	uint32_t last;
	(void)state;
	do {
		last = symbols.left;
		symbols_name(&symbols, INNER, name, sizeof(name)); /* the second symbol */
		assert_true(symbols.left == last - 2 || !symbols.left);
	} while (symbols.left);
	assert_false(symbols_name(&symbols, INNER, name, sizeof(name)));
	assert_string_equal(name, "");
	symbols_frame_t frame = {INNER, STACK, 77};
	assert_false(caller(INNER, &frame));
	fresh(state);
	assert_true(caller(INNER, &frame)); /* two entries, and two rules at least */
	assert_in_range(symbols.left, SYMBOLS_COST - 40, SYMBOLS_COST - 12);
	symbols.left = 9;
	frame = (symbols_frame_t){INNER, STACK, 77};
	assert_false(caller(INNER, &frame)); /* amid the rules */
	assert_int_equal(symbols.left, 0);
}

static void a_name_that_is_none_is_not_told(void **state)
{
	(void)state;
	image[NAMES_AT + 64 + 1] = '\n';
	assert_string_equal(name_at(INNER), "");
	image[NAMES_AT + 64 + 1] = '.';
	assert_string_equal(name_at(INNER), "");
	put_symbol(image, 1, UINT32_MAX, INNER);
	assert_string_equal(name_at(INNER), "");
	put_symbol(image, 1, 19, INNER);
	image[SYMBOLS_AT + 16 + 12] = 1; /* data */
	assert_string_equal(name_at(INNER), "");
}

static void the_caller_is_found_from_each_instruction(void **state)
{
	(void)state;
	static const struct {
		uint32_t eip, up;
		bool pushed;
	} rows[] = {{INNER, 0, false},	      {INNER + 1, 1, true},    {INNER + 0x10, 1, true},
		    {INNER + 0x11, 0, false}, {INNER + 0x12, 1, true}, {INNER + 0xff, 1, true}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		symbols_frame_t frame = {rows[i].eip, STACK, 77};
		stack[0] = rows[i].up ? 55 : OUTER + 9;
		stack[1] = rows[i].up ? OUTER + 9 : 0;
		assert_true(caller(rows[i].eip, &frame));
		assert_int_equal(frame.eip, OUTER + 9);
		assert_int_equal(frame.esp, STACK + 4 + 4 * rows[i].up);
		assert_int_equal(frame.ebp, rows[i].pushed ? 55 : 77);
	}
}

static void a_frame_can_be_found_by_ebp(void **state)
{
	(void)state;
	symbols_frame_t frame = {OUTER + 3, STACK, STACK + 20};
	stack[5] = 99;
	stack[6] = FIRST + 4;
	assert_true(caller(OUTER + 3, &frame));
	assert_int_equal(frame.eip, FIRST + 4);
	assert_int_equal(frame.esp, STACK + 28);
	assert_int_equal(frame.ebp, 99);
}

static void a_caller_that_is_not_known_is_not_told(void **state)
{
	(void)state;
	const symbols_frame_t wrong[] = {
	    {FIRST + 4, STACK, 0},    {0x123, STACK, 0},
	    {INNER, STACK + 64, 0},   {OUTER + 3, STACK, STACK - 64},
	    {OUTER + 3, STACK, 0},    {INNER, 0xfffffffcu, 0},
	    {FIRST + EACH, STACK, 0}, {OUTER + 3, STACK + 32, STACK}};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		symbols_frame_t frame = wrong[i];
		assert_false(caller(frame.eip, &frame));
		assert_memory_equal(&frame, &wrong[i], sizeof(frame));
	}
}

/* Plants bytes as the instructions of the first function. */
static bool understands(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	symbols_frame_t frame = {INNER + 2, STACK, STACK + 8};
	const uint8_t bytes[] = {a, b, c, d};
	memset(image + FRAMES_AT + 36, 0, 16);
	memcpy(image + FRAMES_AT + 36, bytes, sizeof(bytes));
	return caller(INNER + 2, &frame);
}

/* As a function does that aligns its stack: its ebp lies at ebp, its caller's esp at ebp - 4.
 */
static void the_caller_of_a_function_that_aligns_its_stack_is_found(void **state)
{
	(void)state;
	static const uint8_t aligns[] = {0x10, 5, 2, 0x75, 0, 0x0f, 3, 0x75, 0x7c, 0x06};
	symbols_frame_t frame = {INNER, STACK, STACK + 8}, before = frame;
	memset(image + FRAMES_AT + 36, 0, 16);
	memcpy(image + FRAMES_AT + 36, aligns, sizeof(aligns));
	stack[1] = STACK + 32;
	stack[2] = 99;
	stack[7] = OUTER + 9;
	assert_true(caller(INNER, &frame));
	assert_int_equal(frame.eip, OUTER + 9);
	assert_int_equal(frame.esp, STACK + 32);
	assert_int_equal(frame.ebp, 99);

	frame = before;
	stack[1] = STACK; /* no higher than it is itself */
	assert_false(caller(INNER, &frame));
	frame.ebp = STACK - 64;
	assert_false(caller(INNER, &frame));
	/* What comes behind counts by itself again. */
	for (uint32_t what = 0; what < 3; what++) {
		static const uint8_t plain[][3] = {{0x0c, 4, 4}, {0x0e, 12, 0}, {0x0d, 5, 0}};
		memcpy(image + FRAMES_AT + 36 + sizeof(aligns), plain[what], 3);
		frame = before;
		stack[0] = stack[3] = OUTER + 3;
		stack[1] = 0;
		assert_true(caller(INNER, &frame));
	}
	/* Another operation than to read the word. */
	memset(image + FRAMES_AT + 36, 0, 16);
	memcpy(image + FRAMES_AT + 36, aligns, sizeof(aligns));
	image[FRAMES_AT + 36 + sizeof(aligns) - 1] = 0x23;
	frame = before;
	stack[1] = STACK + 32;
	assert_false(caller(INNER, &frame));
	/* A place that is the word at another one, or beside another register. */
	for (uint32_t what = 0; what < 2; what++) {
		static const uint8_t others[][6] = {{0x10, 5, 3, 0x75, 0, 0x06},
						    {0x10, 5, 2, 0x74, 0, 0}};
		memset(image + FRAMES_AT + 36, 0, 16);
		memcpy(image + FRAMES_AT + 36, others[what], 6);
		frame = before;
		assert_false(caller(INNER, &frame));
	}
}

static void what_is_not_understood_is_no_rule(void **state)
{
	(void)state;
	assert_true(understands(0, 0, 0, 0));
	assert_true(understands(0x0a, 0x0a, 0x0b, 0x0b));
	assert_true(understands(0x03, 0, 0, 0));
	assert_true(understands(0x08, 0x05, 0x2e, 0x10));
	assert_true(understands(0x0f, 2, 0x74, 4));  /* esp + 4 */
	assert_false(understands(0x0f, 1, 0, 0));    /* an expression of another kind */
	assert_false(understands(0x0f, 2, 0x7c, 0)); /* beside a register that there is not */
	assert_false(understands(0x0f, 1, 0x74, 4)); /* it ends in its number */
	assert_false(understands(0x0f, 3, 0x74, 4)); /* it goes on with none */
	assert_false(understands(0x10, 8, 1, 0));
	assert_false(understands(0x0b, 0, 0, 0)); /* nothing is remembered */
	assert_false(understands(0x0d, 6, 0, 0)); /* by esi */
	assert_false(understands(0x0e, 0, 0, 0)); /* the caller's stack is no higher */
	assert_false(understands(0x07, 8, 0, 0)); /* eip is lost */
	memset(image + FRAMES_AT + 36, 0x0a, 16); /* more than can be remembered */
	symbols_frame_t frame = {INNER, STACK, 0};
	assert_false(caller(INNER, &frame));
	memset(image + FRAMES_AT + 36, 0x80, 16); /* a number without an end */
	assert_false(caller(INNER, &frame));
}

static void common_entries_of_another_kind_are_refused(void **state)
{
	(void)state;
	static const struct {
		uint8_t at, value;
	} wrong[] = {{4, 0}, {8, 2}, {9, 'z'}, {0, 0xff}, {8, 4}};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		fresh(state);
		symbols_frame_t frame = {INNER, STACK, 0};
		stack[0] = OUTER;
		image[FRAMES_AT + wrong[i].at] = wrong[i].value;
		assert_false(caller(INNER, &frame));
	}
}

static void sections_that_are_not_in_the_image_are_left_out(void **state)
{
	(void)state;
	symbols_open(NULL, 0, &symbols);
	assert_null(symbols.symbols);
	symbols_open(image, sizeof(elf_header_t) - 1, &symbols);
	assert_null(symbols.symbols);
	for (uint32_t index = 1; index < 5; index++) {
		for (uint32_t what = 0; what < 4; what++) {
			uint32_t *header =
			    (uint32_t *)(void *)(image + HEADERS_AT + index * 40);
			fresh(state);
			header[4] = what == 0 ? IMAGE_SIZE : what == 1 ? UINT32_MAX : header[4];
			header[5] = what == 2 ? 0 : what == 3 ? SYMBOLS_MOST + 1 : header[5];
			symbols_open(image, sizeof(image), &symbols);
			assert_true(index == 2 || index == 4 ? !symbols.frames || index == 4
							     : !symbols.symbols);
			if (index == 2)
				assert_null(symbols.frames);
			else
				assert_null(symbols.symbols);
		}
	}
}

static void a_section_is_of_its_kind_and_no_larger_than_it_may_be(void **state)
{
	(void)state;
	uint8_t *large = calloc(1, FRAMES_AT + SYMBOLS_MOST + 1);
	make_image(image);
	for (uint32_t more = 0; more < 2; more++) {
		put_section(image, 2, 1, 1, FRAMES_AT, SYMBOLS_MOST + more, 0);
		memcpy(large, image, sizeof(image));
		symbols_open(large, FRAMES_AT + SYMBOLS_MOST + 1, &symbols);
		assert_int_equal(symbols.frame_bytes, more ? 0 : SYMBOLS_MOST);
		assert_non_null(symbols.symbols);
	}
	put_section(image, 3, 14, 11, SYMBOLS_AT, 4 * 16, 4); /* of a dynamic linker's */
	symbols_open(image, sizeof(image), &symbols);
	assert_null(symbols.symbols);
	free(large);
}

/* In a copy of exactly its size: a byte beside it is a fault. */
static void no_byte_that_is_changed_or_cut_leads_outside(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 4 * IMAGE_SIZE; round++) {
		size_t size = round & 1 ? IMAGE_SIZE : round / 4;
		uint8_t *copy = malloc(size + 1);
		make_image(image);
		image[round / 4] = (uint8_t)(round & 2 ? 0xff : image[round / 4] + 1);
		memcpy(copy, image, size);
		symbols_open(copy, size, &symbols);
		for (uint32_t at = INNER - 1; at < FIRST + 8; at += 5) {
			symbols_frame_t frame = {at, STACK, STACK + 4};
			caller(at, &frame);
			name_at(at);
		}
		free(copy);
	}
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_function_has_its_name_from_its_first_byte_to_its_last),
	    TEST(after_so_many_steps_nothing_is_known),
	    TEST(a_name_that_is_none_is_not_told),
	    TEST(the_caller_is_found_from_each_instruction),
	    TEST(a_frame_can_be_found_by_ebp),
	    TEST(a_caller_that_is_not_known_is_not_told),
	    TEST(the_caller_of_a_function_that_aligns_its_stack_is_found),
	    TEST(what_is_not_understood_is_no_rule),
	    TEST(common_entries_of_another_kind_are_refused),
	    TEST(sections_that_are_not_in_the_image_are_left_out),
	    TEST(a_section_is_of_its_kind_and_no_larger_than_it_may_be),
	    TEST(no_byte_that_is_changed_or_cut_leads_outside),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
