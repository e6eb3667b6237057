/* SPDX-License-Identifier: BSD-2-Clause */
/* An image with names and call-frame information of three functions, by hand. */
#ifndef SYMBOLS_IMAGE_H
#define SYMBOLS_IMAGE_H

#include <stdint.h>
#include <string.h>

#include "libs/libcap/pure/elf_image.h"

#define INNER 0x400100u /* pushes ebp at 0x400101, … */
#define OUTER 0x400200u /* has a frame by ebp from 0x400203 on, … */
#define FIRST 0x400300u /* and this one is called by nobody */
#define EACH  0x100u

#define NAMES_AT   64u
#define SYMBOLS_AT 192u
#define FRAMES_AT  256u
#define HEADERS_AT 512u
#define IMAGE_SIZE (HEADERS_AT + 5u * 40u)

/* clang-format off */
static const uint8_t frames_of_three[] = {
    16, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 0, 1, 0x7c, 8, 0x0c, 4, 4, 0x88, 1, 0, 0,
    28, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x01, 0x40, 0, 0, 1, 0, 0,
	0x41, 0x0e, 8, 0x85, 2,		/* 1: cfa_offset 8, ebp at -8 */
	0x0a, 0x02, 0x10, 0xc5, 0x0e, 4,	/* 0x11: remember, restore ebp, cfa_offset 4 */
	0x41, 0x0b, 0, 0, 0,		/* 0x12: as it was */
    28, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x02, 0x40, 0, 0, 1, 0, 0,
	0x41, 0x0e, 8, 0x85, 2, 0x42, 0x0d, 5,	/* 3: by ebp */
	0x2e, 0x10, 0x08, 3, 0, 0, 0, 0,
    20, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x03, 0x40, 0, 0, 1, 0, 0,
	0x07, 8, 0, 0, 0, 0, 0, 0,		/* eip is lost */
};
/* clang-format on */

static const char section_names[] = "\0.debug_frame\0.symtab\0.strtab";
static const char symbol_names[] = "\0inner.constprop.0\0outer\0first";

static void put_section(uint8_t *image, uint32_t index, uint32_t name, uint32_t type,
			uint32_t offset, uint32_t bytes, uint32_t link)
{
	const uint32_t header[10] = {name, type, 0, 0, offset, bytes, link, 0, 1, 0};
	memcpy(image + HEADERS_AT + index * sizeof(header), header, sizeof(header));
}

static void put_symbol(uint8_t *image, uint32_t index, uint32_t name, uint32_t value)
{
	const uint32_t symbol[4] = {name, value, EACH, 2};
	memcpy(image + SYMBOLS_AT + index * sizeof(symbol), symbol, sizeof(symbol));
}

static void make_image(uint8_t image[IMAGE_SIZE])
{
	elf_header_t header = {.section_offset = HEADERS_AT,
			       .section_size = 40,
			       .section_count = 5,
			       .section_names = 1};
	memset(image, 0, IMAGE_SIZE);
	memcpy(image, &header, sizeof(header));
	memcpy(image + NAMES_AT, section_names, sizeof(section_names));
	memcpy(image + NAMES_AT + 64, symbol_names, sizeof(symbol_names));
	memcpy(image + FRAMES_AT, frames_of_three, sizeof(frames_of_three));
	put_section(image, 1, 0, 3, NAMES_AT, sizeof(section_names), 0);
	put_section(image, 2, 1, 1, FRAMES_AT, sizeof(frames_of_three), 0);
	put_section(image, 3, 14, 2, SYMBOLS_AT, 4 * 16, 4);
	put_section(image, 4, 22, 3, NAMES_AT + 64, sizeof(symbol_names), 0);
	put_symbol(image, 1, 1, INNER);
	put_symbol(image, 2, 19, OUTER);
	put_symbol(image, 3, 25, FIRST);
}

#endif
