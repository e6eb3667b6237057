/* SPDX-License-Identifier: BSD-2-Clause */
/* The archive reader of cap/tar.h. Also compiled for the host. */
#include "cap/tar.h"

#include <stdbool.h>
#include <stdint.h>

#include "cap/string.h"

#define BLOCK TAR_BLOCK

typedef struct tar_header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8];
	char type, link[100], magic[6], version[2], owner[80], prefix[155], rest[12];
} tar_header_t;
_Static_assert(sizeof(tar_header_t) == BLOCK, "ustar header");

/* An octal number, ended by a space or NUL; false if it is none or too large. */
static bool read_octal(const char *text, size_t length, uint32_t *value)
{
	uint32_t number = 0;
	size_t i = 0;
	while (i < length && text[i] == ' ')
		i++;
	size_t first = i;
	for (; i < length && text[i] >= '0' && text[i] <= '7'; i++) {
		if (number >> 29)
			return false;
		number = number << 3 | (uint32_t)(text[i] - '0');
	}
	if (i == first || (i < length && text[i] != ' ' && text[i] != '\0'))
		return false;
	*value = number;
	return true;
}

static bool all_zero(const uint8_t *block)
{
	for (size_t i = 0; i < BLOCK; i++)
		if (block[i])
			return false;
	return true;
}

/* The sum of a block's bytes. Two of each word at once have room for it in half a word. */
static uint32_t sum_of(const void *block)
{
	uint32_t words[BLOCK / 4], pairs = 0;
	_Static_assert(BLOCK / 2 * 0xff <= 0xffff,
		       "half a word has room for half of the bytes");
	memcpy(words, block, BLOCK);
	for (size_t i = 0; i < BLOCK / 4; i++)
		pairs += (words[i] & 0x00ff00ffu) + (words[i] >> 8 & 0x00ff00ffu);
	return (pairs & 0xffff) + (pairs >> 16);
}

/* The sum of all bytes with the checksum field read as spaces. */
static bool checksum_right(const tar_header_t *header)
{
	uint32_t told, sum = sum_of(header);
	for (size_t i = 0; i < sizeof(header->checksum); i++)
		sum += (uint32_t)' ' - (uint8_t)header->checksum[i];
	return read_octal(header->checksum, sizeof(header->checksum), &told) && told == sum;
}

err_t tar_member(const void *archive, size_t size, size_t *offset, tar_entry_t *entry)
{
	const uint8_t *bytes = archive;
	size_t at = *offset;
	if (at > size || size - at < BLOCK)
		return DRV_ENOENT;
	const tar_header_t *header = (const tar_header_t *)(const void *)(bytes + at);
	uint32_t length;
	if (all_zero(bytes + at))
		return DRV_ENOENT;
	if (memcmp(header->magic, "ustar", 5) != 0 || !checksum_right(header) ||
	    !read_octal(header->size, sizeof(header->size), &length))
		return DRV_EFORMAT;
	at += BLOCK;
	if (length > size - at)
		return DRV_EFORMAT;
	size_t padded = ((size_t)length + BLOCK - 1) & ~(size_t)(BLOCK - 1);
	*entry = (tar_entry_t){.type = header->type,
			       .nested = header->prefix[0] != '\0',
			       .data = bytes + at,
			       .size = length};
	memcpy(entry->name, header->name, sizeof(header->name));
	*offset = padded > size - at ? size : at + padded;
	return DRV_OK;
}

err_t tar_next(const void *archive, size_t size, size_t *offset, tar_entry_t *entry)
{
	tar_entry_t found;
	for (;;) {
		err_t err = tar_member(archive, size, offset, &found);
		if (err)
			return err;
		if (found.type == TAR_FILE || found.type == '\0') {
			*entry = found;
			return DRV_OK;
		}
	}
}

err_t tar_find(const void *archive, size_t size, const char *name, tar_entry_t *entry)
{
	size_t offset = 0;
	tar_entry_t found;
	for (;;) {
		err_t err = tar_next(archive, size, &offset, &found);
		if (err)
			return err;
		if (strcmp(found.name, name) == 0) {
			*entry = found;
			return DRV_OK;
		}
	}
}
