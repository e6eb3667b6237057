/* SPDX-License-Identifier: BSD-2-Clause */
/* The check of cap/elf.h. Also compiled for the host. */
#include "cap/elf.h"

#include "cap/string.h"

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
	uint8_t ident[16];
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

/* Are `bytes` bytes at `offset` inside the file? */
/*@ assigns \nothing;
    ensures \result <==> offset + bytes <= size; */
static bool in_file(size_t size, uint32_t offset, uint32_t bytes)
{
	return offset <= size && bytes <= size - offset;
}

static const char *check_header(const elf_header_t *header, size_t size)
{
	static const uint8_t magic[4] = {0x7f, 'E', 'L', 'F'};
	if (memcmp(header->ident, magic, sizeof(magic)) != 0)
		return "not an ELF file";
	if (header->ident[EI_CLASS] != ELFCLASS32 || header->ident[EI_DATA] != ELFDATA2LSB ||
	    header->machine != EM_386)
		return "not for a 32-bit x86";
	if (header->type != ET_EXEC)
		return "not a static executable";
	if (header->program_size != sizeof(program_header_t) || header->program_count == 0 ||
	    header->program_count > HEADERS_MAX)
		return "a wrong number or size of program headers";
	if (!in_file(size, header->program_offset,
		     (uint32_t)header->program_count * sizeof(program_header_t)))
		return "cut short in the program headers";
	return NULL;
}

/* One past the last page of a checked segment. */
/*@ requires \valid_read(segment) && ELF_LOWEST <= segment->virt;
    requires 1 <= segment->memory_bytes;
    requires segment->virt + segment->memory_bytes <= ELF_HIGHEST;
    assigns \nothing;
    ensures segment->virt + segment->memory_bytes <= \result; */
static uint32_t segment_end(const elf_segment_t *segment)
{
	return (segment->virt + segment->memory_bytes + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

/*@ requires \valid(plan) && \valid_read(header) && \separated(plan, header);
    requires segments_good(plan, size);
    assigns plan->count, plan->segments[0 .. ELF_SEGMENTS_MAX - 1];
    ensures room: plan->count <= ELF_SEGMENTS_MAX;
    ensures each: \forall integer i; 0 <= i < plan->count ==>
      segment_good(&plan->segments[i], size);
    ensures refused: \result != \null ==> plan->count == \old(plan->count);
    ensures added: \result == \null ==> plan->count ==
      \old(plan->count) + (header->memory_bytes != 0 ? 1 : 0); */
static const char *add_segment(elf_plan_t *plan, const program_header_t *header, size_t size)
{
	if (header->memory_bytes == 0)
		return header->file_bytes == 0 ? NULL
					       : "a segment larger in the file than in memory";
	if (header->file_bytes > header->memory_bytes)
		return "a segment larger in the file than in memory";
	if (!in_file(size, header->offset, header->file_bytes))
		return "cut short: a segment lies beyond the end of the file";
	if (header->virt % PAGE_SIZE != 0)
		return "a segment that does not begin on a page";
	if (header->virt < ELF_LOWEST || header->virt >= ELF_HIGHEST ||
	    header->memory_bytes > ELF_HIGHEST - header->virt)
		return "a segment outside the address range of programs";
	if ((header->flags & PF_W) && (header->flags & PF_X))
		return "a segment that is writable and executable";
	if (plan->count == ELF_SEGMENTS_MAX)
		return "too many segments";
	elf_segment_t segment = {.virt = header->virt,
				 .offset = header->offset,
				 .file_bytes = header->file_bytes,
				 .memory_bytes = header->memory_bytes,
				 .write = header->flags & PF_W,
				 .exec = header->flags & PF_X};
	/*@ loop invariant range: 0 <= i <= plan->count;
	    loop invariant sofar: \forall integer j; 0 <= j < i ==>
	      apart(&plan->segments[j], &segment);
	    loop assigns i;
	    loop variant plan->count - i; */
	for (uint32_t i = 0; i < plan->count; i++)
		if (segment.virt < segment_end(&plan->segments[i]) &&
		    plan->segments[i].virt < segment_end(&segment))
			return "segments that overlap";
	/*@ assert sound: segment_good(&segment, size); */
	/*@ assert alone: \forall integer j; 0 <= j < plan->count ==>
	      apart(&plan->segments[j], &segment); */
	plan->segments[plan->count++] = segment;
	return NULL;
}

/* Looks for the driver's ABI statement among the notes of a segment. */
static const char *read_notes(elf_plan_t *plan, const uint8_t *image, size_t size,
			      const program_header_t *header)
{
	if (!in_file(size, header->offset, header->file_bytes))
		return "cut short: the notes lie beyond the end of the file";
	const uint8_t *at = image + header->offset;
	uint32_t left = header->file_bytes;
	note_header_t note;
	while (left >= sizeof(note)) {
		memcpy(&note, at, sizeof(note));
		at += sizeof(note);
		left -= sizeof(note);
		if (note.name_size > left || note.data_size > left)
			return "malformed notes";
		uint32_t name = (note.name_size + 3) & ~3u;
		uint32_t data = (note.data_size + 3) & ~3u;
		if (name > left || data > left - name)
			return "malformed notes";
		if (note.type == DRIVER_NOTE_TYPE &&
		    note.name_size == sizeof(DRIVER_NOTE_NAME) &&
		    note.data_size == sizeof(plan->note) &&
		    memcmp(at, DRIVER_NOTE_NAME, sizeof(DRIVER_NOTE_NAME)) == 0) {
			memcpy(&plan->note, at + name, sizeof(plan->note));
			plan->has_note = true;
		}
		at += name + data;
		left -= name + data;
	}
	return NULL;
}

/*@ requires \valid_read(plan) && segments_good((elf_plan_t *)plan, UINT32_MAX);
    assigns \nothing;
    ensures \result == \null <==> entry_good((elf_plan_t *)plan); */
static const char *check_entry(const elf_plan_t *plan)
{
	/*@ loop invariant 0 <= i <= plan->count;
	    loop invariant \forall integer j; 0 <= j < i ==> !(plan->segments[j].exec &&
	      plan->segments[j].virt <= plan->entry &&
	      plan->entry < plan->segments[j].virt + plan->segments[j].file_bytes);
	    loop assigns i;
	    loop variant plan->count - i; */
	for (uint32_t i = 0; i < plan->count; i++) {
		const elf_segment_t *segment = &plan->segments[i];
		if (segment->exec && plan->entry >= segment->virt &&
		    plan->entry - segment->virt < segment->file_bytes)
			return NULL;
	}
	return "an entry point outside its code";
}

static const char *check(const uint8_t *image, size_t size, elf_plan_t *plan)
{
	elf_header_t header;
	if (size < sizeof(header))
		return "cut short in the ELF header";
	memcpy(&header, image, sizeof(header));
	const char *why = check_header(&header, size);
	plan->entry = header.entry;
	for (uint32_t i = 0; !why && i < header.program_count; i++) {
		program_header_t program;
		memcpy(&program, image + header.program_offset + i * sizeof(program),
		       sizeof(program));
		if (program.type == PT_LOAD)
			why = add_segment(plan, &program, size);
		else if (program.type == PT_NOTE)
			why = read_notes(plan, image, size, &program);
	}
	return why ? why : check_entry(plan);
}

err_t elf_check(const void *image, size_t size, elf_plan_t *plan, const char **why)
{
	elf_plan_t planned = {0};
	*why = check(image, size, &planned);
	if (*why)
		return DRV_EFORMAT;
	*plan = planned;
	return DRV_OK;
}
