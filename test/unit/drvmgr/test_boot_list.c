/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of claims/boot_list.h: what is read, and that nothing in a list is fatal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "claims/boot_list.h"

static boot_list_t list;
static manifest_errors_t errors;

/* From a copy of just its size, so that the sanitizer sees a read beyond. */
static void read_text(const char *text, size_t size)
{
	char *copy = malloc(size ? size : 1);
	assert_non_null(copy);
	memcpy(copy, text, size);
	errors.count = errors.dropped = 0;
	boot_list_read(&list, copy, size, &errors);
	free(copy);
}

static void names_and_priorities_are_read(void **state)
{
	(void)state;
	static const char text[] =
	    "# essential\n\nps2kbd 24 # first\r\n\tserial\t23\nconsole 21";
	read_text(text, sizeof(text) - 1);
	assert_int_equal(errors.count, 0);
	assert_int_equal(list.count, 3);
	assert_string_equal(list.items[0].name, "ps2kbd");
	assert_int_equal(list.items[0].priority, 24);
	assert_int_equal(boot_list_find(&list, "serial")->priority, 23);
	assert_int_equal(boot_list_find(&list, "serial")->place.line, 4);
	assert_int_equal(boot_list_find(&list, "serial")->place.column, 2);
	assert_int_equal(list.items[2].priority, 21);
	assert_null(boot_list_find(&list, "screen"));
	read_text("", 0);
	assert_int_equal(list.count, 0);
	assert_int_equal(errors.count, 0);
}

static void a_line_that_is_wrong_is_told_and_does_not_count(void **state)
{
	(void)state;
	static const struct {
		const char *text, *error;
	} rows[] = {
	    {"Serial 23", "boot.list:2:1: Serial is no driver's name"},
	    {"serial", "boot.list:2:7: serial: a priority from 21 to 24 is expected"},
	    {" serial 20", "boot.list:2:9: serial: a priority from 21 to 24 is expected"},
	    {"serial 25", "boot.list:2:8: serial: a priority from 21 to 24 is expected"},
	    {"serial 023", "boot.list:2:8: serial: a priority from 21 to 24 is expected"},
	    {"serial 2x", "boot.list:2:8: serial: a priority from 21 to 24 is expected"},
	    {"serial -1", "boot.list:2:8: serial: a priority from 21 to 24 is expected"},
	    {"serial 23 x", "boot.list:2:11: serial: nothing is expected behind the priority"},
	    {"serial 23 BUS", "boot.list:2:11: serial: BUS is not supported by this version"},
	    {"good 24", "boot.list:2:1: good is here twice; the first line counts"},
	    {"\x1b[2J 24", "boot.list:2:1: ?[2J is no driver's name"},
	    {"abcdefghijklmnopqrstuvwxyz012345 24",
	     "boot.list:2:1: abcdefghijklmnopqrstuvwxyz012345 is no driver's name"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[128];
		snprintf(text, sizeof(text), "good 22\n%s\nlast 21\n", rows[i].text);
		read_text(text, strlen(text));
		assert_int_equal(errors.count, 1);
		assert_string_equal(errors.lines[0], rows[i].error);
		assert_int_equal(list.count, 2);
		assert_string_equal(list.items[0].name, "good");
		assert_int_equal(list.items[0].priority, 22);
		assert_string_equal(list.items[1].name, "last");
	}
}

static void the_17th_essential_driver_is_one_too_many(void **state)
{
	(void)state;
	char text[512] = "";
	for (unsigned i = 0; i <= BOOT_LIST_MAX; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "d%u 21\n", i);
	read_text(text, strlen(text));
	assert_int_equal(list.count, BOOT_LIST_MAX);
	assert_string_equal(errors.lines[0], "boot.list:17:1: d16 is one too many: 16 drivers "
					     "at most are essential");
}

static void any_bytes_are_harmless(void **state)
{
	(void)state;
	uint32_t random = 1;
	char text[64];
	for (unsigned round = 0; round < 20000; round++) {
		size_t size = round % sizeof(text);
		for (size_t i = 0; i < size; i++) {
			random = random * 1664525u + 1013904223u;
			text[i] = "ab1 2\t\n#-_\r\x80"[(random >> 16) % 13];
		}
		read_text(text, size);
		assert_true(list.count <= BOOT_LIST_MAX);
	}
}

static void an_essential_driver_runs_in_the_band(void **state)
{
	(void)state;
	manifest_t manifest = {.priority = 5, .cpu = {.budget_us = 25000, .period_us = 100000}};
	boot_entry_t entry = {.priority = 23};
	boot_list_apply(&entry, &manifest);
	assert_true(manifest.essential);
	assert_int_equal(manifest.priority, 23);
	assert_int_equal(manifest.cpu.budget_us, 50000);
	manifest.cpu = (cpu_share_t){.budget_us = 1000, .period_us = 9000, .place = {1, 1}};
	boot_list_apply(&entry, &manifest);
	assert_int_equal(manifest.cpu.budget_us, 1000);
	assert_int_equal(manifest.cpu.period_us, 9000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_and_priorities_are_read),
	    cmocka_unit_test(a_line_that_is_wrong_is_told_and_does_not_count),
	    cmocka_unit_test(the_17th_essential_driver_is_one_too_many),
	    cmocka_unit_test(any_bytes_are_harmless),
	    cmocka_unit_test(an_essential_driver_runs_in_the_band),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
