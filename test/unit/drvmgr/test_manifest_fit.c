/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of fields of a manifest that must fit each other, of the operations of `safe_state`,
 * and of what an author is told who wrote something near. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "claims/manifest.h"
#include "claims/safe_state.h"
#include "cap/guess.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CAPS                                                                                   \
	"\"caps\":{\"pio\":[{\"start\":768,\"end\":771},"                                      \
	"{\"start\":772,\"end\":772,\"mode\":\"r\"},{\"start\":773,\"end\":773,\"mode\":"      \
	"\"w\"},{\"start\":776,\"end\":779,\"width\":[8]}],\"mmio\":[{\"base\":\"0xa0000\","   \
	"\"size\":4096},"                                                                      \
	"{\"base\":\"0xa2000\",\"size\":4096}]},\"safe_state\":"

static manifest_reader_t reader;
static manifest_errors_t errors;
static manifest_t manifest;

static err_t parse(const char *more)
{
	char text[JSON_SIZE_MAX];
	snprintf(text, sizeof(text), "{\"name\":\"d\",\"abi\":1,%s}", more);
	return manifest_parse(&reader, "f", text, strlen(text), &manifest, &errors);
}

static const char *first_error(void)
{
	const char *found = errors.count ? strstr(errors.lines[0], ": ") : NULL;
	return found ? found + 2 : "(no error)";
}

/* Refused with this error and no other; a null error: accepted. */
static void expect(const char *more, const char *error)
{
	err_t result = parse(more);
	if (!error) {
		if (result != DRV_OK)
			fail_msg("%s: %s", more, first_error());
		return;
	}
	assert_int_equal(result, DRV_EFORMAT);
	assert_int_equal(errors.count, 1);
	assert_string_equal(first_error(), error);
}

static void a_cpu_period_is_no_longer_than_the_silence_that_is_allowed(void **state)
{
	(void)state;
	expect("\"cpu\":{\"budget_us\":1000,\"period_us\":750000}", NULL);
	expect("\"cpu\":{\"budget_us\":1000,\"period_us\":751000}",
	       "cpu: period_us 751000 is longer than the 750 ms of silence that heartbeat "
	       "allows");
	expect("\"cpu\":{\"budget_us\":1000,\"period_us\":60000000}",
	       "cpu: period_us 60000000 is longer than the 750 ms of silence that heartbeat "
	       "allows");
	expect("\"heartbeat\":{\"period_ms\":50,\"misses\":2}", NULL);
	expect(
	    "\"heartbeat\":{\"period_ms\":49,\"misses\":2}",
	    "heartbeat: period_ms x misses, 98 ms, is shorter than the cpu period of 100 ms");
	expect("\"heartbeat\":{\"period_ms\":20,\"misses\":2},"
	       "\"cpu\":{\"budget_us\":9000,\"period_us\":40000}",
	       NULL);
}

static void an_interrupt_is_due_before_all_work_is(void **state)
{
	(void)state;
	expect("\"caps\":{\"irq\":[{\"line\":5,\"ack_ms\":750}]}", NULL);
	expect("\"caps\":{\"irq\":[{\"line\":5,\"ack_ms\":751}]}",
	       "caps.irq[0]: ack_ms 751 is above heartbeat.progress_ms 750");
	expect("\"caps\":{\"irq\":[{\"line\":5,\"ack_ms\":1000}]},"
	       "\"heartbeat\":{\"progress_ms\":0}",
	       NULL);
}

/* The others of the line wait meanwhile. */
static void an_interrupt_of_a_shared_line_is_due_soon(void **state)
{
	(void)state;
	expect("\"caps\":{\"irq\":[{\"line\":5,\"trigger\":\"level\",\"share\":true,"
	       "\"ack_ms\":50}]}",
	       NULL);
	expect("\"caps\":{\"irq\":[{\"line\":5,\"trigger\":\"level\",\"share\":true,"
	       "\"ack_ms\":51}]}",
	       "caps.irq[0]: ack_ms 51 is above 50, and others wait for it on a shared line");
	expect("\"caps\":{\"irq\":[{\"line\":5,\"trigger\":\"level\",\"ack_ms\":51}]}", NULL);
}

