/* SPDX-License-Identifier: BSD-2-Clause */
/* The build id of an image: found among other notes, and nothing is read beyond what is there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cap/elf.h"
#include "test/unit/elf_head.h"

#define PT_LOAD 1u
#define PT_NOTE 4u

typedef struct note {
	uint32_t name_size, data_size, type;
	char name[4];
	uint8_t data[ELF_BUILD_ID];
} note_t;

typedef struct file {
	elf_head_t head;
	elf_part_t parts[2];
	struct {
		uint32_t name_size, data_size, type;
		char name[12];
		uint8_t data[3]; /* and one to the next word */
	} other;
	note_t note;
} file_t;

static file_t *file;
static uint8_t id[ELF_BUILD_ID];

static int setup(void **state)
{
	(void)state;
	/* Of its very size, so that the sanitizer sees a read beyond. */
	file = calloc(1, sizeof(*file));
	file->head = elf_head(0x400010, 2);
	file->parts[0].type = PT_LOAD;
	file->parts[1] = (elf_part_t){.type = PT_NOTE,
				      .offset = offsetof(file_t, other),
				      .file_bytes = sizeof(file->other) + sizeof(note_t)};
	file->other.name_size = 10;
	file->other.data_size = 3;
	file->other.type = 3;
	memcpy(file->other.name, "Castellan", 10);
	file->note = (note_t){4, ELF_BUILD_ID, 3, "GNU", {1, 2, 3}};
	memset(id, 0xa5, sizeof(id));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(file);
	return 0;
}

static bool has_id(void)
{
	return elf_build_id((const uint8_t *)file, sizeof(*file), id);
}

static void an_id_is_found_behind_other_notes(void **state)
{
	(void)state;
	assert_true(has_id());
	assert_memory_equal(id, file->note.data, sizeof(id));
}

static void what_is_no_id_of_that_size_is_none(void **state)
{
	const note_t good = file->note;
	(void)state;
	file->note.type = 4;
	assert_false(has_id());
	file->note = good;
	file->note.data_size = ELF_BUILD_ID - 4;
	assert_false(has_id());
	file->note = good;
	file->note.name[0] = 'g';
	assert_false(has_id());
	file->note = good;
	file->parts[1].type = PT_LOAD;
	assert_false(has_id());
	for (size_t i = 0; i < sizeof(id); i++)
		assert_int_equal(id[i], 0xa5);
}

/* Where elf_check() said so, nobody asks; nothing is read there all the same. */
static void notes_that_lie_are_none(void **state)
{
	static const uint32_t sizes[] = {0x1000, UINT32_MAX, UINT32_MAX - 3, 0x80000000u};
	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		file->other.name_size = sizes[i];
		assert_false(has_id());
		file->other.name_size = 10;
		file->other.data_size = sizes[i];
		assert_false(has_id());
		file->other.data_size = 3;
		file->parts[1].offset = sizes[i];
		assert_false(has_id());
		file->parts[1].offset = offsetof(file_t, other);
		file->parts[1].file_bytes = sizes[i];
		assert_false(has_id());
		file->parts[1].file_bytes = sizeof(file->other) + sizeof(note_t);
	}
	/* Its padded size is none, and what it says beside leads to the id. */
	file->other.name_size = UINT32_MAX;
	file->other.data_size = sizeof(file->other.name) + 4;
	assert_false(has_id());
	file->other.name_size = 10;
	file->other.data_size = 3;
	for (uint32_t bytes = 0; bytes < sizeof(file->other) + sizeof(note_t); bytes++) {
		file->parts[1].file_bytes = bytes;
		assert_false(has_id());
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_id_is_found_behind_other_notes),
	    TEST(what_is_no_id_of_that_size_is_none),
	    TEST(notes_that_lie_are_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
