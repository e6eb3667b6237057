/* SPDX-License-Identifier: BSD-2-Clause */
/* The begin of an ELF32 executable that a test makes (System V ABI, chapters 4 and 5): written
 * down once more, so that the reader of images is not tested with its own idea of them. */
#ifndef ELF_HEAD_H
#define ELF_HEAD_H

#include <stdint.h>
#include <string.h>

typedef struct elf_head {
	uint8_t ident[16];
	uint16_t type, machine;
	uint32_t version, entry, program_offset, section_offset, flags;
	uint16_t header_size, program_size, program_count;
	uint16_t section_size, section_count, section_names;
} elf_head_t;

typedef struct elf_part {
	uint32_t type, offset, virt, physical, file_bytes, memory_bytes, flags, align;
} elf_part_t;

/* `count` program headers are right behind the head. */
static inline elf_head_t elf_head(uint32_t entry, uint16_t count)
{
	static const uint8_t ident[16] = {0x7f, 'E', 'L', 'F', 1, 1, 1};
	elf_head_t head = {.type = 2,
			   .machine = 3,
			   .version = 1,
			   .entry = entry,
			   .program_offset = sizeof(elf_head_t),
			   .header_size = sizeof(elf_head_t),
			   .program_size = sizeof(elf_part_t),
			   .program_count = count};
	memcpy(head.ident, ident, sizeof(ident));
	return head;
}

#endif
