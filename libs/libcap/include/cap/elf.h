/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks an ELF32 executable (System V ABI, chapters 4 and 5; i386 supplement) and plans what
 * to load. Pure: reads the image, touches nothing else. */
#ifndef CAP_ELF_H
#define CAP_ELF_H

#include <stdbool.h>
#include <stddef.h>

#include "abi/driver.h"

#define ELF_SEGMENTS_MAX 8u

typedef struct elf_segment {
	uint32_t virt;	       /* page-aligned */
	uint32_t offset;       /* in the file */
	uint32_t file_bytes;   /* <= memory_bytes; the rest is zero */
	uint32_t memory_bytes; /* > 0 */
	bool write, exec;      /* never both */
} elf_segment_t;

typedef struct elf_plan {
	uint32_t entry;
	uint32_t count;
	elf_segment_t segments[ELF_SEGMENTS_MAX];
	bool has_note; /* the ABI statement of a driver is there */
	driver_note_t note;
} elf_plan_t;

/* Everything that is loaded must lie in [ELF_LOWEST, ELF_HIGHEST). */
#define ELF_LOWEST  0x00001000u
#define ELF_HIGHEST DRIVER_MMIO_WINDOW

/* DRV_OK, or DRV_EFORMAT with *why saying what is wrong: cut short, not for this machine,
 * header counts that lie, sizes that wrap, segments that overlap or are writable and
 * executable, addresses outside user space, an entry outside code. */
err_t elf_check(const void *image, size_t size, elf_plan_t *plan, const char **why);

#endif
