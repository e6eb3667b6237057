/* SPDX-License-Identifier: BSD-2-Clause */
/* The system log. */
#include "log/log.h"

#include "cap/string.h"

/* What is stored before is there before what is stored behind: a death between the two leaves
 * LG1. */
static void in_order(void)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static void drop_oldest_line(log_t *log)
{
	uint32_t tail = log->tail, head = log->head;
	while (tail != head && log->text[tail % LOG_SIZE] != '\n')
		tail++;
	log->tail = tail != head ? tail + 1 : head;
}

static size_t clean(char *to, const char *line, size_t length)
{
	if (length > LOG_LINE_MAX)
		length = LOG_LINE_MAX;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)line[i];
		to[i] = c < ' ' || c == 0x7f ? '?' : (char)c;
	}
	return length;
}

/* Copies into the ring, behind `head`. */
static uint32_t put(log_t *log, uint32_t head, const char *text, size_t length)
{
	size_t first = LOG_SIZE - head % LOG_SIZE;
	if (first > length)
		first = length;
	memcpy(&log->text[head % LOG_SIZE], text, first);
	memcpy(log->text, text + first, length - first);
	return head + (uint32_t)length;
}

void log_add(log_t *log, uint32_t source, const manager_log_record_t *mark, const char *line,
	     size_t length)
{
	char text[LOG_LINE_MAX + 1];
	length = clean(text, line, length);
	history_add(&log->history, source, mark, text, length);
	text[length++] = '\n';
	while (LOG_SIZE - (log->head - log->tail) < length)
		drop_oldest_line(log);
	in_order();
	uint32_t head = put(log, log->head, text, length);
	in_order();
	log->head = head;
}

void log_recover(log_t *log)
{
	if (log->head - log->tail > LOG_SIZE)
		log->head = log->tail = 0;
	history_recover(&log->history);
}

size_t log_read(const log_t *log, uint32_t *position, char *text, size_t size)
{
	if (*position - log->tail > log->head - log->tail)
		*position = log->tail;
	size_t count = log->head - *position;
	if (count > size)
		count = size;
	size_t first = LOG_SIZE - *position % LOG_SIZE;
	if (first > count)
		first = count;
	memcpy(text, &log->text[*position % LOG_SIZE], first);
	memcpy(text + first, log->text, count - first);
	return count;
}
