/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of the JSON proof, claims/json.h: RFC 8259 and the limits, nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "claims/json.h"

typedef struct text {
	const char *bytes;
	size_t size;
} text_t;

/* Texts may hold NUL bytes, so their size is that of the literal. */
#define T(literal)                                                                             \
	{                                                                                      \
		(literal), sizeof(literal) - 1                                                 \
	}

static json_t json;

/* Proves a copy that ends where the text ends, so that reading on is an error. */
static bool prove(const char *bytes, size_t size)
{
	char *copy = malloc(size ? size : 1);
	assert_non_null(copy);
	memcpy(copy, bytes, size);
	bool good = json_prove(&json, copy, size);
	for (uint32_t i = 0; i < json.failure_count; i++)
		assert_true(json.failures[i].at <= size);
	assert_int_equal(good, json.failure_count == 0);
	free(copy);
	return good;
}

/* clang-format off */
static const text_t invalid_texts[] = {
	/* nothing, or not a container */
	T(""), T(" "), T("\n\t"), T("1"), T("\"a\""), T("null"), T("true"), T("\0"), T("x"),
	/* containers */
	T("{"), T("}"), T("["), T("]"), T("[}"), T("{]"), T("[1"), T("[1,"), T("{\"a\""),
	T("{\"a\":"), T("{\"a\":1"), T("{\"a\":1,"), T("[[]"), T("[]]"), T("{}}"), T("[{]}"),
	/* commas and colons */
	T("[1,]"), T("[,1]"), T("[1,,2]"), T("[,]"), T("[1 2]"), T("[1:2]"), T("{,}"),
	T("{\"a\":1,}"), T("{,\"a\":1}"), T("{\"a\":1,,\"b\":2}"), T("{\"a\":1 \"b\":2}"),
	T("{\"a\"}"), T("{\"a\",1}"), T("{\"a\" 1}"), T("{\"a\"::1}"), T("{\"a\":}"),
	T("{\"a\":1:2}"), T("{:1}"), T("[1;2]"),
	/* keys */
	T("{a:1}"), T("{1:1}"), T("{'a':1}"), T("{null:1}"), T("{[]:1}"), T("{{}:1}"),
	T("{\"a\":1,\"a\":2}"), T("{\"a\":1,\"\\u0061\":2}"), T("{\"\\n\":1,\"\\u000A\":2}"),
	T("{\"\xc3\xa9\":1,\"\\u00e9\":2}"), T("{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\uDE00\":2}"),
	T("{\"/\":1,\"\\/\":2}"), T("[{\"x\":{\"b\":1,\"c\":2,\"b\":3}}]"), T("{\"\":1,\"\":2}"),
	/* numbers */
	T("[01]"), T("[00]"), T("[-]"), T("[-01]"), T("[+1]"), T("[1.]"), T("[.5]"), T("[1.e3]"),
	T("[1e]"), T("[1e+]"), T("[1E-]"), T("[1ee3]"), T("[1.2.3]"), T("[0x10]"), T("[1_0]"),
	T("[--1]"), T("[1-]"), T("[Infinity]"), T("[NaN]"), T("[-Infinity]"), T("[1a]"), T("[- 1]"),
	T("[0e]"), T("[1 000]"), T("[\xef\xbc\x91]"),
	/* literals */
	T("[tru]"), T("[truee]"), T("[True]"), T("[TRUE]"), T("[fals]"), T("[nul]"), T("[nulll]"),
	T("[undefined]"), T("[t]"), T("[n]"), T("[f]"), T("[true false]"), T("[\"a\" null]"),
	/* strings */
	T("[\"]"), T("[\"a]"), T("[\"\\\"]"), T("[\"\\"), T("['a']"), T("[a]"), T("[\"a\"b]"),
	T("[\"\\x\"]"), T("[\"\\a\"]"), T("[\"\\v\"]"), T("[\"\\0\"]"), T("[\"\\'\"]"),
	T("[\"\\ \"]"), T("[\"\\U0041\"]"), T("[\"\\u\"]"), T("[\"\\u0\"]"), T("[\"\\u00\"]"),
	T("[\"\\u004\"]"), T("[\"\\u00g0\"]"), T("[\"\\u 041\"]"), T("[\"\\u+041\"]"),
	/* surrogates */
	T("[\"\\ud800\"]"), T("[\"\\udc00\"]"), T("[\"\\ud800a\"]"), T("[\"\\ud800\\n\"]"),
	T("[\"\\ud800\\u0041\"]"), T("[\"\\ud800\\ud800\"]"), T("[\"\\udfff\\ud800\"]"),
	T("[\"\\ud83d\\ude0\"]"), T("[\"\\udbff\\ue000\"]"), T("{\"\\ud800\":1}"),
	/* control characters */
	T("[\"\0\"]"), T("[\"\x01\"]"), T("[\"\t\"]"), T("[\"\n\"]"), T("[\"\r\"]"), T("[\"\x1f\"]"),
	T("{\"a\nb\":1}"),
	/* UTF-8 */
	T("[\"\x80\"]"), T("[\"\xbf\"]"), T("[\"\xc0\xaf\"]"), T("[\"\xc1\xbf\"]"), T("[\"\xc3\"]"),
	T("[\"\xc3(\"]"), T("[\"\xe0\x9f\xbf\"]"), T("[\"\xe2\x82\"]"), T("[\"\xe2\x28\xa1\"]"),
	T("[\"\xed\xa0\x80\"]"), T("[\"\xed\xbf\xbf\"]"), T("[\"\xf0\x8f\xbf\xbf\"]"),
	T("[\"\xf0\x9f\x98\"]"), T("[\"\xf4\x90\x80\x80\"]"), T("[\"\xf5\x80\x80\x80\"]"),
	T("[\"\xf8\x88\x80\x80\x80\"]"), T("[\"\xfe\"]"), T("[\"\xff\"]"), T("[\"\xe9\"]"),
	T("{\"\xff\":1}"), T("[\"\xc3"), T("[\xc3\xa9]"),
	/* before, between and behind */
	T("{} {}"), T("[][]"), T("{}x"), T("{},"), T("[1]2"), T("{}\0"), T("{}\0{}"), T("[1\0]"),
	T("\0{}"), T("[]#"), T("[] // c"), T("/* c */ []"), T("[1 /* c */]"), T("\xef\xbb\xbf{}"),
	T("\xff\xfe[\0]\0"), T("[\v1]"), T("[\f1]"), T("[\xc2\xa0" "1]"), T("[\xe2\x80\xa8" "1]"),
	T("[\b]"), T("[\x7f]"), T("*"), T("<null>"), T("[<]"), T("[\\n]"),
	/* depth 7 */
	T("[[[[[[[]]]]]]]"), T("{\"a\":[{\"a\":[{\"a\":[{}]}]}]}"),
};

