/* SPDX-License-Identifier: BSD-2-Clause */
/* What a fault means, and what may be read of a dead one's memory, of report/cause.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/cause.h"

#define STACK (DRIVER_STACK_TOP - DRIVER_STACK_PAGES * PAGE_SIZE)
#define SIZE  (DRIVER_STACK_PAGES * PAGE_SIZE)
#define CODE  0x00400000u
#define DATA  0x00403000u
#define WRITE 6u
#define READ  4u
#define FETCH 0x14u

static const manifest_t manifest = {
    .caps.pio = {.count = 1, .items = {{.start = 0x60, .end = 0x64}}}};
static const elf_plan_t plan = {
    .count = 2,
    .segments = {{.virt = CODE, .file_bytes = 0x2800, .memory_bytes = 0x2800, .exec = true},
		 {.virt = DATA, .offset = 0x3000, .memory_bytes = 0x1100, .write = true}}};

static void means(const cause_fault_t *fault, death_kind_t kind, const char *text)
{
	char said[DEATH_CAUSE];
	assert_int_equal(cause_of_fault(&manifest, &plan, fault, said, sizeof(said)), kind);
	assert_string_equal(said, text);
}

static cause_fault_t page_fault(uint32_t address, uint32_t code)
{
	return (cause_fault_t){.label = FAULT_PAGE,
			       .address = address,
			       .code = code,
			       .registers = {.eip = CODE + 0x100}};
}

static void a_page_fault_says_what_was_touched(void **state)
{
	static const struct {
		uint32_t address, code;
		death_kind_t kind;
		const char *text;
	} rows[] = {
	    {0x10, WRITE, DEATH_NULL, "write to 0x10 through a null pointer"},
	    {0xfff, READ, DEATH_NULL, "read of 0xfff through a null pointer"},
	    {0x1000, READ, DEATH_READ, "read of 0x1000, where nothing is"},
	    {STACK - 4, WRITE, DEATH_STACK, "stack overflow: 0xbfff6ffc is in the guard page"},
	    {STACK - PAGE_SIZE, READ, DEATH_STACK,
	     "stack overflow: 0xbfff6000 is in the guard page"},
	    {STACK - PAGE_SIZE - 4, WRITE, DEATH_WRITE,
	     "write to 0xbfff5ffc, where nothing is"},
	    {CODE + 8, WRITE, DEATH_WRITE, "write to 0x400008, which it may only read"},
	    {USER_END, WRITE, DEATH_WRITE, "write to 0xc0000000, which is the kernel's"},
	    {USER_END, READ, DEATH_READ, "read of 0xc0000000, which is the kernel's"},
	    {0, FETCH, DEATH_NULL, "jump to 0x0 through a null pointer"},
	    {DATA + 4, FETCH, DEATH_DATA, "executes data at 0x403004"},
	    {DATA + 0x1fff, FETCH, DEATH_DATA, "executes data at 0x404fff"},
	    {STACK + 8, FETCH, DEATH_DATA, "executes data at 0xbfff7008, on its stack"},
	    {0x12345678, FETCH, DEATH_JUMP, "jump to 0x12345678, which is no code of its own"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const cause_fault_t fault = page_fault(rows[i].address, rows[i].code);
		means(&fault, rows[i].kind, rows[i].text);
	}
}

/* Where the processor cannot tell a fetch from a read, eip does. */
static void a_fault_at_eip_is_a_jump(void **state)
{
	cause_fault_t fault = page_fault(0x12345678, READ);
	(void)state;
	fault.registers.eip = 0x12345678;
	means(&fault, DEATH_JUMP, "jump to 0x12345678, which is no code of its own");
}

/* And where it executes whatever it is told to, what the bytes did does not matter. */
static void data_that_was_executed_is_told_as_that(void **state)
{
	cause_fault_t fault = {.label = FAULT_OPCODE, .registers = {.eip = DATA + 6}};
	(void)state;
	means(&fault, DEATH_DATA, "executes data at 0x403006");
	fault.label = FAULT_PROTECTION;
	fault.registers.eip = STACK;
	means(&fault, DEATH_DATA, "executes data at 0xbfff7000, on its stack");
}

