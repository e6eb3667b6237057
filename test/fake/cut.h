/* SPDX-License-Identifier: BSD-2-Clause */
/* Ends a run of a host test as a death would: before a store to a page that the test names, or
 * at a point that the test marks. What was stored before stays, and nothing comes after. */
#ifndef FAKE_CUT_H
#define FAKE_CUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a run is never cut, but its points are counted. */
#define CUT_NEVER UINT32_MAX

/* A page below 4 GiB, of zeros, as the one that is kept. Of one test, never freed. */
void *cut_page(void);

/* Calls run(argument) and cuts it at point number `at`, from 0 on: each instruction that stores
 * to the page of cut_page() is one before its store (a string instruction before each of its
 * elements), and so is each cut_here(). True: it returned before. Not to be nested. */
bool cut_run(uint32_t at, void (*run)(void *), void *argument);

/* Counts a point of the test's own in a run, as an access to a port; nothing outside of one. */
void cut_here(void);

/* Points that the last run came to, the one where it was cut included. */
uint32_t cut_points(void);

#endif
