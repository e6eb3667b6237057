/* SPDX-License-Identifier: BSD-2-Clause */
/* The ring of cap/lines.h. No system calls; also compiled for the host. */
#include "cap/lines.h"

#define HEADER sizeof(driver_line_t)

/* Of a whole line. The next one begins at a multiple of 4. */
static uint32_t bytes_of(uint32_t length)
{
	return (uint32_t)HEADER + (length + 3) / 4 * 4;
}

static void copy_in(void *data, uint32_t position, const void *from, size_t bytes)
{
	/* NOLINTBEGIN(clang-analyzer-core.uninitialized.Assign): the bytes of a struct */
	for (size_t i = 0; i < bytes; i++)
		((uint8_t *)data)[(position + i) % DRIVER_LOG_BYTES] =
		    ((const uint8_t *)from)[i];
	/* NOLINTEND(clang-analyzer-core.uninitialized.Assign) */
}

static void copy_out(const void *data, uint32_t position, void *to, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		((uint8_t *)to)[i] = ((const uint8_t *)data)[(position + i) % DRIVER_LOG_BYTES];
}

/* The other side may look between any two of these stores, or for ever after one of them. */
static void store(uint32_t *to, uint32_t value)
{
	__atomic_store_n(to, value, __ATOMIC_RELEASE);
}

static uint32_t load(const uint32_t *from)
{
	return __atomic_load_n(from, __ATOMIC_ACQUIRE);
}

/* Where the oldest line begins that may stay when `bytes` bytes follow `next`. A driver that
 * has damaged its own ring loses what is in it. */
static uint32_t make_room(uint32_t first, uint32_t next, const void *data, uint32_t bytes)
{
	while (next - first + bytes > DRIVER_LOG_BYTES) {
		driver_line_t oldest;
		copy_out(data, first, &oldest, HEADER);
		if (next - first > DRIVER_LOG_BYTES || oldest.length > DRIVER_LINE_MAX)
			return next;
		first += bytes_of(oldest.length);
	}
	return first;
}

void lines_put(driver_lines_t *lines, void *data, uint32_t number, uint32_t how,
	       const char *text, size_t length)
{
	driver_line_t header = {.number = number, .how = (uint16_t)how};
	header.length = (uint16_t)(length < DRIVER_LINE_MAX ? length : DRIVER_LINE_MAX);
	uint32_t bytes = bytes_of(header.length), next = lines->next;
	store(&lines->first, make_room(lines->first, next, data, bytes));
	copy_in(data, next, &header, HEADER);
	copy_in(data, next + (uint32_t)HEADER, text, header.length);
	store(&lines->next, next + bytes);
}

/* Reads one line at reader->position, `room` bytes before the end. False: it is none. */
static bool read_line(lines_reader_t *reader, uint32_t room, const void *data,
		      lines_line_t *line)
{
	driver_line_t header;
	if (room < HEADER)
		return false;
	copy_out(data, reader->position, &header, HEADER);
	if (header.length > DRIVER_LINE_MAX || bytes_of(header.length) > room)
		return false;
	line->how = header.how;
	line->length = header.length;
	copy_out(data, reader->position + (uint32_t)HEADER, line->text, header.length);
	reader->missed += header.number - reader->number;
	reader->number = header.number + 1;
	reader->position += bytes_of(header.length);
	return true;
}

bool lines_take(lines_reader_t *reader, const driver_lines_t *lines, const void *data,
		lines_line_t *line)
{
	uint32_t next = load(&lines->next), first = load(&lines->first);
	uint32_t held = next - first;
	if (held > DRIVER_LOG_BYTES) {
		reader->position = next;
		return false;
	}
	if (next - reader->position > held)
		reader->position = first;
	if (next != reader->position && read_line(reader, next - reader->position, data, line))
		return true;
	reader->position = next;
	return false;
}

void lines_skip(lines_reader_t *reader, const driver_lines_t *lines, const void *data,
		uint32_t most)
{
	uint32_t begins[LINES_LAST_MAX], count = 0;
	uint32_t next = load(&lines->next), first = load(&lines->first), held = next - first;
	uint32_t at = next - reader->position > held ? first : reader->position;
	if (held > DRIVER_LOG_BYTES || most == 0)
		return;
	while (next - at >= HEADER) {
		uint16_t length;
		copy_out(data, at + (uint32_t)offsetof(driver_line_t, length), &length,
			 sizeof(length));
		if (length > DRIVER_LINE_MAX || bytes_of(length) > next - at)
			break;
		begins[count++ % most] = at;
		at += bytes_of(length);
	}
	if (count > most)
		reader->position = begins[count % most];
}

bool lines_wait(const lines_reader_t *reader, const driver_lines_t *lines)
{
	return load(&lines->next) != reader->position;
}