static const struct {
	uint32_t label;
	uint8_t bytes[4];
	uint32_t count, ecx, edx;
	death_kind_t kind;
	const char *text;
} instructions[] = {
    {FAULT_PROTECTION,
     {0xec},
     1,
     0,
     0xffff0061,
     DEATH_PORT,
     "port 0x61 is in its manifest, but not open to an instruction"},
    {FAULT_PROTECTION, {0xec}, 1, 0, 0x3f8, DEATH_PORT, "port 0x3f8 is not in its manifest"},
    {FAULT_PROTECTION,
     {0x66, 0xe7, 0x65},
     3,
     0,
     0,
     DEATH_PORT,
     "port 0x65 is not in its manifest"},
    {FAULT_PROTECTION, {0xe4}, 1, 0, 0, DEATH_PROTECTION, "protection fault, code 0x0"},
    {FAULT_PROTECTION,
     {0xfa},
     1,
     0,
     0,
     DEATH_PRIVILEGED,
     "an instruction that is the kernel's"},
    {FAULT_PROTECTION,
     {0x0f, 0x22},
     2,
     0,
     0,
     DEATH_PRIVILEGED,
     "an instruction that is the kernel's"},
    {FAULT_PROTECTION, {0}, 0, 0, 0, DEATH_PROTECTION, "protection fault, code 0x0"},
    {FAULT_ARITHMETIC, {0xf7, 0xf1}, 2, 0, 5, DEATH_DIVISION, "division by zero"},
    {FAULT_ARITHMETIC, {0xf7, 0xf9}, 2, 1, 5, DEATH_DIVISION, "a quotient that does not fit"},
    {FAULT_ARITHMETIC,
     {0xf6, 0xf5},
     2,
     0x100,
     0,
     DEATH_DIVISION,
     "a quotient that does not fit"},
    {FAULT_ARITHMETIC, {0xf6, 0xf1}, 2, 0x100, 0, DEATH_DIVISION, "division by zero"},
    {FAULT_ARITHMETIC, {0x66, 0xf7, 0xf1}, 3, 0x10000, 0, DEATH_DIVISION, "division by zero"},
    {FAULT_ARITHMETIC,
     {0xf7, 0x31},
     2,
     0,
     0,
     DEATH_DIVISION,
     "division by zero, or a quotient that does not fit"},
    {FAULT_ARITHMETIC,
     {0xf7},
     1,
     0,
     0,
     DEATH_DIVISION,
     "division by zero, or a quotient that does not fit"},
    {FAULT_ARITHMETIC,
     {0xce},
     1,
     0,
     0,
     DEATH_ARITHMETIC,
     "overflow, or a bound that is exceeded"},
    {FAULT_ARITHMETIC,
     {0x66},
     1,
     0,
     0,
     DEATH_ARITHMETIC,
     "overflow, or a bound that is exceeded"},
    {FAULT_OPCODE, {0x0f, 0x0b}, 2, 0, 0, DEATH_OPCODE, "invalid instruction"},
    {FAULT_FPU, {0xd9}, 1, 0, 0, DEATH_FPU, "floating-point instruction"},
    {FAULT_DEBUG, {0xcc}, 1, 0, 0, DEATH_DEBUG, "debug trap"},
    {FAULT_ALIGNMENT, {0}, 0, 0, 0, DEATH_ALIGNMENT, "alignment fault"},
    {0xff7f, {0}, 0, 0, 0, DEATH_PROTECTION, "unknown fault"},
};
static void an_instruction_says_what_it_tried(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(instructions) / sizeof(instructions[0]); i++) {
		const cause_fault_t fault = {.label = instructions[i].label,
					     .registers = {.eip = CODE,
							   .ecx = instructions[i].ecx,
							   .edx = instructions[i].edx},
					     .bytes = instructions[i].bytes,
					     .count = instructions[i].count};
		means(&fault, instructions[i].kind, instructions[i].text);
	}
}

static void code_is_what_the_image_has_in_its_executable_segments(void **state)
{
	static const uint8_t image[0x4000];
	size_t count = 0;
	(void)state;
	assert_ptr_equal(cause_code(&plan, image, CODE + 0x10, &count), image + 0x10);
	assert_int_equal(count, 0x2800 - 0x10);
	assert_ptr_equal(cause_code(&plan, image, CODE + 0x27ff, &count), image + 0x27ff);
	assert_int_equal(count, 1);
	assert_null(cause_code(&plan, image, CODE + 0x2800, &count));
	assert_null(cause_code(&plan, image, CODE - 1, &count));
	assert_null(cause_code(&plan, image, DATA, &count));
	assert_null(cause_code(&plan, image, 0, &count));
}

/* Whatever a driver has in esp. */
static void only_the_stack_is_read_and_at_most_a_page(void **state)
{
	static const struct {
		uint32_t esp, virt, bytes;
	} rows[] = {
	    {STACK, STACK, PAGE_SIZE},
	    {STACK + 6, STACK + 4, PAGE_SIZE},
	    {STACK + PAGE_SIZE, STACK + PAGE_SIZE, PAGE_SIZE},
	    {STACK + SIZE - 8, STACK + SIZE - 8, 8},
	    {STACK + SIZE - 1, STACK + SIZE - 4, 4},
	    {STACK + SIZE, 0, 0},	   /* nothing was pushed yet */
	    {STACK - 4, STACK, PAGE_SIZE}, /* it overflowed */
	    {STACK - PAGE_SIZE, STACK, PAGE_SIZE},
	    {STACK - PAGE_SIZE - 1, 0, 0},
	    {0, 0, 0},
	    {CODE, 0, 0},
	    {UINT32_MAX, 0, 0},
	    {USER_END, 0, 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cause_range_t range = cause_range(rows[i].esp, STACK, SIZE);
		assert_int_equal(range.bytes, rows[i].bytes);
		if (range.bytes)
			assert_int_equal(range.virt, rows[i].virt);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_page_fault_says_what_was_touched),
	    cmocka_unit_test(a_fault_at_eip_is_a_jump),
	    cmocka_unit_test(data_that_was_executed_is_told_as_that),
	    cmocka_unit_test(an_instruction_says_what_it_tried),
	    cmocka_unit_test(code_is_what_the_image_has_in_its_executable_segments),
	    cmocka_unit_test(only_the_stack_is_read_and_at_most_a_page),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
