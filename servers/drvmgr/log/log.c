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

void log_add(log_t *log, const char *line, size_t length)
{
	if (length > LOG_LINE_MAX)
		length = LOG_LINE_MAX;
	while (LOG_SIZE - (log->head - log->tail) < length + 1)
		drop_oldest_line(log);
	in_order();
	uint32_t head = log->head;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)line[i];
		log->text[head++ % LOG_SIZE] = c < ' ' || c == 0x7f ? '?' : (char)c;
	}
	log->text[head++ % LOG_SIZE] = '\n';
	in_order();
	log->head = head;
}

void log_recover(log_t *log)
{
	if (log->head - log->tail > LOG_SIZE)
		log->head = log->tail = 0;
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
