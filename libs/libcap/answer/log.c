/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of log.h. */
#include "log.h"

#include "cap/format.h"
#include "cap/string.h"

#define SEPARATOR 2u /* ": " */

#define LEVEL_WORD(name, value, word) [value] = (word),
static const char *const words[LOG_LEVEL_COUNT] = {LOG_LEVELS(LEVEL_WORD)};
#undef LEVEL_WORD

const char *log_level_word(uint32_t level)
{
	return level < LOG_LEVEL_COUNT ? words[level] : "?";
}

uint32_t log_level_of(const char *word)
{
	uint32_t level = 0;
	while (level < LOG_LEVEL_COUNT && strcmp(word, words[level]) != 0)
		level++;
	return level;
}

/* The bytes from `from` to `to`, which are a name. Null: there is none. */
static const char *name_of(const char *line, size_t from, size_t to, char *name, size_t size)
{
	if (to <= from || to - from >= size)
		return NULL;
	memcpy(name, line + from, to - from);
	name[to - from] = '\0';
	return name;
}

operator_log_t make_log(const manager_log_record_t *record, const char *line,
			scratch_t *scratch)
{
	operator_log_t log = {0};
	size_t first = 0, end = record->skip > SEPARATOR ? record->skip - SEPARATOR : 0;
	while (first < end && line[first] != ':')
		first++;
	char *source = scratch->text[0], *driver = scratch->text[1];
	size_t size = sizeof(scratch->text[0]);
	bool of_driver = record->source == MANAGER_LOG_OF_DRIVER;
	size_t from = of_driver ? 0 : first + SEPARATOR;
	ANSWER_SET(&log, log, number, record->number);
	ANSWER_SET(&log, log, time, record->time_ms);
	ANSWER_SET(&log, log, level, log_level_word(record->level));
	ANSWER_SET(&log, log, source, name_of(line, 0, first, source, size));
	if (of_driver || record->source == MANAGER_LOG_ABOUT_DRIVER)
		ANSWER_SET(&log, log, driver, name_of(line, from, end, driver, size));
	ANSWER_SET(&log, log, text, line + record->skip);
	return log;
}

void about_log(const manager_log_record_t *record, const char *line, char *text, size_t size)
{
	format(text, size, "%5u.%03u %-5s %s", (unsigned)(record->time_ms / 1000),
	       (unsigned)(record->time_ms % 1000), log_level_word(record->level), line);
}
