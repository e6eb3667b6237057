/* SPDX-License-Identifier: BSD-2-Clause */
/* The log of cap/manager.h, line by line. Whatever an answer holds, a line is inside of it. */
#include "cap/manager.h"

#include "cap/string.h"
#include "cap/syscall.h"

static err_t fill(manager_log_t *log)
{
	uint32_t next = log->ask.from;
	int32_t count =
	    manager_log_records(&log->ask, &next, log->records, sizeof(log->records));
	if (count < 0)
		return count;
	log->ask.from = next;
	log->at = 0;
	log->bytes = (uint32_t)count;
	return count ? DRV_OK : cap_failed(DRV_EAGAIN);
}

err_t manager_log_next(manager_log_t *log, manager_log_line_t *line)
{
	err_t err = log->at < log->bytes ? DRV_OK : fill(log);
	if (err)
		return err;
	const char *from = (const char *)log->records + log->at;
	uint32_t left = log->bytes - log->at;
	log->at = log->bytes; /* what is behind a line that is none is none either */
	if (left < sizeof(line->record))
		return cap_failed(DRV_EIO);
	memcpy(&line->record, from, sizeof(line->record));
	uint32_t length = line->record.length;
	uint32_t size = (uint32_t)sizeof(line->record) + (length + 3) / 4 * 4;
	if (size > left || length > MANAGER_LOG_LINE_MAX || line->record.skip > length ||
	    line->record.level >= LOG_LEVEL_COUNT)
		return cap_failed(DRV_EIO);
	log->at = log->bytes - left + size;
	memcpy(line->line, from + sizeof(line->record), length);
	line->line[length] = '\0';
	return DRV_OK;
}
