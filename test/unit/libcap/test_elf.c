/* SPDX-License-Identifier: BSD-2-Clause */
/* The ELF check: a good image, and each way in which one can lie. */
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
#define READ	4u
#define WRITE	2u
#define EXEC	1u

typedef struct file {
	elf_head_t head;
	elf_part_t program[34];
	uint32_t note_name_size, note_data_size, note_type;
	char note_name[12];
	driver_note_t note;
	uint8_t content[0x2000];
} file_t;

static file_t *file;
static elf_plan_t plan;

static int setup(void **state)
{
	(void)state;
	/* Of its very size, so that the sanitizer sees a read beyond. */
	file = calloc(1, sizeof(*file));
	file->head = elf_head(0x400010, 3);
	file->program[0].type = PT_LOAD;
	file->program[0].offset = offsetof(file_t, content);
	file->program[0].virt = 0x400000;
	file->program[0].file_bytes = 0x1000;
	file->program[0].memory_bytes = 0x1000;
	file->program[0].flags = READ | EXEC;
	file->program[1] = file->program[0];
	file->program[1].virt = 0x401000;
	file->program[1].memory_bytes = 0x3001;
	file->program[1].flags = READ | WRITE;
	file->program[2].type = PT_NOTE;
	file->program[2].offset = offsetof(file_t, note_name_size);
	file->program[2].file_bytes = 12 + 12 + sizeof(driver_note_t);
	file->note_name_size = sizeof(DRIVER_NOTE_NAME);
	file->note_data_size = sizeof(driver_note_t);
	file->note_type = DRIVER_NOTE_TYPE;
	memcpy(file->note_name, DRIVER_NOTE_NAME, sizeof(DRIVER_NOTE_NAME));
	file->note = (driver_note_t){1, 2, 3, 4};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(file);
	return 0;
}

static void accepted(void)
{
	const char *why = "not asked";
	assert_int_equal(elf_check((const uint8_t *)file, sizeof(*file), &plan, &why), DRV_OK);
	assert_null(why);
}

static void rejected_size(size_t size)
{
	elf_plan_t before;
	const char *why = NULL;
	memset(&plan, 0x5a, sizeof(plan));
	before = plan;
	assert_int_equal(elf_check((const uint8_t *)file, size, &plan, &why), DRV_EFORMAT);
	assert_non_null(why);
	assert_memory_equal(&before, &plan, sizeof(plan));
}

static void rejected(void)
{
	rejected_size(sizeof(*file));
}

static void a_good_image_is_planned(void **state)
{
	(void)state;
	accepted();
	assert_int_equal(plan.entry, 0x400010);
	assert_int_equal(plan.count, 2);
	assert_true(plan.segments[0].exec && !plan.segments[0].write);
	assert_true(plan.segments[1].write && !plan.segments[1].exec);
	assert_int_equal(plan.segments[1].memory_bytes, 0x3001);
	assert_int_equal(plan.segments[1].offset, offsetof(file_t, content));
	assert_true(plan.has_note);
	assert_int_equal(plan.note.kernel_abi, 4);
	file->note_type = 2;
	accepted();
	assert_false(plan.has_note);
}

static void notes_up_to_the_bound_are_walked(void **state)
{
	(void)state;
	file->program[2].file_bytes = ELF_NOTES_MAX;
	file->note_data_size = ELF_NOTES_MAX - 24;
	accepted();
}

static void an_image_cut_short_anywhere_is_rejected(void **state)
{
	(void)state;
	size_t needed = offsetof(file_t, content) + 0x1000;
	for (size_t size = 0; size < needed; size += size < 1300 ? 1 : 97) {
		file_t *whole = file;
		/* An exact copy: nothing behind it may be read. */
		file = malloc(size ? size : 1);
		memcpy(file, whole, size);
		rejected_size(size);
		free(file);
		file = whole;
	}
	const char *why;
	assert_int_equal(elf_check((const uint8_t *)file, needed, &plan, &why), DRV_OK);
}

#define SPOILS(name, statement)                                                                \
	static void name(void **state)                                                         \
	{                                                                                      \
		(void)state;                                                                   \
		accepted();                                                                    \
		statement;                                                                     \
		rejected();                                                                    \
	}

SPOILS(another_magic_is_rejected, file->head.ident[3] = 'G')
SPOILS(a_64_bit_file_is_rejected, file->head.ident[4] = 2)
SPOILS(a_big_endian_file_is_rejected, file->head.ident[5] = 2)
SPOILS(another_machine_is_rejected, file->head.machine = 62)
SPOILS(a_shared_object_is_rejected, file->head.type = 3)
SPOILS(another_header_size_is_rejected, file->head.program_size = 33)
SPOILS(no_headers_are_rejected, file->head.program_count = 0)
SPOILS(too_many_headers_are_rejected, file->head.program_count = 33)
SPOILS(headers_beyond_the_end_are_rejected, file->head.program_offset = sizeof(*file) - 95)
SPOILS(headers_that_wrap_are_rejected, file->head.program_offset = 0xffffffe0)
SPOILS(more_in_the_file_than_in_memory_is_rejected, file->program[0].memory_bytes = 0xfff)
SPOILS(file_bytes_without_memory_are_rejected, file->program[0].memory_bytes = 0)
SPOILS(an_offset_that_wraps_is_rejected, file->program[0].offset = 0xfffff800)
SPOILS(a_size_that_wraps_is_rejected,
       file->program[0].file_bytes = file->program[0].memory_bytes = 0xffffffff)
