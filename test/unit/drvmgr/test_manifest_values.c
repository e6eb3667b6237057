/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of the values that fields of a manifest may have, and of what is said of others. */
#include "manifest_bench.h"

static void a_bad_name_is_refused(void **state)
{
	(void)state;
	/* clang-format off */
	static const char *const names[] = {
		"\"\"", "\"A\"", "\"1a\"", "\"a.b\"", "\"a b\"", "\"../a\"", "\"a/b\"", "\"-a\"",
		"\"_a\"", "\"\\u0000\"", "\"a\\u0000\"", "\"\xc3\xa9\"", "5", "null", "[\"a\"]",
		"\"a23456789012345678901234567890xy\"", "\"operator\"", "\"manager\"",
	};
	/* clang-format on */
	for (size_t i = 0; i < COUNT(names); i++) {
		char text[96];
		snprintf(text, sizeof(text), "{\"name\":%s,\"abi\":1}", names[i]);
		assert_int_equal(parse(text), DRV_EFORMAT);
		assert_int_equal(errors.count, 1);
	}
	assert_int_equal(parse("{\"name\":\"a23456789012345678901234567890x\",\"abi\":1}"),
			 DRV_OK);
	assert_int_equal(strlen(manifest.name), MANAGER_NAME_MAX);
}

static void numbers_are_plain_integers_within_bounds(void **state)
{
	(void)state;
	static const refusal_t rows[] = {
	    {"\"memory_kib\":127", "memory_kib: 127 is outside 128..16384"},
	    {"\"memory_kib\":16385", "memory_kib: 16385 is outside 128..16384"},
	    {"\"memory_kib\":-16", "memory_kib: -16 is outside 128..16384"},
	    {"\"memory_kib\":64.0", "memory_kib: 64.0 is not an integer"},
	    {"\"memory_kib\":1e2", "memory_kib: 1e2 is not an integer"},
	    {"\"memory_kib\":true", "memory_kib: true is not an integer"},
	    {"\"memory_kib\":\"64\"", "memory_kib: an integer is expected"},
	    {"\"memory_kib\":\"0x40\"", "memory_kib: an integer is expected"},
	    {"\"memory_kib\":null", "memory_kib: null is not an integer"},
	    {"\"memory_kib\":4294967552", "memory_kib: 4294967552 is outside 128..16384"},
	    {"\"priority\":99999999999999999999",
	     "priority: 99999999999999999999 is outside 1..20"},
	    {"\"priority\":21", "priority: 21 is outside 1..20"},
	    {"\"lifecycle\":{\"stop\":9}", "lifecycle.stop: 9 is outside 10..10000"},
	    {"\"cpu\":{\"budget_us\":2000}", "cpu.period_us: is missing"},
	    {"\"cpu\":{\"budget_us\":999,\"period_us\":5000}",
	     "cpu.budget_us: 999 is outside 1000..10000000"},
	    {"\"cpu\":{\"budget_us\":5000,\"period_us\":5999}",
	     "cpu: budget_us 5000 is not below period_us 5999"},
	    {"\"heartbeat\":{\"misses\":1}", "heartbeat.misses: 1 is outside 2..10"},
	    {"\"heartbeat\":{\"period_ms\":19}",
	     "heartbeat.period_ms: 19 is outside 20..10000"},
	    {"\"heartbeat\":250", "heartbeat: an object is expected"},
	    {"\"lifecycle\":[]", "lifecycle: an object is expected"},
	};
	expect_refusals(rows, COUNT(rows));
}

static void what_this_version_does_not_support_says_so(void **state)
{
	(void)state;
	static const refusal_t rows[] = {
	    {"\"match\":[]", "match: is not supported by this version"},
	    {"\"caps\":{\"dma\":{}}", "caps.dma: is not supported by this version"},
	    {"\"caps\":{\"irq\":[{\"line\":\"pci\"}]}",
	     "caps.irq[0].line: \"pci\" is not supported by this version"},
	    {"\"caps\":{\"mmio\":[{\"base\":\"0xb0000\",\"size\":4096,\"bar\":0}]}",
	     "caps.mmio[0].bar: is not supported by this version"},
	    {"\"caps\":{\"mmio\":[{\"base\":\"0xa0000\",\"size\":4096,\"cache\":"
	     "\"write-combining\"}]}",
	     "caps.mmio[0].cache: \"write-combining\" is not supported by this version"},
	};
	expect_refusals(rows, COUNT(rows));
}

