/* SPDX-License-Identifier: BSD-2-Clause */
/* What somebody may have meant who wrote a word that is not known. Pure. */
#ifndef CAP_GUESS_H
#define CAP_GUESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of longer words so many characters are looked at. */
#define GUESS_MAX 31u

/* A search among words that are offered one by one. Zeroed but for `given`. */
typedef struct guess {
	const char *given;
	const char *best; /* null: nothing is near enough */
	uint32_t distance;
} guess_t;

/* Looks at one more word. Near enough is who differs in a third of the given letters or fewer
 * (inserted, left out, changed, or two neighbours swapped), at least in one, or begins with all
 * of them if they are three or more. Of equals the first one stays. */
void guess_offer(guess_t *guess, const char *word);

/* How many such changes make `a` into `b`; longer words are cut. */
uint32_t guess_distance(const char *a, const char *b);

#endif
