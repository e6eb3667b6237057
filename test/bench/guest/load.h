/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside the loads: what load.c, crowd.c and attack.c share. */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include "bench.h"

#define HOME_BITS 12u
#define HOME_FREE 4u	  /* slots of a full capability space that are left, at most */
#define TICK	  999848u /* instructions: 1193 cycles of 1193182 Hz */

/* Something that the alarm is to interrupt, once in a round. */
typedef struct load {
	const char *name;
	void (*prepare)(void); /* before the alarm is set, or null */
	void (*work)(void);
	void (*reset)(void);  /* after the work, or null */
	uint32_t first, last; /* rates of the alarm */
	bool again;	      /* work and reset until the alarm came, not once */
	uint32_t rounds_per;  /* one of so many rounds */
} load_t;

/* Runs each and says when its alarms came and how long the calls in between took. */
void loads_run(const load_t *loads, uint32_t count);

/* Numerical Recipes' generator: any phase will do, but the same in every run. */
uint32_t random_below(uint32_t limit);

void spin(uint32_t instructions);
void spin_until(uint32_t ticks);

/* For work that others do: lets them run until the alarm came. */
void wait_for_alarm(void);

/* -- crowd.c: many threads at one endpoint, or with one time limit ------------------------- */
void measure_crowd(const space_t *space, cap_t endpoint);

/* -- attack.c: many sleepers, and capabilities with many children ------------------------- */
void measure_attacks(const space_t *space, cap_t endpoint);

/* -- foreign.c: what others can have one call do; `memory` is empty, and a crowd in the space
 * has handles of `crowd_home` -------------------------------------------------------------- */
void measure_foreign(const space_t *space, cap_t memory, cap_t crowd_home,
		     void (*start_crowd)(void (*entry)(void)));

/* -- steps.c: many short steps, and a long one behind them ----------------------------------
 */
void measure_steps(const space_t *space);

/* -- lines.c: a shared interrupt line, and those who claim one --------------------------- */
void measure_lines(const space_t *first, const space_t *second);

#endif
