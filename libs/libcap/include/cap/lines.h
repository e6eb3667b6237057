/* SPDX-License-Identifier: BSD-2-Clause */
/* Log lines on their way from a driver to the manager: the ring of abi/protocol/driver.h, which
 * only the driver writes. Neither side waits for the other, and the reader believes nothing
 * that it finds there: whatever the ring holds, taking lines ends. Pure. */
#ifndef CAP_LINES_H
#define CAP_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "abi/protocol/driver.h"

/* Puts the first DRIVER_LINE_MAX bytes of a text as line `number`, in place of the oldest ones
 * where there is no room. `how` is a DRIVER_LINE_HOW(); `data` is the page at DRIVER_LOG. */
void lines_put(driver_lines_t *lines, void *data, uint32_t number, uint32_t how,
	       const char *text, size_t length);

/* The reader's own side. For a new instance all zeros, but for `number`: it goes on. */
typedef struct lines_reader {
	uint32_t position; /* of the next line to take */
	uint32_t number;   /* that it should have */
	uint32_t missed;   /* lines that were overwritten; the owner sets it back to 0 */
} lines_reader_t;

typedef struct lines_line {
	uint32_t how;
	uint32_t length;
	char text[DRIVER_LINE_MAX]; /* no NUL, and any bytes at all */
} lines_line_t;

/* Takes the oldest line that is there. False: there is none, or what is there is no line; all
 * of it is then skipped. */
bool lines_take(lines_reader_t *reader, const driver_lines_t *lines, const void *data,
		lines_line_t *line);

/* Skips all lines that are there but the last `most`, LINES_LAST_MAX at most: the next one that
 * is taken says how many were missed. */
#define LINES_LAST_MAX 64u
void lines_skip(lines_reader_t *reader, const driver_lines_t *lines, const void *data,
		uint32_t most);

/* Whether lines_take() has something to look at. */
bool lines_wait(const lines_reader_t *reader, const driver_lines_t *lines);

#endif
