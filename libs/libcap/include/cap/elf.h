/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks an ELF32 executable (System V ABI, chapters 4 and 5; i386 supplement) and plans what
 * to load. Pure: reads the image, touches nothing else. */
#ifndef CAP_ELF_H
#define CAP_ELF_H

#include <stdbool.h>
#include <stddef.h>

#include "abi/protocol/driver.h"

#define ELF_SEGMENTS_MAX 8u
#define ELF_NOTES_MAX	 4096u /* bytes of a segment of notes */

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

/*@ // What may be loaded: in the file, on pages of its own in the range of programs, and not
    // both writable and executable.
    predicate placed(integer virt, integer bytes) = 1 <= bytes &&
      virt % PAGE_SIZE == 0 && ELF_LOWEST <= virt && virt + bytes <= ELF_HIGHEST;
    predicate segment_good(elf_segment_t s, integer size) = placed(s.virt, s.memory_bytes) &&
      s.file_bytes <= s.memory_bytes && s.offset + s.file_bytes <= size &&
      !(s.write && s.exec);
    predicate apart(elf_segment_t s, elf_segment_t t) =
      s.virt + s.memory_bytes <= t.virt || t.virt + t.memory_bytes <= s.virt;
    predicate plan_good(elf_plan_t p, integer size) = p.count <= ELF_SEGMENTS_MAX &&
      (\forall integer i; 0 <= i < p.count ==> segment_good(p.segments[i], size)) &&
      (\forall integer i, j; 0 <= i < j < p.count ==> apart(p.segments[i], p.segments[j]));
    predicate enters(elf_segment_t s, integer entry) =
      s.exec && s.virt <= entry < s.virt + s.file_bytes;
    predicate entry_good(elf_plan_t p) =
      \exists integer i; 0 <= i < p.count && enters(p.segments[i], p.entry);
    // Proved over bit vectors: test/prove/masks.smt2.
    axiomatic pages {
      axiom page_mask: \forall uint32_t x; (x & 0xfffff000) == x - x % PAGE_SIZE;
      axiom word_mask: \forall uint32_t x; (x & 0xfffffffc) == x - x % 4;
    } */

/* DRV_OK, or DRV_EFORMAT with *why saying what is wrong: cut short, not for this machine,
 * header counts that lie, sizes that wrap, segments that overlap or are writable and
 * executable, addresses outside user space, an entry outside code, notes beyond ELF_NOTES_MAX.
 * How long it takes depends on nothing but these bounds. */
err_t elf_check(const uint8_t *image, size_t size, elf_plan_t *plan, const char **why);

/* The build id of an image that elf_check() has found good: the note that the linker made of
 * all that is in it (ELF_BUILD_ID bytes). False, and `id` is untouched: it has none of that
 * size. */
#define ELF_BUILD_ID 20u
bool elf_build_id(const uint8_t *image, size_t size, uint8_t id[ELF_BUILD_ID]);

#endif
