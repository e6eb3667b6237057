/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of the log as records, and as text with time and level. Pure. */
#ifndef ANSWER_LOG_H
#define ANSWER_LOG_H

#include "cap/answer.h"

/* "error" and so on; "?" for what is no level. */
const char *log_level_word(uint32_t level);

/* The level of that word, or LOG_LEVEL_COUNT. */
uint32_t log_level_of(const char *word);

/* `line` is what stands behind the record, with a NUL. */
operator_log_t make_log(const manager_log_record_t *record, const char *line,
			scratch_t *scratch);

/* "SECONDS.MILLISECONDS LEVEL " and the line as the serial line has it. */
void about_log(const manager_log_record_t *record, const char *line, char *text, size_t size);

#endif
