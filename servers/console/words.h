/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of the kernel's command line. Pure. */
#ifndef CONSOLE_WORDS_H
#define CONSOLE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/boot.h"
#include "cap/word.h"

#define WORD_TRACE   "trace=input"     /* each key is logged */
#define WORD_CALLS   BOOT_WORD_CALLS   /* init has calls recorded */
#define WORD_COLOUR  "terminal=colour" /* the terminal of the serial line has colours */
#define WORD_COLUMNS "columns="	       /* how many it has; a number is part of the word */

/* All that there are: X("word", "what follows it") */
#define KNOWN_WORDS(X)                                                                         \
	X(WORD_TRACE, "")                                                                      \
	X(WORD_CALLS, "")                                                                      \
	X(WORD_COLOUR, "")                                                                     \
	X(WORD_COLUMNS, "NUMBER")

/* Whether `word` stands in `text` between blanks or its ends. */
bool text_has_word(const char *text, const char *word);

/* The number behind `word`, which is the beginning of one in `text`, of at most four digits; 0:
 * there is none. Of several the last one counts. */
uint32_t text_number(const char *text, const char *word);

/* Writes what is to be said of word number `index`, from 0, of those on the command line that
 * nobody knows; false: there are not so many. The kernel's own file, which some loaders put in
 * front, is no such word. */
bool words_complain(const char *cmdline, uint32_t index, char *text, size_t size);

#endif
