/* SPDX-License-Identifier: BSD-2-Clause */
/* Edit distance with swaps of neighbours (optimal string alignment), three rows at a time. */
#include "cap/guess.h"

#include "cap/string.h"

#define PREFIX_MIN 3u

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t length_of(const char *word)
{
	size_t length = strlen(word);
	return length < GUESS_MAX ? (uint32_t)length : GUESS_MAX;
}

/* Row i + 1 of the matrix from the two above it: a[0..i] against all beginnings of b. */
static void fill_row(uint32_t *row, const uint32_t *above, const uint32_t *above_that,
		     const char *a, uint32_t i, const char *b, uint32_t length)
{
	row[0] = i + 1;
	for (uint32_t j = 0; j < length; j++) {
		uint32_t changed = above[j] + (a[i] != b[j]);
		row[j + 1] = least(changed, least(above[j + 1], row[j]) + 1);
		if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j])
			row[j + 1] = least(row[j + 1], above_that[j - 1] + 1);
	}
}

uint32_t guess_distance(const char *a, const char *b)
{
	uint32_t rows[3][GUESS_MAX + 1] = {{0}};
	uint32_t rows_needed = length_of(a), length = length_of(b);
	for (uint32_t j = 0; j <= length; j++)
		rows[0][j] = j;
	for (uint32_t i = 0; i < rows_needed; i++)
		fill_row(rows[(i + 1) % 3], rows[i % 3], rows[(i + 2) % 3], a, i, b, length);
	return rows[rows_needed % 3][length];
}

void guess_offer(guess_t *guess, const char *word)
{
	size_t given = strlen(guess->given), length = strlen(word);
	bool begins = given >= PREFIX_MIN && strncmp(guess->given, word, given) == 0;
	uint32_t most = given < 6 ? 1 : (uint32_t)given / 3;
	if (!begins && (given > length + most || length > given + most))
		return; /* so many letters are too many or missing: the matrix need not be made
			 */
	uint32_t distance = begins ? 1 : guess_distance(guess->given, word);
	if (distance > most || (guess->best && distance >= guess->distance))
		return;
	guess->best = word;
	guess->distance = distance;
}
