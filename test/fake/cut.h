/* SPDX-License-Identifier: BSD-2-Clause */
/* Deaths in a host test, at each point where one can matter: before each store to pages that
 * are kept, and where the test says so. A run is made once, and at each of its points all that
 * outlives a death is put aside: the pages, and what else the test names, as its device. Then
 * the test goes back to one point after the other, and begins there with a new instance. */
#ifndef FAKE_CUT_H
#define FAKE_CUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CUT_REGIONS 8u
#define CUT_POINTS  32768u /* of a run, at most */

/* So many pages of zeros, one behind the other and below 4 GiB, as those that are kept. Called
 * again, with the same count, it gives the same, of zeros again. First of all. */
void *cut_pages(size_t count);
static inline void *cut_page(void)
{
	return cut_pages(1);
}

/* What lies there outlives a death, too; at most CUT_REGIONS such. */
void cut_world(void *at, size_t bytes);

/* The world at each point of a run, and at its end. */
typedef struct cut {
	uint8_t *worlds;
	uint32_t points;
} cut_t;

/* Calls run(argument). A point is before each instruction that stores to the pages (of a string
 * instruction, before each element), and at each cut_here(). Not to be nested. */
void cut_record(cut_t *cut, void (*run)(void *), void *argument);

/* The same; the first `most` points only (CUT_POINTS at most) are put aside, and the end. */
void cut_record_some(cut_t *cut, uint32_t most, void (*run)(void *), void *argument);

/* The world is as it was at that point, which is not done yet; at `points`: at the end. */
void cut_back(const cut_t *cut, uint32_t point);

/* Forgets what was put aside. */
void cut_free(cut_t *cut);

/* In a run: a point of the test's own, as an access to a port. Else nothing. */
void cut_here(void);

/* In a run: what is stored meanwhile (`held`) is done by others than the run, and at once. */
void cut_hold(bool held);

#endif
