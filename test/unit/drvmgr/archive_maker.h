/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes boot archives for tests: files are added in any order, then packed as they are. */
#ifndef TEST_ARCHIVE_MAKER_H
#define TEST_ARCHIVE_MAKER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "claims/admission.h"
#include "test/unit/elf_head.h"

#define BLOCK	  512u
#define FILES_MAX 48u

typedef struct file {
	char name[100];
	char type;
	const void *data;
	size_t size;
} file_t;

/* The smallest program that is taken: one page of code, and the statement of its ABI. */
typedef struct program_file {
	elf_head_t head;
	elf_part_t program[2];
	uint32_t note_name_size, note_data_size, note_type;
	char note_name[12];
	driver_note_t note;
} program_file_t;

static program_file_t good;
static file_t files[FILES_MAX];
static uint32_t file_count;
static char texts[FILES_MAX][512];
static uint8_t archive[FILES_MAX * 3 * BLOCK];
static size_t archive_size;

static inline void make_program(void)
{
	good = (program_file_t){
	    .head = elf_head(0x400000, 2),
	    .note_name_size = sizeof(DRIVER_NOTE_NAME),
	    .note_data_size = sizeof(driver_note_t),
	    .note_type = DRIVER_NOTE_TYPE,
	    .note = {DRIVER_ABI_MIN, DRIVER_ABI_MAX, DRIVER_CONTEXT_VERSION, ABI_VERSION}};
	memcpy(good.note_name, DRIVER_NOTE_NAME, sizeof(DRIVER_NOTE_NAME));
	good.program[0].type = 1;
	good.program[0].virt = 0x400000;
	good.program[0].file_bytes = good.program[0].memory_bytes = 64;
	good.program[0].flags = 5;
	good.program[1].type = 4;
	good.program[1].offset = offsetof(program_file_t, note_name_size);
	good.program[1].file_bytes = 12 + 12 + sizeof(driver_note_t);
}

static inline void begin_archive(void)
{
	make_program();
	file_count = 0;
}

static inline void add_file(const char *name, char type, const void *data, size_t size)
{
	assert_true(file_count < FILES_MAX);
	file_t *file = &files[file_count++];
	*file = (file_t){.type = type, .data = data, .size = size};
	snprintf(file->name, sizeof(file->name), "%s", name);
}

static inline void add_text(const char *name, const char *text)
{
	char *kept = texts[file_count];
	snprintf(kept, sizeof(texts[0]), "%s", text);
	add_file(name, '0', kept, strlen(kept));
}

static inline void add_program(const char *name)
{
	add_file(name, '0', &good, sizeof(good));
}

/* NAME.drv.json with these members, and the image a.elf. */
static inline void add_manifest(const char *name, const char *more)
{
	char file[100], text[512];
	snprintf(file, sizeof(file), "%s.drv.json", name);
	snprintf(text, sizeof(text), "{\"name\":\"%s\",\"abi\":1,\"image\":\"a.elf\"%s%s}",
		 name, *more ? "," : "", more);
	add_text(file, text);
}

static inline void digest_of(const void *data, size_t size, uint8_t digest[SHA256_SIZE])
{
	sha256_t hash;
	size_t blocks = size / SHA256_BLOCK;
	sha256_begin(&hash);
	sha256_add(&hash, data, blocks);
	sha256_end(&hash, (const char *)data + blocks * SHA256_BLOCK, size, digest);
}

static inline void pack_file(const file_t *file)
{
	uint8_t *header = archive + archive_size;
	uint32_t sum = 0;
	memset(header, 0, BLOCK);
	memcpy(header, file->name, strlen(file->name));
	snprintf((char *)header + 124, 12, "%011o", (unsigned)file->size);
	header[156] = (uint8_t)file->type;
	memcpy(header + 257, "ustar\00000", 8);
	memset(header + 148, ' ', 8);
	for (uint32_t i = 0; i < BLOCK; i++)
		sum += header[i];
	snprintf((char *)header + 148, 8, "%06o", sum);
	archive_size += BLOCK;
	memcpy(archive + archive_size, file->data, file->size);
	archive_size += (file->size + BLOCK - 1) / BLOCK * BLOCK;
	assert_true(archive_size < sizeof(archive));
}

static inline void pack_files(void)
{
	archive_size = 0;
	for (uint32_t i = 0; i < file_count; i++)
		pack_file(&files[i]);
	memset(archive + archive_size, 0, sizeof(archive) - archive_size);
}

#endif
