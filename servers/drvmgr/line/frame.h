/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames of abi/protocol/line.h: to bytes and back. Pure; whatever bytes come, a frame that is
 * given has the checksum that belongs to it. */
#ifndef LINE_FRAME_H
#define LINE_FRAME_H

#include <stdbool.h>
#include <stddef.h>

#include "abi/protocol/line.h"

typedef struct frame {
	uint8_t type, flags, code;
	uint32_t session, number;
	uint16_t piece, length;
	uint8_t data[LINE_DATA_MAX];
} frame_t;

/* Writes the frame, with its marks. The count of bytes. */
size_t frame_encode(const frame_t *frame, uint8_t wire[LINE_WIRE_MAX]);

/* Begins with zeros. */
typedef struct frame_reader {
	uint32_t used; /* of `raw`; LINE_RAW_MAX + 1: too long */
	bool escaped;
	uint8_t raw[LINE_RAW_MAX];
} frame_reader_t;

/* Takes the next byte of the wire. True: it ends a frame, which *frame is. */
bool frame_feed(frame_reader_t *reader, uint8_t byte, frame_t *frame);

/* Of so many bytes, as abi/protocol/line.h says. */
uint32_t frame_check(const uint8_t *bytes, size_t count);

#endif
