/* SPDX-License-Identifier: BSD-2-Clause */
/* The frames of frame.h. */
#include "frame.h"

#include "cap/string.h"

#define POLYNOMIAL 0xedb88320u

uint32_t frame_check(const uint8_t *bytes, size_t count)
{
	uint32_t check = UINT32_MAX;
	for (size_t i = 0; i < count; i++) {
		check ^= bytes[i];
		for (uint32_t bit = 0; bit < 8; bit++)
			check = check >> 1 ^ (check & 1 ? POLYNOMIAL : 0);
	}
	return ~check;
}

static void put(uint8_t *to, uint32_t value, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++)
		to[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t get(const uint8_t *from, uint32_t bytes)
{
	uint32_t value = 0;
	for (uint32_t i = 0; i < bytes; i++)
		value |= (uint32_t)from[i] << 8 * i;
	return value;
}

size_t frame_encode(const frame_t *frame, uint8_t wire[LINE_WIRE_MAX])
{
	uint8_t raw[LINE_RAW_MAX] = {LINE_VERSION, frame->type, frame->flags, frame->code};
	uint32_t length = frame->length < LINE_DATA_MAX ? frame->length : LINE_DATA_MAX;
	uint32_t bytes = LINE_HEAD + length;
	put(raw + 4, frame->session, 4);
	put(raw + 8, frame->number, 4);
	put(raw + 12, frame->piece, 2);
	put(raw + 14, length, 2);
	memcpy(raw + LINE_HEAD, frame->data, length);
	put(raw + bytes, frame_check(raw, bytes), LINE_CHECK);
	size_t used = 0;
	wire[used++] = LINE_MARK;
	for (uint32_t i = 0; i < bytes + LINE_CHECK; i++) {
		bool escapes = raw[i] == LINE_MARK || raw[i] == LINE_ESCAPE;
		if (escapes)
			wire[used++] = LINE_ESCAPE;
		wire[used++] = escapes ? raw[i] ^ LINE_FLIP : raw[i];
	}
	wire[used++] = LINE_MARK;
	return used;
}

static bool decode(const uint8_t *raw, uint32_t bytes, frame_t *frame)
{
	if (bytes < LINE_HEAD + LINE_CHECK || bytes > LINE_RAW_MAX)
		return false;
	uint32_t length = get(raw + 14, 2), checked = bytes - LINE_CHECK;
	if (raw[0] != LINE_VERSION || length != checked - LINE_HEAD ||
	    get(raw + checked, LINE_CHECK) != frame_check(raw, checked))
		return false;
	*frame = (frame_t){.type = raw[1],
			   .flags = raw[2],
			   .code = raw[3],
			   .session = get(raw + 4, 4),
			   .number = get(raw + 8, 4),
			   .piece = (uint16_t)get(raw + 12, 2),
			   .length = (uint16_t)length};
	memcpy(frame->data, raw + LINE_HEAD, length);
	return true;
}

bool frame_feed(frame_reader_t *reader, uint8_t byte, frame_t *frame)
{
	if (byte == LINE_MARK) {
		bool is_frame = !reader->escaped && decode(reader->raw, reader->used, frame);
		reader->used = 0;
		reader->escaped = false;
		return is_frame;
	}
	if (byte == LINE_ESCAPE) {
		reader->escaped = true;
		return false;
	}
	if (reader->used < LINE_RAW_MAX)
		reader->raw[reader->used] = reader->escaped ? byte ^ LINE_FLIP : byte;
	if (reader->used <= LINE_RAW_MAX)
		reader->used++;
	reader->escaped = false;
	return false;
}
