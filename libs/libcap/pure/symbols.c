/* SPDX-License-Identifier: BSD-2-Clause */
/* Sections and names of cap/symbols.h. */
#include "cap/symbols.h"

#include "cap/string.h"
#include "elf_image.h"

#define SECTIONS_MOST 64u
#define SHT_SYMTAB    2u
#define STT_FUNC      2u
#define TYPE_BITS     0x0fu

typedef struct section_header {
	uint32_t name, type, flags, virt, offset, bytes, link, info, align, each;
} section_header_t;
_Static_assert(sizeof(section_header_t) == 40, "Elf32_Shdr");

typedef struct symbol {
	uint32_t name, value, bytes;
	uint8_t type, other;
	uint16_t section;
} symbol_t;
_Static_assert(sizeof(symbol_t) == 16, "Elf32_Sym");

typedef struct file {
	const uint8_t *at;
	size_t size;
	elf_header_t header;
} file_t;

/* Section number `index`; null: it is not there, is larger than it may be, or has no bytes. */
static const uint8_t *section_at(const file_t *file, uint32_t index, section_header_t *section)
{
	uint64_t offset =
	    (uint64_t)file->header.section_offset + (uint64_t)index * sizeof(*section);
	if (index >= file->header.section_count || offset > file->size ||
	    file->size - offset < sizeof(*section))
		return NULL;
	memcpy(section, file->at + offset, sizeof(*section));
	if (!section->bytes || section->bytes > SYMBOLS_MOST || section->offset > file->size ||
	    section->bytes > file->size - section->offset)
		return NULL;
	return file->at + section->offset;
}

/* Does the name at `offset` of so many bytes of names read like this? */
static bool is_called(const uint8_t *names, uint32_t bytes, uint32_t offset, const char *name)
{
	size_t length = strlen(name) + 1;
	return offset < bytes && length <= bytes - offset &&
	       memcmp(names + offset, name, length) == 0;
}

static void take_section(const file_t *file, uint32_t index, const uint8_t *names,
			 uint32_t name_bytes, symbols_t *symbols)
{
	section_header_t section, strings;
	const uint8_t *at = section_at(file, index, &section);
	if (!at)
		return;
	if (is_called(names, name_bytes, section.name, ".debug_frame")) {
		symbols->frames = at;
		symbols->frame_bytes = section.bytes;
	}
	const uint8_t *texts =
	    section.type == SHT_SYMTAB ? section_at(file, section.link, &strings) : NULL;
	if (texts) {
		symbols->symbols = at;
		symbols->symbol_bytes = section.bytes;
		symbols->names = texts;
		symbols->name_bytes = strings.bytes;
	}
}

void symbols_open(const void *image, size_t size, symbols_t *symbols)
{
	file_t file = {.at = image, .size = size};
	section_header_t section;
	*symbols = (symbols_t){.left = SYMBOLS_COST};
	if (!image || size < sizeof(file.header))
		return;
	memcpy(&file.header, image, sizeof(file.header));
	if (file.header.section_size != sizeof(section) ||
	    file.header.section_count > SECTIONS_MOST)
		return;
	const uint8_t *names = section_at(&file, file.header.section_names, &section);
	uint32_t name_bytes = names ? section.bytes : 0;
	for (uint32_t i = 0; names && i < file.header.section_count; i++)
		take_section(&file, i, names, name_bytes, symbols);
}

/* Copies what is before a dot and has room. False: it is not a name. */
static bool copy_name(const symbols_t *symbols, uint32_t offset, char *name, size_t size)
{
	size_t length = 0;
	for (; offset < symbols->name_bytes && length + 1 < size; offset++, length++) {
		char c = (char)symbols->names[offset];
		if (c == '\0' || c == '.')
			break;
		if (c <= ' ' || c > '~')
			return false;
		name[length] = c;
	}
	name[length] = '\0';
	return length != 0;
}

/* The first function that has the address. */
static bool find(symbols_t *symbols, uint32_t address, symbol_t *symbol)
{
	for (uint32_t at = 0;
	     symbols->symbol_bytes - at >= sizeof(*symbol) && symbols_spend(symbols, 1);
	     at += sizeof(*symbol)) {
		memcpy(symbol, symbols->symbols + at, sizeof(*symbol));
		if ((symbol->type & TYPE_BITS) == STT_FUNC && address >= symbol->value &&
		    address - symbol->value < symbol->bytes)
			return true;
	}
	return false;
}

bool symbols_name(symbols_t *symbols, uint32_t address, char *name, size_t size)
{
	symbol_t symbol;
	if (find(symbols, address, &symbol) && copy_name(symbols, symbol.name, name, size))
		return true;
	*name = '\0';
	return false;
}
