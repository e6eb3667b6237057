/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults in words: each says what is known of it and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/fault.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define EIP	    0x400123u

static char text[160];

static const char *describe(fault_t fault, const uint8_t *bytes, size_t count)
{
	fault.eip = EIP;
	size_t length = fault_describe(&fault, bytes, count, text, sizeof(text));
	assert_int_equal(length, strlen(text));
	return text;
}

/* Of a protection fault, what comes behind its place. */
static const char *tried(const uint8_t *bytes, size_t count, uint32_t edx, uint32_t code)
{
	const char *head = "protection fault at eip 0x400123";
	describe((fault_t){.label = FAULT_PROTECTION, .code = code, .edx = edx}, bytes, count);
	assert_memory_equal(text, head, strlen(head));
	return text + strlen(head);
}

static void a_page_fault_says_what_was_tried_where(void **state)
{
	(void)state;
	assert_string_equal(
	    describe((fault_t){.label = FAULT_PAGE, .address = 0x10, .code = 4}, NULL, 0),
	    "page fault at eip 0x400123, a read of address 0x10, code 0x4");
	assert_string_equal(
	    describe((fault_t){.label = FAULT_PAGE, .address = 0, .code = 6}, NULL, 0),
	    "page fault at eip 0x400123, a write to address 0x0, code 0x6");
	assert_string_equal(
	    describe((fault_t){.label = FAULT_PAGE, .address = EIP, .code = 4}, NULL, 0),
	    "page fault at eip 0x400123, a jump to address 0x400123, code 0x4");
	assert_string_equal(
	    describe((fault_t){.label = FAULT_PAGE, .address = 0x500, .code = 0x15}, NULL, 0),
	    "page fault at eip 0x400123, a jump to address 0x500, code 0x15");
}

static void what_runs_off_its_stack_is_said_to_do_so(void **state)
{
	(void)state;
	fault_t fault = {.label = FAULT_PAGE, .code = 6, .stack = 0xbfff7000};
	fault.address = 0xbfff6ffc;
	assert_string_equal(describe(fault, NULL, 0),
			    "page fault at eip 0x400123, a write to address 0xbfff6ffc, below "
			    "its stack, code 0x6");
	fault.address = 0xbfff6000;
	assert_non_null(strstr(describe(fault, NULL, 0), "below its stack"));
	fault.address = 0xbfff5fff;
	assert_null(strstr(describe(fault, NULL, 0), "below its stack"));
	fault.address = 0xbfff7000;
	assert_null(strstr(describe(fault, NULL, 0), "below its stack"));
	fault.stack = 0;
	assert_null(strstr(describe(fault, NULL, 0), "below its stack"));
}

static void no_other_fault_has_an_address(void **state)
{
	(void)state;
	for (uint32_t label = FAULT_PROTECTION; label <= FAULT_EXIT + 1; label++) {
		describe((fault_t){.label = label}, NULL, 0);
		assert_null(strstr(text, "address"));
		assert_null(strstr(text, "code"));
		assert_non_null(strstr(text, " at eip 0x400123"));
	}
	assert_string_equal(fault_name(FAULT_EXIT + 1), "unknown fault");
}

static void a_forbidden_port_is_named(void **state)
{
	(void)state;
	/* clang-format off */
	static const struct {
		uint8_t bytes[4];
		uint32_t edx;
		const char *told;
	} rows[] = {
		{{0xe4, 0x60}, 0x3f8, ": in from port 0x60, which is not open to it"},
		{{0xe5, 0x60}, 0, ": in from port 0x60, which is not open to it"},
		{{0xe6, 0x64, 1}, 0, ": out to port 0x64, which is not open to it"},
		{{0xe7, 0xff}, 0, ": out to port 0xff, which is not open to it"},
		{{0xec}, 0xabcd03f8, ": in from port 0x3f8, which is not open to it"},
		{{0x66, 0xed}, 0x70, ": in from port 0x70, which is not open to it"},
		{{0xee}, 0x70, ": out to port 0x70, which is not open to it"},
		{{0xef}, 0xcf8, ": out to port 0xcf8, which is not open to it"},
		{{0xf3, 0x6c}, 0x1f0, ": ins from port 0x1f0, which is not open to it"},
		{{0xf3, 0x66, 0x6f}, 0x1f0, ": outs to port 0x1f0, which is not open to it"},
	};
	/* clang-format on */
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(tried(rows[i].bytes, 4, rows[i].edx, 0), rows[i].told);
}

