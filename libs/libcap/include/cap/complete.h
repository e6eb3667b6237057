/* SPDX-License-Identifier: BSD-2-Clause */
/* What Tab makes of a command that is being typed: which words may stand where the cursor is.
 * Pure. */
#ifndef CAP_COMPLETE_H
#define CAP_COMPLETE_H

#include "abi/protocol/manager.h"

#define COMPLETE_MOST MANAGER_NAME_MAX /* characters of a word */

/* What there is before the cursor, `length` characters without a NUL, and whose names are
 * known. */
typedef struct complete {
	const char *line;
	uint32_t length;
	const manager_status_t *drivers; /* names end with a NUL */
	uint32_t count;
} complete_t;

/* What was found. Without a match `word` is "". */
typedef struct completion {
	uint32_t typed;		      /* characters of the word at the cursor */
	uint32_t matches;	      /* words that begin with these */
	char word[COMPLETE_MOST + 1]; /* what all of them begin with */
} completion_t;

completion_t complete_line(const complete_t *given);

/* Match number `index`, from 0; null: there are not so many. */
const char *complete_match(const complete_t *given, uint32_t index);

#endif
