/* SPDX-License-Identifier: BSD-2-Clause */
/* The system log. */
#include "log/log.h"

static char *at(log_t *log, uint32_t position)
{
	return &log->text[position % LOG_SIZE];
}

static void drop_oldest_line(log_t *log)
{
	while (log->tail != log->head && *at(log, log->tail) != '\n')
		log->tail++;
	if (log->tail != log->head)
		log->tail++;
}

void log_add(log_t *log, const char *line, size_t length)
{
	if (length > LOG_LINE_MAX)
		length = LOG_LINE_MAX;
	while (LOG_SIZE - (log->head - log->tail) < length + 1)
		drop_oldest_line(log);
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)line[i];
		*at(log, log->head++) = c < ' ' || c == 0x7f ? '?' : (char)c;
	}
	*at(log, log->head++) = '\n';
}

void log_recover(log_t *log)
{
	if (log->head - log->tail > LOG_SIZE) {
		log->head = log->tail = 0;
		return;
	}
	if (log->tail != log->head && log->tail && *at(log, log->tail - 1) != '\n')
		drop_oldest_line(log);
	if (log->tail == log->head || *at(log, log->head - 1) == '\n')
		return;
	if (log->head - log->tail == LOG_SIZE)
		drop_oldest_line(log);
	*at(log, log->head++) = '\n';
}

size_t log_read(const log_t *log, uint32_t *position, char *text, size_t size)
{
	if (*position - log->tail > log->head - log->tail)
		*position = log->tail;
	size_t count = log->head - *position;
	if (count > size)
		count = size;
	for (size_t i = 0; i < count; i++)
		text[i] = log->text[(*position + i) % LOG_SIZE];
	return count;
}
