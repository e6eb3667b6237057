/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of a line of text, between blanks. Pure. */
#ifndef CAP_WORD_H
#define CAP_WORD_H

#include <stdbool.h>
#include <stddef.h>

/* A part of a text, not NUL-terminated. */
typedef struct word {
	const char *at;
	size_t length; /* 0: the text had no more */
} word_t;

/* Takes the next word from *text, which moves behind it. */
word_t word_next(const char **text);

/* Is the word this one? */
bool word_is(word_t word, const char *text);

#endif
