/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of words.h. */
#include "words.h"

#include "cap/format.h"
#include "cap/string.h"

#define SHOWN	   40 /* characters of a word */
#define KERNEL	   ".elf"
#define LIST(word) " " word

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

static bool is_known(word_t word)
{
#define IS_ONE(known) || word_is(word, known)
	return false KNOWN_WORDS(IS_ONE);
#undef IS_ONE
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