static const text_t valid_texts[] = {
	T("{}"), T("[]"), T(" {} "), T("\t\r\n [ \n ] \r"), T("[{}]"), T("{\"\":0}"), T("[[],{}]"),
	T("[0]"), T("[-0]"), T("[-1]"), T("[10]"), T("[1.0]"), T("[0.5]"), T("[1e3]"), T("[1E+3]"),
	T("[1e-3]"), T("[-0.0e-0]"), T("[0e0]"), T("[123456789012345678901234567890]"),
	T("[1e9999]"), T("[true]"), T("[false]"), T("[null]"), T("[true,false,null]"),
	T("[\"\"]"), T("[\"a\"]"), T("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]"), T("[\"\\u0000\"]"),
	T("[\"\\u00e9\\uABCD\"]"), T("[\"\\ud83d\\ude00\"]"), T("[\"\\udbff\\udfff\"]"),
	T("[\"\x7f\"]"), T("[\"\xc2\x80\"]"), T("[\"\xdf\xbf\"]"), T("[\"\xe0\xa0\x80\"]"),
	T("[\"\xed\x9f\xbf\"]"), T("[\"\xee\x80\x80\"]"), T("[\"\xef\xbf\xbf\"]"),
	T("[\"\xf0\x90\x80\x80\"]"), T("[\"\xf4\x8f\xbf\xbf\"]"), T("[\"\xe2\x80\xa8\"]"),
	T("{\"costarring\":1,\"liquid\":2}"), /* of one hash */
	T("{\"a\":1,\"A\":2}"), T("{\"a\":{\"a\":{\"a\":1}}}"), T("[{\"a\":1},{\"a\":1}]"),
	T("{\"a\":1,\"b\":{\"a\":1},\"c\":1}"), T("{\"a\":1,\"aa\":2,\"\":3}"),
	T("{\"e\\u0301\":1,\"\xc3\xa9\":2}"), T("[1 , 2 ,\n3]"), T("{ \"a\" : 1 , \"b\" : [ ] }"),
	T("[[[[[[]]]]]]"), T("{\"a\":[{\"a\":[{\"a\":[]}]}]}"), T("[[[[[[1]]]]],[[[[[2]]]]]]"),
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void what_is_not_json_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(invalid_texts); i++) {
		if (prove(invalid_texts[i].bytes, invalid_texts[i].size))
			fail_msg("case %zu accepted: %s", i, invalid_texts[i].bytes);
		/* … by the proof itself. */
		assert_string_not_equal(json.failures[0].text,
					"the tokeniser disagrees with the proof");
	}
}

