/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of cap/word.h. */
#include "cap/word.h"

#include "cap/string.h"

word_t word_next(const char **text)
{
	while (**text == ' ')
		++*text;
	word_t word = {.at = *text};
	while (**text && **text != ' ')
		++*text;
	word.length = (size_t)(*text - word.at);
	return word;
}

bool word_is(word_t word, const char *text)
{
	return strlen(text) == word.length && !memcmp(word.at, text, word.length);
}