static void a_name_with_which_others_begin_their_lines_of_the_log_is_refused(void **state)
{
	(void)state;
	static const char *const names[] = {"castellan", "init", "drvmgr", "input"};
	char text[64];
	for (size_t i = 0; i < COUNT(names); i++) {
		snprintf(text, sizeof(text), "{\"name\":\"%s\",\"abi\":1}", names[i]);
		assert_int_equal(
		    manifest_parse(&reader, "d", text, strlen(text), &manifest, &errors),
		    DRV_EFORMAT);
		assert_int_equal(errors.count, 1);
		assert_non_null(strstr(errors.lines[0], "begins lines of the log"));
	}
	assert_int_equal(parse_with("\"provides\":[\"drvmgr\"]"), DRV_EFORMAT);
	assert_true(
	    has_error("provides[0]: \"drvmgr\" begins lines of the log that are no driver's"));
	assert_int_equal(parse_with("\"uses\":[\"init\"]"), DRV_OK);
}

static void a_bad_list_of_names_is_refused(void **state)
{
	(void)state;
	static const refusal_t rows[] = {
	    {"\"requires\":\"a\"", "requires: an array is expected"},
	    {"\"requires\":[\"d\"]", "requires: \"d\" is the driver's own name"},
	    {"\"uses\":[\"d\"]", "uses: \"d\" is the driver's own name"},
	    {"\"provides\":[\"a\"],\"uses\":[\"a\"]",
	     "uses: \"a\" is what the driver itself provides"},
	    {"\"requires\":[\"operator\"]", "requires[0]: \"operator\" is a reserved name"},
	    {"\"uses\":[\"manager\"]", "uses[0]: \"manager\" is a reserved name"},
	    {"\"provides\":[\"d\"]", "provides: \"d\" is the driver's own name"},
	    {"\"provides\":[\"a\",\"b\",\"a\"]", "provides[2]: \"a\" is here twice"},
	    {"\"provides\":[\"a\"],\"requires\":[\"a\"]",
	     "requires: \"a\" is what the driver itself provides"},
	    {"\"uses\":[\"a\",\"b\",\"c\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\"]",
	     "uses: more than 8 entries"},
	};
	expect_refusals(rows, COUNT(rows));
}

static void a_bad_restart_policy_is_refused(void **state)
{
	(void)state;
	static const refusal_t rows[] = {
	    {"\"restart\":\"sometimes\"",
	     "restart: \"sometimes\" is not known here. Known: \"never\", \"on-failure\", "
	     "\"always\""},
	    {"\"restart\":\"on-falure\"",
	     "restart: \"on-falure\" is not known here; did you mean \"on-failure\"? Known: "
	     "\"never\", \"on-failure\", \"always\""},
	    {"\"restart\":1", "restart: a string is expected"},
	    {"\"restart\":{}", "restart.policy: is missing"},
	    {"\"restart\":{\"policy\":\"always\",\"burst\":101}",
	     "restart.burst: 101 is outside 0..100"},
	    {"\"restart\":{\"policy\":\"always\",\"factor_pct\":99}",
	     "restart.factor_pct: 99 is outside 100..400"},
	    {"\"restart\":{\"policy\":\"always\",\"base_ms\":500,\"max_ms\":400}",
	     "restart: max_ms is below base_ms"},
	    {"\"restart\":{\"policy\":\"always\",\"burst\":21,\"window_ms\":1000}",
	     "restart: forgives too much: window_ms is less than 50 ms for each failure of "
	     "burst"},
	    {"\"restart\":{\"policy\":\"always\",\"burst\":50}",
	     "restart: never gives up: with its delays, burst + 1 failures do not fit into "
	     "window_ms"},
	};
	expect_refusals(rows, COUNT(rows));
}

static void a_bad_image_is_refused(void **state)
{
	(void)state;
	static const char *const images[] = {"\"\"", "\"../a\"", "\".a\"",	 "\"a/b\"",
					     "1",    "\"a b\"",	 "\"a\\u0000b\""};
	for (size_t i = 0; i < COUNT(images); i++) {
		char more[64];
		snprintf(more, sizeof(more), "\"image\":%s", images[i]);
		assert_int_equal(parse_with(more), DRV_EFORMAT);
		assert_int_equal(errors.count, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_bad_name_is_refused),
	    cmocka_unit_test(numbers_are_plain_integers_within_bounds),
	    cmocka_unit_test(what_this_version_does_not_support_says_so),
	    cmocka_unit_test(a_name_with_which_others_begin_their_lines_of_the_log_is_refused),
	    cmocka_unit_test(a_bad_list_of_names_is_refused),
	    cmocka_unit_test(a_bad_restart_policy_is_refused),
	    cmocka_unit_test(a_bad_image_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