static void a_digest_is_64_hexadecimal_digits(void **state)
{
	(void)state;
	static const char error[] = "sha256: 64 hexadecimal digits in quotes are expected";
	expect("\"sha256\":\"00\"", error);
	expect("\"sha256\":1", error);
	expect("\"sha256\":"
	       "\"000000000000000000000000000000000000000000000000000000000000000g\"",
	       error);
	expect("\"sha256\":"
	       "\"0000000000000000000000000000000000000000000000000000000000000000\"",
	       NULL);
	assert_true(manifest.sha256.present);
}

static void a_group_has_a_name_and_a_strategy(void **state)
{
	(void)state;
	expect("\"group\":{}", "group.name: is missing");
	expect("\"group\":{\"name\":\"Net\"}",
	       "group.name: a name (^[a-z][a-z0-9_-]{0,30}$) is expected");
	expect(
	    "\"group\":{\"name\":\"net\",\"strategy\":\"al\"}",
	    "group.strategy: \"al\" is not known here; did you mean \"all\"? Known: \"one\", "
	    "\"rest\", \"all\"");
	expect("\"group\":{\"name\":\"net\"}", NULL);
	assert_int_equal(manifest.group.strategy, GROUP_ONE);
}

static void a_safe_operation_stays_inside_caps(void **state)
{
	(void)state;
	static const struct {
		const char *op, *error;
	} rows[] = {
	    {"{\"port\":768,\"value\":255}", NULL},
	    {"{\"port\":768,\"width\":32,\"value\":\"0xffffffff\"}", NULL},
	    {"{\"port\":\"0x301\",\"width\":32,\"value\":0}",
	     "safe_state[0]: port 0x301 is in no range of caps.pio"},
	    {"{\"port\":774,\"value\":0}",
	     "safe_state[0]: port 774 is in no range of caps.pio"},
	    {"{\"port\":772,\"value\":0}",
	     "safe_state[0]: port 772 has not this mode in caps.pio"},
	    {"{\"op\":\"wait\",\"port\":772,\"value\":0}", NULL},
	    {"{\"port\":773,\"value\":0}", NULL},
	    {"{\"port\":773,\"value\":0,\"mask\":1}",
	     "safe_state[0]: port 773 has not this mode in caps.pio"},
	    {"{\"op\":\"wait\",\"port\":773,\"value\":0}",
	     "safe_state[0]: port 773 has not this mode in caps.pio"},
	    {"{\"port\":772,\"width\":16,\"value\":0}",
	     "safe_state[0]: port 772 is in no range of caps.pio"},
	    {"{\"port\":776,\"value\":0}", NULL},
	    {"{\"port\":776,\"width\":16,\"value\":0}",
	     "safe_state[0]: port 776 has not this width in caps.pio"},
	    {"{\"address\":\"0xa0ffc\",\"width\":32,\"value\":0}", NULL},
	    {"{\"address\":\"0xa0ffe\",\"width\":32,\"value\":0}",
	     "safe_state[0]: address 0xa0ffe is no multiple of the width"},
	    {"{\"address\":\"0xa1000\",\"value\":0}",
	     "safe_state[0]: address 0xa1000 is in no range of caps.mmio"},
	    {"{\"value\":0}",
	     "safe_state[0]: a port or an address is expected, not 0, not both"},
	    {"{\"port\":768,\"address\":\"0xa0000\",\"value\":0}",
	     "safe_state[0]: a port or an address is expected, not 0, not both"},
	    {"{\"port\":768,\"value\":256}",
	     "safe_state[0]: value 0x100 has bits outside mask 0xff"},
	    {"{\"port\":768,\"value\":2,\"mask\":1}",
	     "safe_state[0]: value 0x2 has bits outside mask 0x1"},
	    {"{\"port\":768,\"value\":0,\"mask\":256}",
	     "safe_state[0]: mask 0x100 has bits beyond a width of 8"},
	    {"{\"port\":768}", "safe_state[0].value: is missing"},
	    {"{\"port\":768,\"value\":0,\"width\":24}",
	     "safe_state[0].width: 8, 16 or 32 is expected"},
	    {"{\"op\":\"wait\",\"port\":768,\"value\":0,\"tries\":101}",
	     "safe_state[0].tries: 101 is outside 1..100"},
	};
	char more[512];
	for (size_t i = 0; i < COUNT(rows); i++) {
		snprintf(more, sizeof(more), CAPS "[%s]", rows[i].op);
		expect(more, rows[i].error);
	}
}

