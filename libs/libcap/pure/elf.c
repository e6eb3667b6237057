/* SPDX-License-Identifier: BSD-2-Clause */
/* The check of cap/elf.h. Also compiled for the host. */
#include "cap/elf.h"

#include "cap/string.h"
#include "elf_image.h"

/* The four that copy bytes: the proofs trust them and nothing else. */
/*@ requires \valid_read(image + (0 .. 51)) && \valid(header);
    assigns *header;
    exits \false;
    ensures *header == header_at((uint8_t *)image); */
static void read_header(const uint8_t *image, elf_header_t *header)
{
	memcpy(header, image, sizeof(*header));
}

/*@ requires \valid_read(at + (0 .. 31)) && \valid(program);
    assigns *program;
    exits \false;
    ensures *program == program_at((uint8_t *)at); */
static void read_program(const uint8_t *at, program_header_t *program)
{
	memcpy(program, at, sizeof(*program));
}

/*@ requires \valid_read(at + (0 .. 11)) && \valid(note);
    assigns *note;
    exits \false;
    ensures *note == note_at((uint8_t *)at); */
static void read_note(const uint8_t *at, note_header_t *note)
{
	memcpy(note, at, sizeof(*note));
}

/*@ requires \valid_read(at + (0 .. 15)) && \valid(plan);
    assigns plan->has_note, plan->note;
    exits \false; */
static void read_statement(const uint8_t *at, elf_plan_t *plan)
{
	memcpy(&plan->note, at, sizeof(plan->note));
	plan->has_note = true;
}

/* Are `bytes` bytes at `offset` inside the file? */
/*@ assigns \nothing;
    ensures \result <==> offset + bytes <= size; */
static bool in_file(size_t size, uint32_t offset, uint32_t bytes)
{
	return offset <= size && bytes <= size - offset;
}

/*@ requires \valid_read(image + (0 .. size - 1)) && size >= 52 && \valid_read(header);
    requires *header == header_at((uint8_t *)image);
    assigns \nothing;
    ensures \result == \null <==> header_good((uint8_t *)image, size); */
