/* SPDX-License-Identifier: BSD-2-Clause */
/* The build id of an image. What elf.c has checked of it is not checked again, but no byte is
 * read that is not inside of it. */
#include "cap/string.h"
#include "elf_image.h"

#define NOTE_OWNER    "GNU" /* 4 bytes with its NUL */
#define NOTE_BUILD_ID 3u

/* Whole words. */
static uint32_t padded(uint32_t bytes)
{
	return (bytes + 3) & ~3u;
}

static bool is_inside(size_t size, uint32_t offset, uint32_t bytes)
{
	return offset <= size && bytes <= size - offset;
}

/* The id among `left` bytes of notes, or null. */
static const uint8_t *find(const uint8_t *at, uint32_t left)
{
	note_header_t note;
	while (left >= sizeof(note)) {
		memcpy(&note, at, sizeof(note));
		at += sizeof(note);
		left -= (uint32_t)sizeof(note);
		if (note.name_size > left || note.data_size > left)
			return NULL;
		uint32_t name = padded(note.name_size), used = name + padded(note.data_size);
		if (used < name || used > left)
			return NULL;
		if (note.type == NOTE_BUILD_ID && note.data_size == ELF_BUILD_ID &&
		    note.name_size == sizeof(NOTE_OWNER) &&
		    memcmp(at, NOTE_OWNER, sizeof(NOTE_OWNER)) == 0)
			return at + name;
		at += used;
		left -= used;
	}
	return NULL;
}

bool elf_build_id(const uint8_t *image, size_t size, uint8_t id[ELF_BUILD_ID])
{
	elf_header_t header;
	memcpy(&header, image, sizeof(header));
	for (uint32_t i = 0; i < header.program_count; i++) {
		program_header_t program;
		memcpy(&program, image + header.program_offset + i * sizeof(program),
		       sizeof(program));
		if (program.type != PT_NOTE ||
		    !is_inside(size, program.offset, program.file_bytes))
			continue;
		const uint8_t *found = find(image + program.offset, program.file_bytes);
		if (found) {
			memcpy(id, found, ELF_BUILD_ID);
			return true;
		}
	}
	return false;
}
