/* SPDX-License-Identifier: BSD-2-Clause */
/* The archive reader: good archives, and archives that lie or end too soon. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cap/tar.h"

#define BLOCK 512u

static uint8_t archive[64 * BLOCK];
static size_t used;

static void put_checksum(uint8_t *header)
{
	uint32_t sum = 0;
	memset(header + 148, ' ', 8);
	for (uint32_t i = 0; i < BLOCK; i++)
		sum += header[i];
	snprintf((char *)header + 148, 8, "%06o", sum);
}

static uint8_t *add(const char *name, char type, const char *text)
{
	uint8_t *header = archive + used;
	memset(header, 0, BLOCK);
	memcpy(header, name, strlen(name));
	snprintf((char *)header + 124, 12, "%011o", (unsigned)strlen(text));
	header[156] = (uint8_t)type;
	memcpy(header + 257, "ustar\00000", 8);
	put_checksum(header);
	memset(header + BLOCK, 0, BLOCK);
	memcpy(header + BLOCK, text, strlen(text));
	used += *text ? 2 * BLOCK : BLOCK;
	return header;
}

static int setup(void **state)
{
	(void)state;
	memset(archive, 0, sizeof(archive));
	used = 0;
	return 0;
}

/* As tar_next(), on a copy of just that size. */
static err_t next(size_t size, size_t *offset, tar_entry_t *entry)
{
	uint8_t *copy = malloc(size ? size : 1);
	memcpy(copy, archive, size);
	err_t err = tar_next(copy, size, offset, entry);
	if (!err)
		entry->data = archive + ((const uint8_t *)entry->data - copy);
	free(copy);
	return err;
}

static void regular_files_are_found_in_order(void **state)
{
	(void)state;
	size_t at = 0;
	tar_entry_t entry;
	add("dir/", '5', "");
	add("first", '0', "hello");
	add("empty", '\0', "");
	add("link", '2', "");
	add("second", '0', "world!");
	used += 2 * BLOCK;
	assert_int_equal(next(used, &at, &entry), DRV_OK);
	assert_string_equal(entry.name, "first");
	assert_int_equal(entry.size, 5);
	assert_memory_equal(entry.data, "hello", 5);
	assert_int_equal(next(used, &at, &entry), DRV_OK);
	assert_string_equal(entry.name, "empty");
	assert_int_equal(entry.size, 0);
	assert_int_equal(next(used, &at, &entry), DRV_OK);
	assert_string_equal(entry.name, "second");
	assert_int_equal(next(used, &at, &entry), DRV_ENOENT);
	assert_int_equal(tar_find(archive, used, "second", &entry), DRV_OK);
	assert_int_equal(entry.size, 6);
	assert_int_equal(tar_find(archive, used, "third", &entry), DRV_ENOENT);
}

static void a_name_of_100_characters_is_ended(void **state)
{
	(void)state;
	char name[101] = {0};
	size_t at = 0;
	tar_entry_t entry;
	memset(name, 'n', 100);
	add(name, '0', "x");
	assert_int_equal(next(used, &at, &entry), DRV_OK);
	assert_string_equal(entry.name, name);
}

static void an_archive_cut_short_anywhere_reads_nothing_beyond(void **state)
{
	(void)state;
	add("first", '0', "hello");
	for (size_t size = 0; size <= used; size++) {
		size_t at = 0;
		tar_entry_t entry = {.size = 77};
		err_t err = next(size, &at, &entry);
		if (size < BLOCK)
			assert_int_equal(err, DRV_ENOENT);
		else if (size < BLOCK + 5)
			assert_int_equal(err, DRV_EFORMAT);
		else
			assert_int_equal(err, DRV_OK);
		assert_int_equal(entry.size, err ? 77 : 5);
		assert_int_equal(at == 0, err != DRV_OK);
	}
}

static void a_changed_byte_of_a_header_is_noticed(void **state)
{
	(void)state;
	add("first", '0', "hello");
	for (uint32_t i = 0; i < BLOCK; i++) {
		size_t at = 0;
		tar_entry_t entry;
		archive[i] ^= 1;
		/* The checksum field's own end is not read. */
		if (i != 155)
			assert_int_equal(next(used, &at, &entry), DRV_EFORMAT);
		archive[i] ^= 1;
	}
}

static void sizes_that_lie_are_rejected(void **state)
{
	(void)state;
	static const char *const sizes[] = {
	    "77777777777", "40000000000", "37777777777", "00000001001",
	    "           ", "0000000000x", "-0000000001", "\200\0\0\0\0\0\0\0\0\0\1"};
	uint8_t *header = add("first", '0', "hello");
	for (uint32_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t at = 0;
		tar_entry_t entry;
		memcpy(header + 124, sizes[i], 11);
		put_checksum(header);
		assert_int_equal(next(used, &at, &entry), DRV_EFORMAT);
		assert_int_equal(tar_find(archive, used, "first", &entry), DRV_EFORMAT);
	}
	size_t at = 0;
	tar_entry_t entry;
	memcpy(header + 124, "5          ", 11);
	put_checksum(header);
	assert_int_equal(next(used, &at, &entry), DRV_OK);
}

static void an_offset_beyond_the_end_finds_nothing(void **state)
{
	(void)state;
	tar_entry_t entry;
	static const size_t offsets[] = {2 * BLOCK, 2 * BLOCK + 1, (size_t)-1, (size_t)-512};
	add("first", '0', "hello");
	for (uint32_t i = 0; i < 4; i++) {
		size_t at = offsets[i];
		assert_int_equal(next(used, &at, &entry), DRV_ENOENT);
	}
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(regular_files_are_found_in_order),
	    TEST(a_name_of_100_characters_is_ended),
	    TEST(an_archive_cut_short_anywhere_reads_nothing_beyond),
	    TEST(a_changed_byte_of_a_header_is_noticed),
	    TEST(sizes_that_lie_are_rejected),
	    TEST(an_offset_beyond_the_end_finds_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
