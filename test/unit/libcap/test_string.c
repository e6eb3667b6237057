/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions of cap/string.h as the target has them, beside the host's own: all short
 * lengths, from and to any byte of a word, and not a byte beyond. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define memcpy	own_memcpy
#define memmove own_memmove
#define memset	own_memset
#define memcmp	own_memcmp
#define strlen	own_strlen
#define strcmp	own_strcmp
#define strncmp own_strncmp
#define strchr	own_strchr
#include "libs/libcap/pure/string.c"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef strlen
#undef strcmp
#undef strncmp
#undef strchr

#define BYTES 48u
#define MOST  (BYTES - 8)

/* Different bytes, some with the highest bit. */
static void fill(uint8_t *bytes, uint8_t first)
{
	for (unsigned i = 0; i < BYTES; i++)
		bytes[i] = (uint8_t)(first + i * 37);
}

static int sign(int value)
{
	return (value > 0) - (value < 0);
}

static void a_copy_is_of_so_many_bytes(void **state)
{
	(void)state;
	uint8_t from[BYTES], to[BYTES], right[BYTES];
	fill(from, 0);
	for (unsigned i = 0; i < 16 * MOST; i++) {
		unsigned length = i / 16, source = i / 4 % 4, target = i % 4;
		fill(to, 101);
		fill(right, 101);
		for (unsigned j = 0; j < length; j++)
			right[target + j] = from[source + j];
		assert_ptr_equal(own_memcpy(to + target, from + source, length), to + target);
		assert_memory_equal(to, right, BYTES);
	}
}

static void what_overlaps_is_moved_as_if_it_did_not(void **state)
{
	(void)state;
	uint8_t bytes[BYTES], right[BYTES];
	for (unsigned i = 0; i < 81 * MOST; i++) {
		unsigned length = i / 81, source = i / 9 % 9, target = i % 9;
		if (source + length > BYTES || target + length > BYTES)
			continue;
		fill(bytes, 0);
		fill(right, 0);
		memmove(right + target, right + source, length);
		assert_ptr_equal(own_memmove(bytes + target, bytes + source, length),
				 bytes + target);
		assert_memory_equal(bytes, right, BYTES);
	}
}

static void so_many_bytes_are_set(void **state)
{
	(void)state;
	uint8_t bytes[BYTES], right[BYTES];
	for (unsigned i = 0; i < 4 * MOST; i++) {
		unsigned length = i / 4, target = i % 4;
		fill(bytes, 0);
		fill(right, 0);
		for (unsigned j = 0; j < length; j++)
			right[target + j] = 0x9a;
		assert_ptr_equal(own_memset(bytes + target, 0x1239a, length), bytes + target);
		assert_memory_equal(bytes, right, BYTES);
	}
}

/* Bytes count as unsigned, and the first that differs decides. */
static void memory_is_compared_up_to_its_end(void **state)
{
	(void)state;
	uint8_t a[BYTES], b[BYTES];
	for (unsigned length = 0; length < MOST; length++)
		for (unsigned at = 0; at < BYTES; at++) {
			fill(a, 0);
			fill(b, 0);
			a[at] = 0x80;
			b[at] = 0x7f;
			if (at + 1 < BYTES)
				b[at + 1] = (uint8_t)(a[at + 1] + 1);
			int right = at < length ? 1 : 0;
			assert_int_equal(sign(own_memcmp(a, b, length)), right);
			assert_int_equal(sign(own_memcmp(b, a, length)), -right);
		}
}

static void texts_are_measured_and_compared(void **state)
{
	(void)state;
	static const char *const texts[] = {"",	   "a",	   "b",	    "ab",   "abc",
					    "abd", "abcd", "\200b", "\xff", "a\xff"};
	enum { TEXTS = sizeof(texts) / sizeof(texts[0]) };
	for (unsigned i = 0; i < TEXTS; i++) {
		assert_int_equal(own_strlen(texts[i]), strlen(texts[i]));
		for (unsigned j = 0; j < TEXTS; j++) {
			assert_int_equal(sign(own_strcmp(texts[i], texts[j])),
					 sign(strcmp(texts[i], texts[j])));
			for (unsigned most = 0; most < 6; most++)
				assert_int_equal(sign(own_strncmp(texts[i], texts[j], most)),
						 sign(strncmp(texts[i], texts[j], most)));
		}
	}
}

static void a_character_is_found_where_it_is_first(void **state)
{
	(void)state;
	const char *text = "abca\xff";
	assert_ptr_equal(own_strchr(text, 'a'), text);
	assert_ptr_equal(own_strchr(text, 'c'), text + 2);
	assert_ptr_equal(own_strchr(text, '\xff'), text + 4);
	assert_ptr_equal(own_strchr(text, 0x100 + 'b'), text + 1);
	assert_ptr_equal(own_strchr(text, '\0'), text + 5);
	assert_null(own_strchr(text, 'd'));
	assert_null(own_strchr("", 'a'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_copy_is_of_so_many_bytes),
	    cmocka_unit_test(what_overlaps_is_moved_as_if_it_did_not),
	    cmocka_unit_test(so_many_bytes_are_set),
	    cmocka_unit_test(memory_is_compared_up_to_its_end),
	    cmocka_unit_test(texts_are_measured_and_compared),
	    cmocka_unit_test(a_character_is_found_where_it_is_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
