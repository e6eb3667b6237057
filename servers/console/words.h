/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of the kernel's command line. Pure. */
#ifndef CONSOLE_WORDS_H
#define CONSOLE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cap/word.h"

#define WORD_TRACE "trace=input" /* each key is logged */

/* All that there are: X("word") */
#define KNOWN_WORDS(X) X(WORD_TRACE)

/* Whether `word` stands in `text` between blanks or its ends. */
bool text_has_word(const char *text, const char *word);

/* Writes what is to be said of word number `index`, from 0, of those on the command line that
 * nobody knows; false: there are not so many. The kernel's own file, which some loaders put in
 * front, is no such word. */
bool words_complain(const char *cmdline, uint32_t index, char *text, size_t size);

#endif