static void json_is_accepted_and_every_value_is_a_token(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(valid_texts); i++) {
		if (!prove(valid_texts[i].bytes, valid_texts[i].size))
			fail_msg("case %zu refused: %s: %s", i, valid_texts[i].bytes,
				 json.failures[0].text);
		assert_int_equal(json.count, json.values);
	}
}

static void every_cut_of_a_valid_text_is_refused(void **state)
{
	(void)state;
	static const char text[] =
	    "{\"a\":[1.5e3,true,\"\\ud83d\\ude00\xc3\xa9\"],\"b\":{\"c\":null}}";
	assert_true(prove(text, sizeof(text) - 1));
	for (size_t size = 0; size < sizeof(text) - 1; size++)
		assert_false(prove(text, size));
}

/* Fills `text` with `count` copies of `item`, an opening and a closing one. */
static size_t repeat(char *text, const char *open, const char *item, size_t count,
		     const char *close)
{
	char *at = text + sprintf(text, "%s", open);
	for (size_t i = 0; i < count; i++)
		at += sprintf(at, "%s%s", i ? "," : "", item);
	return (size_t)(at + sprintf(at, "%s", close) - text);
}

static void a_text_may_have_8192_bytes_and_not_one_more(void **state)
{
	(void)state;
	static char text[JSON_SIZE_MAX + 2];
	memset(text, ' ', sizeof(text));
	text[0] = '[';
	text[JSON_SIZE_MAX - 1] = ']';
	assert_true(prove(text, JSON_SIZE_MAX));
	assert_false(prove(text, JSON_SIZE_MAX + 1));
	assert_string_equal(json.failures[0].text, "longer than 8192 bytes");
}

static void a_text_may_have_1024_values_and_not_one_more(void **state)
{
	(void)state;
	char text[2 * JSON_VALUES_MAX + 8];
	size_t size = repeat(text, "[", "1", JSON_VALUES_MAX - 1, "]");
	assert_true(prove(text, size));
	size = repeat(text, "[", "1", JSON_VALUES_MAX, "]");
	assert_false(prove(text, size));
	assert_string_equal(json.failures[0].text, "more than 1024 values");
}

static size_t object_of(char *text, unsigned keys)
{
	char *at = text + sprintf(text, "{");
	for (unsigned i = 0; i < keys; i++)
		at += sprintf(at, "%s\"k%u\":0", i ? "," : "", i);
	return (size_t)(at + sprintf(at, "}") - text);
}

static void an_object_may_have_64_keys_and_not_one_more(void **state)
{
	(void)state;
	char text[JSON_KEYS_MAX * 16];
	assert_true(prove(text, object_of(text, JSON_KEYS_MAX)));
	assert_false(prove(text, object_of(text, JSON_KEYS_MAX + 1)));
	assert_string_equal(json.failures[0].text, "more than 64 keys in one object");
}

static void deep_nesting_is_refused_at_the_seventh_level(void **state)
{
	(void)state;
	char text[JSON_SIZE_MAX];
	memset(text, '[', sizeof(text));
	assert_false(prove(text, sizeof(text)));
	assert_int_equal(json.failures[0].at, JSON_DEPTH_MAX);
	assert_int_equal(json.values, JSON_DEPTH_MAX + 1);
}

