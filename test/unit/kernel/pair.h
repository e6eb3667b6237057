/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests of two processes: each begins with an empty machine and these two. */
#ifndef PAIR_H
#define PAIR_H

#include "bench.h"
#include "check.h"

static process_t p, q;

static int pair_setup(void **state)
{
	bench_setup(state);
	p = process_make(PRIORITY_MAX);
	q = process_make(PRIORITY_MAX);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup(name, pair_setup)

#endif
