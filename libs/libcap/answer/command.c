/* SPDX-License-Identifier: BSD-2-Clause */
/* The parser of cap/command.h. */
#include "cap/command.h"

#include "cap/format.h"
#include "cap/guess.h"
#include "cap/string.h"
#include "cap/word.h"

typedef struct verb_row {
	const char *word;
	bool named;
	const char *help;
} verb_row_t;

#define VERB_ROW(verb, word, named, help) [verb] = {(word), (named), (help)},
static const verb_row_t verbs[COMMAND_COUNT] = {COMMANDS(VERB_ROW)};
#undef VERB_ROW

/* What is called otherwise elsewhere. */
static const struct {
	const char *word;
	command_verb_t verb;
} elsewhere[] = {{"restart", COMMAND_KILL}, {"reload", COMMAND_RESET}, {"list", COMMAND_PS}};
#define ELSEWHERE (sizeof(elsewhere) / sizeof(elsewhere[0]))

/* Says that there is no such command, and which one may be meant. */
static void describe_unknown(word_t word, char *answer, size_t size)
{
	char given[GUESS_MAX + 1];
	size_t length = word.length < GUESS_MAX ? word.length : GUESS_MAX;
	memcpy(given, word.at, length);
	given[length] = '\0';
	guess_t guess = {.given = given};
	for (unsigned verb = 0; verb < COMMAND_COUNT; verb++)
		guess_offer(&guess, verbs[verb].word);
	for (size_t i = 0; i < ELSEWHERE; i++)
		guess_offer(&guess, elsewhere[i].word);
	for (size_t i = 0; i < ELSEWHERE; i++)
		if (guess.best == elsewhere[i].word)
			guess.best = verbs[elsewhere[i].verb].word;
	if (guess.best)
		format(answer, size, "%.*s: no such command; did you mean %s? help lists them",
		       (int)word.length, word.at, guess.best);
	else
		format(answer, size, "%.*s: no such command; type help", (int)word.length,
		       word.at);
}

static command_verb_t find_verb(word_t word)
{
	for (unsigned verb = 0; verb < COMMAND_COUNT; verb++)
		if (word_is(word, verbs[verb].word))
			return (command_verb_t)verb;
	return COMMAND_WRONG;
}

command_t command_parse(const char *text, char *answer, size_t size)
{
	command_t command = {.verb = COMMAND_NONE};
	word_t first = word_next(&text), name = word_next(&text), more = word_next(&text);
	if (!first.length)
		return command;
	command.verb = find_verb(first);
	if (command.verb == COMMAND_WRONG) {
		describe_unknown(first, answer, size);
		return command;
	}
	const verb_row_t *row = &verbs[command.verb];
	if (more.length || (name.length != 0) != row->named) {
		command.verb = COMMAND_WRONG;
		format(answer, size, "%s: %s; type %s%s", row->word,
		       !row->named   ? "it takes no name"
		       : name.length ? "one name at a time"
				     : "the name of a driver is missing",
		       row->word, row->named ? " NAME" : " alone");
	} else if (name.length > MANAGER_NAME_MAX) {
		command.verb = COMMAND_WRONG;
		format(answer, size,
		       "%s: no driver has so long a name, the most is %u characters; ps lists "
		       "them",
		       row->word, MANAGER_NAME_MAX);
	} else {
		memcpy(command.name, name.at, name.length);
	}
	return command;
}

const char *command_word(command_verb_t verb)
{
	return verb < COMMAND_COUNT ? verbs[verb].word : "";
}

bool command_help(uint32_t index, char *text, size_t size)
{
	if (index >= COMMAND_COUNT)
		return false;
	format(text, size, "%-7s %-5s %s", verbs[index].word, verbs[index].named ? "NAME" : "",
	       verbs[index].help);
	return true;
}