static void the_33rd_safe_operation_is_refused(void **state)
{
	(void)state;
	char more[4096] = CAPS "[";
	for (uint32_t i = 0; i <= MANIFEST_SAFE_MAX; i++) {
		size_t used = strlen(more);
		snprintf(more + used, sizeof(more) - used, "%s{\"port\":768,\"value\":%u}",
			 i ? "," : "", i);
	}
	strcat(more, "]");
	expect(more, "safe_state: more than 32 entries");
}

static void expect_access(safe_run_t *run, uint32_t read, safe_access_t expected)
{
	safe_access_t access;
	assert_true(safe_next(&manifest, run, read, &access));
	assert_int_equal(access.memory, expected.memory);
	assert_int_equal(access.write, expected.write);
	assert_int_equal(access.index, expected.index);
	assert_int_equal(access.where, expected.where);
	assert_int_equal(access.width, expected.width);
	assert_int_equal(access.value, expected.value);
}

static void safe_operations_are_single_accesses_in_order(void **state)
{
	(void)state;
	expect(CAPS "[{\"port\":769,\"value\":3},"
		    "{\"port\":770,\"width\":16,\"value\":\"0x10\",\"mask\":\"0xf0\"},"
		    "{\"address\":\"0xa2004\",\"width\":32,\"value\":7}]",
	       NULL);
	safe_run_t run = {0};
	safe_access_t access;
	expect_access(&run, 0,
		      (safe_access_t){.write = true, .where = 769, .width = 1, .value = 3});
	expect_access(&run, 0, (safe_access_t){.where = 770, .width = 2});
	expect_access(
	    &run, 0xabcd,
	    (safe_access_t){.write = true, .where = 770, .width = 2, .value = 0xab1d});
	expect_access(
	    &run, 0,
	    (safe_access_t){
		.memory = true, .write = true, .index = 1, .where = 4, .width = 4, .value = 7});
	assert_false(safe_next(&manifest, &run, 0, &access));
	assert_false(safe_next(&manifest, &run, 0, &access));
	assert_int_equal(run.missed, 0);
}

static void a_wait_ends_with_its_value_or_its_tries(void **state)
{
	(void)state;
	expect(CAPS "[{\"op\":\"wait\",\"port\":772,\"value\":1,\"mask\":3,\"tries\":3},"
		    "{\"port\":773,\"value\":9}]",
	       NULL);
	safe_access_t wait = {.index = 1, .where = 772, .width = 1};
	safe_access_t write = {.write = true, .index = 2, .where = 773, .width = 1, .value = 9};
	safe_run_t run = {0};
	expect_access(&run, 1, wait); /* nothing was read for it yet */
	expect_access(&run, 2, wait);
	expect_access(&run, 0xf5, write);
	assert_int_equal(run.missed, 0);
	run = (safe_run_t){0};
	expect_access(&run, 0, wait);
	expect_access(&run, 0, wait);
	expect_access(&run, 0, wait);
	expect_access(&run, 0, write);
	assert_int_equal(run.missed, 1);
}

