/* SPDX-License-Identifier: BSD-2-Clause */
/* The parser of cap/command.h. */
#include "cap/command.h"

#include "cap/format.h"
#include "cap/guess.h"
#include "cap/string.h"
#include "cap/word.h"
#include "log.h"

#define FLAG_JSON   "--json"
#define FLAG_LEVEL  "--level"
#define FLAG_FROM   "--from"
#define FLAG_FOLLOW "-f"

#define VERB_ROW(verb, word, argument, effect, shape, table, does, more)                       \
	[COMMAND_##verb] = {(word),   (does),  (more),		 (argument),                   \
			    (effect), (shape), ANSWER_OF_##table},
const command_row_t command_rows[COMMAND_COUNT] = {OPERATOR_VERBS(VERB_ROW)};
#undef VERB_ROW

/* What is called otherwise elsewhere. */
static const struct {
	const char *word;
	command_verb_t verb;
} elsewhere[] = {{"reload", COMMAND_RESET}, {"list", COMMAND_PS}};
#define ELSEWHERE (sizeof(elsewhere) / sizeof(elsewhere[0]))

/* What was typed, as far as it is looked at. */
typedef struct line {
	word_t verb, name;
	bool more; /* than a name */
	bool json, follows;
	word_t flag; /* that is none */
	bool has_level, has_from;
	word_t level, from; /* what follows these flags */
} line_t;

static bool is_flag(word_t word)
{
	return word.length && *word.at == '-';
}

static line_t read_line(const char *text)
{
	line_t line = {.verb = word_next(&text)};
	bool logs = word_is(line.verb, command_rows[COMMAND_LOG].word);
	for (word_t word = word_next(&text); word.length; word = word_next(&text)) {
		if (word_is(word, FLAG_JSON))
			line.json = true;
		else if (logs && word_is(word, FLAG_FOLLOW))
			line.follows = true;
		else if (logs && word_is(word, FLAG_LEVEL)) {
			line.has_level = true;
			line.level = word_next(&text);
		} else if (logs && word_is(word, FLAG_FROM)) {
			line.has_from = true;
			line.from = word_next(&text);
		} else if (is_flag(word))
			line.flag = line.flag.length ? line.flag : word;
		else if (line.name.length)
			line.more = true;
		else
			line.name = word;
	}
	return line;
}

static void copy_word(word_t word, char *to, size_t most)
{
	size_t length = word.length < most ? word.length : most;
	if (length)
		memcpy(to, word.at, length);
	to[length] = '\0';
}

/* Says that there is no such command, and which one may be meant. */
static void describe_unknown(word_t word, char *answer, size_t size)
{
	char given[GUESS_MAX + 1];
	copy_word(word, given, GUESS_MAX);
	for (char *at = given; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	if (!strcmp(given, "exit") || !strcmp(given, "quit")) {
		format(answer, size,
		       "%s: the prompt has no end; reboot restarts the machine, and Ctrl-A X "
		       "ends QEMU in its terminal",
		       given);
		return;
	}
	guess_t guess = {.given = given};
	for (unsigned verb = 0; verb < COMMAND_COUNT; verb++)
		guess_offer(&guess, command_rows[verb].word);
	for (size_t i = 0; i < ELSEWHERE; i++)
		guess_offer(&guess, elsewhere[i].word);
	for (size_t i = 0; i < ELSEWHERE; i++)
		if (guess.best == elsewhere[i].word)
			guess.best = command_rows[elsewhere[i].verb].word;
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
		if (word_is(word, command_rows[verb].word))
			return (command_verb_t)verb;
	return word_is(word, "?") ? COMMAND_HELP : COMMAND_WRONG;
}

static void describe_flag(const command_row_t *row, word_t flag, char *answer, size_t size)
{
	char given[GUESS_MAX + 1];
	copy_word(flag, given, GUESS_MAX);
	guess_t guess = {.given = given};
	guess_offer(&guess, FLAG_JSON);
	if (row->argument == OPERATOR_LOG) {
		format(answer, size,
		       "%s: it has no flag %.*s; " FLAG_JSON ", " FLAG_FOLLOW ", " FLAG_LEVEL
		       " LEVEL and " FLAG_FROM " NUMBER are all",
		       row->word, (int)flag.length, flag.at);
		return;
	}
	format(answer, size, "%s: it has no flag %.*s%s", row->word, (int)flag.length, flag.at,
	       guess.best ? "; did you mean " FLAG_JSON "?"
			  : "; " FLAG_JSON " is the only one");
}

static const char *const arguments[] = {[OPERATOR_ALONE] = "",
					[OPERATOR_NAME] = "NAME",
					[OPERATOR_VERB] = "VERB",
					[OPERATOR_LOG] = "NAME",
					[OPERATOR_FILE] = "FILE"};

/* The level that was typed, or LOG_LEVEL_COUNT. */
static uint32_t level_of(const line_t *line)
{
	char word[8];
	copy_word(line->level, word, sizeof(word) - 1);
	return line->has_level ? log_level_of(word) : LOG_DEBUG;
}

/* A number of decimal digits that fits 32 bits. */
static bool read_number(word_t word, uint32_t *number)
{
	uint64_t value = 0;
	for (size_t i = 0; i < word.length; i++) {
		if (word.at[i] < '0' || word.at[i] > '9' || i == 10)
			return false;
		value = 10 * value + (uint32_t)(word.at[i] - '0');
	}
	*number = (uint32_t)value;
	return word.length && value <= UINT32_MAX;
}

static bool is_wrong_flag(const line_t *line, char *answer, size_t size)
{
	uint32_t number;
	if (level_of(line) == LOG_LEVEL_COUNT)
		format(answer, size,
		       "log: %.*s is no level; " FLAG_LEVEL " error, warn, info or debug",
		       (int)line->level.length, line->level.at);
	else if (line->has_from && !read_number(line->from, &number))
		format(answer, size,
		       "log: %.*s is no number; " FLAG_FROM " the number of a line",
		       (int)line->from.length, line->from.at);
	else if (line->follows && line->json)
		format(answer, size,
		       "log: " FLAG_FOLLOW " has no end, and so is no JSON; drvctl has both");
	return *answer != '\0';
}

/* Is what follows the verb wrong? Says so then. */
static bool is_wrong(const command_row_t *row, const line_t *line, char *answer, size_t size)
{
	bool lacks = row->argument == OPERATOR_NAME && !line->name.length;
	bool named = row->argument == OPERATOR_NAME || row->argument == OPERATOR_LOG;
	bool takes = row->argument != OPERATOR_ALONE;
	*answer = '\0';
	if (row->argument == OPERATOR_FILE)
		format(answer, size,
		       "%s: that is for drvctl on another machine: there are no "
		       "files here",
		       row->word);
	else if (line->flag.length)
		describe_flag(row, line->flag, answer, size);
	else if (is_wrong_flag(line, answer, size))
		return true;
	else if (line->more || lacks || (line->name.length && !takes))
		format(answer, size, "%s: %s; type %s%s%s", row->word,
		       !takes  ? "it takes no name"
		       : lacks ? "the name of a driver is missing"
		       : named ? "one name at a time"
			       : "one verb at a time",
		       row->word, takes ? " " : " alone", arguments[row->argument]);
	else if (named && line->name.length > MANAGER_NAME_MAX)
		format(answer, size,
		       "%s: no driver has so long a name, the most is %u characters; ps lists "
		       "them",
		       row->word, MANAGER_NAME_MAX);
	else if (takes && !named && line->name.length && find_verb(line->name) == COMMAND_WRONG)
		describe_unknown(line->name, answer, size);
	return *answer != '\0';
}

command_t command_parse(const char *text, char *answer, size_t size)
{
	command_t command = {.verb = COMMAND_NONE};
	line_t line = read_line(text);
	if (!line.verb.length)
		return command;
	command.follows = line.follows;
	command.json = line.json;
	command.verb = find_verb(line.verb);
	if (command.verb == COMMAND_WRONG)
		describe_unknown(line.verb, answer, size);
	else if (is_wrong(&command_rows[command.verb], &line, answer, size))
		command.verb = COMMAND_WRONG;
	else
		copy_word(line.name, command.name, MANAGER_NAME_MAX);
	command.level = (uint8_t)level_of(&line);
	read_number(line.from, &command.from);
	return command;
}

const char *command_word(command_verb_t verb)
{
	return verb < COMMAND_COUNT ? command_rows[verb].word : "";
}

bool command_help(const char *name, uint32_t index, operator_help_t *record)
{
	uint32_t verb = index;
	for (uint32_t i = 0; *name && i < COMMAND_COUNT; i++)
		if (!strcmp(name, command_rows[i].word))
			verb = index + i;
	if (verb >= COMMAND_COUNT || (*name && index))
		return false;
	const command_row_t *row = &command_rows[verb];
	*record = (operator_help_t){0};
	ANSWER_SET(record, help, verb, row->word);
	ANSWER_SET(record, help, argument, row->argument ? arguments[row->argument] : NULL);
	ANSWER_SET(record, help, changes, row->effect == OPERATOR_CHANGES);
	ANSWER_SET(record, help, does, row->does);
	ANSWER_SET(record, help, more, row->more);
	return true;
}
