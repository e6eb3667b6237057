/* SPDX-License-Identifier: BSD-2-Clause */
/* The system log, twice: as text in a ring, for who carries it to the terminal, read by
 * position; a reader that is slow or dies loses nothing that the ring still holds. And as the
 * lines of history.h, for who asks what was. Pure. */
#ifndef DRVMGR_LOG_H
#define DRVMGR_LOG_H

#include "log/history.h"

#define LOG_SIZE 32768u /* bytes, a power of two */

/* Positions count bytes since boot, wrapping. Invariant LG1, at any time, whatever store of the
 * writer was its last: head - tail <= LOG_SIZE, and between them are whole lines. */
typedef struct log {
	uint32_t head, tail;
	char text[LOG_SIZE];
	history_t history;
} log_t;

/* Adds a line of `length` bytes, of which history_add() is told the same; control characters in
 * it become '?'. Oldest lines make room. At most LOG_LINE_MAX bytes are kept. */
#define LOG_LINE_MAX MANAGER_LOG_LINE_MAX
void log_add(log_t *log, uint32_t source, const manager_log_record_t *mark, const char *line,
	     size_t length);

/* Empties a log that would hold more than LOG_SIZE bytes, and so is none; and makes a history
 * of what is left of it. */
void log_recover(log_t *log);

/* Copies text from position *position on, at most `size` bytes; a position whose text is gone
 * or was never there is moved to the oldest line first. The count. */
size_t log_read(const log_t *log, uint32_t *position, char *text, size_t size);

#endif
