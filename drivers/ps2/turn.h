/* SPDX-License-Identifier: BSD-2-Clause */
/* What one step of the driver works on: the kept page, the state that it makes, the counters,
 * the time. The first turn_edit() of a step begins the next state; turn_commit(), at its end,
 * makes it the one that is kept. */
#ifndef PS2_TURN_H
#define PS2_TURN_H

#include "cap/keep.h"
#include "ps2/events.h"
#include "ps2/stats.h"

typedef struct turn {
	ps2_page_t *page;
	keep_pair_t pair;
	ps2_state_t *next;	  /* what this step makes; null: it has changed nothing yet */
	const ps2_state_t *state; /* that one, or else the live one */
	uint32_t now_ms;
	bool repair;   /* the configuration is to be written again */
	bool notify;   /* events came; cleared by the driver's glue */
	uint8_t ready; /* devices whose set-up has ended, INPUT_OPEN_…; the same */
	ps2_stats_t stats;
} turn_t;

static inline const ps2_state_t *turn_state(const turn_t *turn)
{
	return turn->state;
}

static inline ps2_state_t *turn_edit(turn_t *turn)
{
	if (!turn->next)
		turn->state = turn->next = keep_next(&turn->pair);
	return turn->next;
}

/* So many events came of this step: those that nobody was answered wait, as far as they are
 * held. */
static inline void turn_count(turn_t *turn, uint32_t events)
{
	uint32_t unread = turn->next->head - turn->page->answered;
	uint32_t over = unread > INPUT_HELD ? unread - INPUT_HELD : 0;
	turn->notify = true;
	turn->stats.ring_drops += over < events ? over : events;
	if (unread - over > turn->stats.ring_high_water)
		turn->stats.ring_high_water = unread - over;
}

static inline void turn_commit(turn_t *turn)
{
	if (!turn->next)
		return;
	const ps2_state_t *live = keep_live(&turn->pair);
	uint32_t events = live ? turn->next->head - live->head : 0;
	if (events)
		turn_count(turn, events);
	turn->next = NULL;
	keep_commit(&turn->pair);
}

#endif