SPOILS(an_unaligned_segment_is_rejected, file->program[1].virt = 0x401800)
SPOILS(the_first_page_is_rejected, file->program[1].virt = 0)
SPOILS(the_windows_address_is_rejected, file->program[1].virt = ELF_HIGHEST)
SPOILS(a_segment_into_the_window_is_rejected, file->program[1].virt = ELF_HIGHEST - 0x3000)
SPOILS(a_kernel_address_is_rejected, file->program[1].virt = 0xc0000000)
SPOILS(an_address_that_wraps_is_rejected, file->program[1].virt = 0xfffff000)
SPOILS(memory_that_wraps_is_rejected, file->program[1].memory_bytes = 0xffffffff)
SPOILS(writable_code_is_rejected, file->program[0].flags = READ | WRITE | EXEC)
SPOILS(overlapping_segments_are_rejected, file->program[1].virt = 0x400000)
SPOILS(segments_that_share_a_page_are_rejected, file->program[0].memory_bytes = 0x1001)
SPOILS(an_entry_before_the_code_is_rejected, file->head.entry = 0x3fffff)
SPOILS(an_entry_behind_the_code_is_rejected, file->head.entry = 0x401000)
SPOILS(an_entry_in_data_is_rejected, file->head.entry = 0x401010)
SPOILS(notes_beyond_the_end_are_rejected, file->program[2].offset = sizeof(*file) - 8)
SPOILS(more_notes_than_the_bound_are_rejected, file->program[2].file_bytes = ELF_NOTES_MAX + 1)
SPOILS(a_note_name_that_wraps_is_rejected, file->note_name_size = 0xffffffff)
SPOILS(note_data_that_wraps_is_rejected, file->note_data_size = 0xfffffffe)
SPOILS(a_note_longer_than_its_segment_is_rejected, file->note_data_size = 17)

static void nine_segments_are_too_many(void **state)
{
	(void)state;
	file->program[2] = file->program[1];
	for (uint32_t i = 1; i < 9; i++) {
		file->program[i] = file->program[1];
		file->program[i].virt = 0x400000 + i * 0x10000;
	}
	file->head.program_count = 8;
	accepted();
	assert_int_equal(plan.count, 8);
	file->head.program_count = 9;
	rejected();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_good_image_is_planned),
	    TEST(notes_up_to_the_bound_are_walked),
	    TEST(an_image_cut_short_anywhere_is_rejected),
	    TEST(another_magic_is_rejected),
	    TEST(a_64_bit_file_is_rejected),
	    TEST(a_big_endian_file_is_rejected),
	    TEST(another_machine_is_rejected),
	    TEST(a_shared_object_is_rejected),
	    TEST(another_header_size_is_rejected),
	    TEST(no_headers_are_rejected),
	    TEST(too_many_headers_are_rejected),
	    TEST(headers_beyond_the_end_are_rejected),
	    TEST(headers_that_wrap_are_rejected),
	    TEST(more_in_the_file_than_in_memory_is_rejected),
	    TEST(file_bytes_without_memory_are_rejected),
	    TEST(an_offset_that_wraps_is_rejected),
	    TEST(a_size_that_wraps_is_rejected),
	    TEST(an_unaligned_segment_is_rejected),
	    TEST(the_first_page_is_rejected),
	    TEST(the_windows_address_is_rejected),
	    TEST(a_segment_into_the_window_is_rejected),
	    TEST(a_kernel_address_is_rejected),
	    TEST(an_address_that_wraps_is_rejected),
	    TEST(memory_that_wraps_is_rejected),
	    TEST(writable_code_is_rejected),
	    TEST(overlapping_segments_are_rejected),
	    TEST(segments_that_share_a_page_are_rejected),
	    TEST(an_entry_before_the_code_is_rejected),
	    TEST(an_entry_behind_the_code_is_rejected),
	    TEST(an_entry_in_data_is_rejected),
	    TEST(notes_beyond_the_end_are_rejected),
	    TEST(more_notes_than_the_bound_are_rejected),
	    TEST(a_note_name_that_wraps_is_rejected),
	    TEST(note_data_that_wraps_is_rejected),
	    TEST(a_note_longer_than_its_segment_is_rejected),
	    TEST(nine_segments_are_too_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
