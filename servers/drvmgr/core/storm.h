/* SPDX-License-Identifier: BSD-2-Clause */
/* Who lets a shared interrupt line storm: it is raised too often or, much more seldom, again
 * and again for nobody. The line itself does not say whose device does it: whoever acknowledges
 * last opens it again, and a member's word is the member's. So members are taken away one by
 * one, their devices made quiet, the one that came last first, and it is looked whether the
 * line is quiet without it.
 *
 * That it is quiet says little: the one whose device storms may pause, by chance or on purpose.
 * That it storms on says all: whoever is away does not do it. So one is named when the line was
 * quiet without it, storms again with it, and stormed on without each of the others. Until then
 * nobody failed. When all were away and none can be named, each is taken away once more, for
 * longer than a pause may last; after that the line is let be for a while. Pure. */
#ifndef DRVMGR_STORM_H
#define DRVMGR_STORM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/nobody.h"

#define STORM_WINDOW_MS 100u
#define STORM_MOST	2000u  /* interrupts in a window: 20,000 a second */
#define STORM_FOREIGN	32u    /* in a row, and in a window, that are nobody's */
#define STORM_APART_MS	300u   /* a member that is looked at stays away so long … */
#define STORM_LONGER_MS 1200u  /* … or, the second time, so long */
#define STORM_REST_MS	60000u /* nobody was named: for so long nobody is taken away */

/* What is remembered of one line. All zero: nothing was seen yet. Invariant: `apart` and
 * `culprit` are a member's number + 1, or 0. */
typedef struct storm {
	bool begun;
	uint32_t window_ms, count; /* when the window began, and the line's interrupts then */
	uint32_t all, any;	   /* bit n: member n was there at each look in it, at any */
	uint32_t loud;		   /* bit n: member n was away, and it stormed on */
	uint32_t quiet;		   /* bit n: member n was away, and it was quiet */
	uint32_t apart;		   /* who is away … */
	uint32_t apart_for_ms;	   /* … for how long … */
	uint64_t apart_ms;	   /* … and since when */
	uint32_t culprit;	   /* who was named last */
	bool again;		   /* each is taken away for the second time */
	bool rests;		   /* nobody is taken away … */
	uint64_t last_ms;	   /* … since then; or when it stormed last */
} storm_t;

/* What is seen of a line. */
typedef struct storm_sight {
	uint64_t now_ms;
	uint32_t count;		  /* interrupts since boot */
	uint32_t members;	  /* bit n: driver n runs and has a share in it */
	uint32_t others;	  /* bit n: driver n begins or leaves, and has one */
	const uint64_t *began_ms; /* began_ms[n]: since when it does */
	uint32_t foreign; /* interrupts in a row that all members say were not their own */
} storm_sight_t;

/* What follows, each a driver's number or NOBODY. */
typedef struct storm_answer {
	uint32_t cleared; /* it stormed on without this one */
	uint32_t found;	  /* this one is to blame */
	uint32_t suspect; /* this one is to be taken away … */
	uint32_t ms;	  /* … for so long */
	bool gave_up; /* it storms, and nobody can be named: for STORM_REST_MS it is let be */
} storm_answer_t;

storm_answer_t storm_look(storm_t *storm, const storm_sight_t *sight);

#endif
