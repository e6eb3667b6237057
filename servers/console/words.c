/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of words.h. */
#include "words.h"

#include "cap/format.h"
#include "cap/string.h"

#define SHOWN		 40 /* characters of a word */
#define KERNEL		 ".elf"
#define DIGITS		 4u /* of a number */
#define LIST(word, more) " " word more

bool text_has_word(const char *text, const char *word)
{
	for (;;) {
		word_t next = word_next(&text);
		if (!next.length)
			return false;
		if (word_is(next, word))
			return true;
	}
}

/* Reads the digits that a word is from character `from` on. */
static bool read_number(word_t word, size_t from, uint32_t *number)
{
	uint32_t value = 0;
	if (word.length <= from || word.length - from > DIGITS)
		return false;
	for (size_t i = from; i < word.length; i++) {
		if (word.at[i] < '0' || word.at[i] > '9')
			return false;
		value = 10 * value + (uint32_t)(word.at[i] - '0');
	}
	*number = value;
	return true;
}

static bool begins_with(word_t word, const char *text)
{
	size_t length = strlen(text);
	return word.length >= length && !memcmp(word.at, text, length);
}

uint32_t text_number(const char *text, const char *word)
{
	uint32_t number = 0;
	for (word_t next = word_next(&text); next.length; next = word_next(&text))
		if (begins_with(next, word))
			read_number(next, strlen(word), &number);
	return number;
}

static bool is_known(word_t word)
{
	uint32_t number;
#define IS_ONE(known, more)                                                                    \
	if (*(more) ? begins_with(word, known) && read_number(word, strlen(known), &number)    \
		    : word_is(word, known))                                                    \
		return true;
	KNOWN_WORDS(IS_ONE)
#undef IS_ONE
	return false;
}

/* Whether the word ends like the kernel's file. A path may have blanks: what is before it is of
 * it, too. */
static bool ends_kernel(word_t word)
{
	size_t end = strlen(KERNEL);
	return word.length >= end && !memcmp(word.at + word.length - end, KERNEL, end);
}

static const char *behind_kernel(const char *cmdline)
{
	const char *at = cmdline;
	for (word_t word = word_next(&at); word.length; word = word_next(&at))
		if (ends_kernel(word))
			cmdline = at;
	return cmdline;
}

bool words_complain(const char *cmdline, uint32_t index, char *text, size_t size)
{
	const char *at = behind_kernel(cmdline);
	for (word_t word = word_next(&at); word.length; word = word_next(&at)) {
		if (is_known(word) || index--)
			continue;
		bool cut = word.length > SHOWN;
		format(text, size,
		       "\"%.*s%s\" on the kernel's command line is ignored. Known:" KNOWN_WORDS(
			   LIST),
		       cut ? SHOWN : (int)word.length, word.at, cut ? "..." : "");
		return true;
	}
	return false;
}