static void a_privileged_instruction_is_named(void **state)
{
	(void)state;
	assert_string_equal(tried((const uint8_t[]){0xfa}, 1, 0, 0),
			    ": cli, which is the kernel's");
	assert_string_equal(tried((const uint8_t[]){0xf4}, 1, 0, 0),
			    ": hlt, which is the kernel's");
	assert_string_equal(tried((const uint8_t[]){0x0f, 0x30}, 2, 0, 0),
			    ": wrmsr, which is the kernel's");
	assert_string_equal(tried((const uint8_t[]){0x0f, 0x22, 0xd8}, 3, 0, 0),
			    ": mov to a control register, which is the kernel's");
	assert_string_equal(tried((const uint8_t[]){0xcd, 0x21}, 2, 0, 0x21 * 8 + 2),
			    ": int 0x21, which is not open to it, code 0x10a");
}

static void what_cannot_be_told_is_not_guessed(void **state)
{
	(void)state;
	assert_string_equal(tried(NULL, 0, 0x60, 0), "");
	assert_string_equal(tried((const uint8_t[]){0x90}, 1, 0x60, 0), "");
	assert_string_equal(tried((const uint8_t[]){0xe6}, 1, 0x60, 0), "");
	assert_string_equal(tried((const uint8_t[]){0x0f}, 1, 0x60, 0), "");
	assert_string_equal(tried((const uint8_t[]){0x0f, 0xfa}, 2, 0x60, 0), "");
	assert_string_equal(tried((const uint8_t[]){0x66, 0xf3}, 2, 0x60, 0), "");
	assert_string_equal(tried((const uint8_t[]){0x8e, 0xd8}, 2, 0x60, 0x18), ", code 0x18");
}

static void what_does_not_fit_is_cut(void **state)
{
	(void)state;
	const uint8_t out[] = {0xe6, 0x64};
	fault_t fault = {.label = FAULT_PROTECTION, .eip = EIP, .code = 8};
	size_t whole = fault_describe(&fault, out, 2, text, sizeof(text));
	for (size_t size = 1; size <= whole; size++) {
		text[size] = '!';
		assert_int_equal(fault_describe(&fault, out, 2, text, size), size - 1);
		assert_int_equal(text[size], '!');
	}
}

static void a_managers_death_says_whether_it_hung(void **state)
{
	(void)state;
	boot_death_t death = {.cause = BOOT_DEATH_FAULT,
			      .label = FAULT_PAGE,
			      .address = 0x10,
			      .code = 4,
			      .eip = EIP};
	size_t length = fault_describe_death(&death, text, sizeof(text));
	assert_string_equal(text,
			    "page fault at eip 0x400123, a read of address 0x10, code 0x4");
	assert_int_equal(length, strlen(text));
	death = (boot_death_t){.cause = BOOT_DEATH_HANGS, .code = 731, .eip = EIP};
	length = fault_describe_death(&death, text, sizeof(text));
	assert_string_equal(
	    text, "hung: it did not come back to its door for 731 ms, at eip 0x400123");
	assert_int_equal(length, strlen(text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_page_fault_says_what_was_tried_where),
	    cmocka_unit_test(what_runs_off_its_stack_is_said_to_do_so),
	    cmocka_unit_test(no_other_fault_has_an_address),
	    cmocka_unit_test(a_forbidden_port_is_named),
	    cmocka_unit_test(a_privileged_instruction_is_named),
	    cmocka_unit_test(what_cannot_be_told_is_not_guessed),
	    cmocka_unit_test(what_does_not_fit_is_cut),
	    cmocka_unit_test(a_managers_death_says_whether_it_hung),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