static const char *check_header(const uint8_t *image, size_t size, const elf_header_t *header)
{
	static const uint8_t magic[4] = {0x7f, 'E', 'L', 'F'};
	if (memcmp(image, magic, sizeof(magic)) != 0)
		return "not an ELF file";
	if (image[EI_CLASS] != ELFCLASS32 || image[EI_DATA] != ELFDATA2LSB ||
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

/* One past the last page of a segment. */
/*@ requires placed(virt, bytes);
    assigns \nothing;
    ensures \result % PAGE_SIZE == 0 && virt + bytes <= \result < virt + bytes + PAGE_SIZE; */
static uint32_t segment_end(uint32_t virt, uint32_t bytes)
{
	return (virt + bytes + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

/* May the segment be loaded, as far as it alone says? */
/*@ requires \valid_read(header);
    assigns \nothing;
    ensures \result == \null <==> load_good(*header, size); */
static const char *check_load(const program_header_t *header, size_t size)
{
	if (header->file_bytes > header->memory_bytes)
		return "a segment larger in the file than in memory";
	if (header->memory_bytes == 0)
		return NULL;
	if (!in_file(size, header->offset, header->file_bytes))
		return "cut short: a segment lies beyond the end of the file";
	if (header->virt % PAGE_SIZE != 0)
		return "a segment that does not begin on a page";
	if (header->virt < ELF_LOWEST || header->virt >= ELF_HIGHEST ||
	    header->memory_bytes > ELF_HIGHEST - header->virt)
		return "a segment outside the address range of programs";
	if ((header->flags & PF_W) && (header->flags & PF_X))
		return "a segment that is writable and executable";
	return NULL;
}

/* Has a segment that may be loaded a page in common with one that is planned? */
/*@ requires \valid_read(plan) && \valid_read(header) && plan->count <= ELF_SEGMENTS_MAX;
    requires placed(header->virt, header->memory_bytes);
    requires \forall integer i; 0 <= i < plan->count ==>
      placed(plan->segments[i].virt, plan->segments[i].memory_bytes);
    assigns \nothing;
    ensures \result <==> !clear_of(*plan, *header); */
static bool overlaps(const elf_plan_t *plan, const program_header_t *header)
{
	uint32_t end = segment_end(header->virt, header->memory_bytes);
	/*@ loop invariant 0 <= i <= plan->count;
	    loop invariant \forall integer j; 0 <= j < i ==>
	      misses(plan->segments[j], *header);
	    loop assigns i;
	    loop variant plan->count - i; */
	for (uint32_t i = 0; i < plan->count; i++)
		if (plan->segments[i].virt < end &&
		    header->virt <
			segment_end(plan->segments[i].virt, plan->segments[i].memory_bytes))
			return true;
	return false;
}

/*@ requires \valid(plan) && \valid_read(header) && \separated(plan, header);
    requires plan_good(*plan, size);
    assigns plan->count, plan->segments[0 .. ELF_SEGMENTS_MAX - 1];
    ensures exact: \result == \null <==> \old(load_good(*header, size) &&
      (header->memory_bytes != 0 ==> plan->count < ELF_SEGMENTS_MAX &&
	clear_of(*plan, *header)));
    ensures good: plan_good(*plan, size);
    ensures refused: \result != \null ==> plan->count == \old(plan->count);
    ensures added: \result == \null ==> plan->count ==
      \old(plan->count + (header->memory_bytes != 0 ? 1 : 0));
    ensures kept: kept(\old(*plan), *plan);
    ensures newest: \result == \null && \old(header->memory_bytes) != 0 ==>
      loads(plan->segments[\old(plan->count)], \old(*header)); */
static const char *add_segment(elf_plan_t *plan, const program_header_t *header, size_t size)
{
	const char *why = check_load(header, size);
	if (why || header->memory_bytes == 0)
		return why;
	if (plan->count == ELF_SEGMENTS_MAX)
		return "too many segments";
	if (overlaps(plan, header))
		return "segments that overlap";
	elf_segment_t segment = {.virt = header->virt,
				 .offset = header->offset,
				 .file_bytes = header->file_bytes,
				 .memory_bytes = header->memory_bytes,
				 .write = header->flags & PF_W,
				 .exec = header->flags & PF_X};
	plan->segments[plan->count++] = segment;
	return NULL;
}

/* To whole words. It must not wrap. */
/*@ requires bytes <= UINT32_MAX - 3;
    assigns \nothing;
    ensures \result == whole_words(bytes); */
static uint32_t padded(uint32_t bytes)
{
	return (bytes + 3) & ~3u;
}

/* How many of the `left` bytes the note takes, with its header; 0 if it is malformed. */
/*@ requires \valid_read(note) && left >= 12;
    assigns \nothing;
    ensures \let used = note_used(*note); \result == (used <= left ? used : 0); */
static uint32_t note_bytes(const note_header_t *note, uint32_t left)
{
	left -= sizeof(*note);
	if (note->name_size > left || note->data_size > left)
		return 0;
	uint32_t name = padded(note->name_size);
	uint32_t data = padded(note->data_size);
	return name > left || data > left - name ? 0 : sizeof(*note) + name + data;
}

/* Notes the driver's ABI statement, if that is what the note with its name at `at` is. */
/*@ requires \valid(plan) && \valid_read(note) && \separated(plan, note);
    requires note_used(*note) <= UINT32_MAX;
    requires \valid_read(at + (0 .. note_used(*note) - 13));
    assigns plan->has_note, plan->note; */
static void take_statement(elf_plan_t *plan, const note_header_t *note, const uint8_t *at)
{
	static const uint8_t owner[] = DRIVER_NOTE_NAME;
	if (note->type == DRIVER_NOTE_TYPE && note->name_size == sizeof(owner) &&
	    note->data_size == sizeof(plan->note) && memcmp(at, owner, sizeof(owner)) == 0)
		read_statement(at + padded(sizeof(owner)), plan);
}

/* Looks for the driver's ABI statement among the notes of a segment. */
/*@ requires \valid_read(image + (0 .. size - 1)) && \valid_read(header) && \valid(plan);
    requires \separated(plan, header);
    assigns plan->has_note, plan->note;
    ensures \result == \null <==> header->file_bytes <= ELF_NOTES_MAX &&
      header->offset + header->file_bytes <= size && notes_good((uint8_t *)image +
   header->offset, header->file_bytes); */
static const char *read_notes(elf_plan_t *plan, const uint8_t *image, size_t size,
			      const program_header_t *header)
{
	if (header->file_bytes > ELF_NOTES_MAX)
		return "more than 4096 bytes of notes in a segment";
	if (!in_file(size, header->offset, header->file_bytes))
		return "cut short: the notes lie beyond the end of the file";
	const uint8_t *at = image + header->offset;
	uint32_t left = header->file_bytes;
	note_header_t note;
	/*@ loop invariant 0 <= left <= header->file_bytes;
	    loop invariant at == image + (header->offset + header->file_bytes - left);
	    loop invariant notes_good((uint8_t *)at, left) <==>
	      notes_good((uint8_t *)image + header->offset, header->file_bytes);
	    loop assigns at, left, note, plan->has_note, plan->note;
	    loop variant left; */
	while (left >= sizeof(note)) {
		read_note(at, &note);
		uint32_t used = note_bytes(&note, left);
		if (used == 0)
			return "malformed notes";
		take_statement(plan, &note, at + sizeof(note));
		at += used;
		left -= used;
	}
	return NULL;
}

/*@ requires \valid_read(plan) && plan_good(*plan, UINT32_MAX);
    assigns \nothing;
    ensures \result == \null <==> entry_good(*plan); */
static const char *check_entry(const elf_plan_t *plan)
{
	/*@ loop invariant 0 <= i <= plan->count;
	    loop invariant \forall integer j; 0 <= j < i ==>
	      !enters(plan->segments[j], plan->entry);
	    loop assigns i;
	    loop variant plan->count - i; */
	for (uint32_t i = 0; i < plan->count; i++) {
		elf_segment_t segment = plan->segments[i];
		if (segment.exec && plan->entry >= segment.virt &&
		    plan->entry - segment.virt < segment.file_bytes)
			return NULL;
	}
	return "an entry point outside its code";
}

/*@ requires \valid_read(image + (0 .. size - 1)) && \valid(plan) && \valid_read(program);
    requires \separated(plan, program) && plan_good(*plan, size);
    assigns plan->count, plan->segments[0 .. ELF_SEGMENTS_MAX - 1], plan->has_note,
      plan->note;
    ensures exact: \result == \null <==>
      \old(program_good((uint8_t *)image, size, *program) &&
	(loaded(*program) ==> plan->count < ELF_SEGMENTS_MAX &&
	  clear_of(*plan, *program)));
    ensures good: plan_good(*plan, size);
    ensures added: \result == \null ==>
      plan->count == \old(plan->count + segments_of(*program));
    ensures kept: kept(\old(*plan), *plan);
    ensures newest: \result == \null && \old(loaded(*program)) ==>
      loads(plan->segments[\old(plan->count)], \old(*program)); */
static const char *take_program(elf_plan_t *plan, const uint8_t *image, size_t size,
				const program_header_t *program)
{
	if (program->type == PT_LOAD)
		return add_segment(plan, program, size);
	if (program->type == PT_NOTE)
		return read_notes(plan, image, size, program);
	return NULL;
}

/*@ requires \valid_read(image + (0 .. size - 1)) && \valid(plan) && plan->count == 0;
    assigns *plan;
    ensures exact: \result == \null <==> elf_good((uint8_t *)image, size);
    ensures good: \result == \null ==> plan_good(*plan, size) && entry_good(*plan);
    ensures planned: \result == \null ==> \let h = header_at((uint8_t *)image);
      plan->entry == h.entry && planned(*plan, (uint8_t *)image, h.program_count); */
static const char *check(const uint8_t *image, size_t size, elf_plan_t *plan)
{
	elf_header_t header;
	if (size < sizeof(header))
		return "cut short in the ELF header";
	read_header(image, &header);
	const char *why = check_header(image, size, &header);
	if (why)
		return why;
	plan->entry = header.entry;
	/*@ ghost uint32_t from[ELF_SEGMENTS_MAX]; // the headers of the planned segments */
	/*@ loop invariant 0 <= i <= header.program_count;
	    loop invariant sound: plan_good(*plan, size);
	    loop invariant until: \forall integer k; 0 <= k < i ==>
	      good_at((uint8_t *)image, size, k);
	    loop invariant plan: planned(*plan, (uint8_t *)image, i);
	    loop invariant from: \forall integer j; 0 <= j < plan->count ==>
	      0 <= from[j] < i && loaded(program((uint8_t *)image, from[j])) &&
	      loads(plan->segments[j], program((uint8_t *)image, from[j]));
	    loop assigns i, why, plan->count, plan->segments[0 .. ELF_SEGMENTS_MAX - 1],
	      plan->has_note, plan->note, from[0 .. ELF_SEGMENTS_MAX - 1];
	    loop variant header.program_count - i; */
	for (uint32_t i = 0; i < header.program_count; i++) {
		program_header_t program;
		read_program(image + header.program_offset + i * sizeof(program), &program);
		/*@ assert next: loaded_before((uint8_t *)image, i + 1) == plan->count +
		      segments_of(program((uint8_t *)image, i)); */
		/*@ assert planned: \forall integer j; 0 <= j < plan->count &&
		      disjoint(program((uint8_t *)image, from[j]), program) ==>
		      misses(plan->segments[j], program); */
		/*@ assert others: clear_of(*plan, program) ==> \forall integer k;
		      0 <= k < i && loaded(program((uint8_t *)image, k)) ==>
		      disjoint(program((uint8_t *)image, k), program); */
		why = take_program(plan, image, size, &program);
		/*@ assert exact: why == \null <==> good_at((uint8_t *)image, size, i); */
		if (why)
			return why;
		/*@ ghost if (program.type == PT_LOAD && program.memory_bytes != 0)
		      from[plan->count - 1] = i; */
	}
	/*@ assert in_plan: \forall integer j; 0 <= j < plan->count &&
	      enters(plan->segments[j], plan->entry) ==>
	      holds_entry(program((uint8_t *)image, from[j]), header.entry); */
	/*@ assert in_file: \forall integer k; 0 <= k < header.program_count &&
	      holds_entry(program((uint8_t *)image, k), header.entry) ==>
	      enters(plan->segments[loaded_before((uint8_t *)image, k)], plan->entry); */
	/*@ assert entry: entry_good(*plan) <==> \exists integer k;
	      0 <= k < header.program_count &&
	      holds_entry(program((uint8_t *)image, k), header.entry); */
	return check_entry(plan);
}

/*@ requires \valid_read(image + (0 .. size - 1)) && \valid(plan) && \valid(why);
    requires \separated(plan, why, image + (0 .. size - 1));
    assigns *plan, *why;
    ensures answer: \result == DRV_OK || \result == DRV_EFORMAT;
    ensures said: *why == \null <==> \result == DRV_OK;
    ensures untouched: \result != DRV_OK ==> *plan == \old(*plan);
    ensures exact: \result == DRV_OK <==> elf_good((uint8_t *)image, size);
    ensures good: \result == DRV_OK ==> plan_good(*plan, size) && entry_good(*plan);
    ensures planned: \result == DRV_OK ==> \let h = header_at((uint8_t *)image);
      plan->entry == h.entry && planned(*plan, (uint8_t *)image, h.program_count); */
err_t elf_check(const uint8_t *image, size_t size, elf_plan_t *plan, const char **why)
{
	elf_plan_t planned = {0};
	*why = check(image, size, &planned);
	if (*why)
		return DRV_EFORMAT;
	*plan = planned;
	return DRV_OK;
}
