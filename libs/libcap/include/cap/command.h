/* SPDX-License-Identifier: BSD-2-Clause */
/* What an operator can type: from text to a verb of abi/protocol/operator.h and a name. Pure;
 * whether there is a driver of that name is not its business. */
#ifndef CAP_COMMAND_H
#define CAP_COMMAND_H

#include <stdbool.h>

#include "cap/answer.h"

#define COMMAND_X_ENUM(verb, word, argument, effect, shape, table, does, more) COMMAND_##verb,
typedef enum command_verb {
	OPERATOR_VERBS(COMMAND_X_ENUM) COMMAND_COUNT,
	COMMAND_NONE = COMMAND_COUNT, /* nothing was typed */
	COMMAND_WRONG,		      /* the text says what to type instead */
} command_verb_t;
#undef COMMAND_X_ENUM

/* A verb's row. */
typedef struct command_row {
	const char *word, *does, *more;
	uint8_t argument; /* enum operator_argument */
	uint8_t effect;	  /* enum operator_effect */
	uint8_t shape;	  /* enum operator_shape */
	uint8_t table;	  /* enum answer_of */
} command_row_t;

extern const command_row_t command_rows[COMMAND_COUNT];

/* `name` is "" where none was typed; of a COMMAND_HELP it is a verb. */
typedef struct command {
	command_verb_t verb;
	bool json;     /* --json was typed */
	bool follows;  /* of a COMMAND_LOG: -f was typed */
	uint8_t level; /* of a COMMAND_LOG: log_level_t, LOG_DEBUG if none was typed */
	uint32_t from; /* of a COMMAND_LOG: the number of a line, or 0 */
	char name[MANAGER_NAME_MAX + 1];
} command_t;

/* Parses one line. `answer` (of `size` bytes) is written for COMMAND_WRONG alone. */
command_t command_parse(const char *text, char *answer, size_t size);

/* The verb's word; "" for no command. */
const char *command_word(command_verb_t verb);

/* Verb number `index` of the list of those, or of the one that `name` is if it is not "".
 * False: there are not so many. */
bool command_help(const char *name, uint32_t index, operator_help_t *record);

#endif
