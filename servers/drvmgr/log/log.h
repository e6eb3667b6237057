/* SPDX-License-Identifier: BSD-2-Clause */
/* The system log: lines in a ring, read by position. A reader that is slow or dies loses
 * nothing that the ring still holds. Pure. */
#ifndef DRVMGR_LOG_H
#define DRVMGR_LOG_H

#include <stddef.h>
#include <stdint.h>

#define LOG_SIZE 32768u /* bytes, a power of two */

/* Positions count bytes since boot, wrapping. Invariant LG1, at any time, whatever store of the
 * writer was its last: head - tail <= LOG_SIZE, and between them are whole lines. */
typedef struct log {
	uint32_t head, tail;
	char text[LOG_SIZE];
} log_t;

/* Adds a line of `length` bytes; control characters in it become '?'. Oldest lines make room.
 * At most LOG_LINE_MAX bytes are kept. */
#define LOG_LINE_MAX 240u
void log_add(log_t *log, const char *line, size_t length);

/* Empties a log that would hold more than LOG_SIZE bytes, and so is none. */
void log_recover(log_t *log);

/* Copies text from position *position on, at most `size` bytes; a position whose text is gone
 * or was never there is moved to the oldest line first. The count. */
size_t log_read(const log_t *log, uint32_t *position, char *text, size_t size);

#endif
