/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests that what was printed from the field tables and committed is still what they say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/ports.h"
#include "host/schema.h"
#include "host/verbs.h"

#define TEXT_MAX 65536u

/* All of a stream, NUL-terminated. */
static char *read_all(FILE *file)
{
	assert_non_null(file);
	char *text = calloc(1, TEXT_MAX);
	assert_non_null(text);
	size_t size = fread(text, 1, TEXT_MAX - 1, file);
	assert_true(size < TEXT_MAX - 1);
	fclose(file);
	return text;
}

static char *printed(void (*print)(FILE *))
{
	FILE *file = tmpfile();
	assert_non_null(file);
	print(file);
	rewind(file);
	return read_all(file);
}

static void the_committed_schema_is_what_drvctl_prints(void **state)
{
	(void)state;
	char *committed = read_all(fopen(CASTELLAN_SOURCE_DIR "/abi/drv.schema.json", "r"));
	char *fresh = printed(schema_print);
	assert_string_equal(committed, fresh);
	free(committed);
	free(fresh);
}

static void the_committed_schema_of_answers_is_what_drvctl_prints(void **state)
{
	(void)state;
	char *committed =
	    read_all(fopen(CASTELLAN_SOURCE_DIR "/abi/operator.schema.json", "r"));
	char *fresh = printed(verbs_print_schema);
	assert_string_equal(committed, fresh);
	free(committed);
	free(fresh);
}

static void expect_in(const char *path, void (*print)(FILE *))
{
	char *page = read_all(fopen(path, "r"));
	char *table = printed(print);
	assert_non_null(strstr(page, table));
	free(page);
	free(table);
}

static void the_readme_has_the_tables_that_drvctl_prints(void **state)
{
	(void)state;
	expect_in(CASTELLAN_SOURCE_DIR "/servers/drvmgr/README.md", schema_print_table);
	expect_in(CASTELLAN_SOURCE_DIR "/servers/drvmgr/README.md", ports_print_table);
}

static void the_operators_pages_have_the_tables_that_drvctl_prints(void **state)
{
	(void)state;
	expect_in(CASTELLAN_SOURCE_DIR "/docs/supervision.md", verbs_print_table);
	expect_in(CASTELLAN_SOURCE_DIR "/docs/operator.md", verbs_print_fields);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_committed_schema_is_what_drvctl_prints),
	    cmocka_unit_test(the_committed_schema_of_answers_is_what_drvctl_prints),
	    cmocka_unit_test(the_readme_has_the_tables_that_drvctl_prints),
	    cmocka_unit_test(the_operators_pages_have_the_tables_that_drvctl_prints),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
