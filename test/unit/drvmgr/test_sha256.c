/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of claims/sha256.h with the examples of FIPS 180-4 (NIST, "Example Values", SHA-256),
 * and lengths around the ends of blocks, whose digests are those of sha256sum(1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "claims/sha256.h"

static void expect_digest(const void *data, size_t size, const char *expected)
{
	uint8_t digest[SHA256_SIZE];
	char text[2 * SHA256_SIZE + 1];
	sha256_t hash;
	size_t blocks = size / SHA256_BLOCK, first = blocks / 3; /* in three pieces */
	const char *at = data;
	sha256_begin(&hash);
	sha256_add(&hash, at, first);
	sha256_add(&hash, at + first * SHA256_BLOCK, blocks - first);
	sha256_end(&hash, at + blocks * SHA256_BLOCK, size, digest);
	for (size_t i = 0; i < SHA256_SIZE; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	assert_string_equal(text, expected);
}

static void the_examples_of_the_standard_have_their_digests(void **state)
{
	(void)state;
	expect_digest("", 0,
		      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	expect_digest("abc", 3,
		      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	expect_digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
		      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	expect_digest("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
		      "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
		      112, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
}

static void a_million_bytes_have_their_digest(void **state)
{
	(void)state;
	size_t size = 1000000;
	char *text = malloc(size);
	assert_non_null(text);
	memset(text, 'a', size);
	expect_digest(text, size,
		      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	free(text);
}

static void lengths_around_the_end_of_a_block_have_their_digests(void **state)
{
	(void)state;
	static const struct {
		size_t size;
		const char *digest;
	} rows[] = {
	    {1, "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"},
	    {55, "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072"},
	    {56, "04c26261370ee7541549d16dee320c723e3fd14671e66a099afe0a377c16888e"},
	    {57, "ae14a2563ccf969d99aca69ce6bb74981f734bbf9f655f73b8f06db68cab5217"},
	    {63, "75220b47218278e656f2013bb8f0c455a25eaf01e86c64924e9d48d89776d6f2"},
	    {64, "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c"},
	    {65, "9537c5fdf120482f7d58d25e9ed583f52c02b4e304ea814db1633ad565aed7e9"},
	    {119, "000b48d4edf0fa7bee3c6236ecd2785baa5db4eeb8bb54341b029e0d9fa5fb0c"},
	    {120, "13f05a0b594787f5ecd315edc96141bd3243203d1b7d4f0836f37308b276ba98"},
	    {128, "24da1b81d0b16df6428eee73c69fcb2a93c76bc6df706f0c6670fe6bfe800464"},
	};
	char text[128];
	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect_digest(text, rows[i].size, rows[i].digest);
}

/* Of nothing but its length: what comes before is not hashed again here. */
static void half_a_gigabyte_has_another_digest_than_nothing(void **state)
{
	uint8_t nothing[SHA256_SIZE], long_one[SHA256_SIZE];
	sha256_t hash;
	(void)state;
	sha256_begin(&hash);
	sha256_end(&hash, "", 0, nothing);
	sha256_begin(&hash);
	sha256_end(&hash, "", 1u << 29, long_one);
	assert_memory_not_equal(nothing, long_one, sizeof(nothing));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_examples_of_the_standard_have_their_digests),
	    cmocka_unit_test(a_million_bytes_have_their_digest),
	    cmocka_unit_test(lengths_around_the_end_of_a_block_have_their_digests),
	    cmocka_unit_test(half_a_gigabyte_has_another_digest_than_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