static void what_other_languages_allow_is_named(void **state)
{
	(void)state;
	expect("\"caps\":{\"pio\":[{\"start\":0x3f8}]}",
	       "a hexadecimal number must be in quotes, like \"0x3f8\"");
	expect("\"priority\":0X5", "a hexadecimal number must be in quotes, like \"0x3f8\"");
	static const char comment[] =
	    "JSON has no comments; a key that starts with x- can hold a text";
	expect("// why\n\"priority\":5", comment);
	expect("\"priority\":5 /* why */", comment);
	expect("\"priority\": # why\n5", comment);
	expect("'priority':5", "strings and keys are in double quotes");
	expect("\"restart\":'never'", "strings and keys are in double quotes");
	expect("\"priority\":5,", "nothing follows the comma");
	assert_int_equal(manifest_parse(&reader, "f", "\177ELF\1\1", 6, &manifest, &errors),
			 DRV_EFORMAT);
	assert_non_null(strstr(errors.lines[0], "f:1:1: an ELF file, no manifest"));
	static const char *const marked[] = {"\xef\xbb\xbf{}", "\xff\xfe{", "\xfe\xff"};
	for (size_t i = 0; i < COUNT(marked); i++) {
		assert_int_equal(manifest_parse(&reader, "f", marked[i], strlen(marked[i]),
						&manifest, &errors),
				 DRV_EFORMAT);
		assert_non_null(strstr(errors.lines[0], "f:1:1: a byte order mark"));
	}
}

static void the_distance_of_words_counts_changes(void **state)
{
	(void)state;
	assert_int_equal(guess_distance("", ""), 0);
	assert_int_equal(guess_distance("abc", ""), 3);
	assert_int_equal(guess_distance("", "abc"), 3);
	assert_int_equal(guess_distance("abc", "abc"), 0);
	assert_int_equal(guess_distance("abc", "axc"), 1);
	assert_int_equal(guess_distance("abc", "acb"), 1);
	assert_int_equal(guess_distance("kitten", "sitting"), 3);
	assert_int_equal(guess_distance("0123456789012345678901234567890123456789", ""), 31);
}

static const char *nearest(const char *given)
{
	static const char *const words[] = {"name", "priority", "period_ms", "progress_ms",
					    "uses"};
	guess_t guess = {.given = given};
	for (size_t i = 0; i < COUNT(words); i++)
		guess_offer(&guess, words[i]);
	return guess.best;
}

static void the_nearest_word_is_offered_and_none_that_is_far(void **state)
{
	(void)state;
	assert_string_equal(nearest("nmae"), "name");
	assert_string_equal(nearest("prio"), "priority");
	assert_string_equal(nearest("period"), "period_ms");
	assert_string_equal(nearest("perjod-ms"), "period_ms");
	assert_string_equal(nearest("use"), "uses");
	assert_null(nearest("colour"));
	assert_null(nearest("us"));
	assert_null(nearest(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_cpu_period_is_no_longer_than_the_silence_that_is_allowed),
	    cmocka_unit_test(an_interrupt_is_due_before_all_work_is),
	    cmocka_unit_test(a_digest_is_64_hexadecimal_digits),
	    cmocka_unit_test(an_interrupt_of_a_shared_line_is_due_soon),
	    cmocka_unit_test(a_group_has_a_name_and_a_strategy),
	    cmocka_unit_test(a_safe_operation_stays_inside_caps),
	    cmocka_unit_test(the_33rd_safe_operation_is_refused),
	    cmocka_unit_test(safe_operations_are_single_accesses_in_order),
	    cmocka_unit_test(a_wait_ends_with_its_value_or_its_tries),
	    cmocka_unit_test(what_other_languages_allow_is_named),
	    cmocka_unit_test(the_distance_of_words_counts_changes),
	    cmocka_unit_test(the_nearest_word_is_offered_and_none_that_is_far),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