static void all_duplicate_keys_are_told_and_the_tokens_stay_readable(void **state)
{
	(void)state;
	static const char text[] = "{\"a\":1,\"a\":2,\"b\":{\"c\":1,\"c\":2},\"a\":3}";
	assert_false(json_prove(&json, text, sizeof(text) - 1));
	assert_int_equal(json.failure_count, 3);
	assert_int_equal(json.failures[0].at, 7);
	assert_int_equal(json.failures[1].at, 24);
	assert_int_equal(json.failures[2].at, 31);
	assert_int_equal(json.count, 13);
}

static void a_syntax_error_leaves_no_tokens(void **state)
{
	(void)state;
	assert_false(prove("{\"a\":1,\"a\":2,}", 14));
	assert_int_equal(json.count, 0);
	assert_string_equal(json.failures[json.failure_count - 1].text,
			    "nothing follows the comma");
}

static void strings_are_decoded_to_code_points(void **state)
{
	(void)state;
	static const char text[] =
	    "[\"a\\n\\/\\u0041\\uabCD\\ud83d\\ude00\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"]";
	static const uint32_t expected[] = {'a',     '\n', '/',	   'A',	   0xabcd,
					    0x1f600, 0xe9, 0x20ac, 0x1f600};
	assert_true(json_prove(&json, text, sizeof(text) - 1));
	size_t at = (size_t)json.tokens[1].start;
	for (size_t i = 0; i < COUNT(expected); i++)
		assert_int_equal(json_character(text, &at), expected[i]);
	assert_int_equal(at, json.tokens[1].end);
}

static void a_string_is_compared_as_a_whole(void **state)
{
	(void)state;
	static const char text[] = "[\"n\\u0061me\"]";
	assert_true(json_prove(&json, text, sizeof(text) - 1));
	assert_true(json_is(&json, 1, "name"));
	assert_false(json_is(&json, 1, "nam"));
	assert_false(json_is(&json, 1, "names"));
	assert_false(json_is(&json, 1, ""));
}

static void a_subtree_is_skipped_as_a_whole(void **state)
{
	(void)state;
	static const char text[] = "[[1,{\"a\":[2]}],3]";
	assert_true(json_prove(&json, text, sizeof(text) - 1));
	assert_int_equal(json_behind(&json, 0), json.count);
	assert_int_equal(json_behind(&json, 1), 7);
	assert_int_equal(json_behind(&json, 7), 8);
}

static void positions_count_lines_and_bytes_from_one(void **state)
{
	(void)state;
	json_position_t position = {0};
	json_go_to("ab\n\ncd", 0, &position);
	assert_int_equal(position.line, 1);
	assert_int_equal(position.column, 1);
	json_go_to("ab\n\ncd", 5, &position);
	assert_int_equal(position.line, 3);
	assert_int_equal(position.column, 2);
	json_go_to("ab\n\ncd", 1, &position);
	assert_int_equal(position.line, 1);
	assert_int_equal(position.column, 2);
}

/* Else 480 errors would have a text of 8 KiB read 480 times. */
static void what_was_passed_is_not_read_again(void **state)
{
	(void)state;
	char text[] = "ab\n\ncd";
	json_position_t position = {0};
	json_go_to(text, 4, &position);
	memset(text, '\n', 4);
	json_go_to(text, 5, &position);
	assert_int_equal(position.line, 3);
	assert_int_equal(position.column, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_not_json_is_refused),
	    cmocka_unit_test(json_is_accepted_and_every_value_is_a_token),
	    cmocka_unit_test(every_cut_of_a_valid_text_is_refused),
	    cmocka_unit_test(a_text_may_have_8192_bytes_and_not_one_more),
	    cmocka_unit_test(a_text_may_have_1024_values_and_not_one_more),
	    cmocka_unit_test(an_object_may_have_64_keys_and_not_one_more),
	    cmocka_unit_test(deep_nesting_is_refused_at_the_seventh_level),
	    cmocka_unit_test(all_duplicate_keys_are_told_and_the_tokens_stay_readable),
	    cmocka_unit_test(a_syntax_error_leaves_no_tokens),
	    cmocka_unit_test(strings_are_decoded_to_code_points),
	    cmocka_unit_test(a_string_is_compared_as_a_whole),
	    cmocka_unit_test(a_subtree_is_skipped_as_a_whole),
	    cmocka_unit_test(positions_count_lines_and_bytes_from_one),
	    cmocka_unit_test(what_was_passed_is_not_read_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
