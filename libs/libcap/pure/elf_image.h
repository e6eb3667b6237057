/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands in an ELF32 executable (System V ABI, chapters 4 and 5), and for the proofs, what
 * makes one good and what is planned of it. */
#ifndef ELF_IMAGE_H
#define ELF_IMAGE_H

#include "cap/elf.h"

#define EI_CLASS    4
#define EI_DATA	    5
#define ELFCLASS32  1
#define ELFDATA2LSB 1
#define ET_EXEC	    2
#define EM_386	    3
#define PT_LOAD	    1u
#define PT_NOTE	    4u
#define PF_X	    1u
#define PF_W	    2u
#define HEADERS_MAX 32u

typedef struct elf_header {
	uint32_t ident[4]; /* bytes, which are read from the image itself */
	uint16_t type, machine;
	uint32_t version, entry, program_offset, section_offset, flags;
	uint16_t header_size, program_size, program_count;
	uint16_t section_size, section_count, section_names;
} elf_header_t;
_Static_assert(sizeof(elf_header_t) == 52, "Elf32_Ehdr");

typedef struct program_header {
	uint32_t type, offset, virt, physical, file_bytes, memory_bytes, flags, align;
} program_header_t;
_Static_assert(sizeof(program_header_t) == 32, "Elf32_Phdr");

typedef struct note_header {
	uint32_t name_size, data_size, type;
} note_header_t;

/*@ // What the bytes of an image stand for, and what of it is good.
    axiomatic images {
      logic elf_header_t header_at{L}(uint8_t *at) reads at[0 .. 51];
      logic program_header_t program_at{L}(uint8_t *at) reads at[0 .. 31];
      logic note_header_t note_at{L}(uint8_t *at) reads at[0 .. 11];
    }
    predicate header_good{L}(uint8_t *image, integer size) = \let h = header_at(image);
      image[0] == 0x7f && image[1] == 'E' && image[2] == 'L' && image[3] == 'F' &&
      image[EI_CLASS] == ELFCLASS32 && image[EI_DATA] == ELFDATA2LSB &&
      h.machine == EM_386 && h.type == ET_EXEC && h.program_size == 32 &&
      1 <= h.program_count <= HEADERS_MAX && h.program_offset + h.program_count * 32 <= size;
    logic program_header_t program{L}(uint8_t *image, integer i) =
      program_at(image + (header_at(image).program_offset + i * 32));
    logic integer segments_of(program_header_t p) =
      p.type == PT_LOAD && p.memory_bytes != 0 ? 1 : 0;
    predicate loaded(program_header_t p) = segments_of(p) == 1;
    predicate load_good(program_header_t p, integer size) = p.memory_bytes == 0 ?
      p.file_bytes == 0 : p.file_bytes <= p.memory_bytes && p.offset + p.file_bytes <= size &&
      placed(p.virt, p.memory_bytes) && !((p.flags & PF_W) && (p.flags & PF_X));
    predicate disjoint(program_header_t p, program_header_t q) =
      p.virt + p.memory_bytes <= q.virt || q.virt + q.memory_bytes <= p.virt;
    predicate holds_entry(program_header_t p, integer entry) = loaded(p) &&
      (p.flags & PF_X) != 0 && p.virt <= entry < p.virt + p.file_bytes;
    predicate loads(elf_segment_t s, program_header_t p) =
      s.virt == p.virt && s.offset == p.offset && s.file_bytes == p.file_bytes &&
      s.memory_bytes == p.memory_bytes && (s.write <==> (p.flags & PF_W) != 0) &&
      (s.exec <==> (p.flags & PF_X) != 0);
    predicate misses(elf_segment_t s, program_header_t p) =
      s.virt + s.memory_bytes <= p.virt || p.virt + p.memory_bytes <= s.virt;
    predicate clear_of(elf_plan_t plan, program_header_t p) =
      \forall integer i; 0 <= i < plan.count ==> misses(plan.segments[i], p);
    predicate kept(elf_plan_t p, elf_plan_t q) =
      \forall integer i; 0 <= i < p.count ==> p.segments[i] == q.segments[i];
    logic integer whole_words(integer bytes) = (bytes + 3) - (bytes + 3) % 4;
    logic integer note_used(note_header_t n) =
      12 + whole_words(n.name_size) + whole_words(n.data_size);
    predicate notes_good{L}(uint8_t *at, integer left) = left < 12 ||
      \let used = note_used(note_at(at));
      used <= left && notes_good(at + used, left - used);
    predicate program_good{L}(uint8_t *image, integer size, program_header_t p) =
      (p.type == PT_LOAD ==> load_good(p, size)) &&
      (p.type == PT_NOTE ==> p.file_bytes <= ELF_NOTES_MAX && p.offset + p.file_bytes <= size &&
	notes_good(image + p.offset, p.file_bytes));
    logic integer loaded_before{L}(uint8_t *image, integer i) = i <= 0 ? 0 :
      loaded_before(image, i - 1) + segments_of(program(image, i - 1));
    // Header i is good, and so are the segments of all headers up to it together.
    predicate good_at{L}(uint8_t *image, integer size, integer i) =
      program_good(image, size, program(image, i)) &&
      loaded_before(image, i + 1) <= ELF_SEGMENTS_MAX &&
      (loaded(program(image, i)) ==> \forall integer k; 0 <= k < i &&
	loaded(program(image, k)) ==> disjoint(program(image, k), program(image, i)));
    predicate elf_good{L}(uint8_t *image, integer size) = size >= 52 &&
      header_good(image, size) && \let h = header_at(image);
      (\forall integer i; 0 <= i < h.program_count ==> good_at(image, size, i)) &&
      (\exists integer i; 0 <= i < h.program_count &&
	holds_entry(program(image, i), h.entry));
    // The plan's segments are those of the first `count` headers, in their order.
    predicate planned{L}(elf_plan_t p, uint8_t *image, integer count) =
      p.count == loaded_before(image, count) &&
      \forall integer i; 0 <= i < count && loaded(program(image, i)) ==>
	0 <= loaded_before(image, i) < p.count &&
	loads(p.segments[loaded_before(image, i)], program(image, i)); */

#endif
