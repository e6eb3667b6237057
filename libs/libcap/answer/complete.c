/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of cap/complete.h. A word is of a set, and the sets that may stand at the cursor
 * follow from what is typed before it. */
#include "cap/complete.h"

#include "abi/protocol/operator.h"
#include "cap/command.h"
#include "cap/string.h"
#include "cap/word.h"

/* What may be typed, apart from verbs and names of drivers. */
static const char *const flags[] = {"--json", NULL};
static const char *const log_flags[] = {"--level", "--from", "-f", NULL};
static const char *const manager[] = {"drvmgr", NULL};
static const char *const sources[] = {"init", "input", NULL};
#define LEVEL_WORD(name, value, word) (word),
static const char *const levels[] = {LOG_LEVELS(LEVEL_WORD) NULL};
#undef LEVEL_WORD

enum set {
	VERBS = 1,
	DRIVERS = 2,
	MANAGER = 4,
	SOURCES = 8,
	FLAGS = 16,
	LOG_FLAGS = 32,
	LEVELS = 64
};

static bool is_blank(char c)
{
	return c == ' ';
}

static uint32_t begin_of_word(const complete_t *given)
{
	uint32_t at = given->length;
	while (at && !is_blank(given->line[at - 1]))
		at--;
	return at;
}

/* The next word before `end`, from *at on. */
static word_t next_word(const complete_t *given, uint32_t *at, uint32_t end)
{
	while (*at < end && is_blank(given->line[*at]))
		++*at;
	word_t word = {.at = given->line + *at};
	while (*at < end && !is_blank(given->line[*at]))
		++*at, word.length++;
	return word;
}

static const command_row_t *row_of(word_t verb)
{
	for (uint32_t i = 0; i < COMMAND_COUNT; i++)
		if (word_is(verb, command_rows[i].word))
			return &command_rows[i];
	return NULL;
}

/* Words that may be what the verb is about. */
static uint32_t arguments_of(const command_row_t *row)
{
	switch (row->argument) {
	case OPERATOR_NAME:
		return DRIVERS | (row == &command_rows[COMMAND_KILL] ? MANAGER : 0);
	case OPERATOR_LOG:
		return DRIVERS | MANAGER | SOURCES;
	case OPERATOR_VERB:
		return VERBS;
	default:
		return 0;
	}
}

/* The sets whose words may stand at the cursor. */
static uint32_t sets_at(const complete_t *given, uint32_t begin)
{
	uint32_t at = 0;
	word_t word = next_word(given, &at, begin), verb = word;
	if (!verb.length)
		return VERBS;
	const command_row_t *row = row_of(verb);
	bool named = false, logs = row && row->argument == OPERATOR_LOG;
	if (!row || row->argument == OPERATOR_FILE)
		return 0;
	for (;;) {
		word_t next = next_word(given, &at, begin);
		if (!next.length)
			break;
		bool value =
		    logs && (word_is(word, log_flags[0]) || word_is(word, log_flags[1]));
		named |= *next.at != '-' && !value;
		word = next;
	}
	if (logs && word_is(word, log_flags[0]))
		return LEVELS;
	if (logs && word_is(word, log_flags[1]))
		return 0; /* a number */
	bool dash = begin < given->length && given->line[begin] == '-';
	uint32_t more = FLAGS | (logs ? LOG_FLAGS : 0u), about = named ? 0 : arguments_of(row);
	return dash || !about ? more : about;
}

/* Word number `index` of all that are in one of the sets. Null: there are not so many. */
static const char *word_of(const complete_t *given, uint32_t set, uint32_t index)
{
	static const struct {
		uint32_t set;
		const char *const *words;
	} lists[] = {{MANAGER, manager},
		     {SOURCES, sources},
		     {FLAGS, flags},
		     {LOG_FLAGS, log_flags},
		     {LEVELS, levels}};
	if (set & VERBS) {
		if (index < COMMAND_COUNT)
			return command_rows[index].word;
		index -= COMMAND_COUNT;
	}
	if (set & DRIVERS) {
		if (index < given->count)
			return given->drivers[index].name;
		index -= given->count;
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (const char *const *word = lists[i].words; set & lists[i].set && *word;
		     word++)
			if (!index--)
				return *word;
	return NULL;
}

static bool begins_with(const char *word, const char *with, uint32_t length)
{
	return strlen(word) >= length && !memcmp(word, with, length);
}

const char *complete_match(const complete_t *given, uint32_t index)
{
	uint32_t begin = begin_of_word(given), set = sets_at(given, begin);
	const char *word;
	for (uint32_t i = 0; (word = word_of(given, set, i)); i++)
		if (begins_with(word, given->line + begin, given->length - begin) && !index--)
			return word;
	return NULL;
}

completion_t complete_line(const complete_t *given)
{
	uint32_t begin = begin_of_word(given), length = 0;
	completion_t found = {.typed = given->length - begin};
	const char *word;
	while ((word = complete_match(given, found.matches))) {
		uint32_t same = 0, most = found.matches ? length : COMPLETE_MOST;
		while (same < most && word[same] &&
		       (!found.matches || word[same] == found.word[same]))
			same++;
		if (!found.matches++)
			memcpy(found.word, word, same);
		length = same;
		found.word[length] = '\0';
	}
	return found;
}
