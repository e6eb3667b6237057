/* SPDX-License-Identifier: BSD-2-Clause */
/* What is decided about one driver: what is wanted of it, its state, since when, and what it
 * did before. Only core/ changes it, and kept/, which has it back after
 * the manager's death. All zero: it is Loaded and wanted, and nothing happened yet. */
#ifndef DRVMGR_UNIT_H
#define DRVMGR_UNIT_H

#include "core/lifecycle.h"
#include "core/nobody.h"
#include "core/policy.h"

/* What is wanted of a driver. */
typedef enum wanted {
	WANTED_UP,	 /* it runs as soon as it has all that it needs */
	WANTED_HELD,	 /* what runs goes on; what ends is not started again */
	WANTED_QUIESCED, /* it lives and does nothing; once it has ended it is held */
	/* Up to here it is to live on if it lives. */
	WANTED_ENDED,	  /* it ended by itself, and its policy lets it be */
	WANTED_STOPPED,	  /* by the operator */
	WANTED_AWAY,	  /* the manager needs what it has, and it has it for nobody */
	WANTED_HELD_AWAY, /* and it is held, which lasts */
	WANTED_COUNT
} wanted_t;

/* Whether its image is being replaced by another one. */
typedef enum unit_swap {
	SWAP_NONE,
	SWAP_DUE,	/* when its instance has ended it has the next one, and that is … */
	SWAP_PROBATION, /* … on probation: if it fails, the one before is to come back, … */
	SWAP_BACK,	/* … which is due, … */
	SWAP_CONFIRMING, /* … and if not that one is to go, which is due. */
	SWAP_CONFIRMED,	 /* What became of its last replacement. */
	SWAP_RETURNED,
	SWAP_COUNT
} unit_swap_t;

/* Invariants:
 *   UN1  no two that want the same hardware have `holds`; who has a process has `holds`.
 *   UN2  leaves and anew only with a process.
 *   UN3  resets only with a process; WANTED_QUIESCED too.
 *   UN4  ends only without a process, in core/: what is left of one has what `holds` says. */
typedef struct unit {
	driver_state_t state;
	wanted_t wanted;
	uint64_t since_ms; /* in this state */
	uint64_t until_ms; /* Backoff: when to go on */
	uint64_t kill_ms;  /* `killed`: when it is ended without having faulted */
	uint64_t apart_ms; /* its policy does not start it again before */
	uint32_t generation, restarts;
	uint32_t born; /* the generation before its first one: of who had its place before */
	policy_ending_t ending; /* Recovering: for the policy to judge */

	/* Its last end: a failure, or an exit that its policy is to judge, which is none. */
	err_t last_error;
	uint32_t last_culprit; /* whose fault a verdict says it was, its own too; or NOBODY */
	bool last_killed;      /* by the operator: no failure */
	uint8_t swap;	       /* unit_swap_t */

	uint32_t kept_since;  /* generation of the instance that began with nothing kept */
	uint32_t command_seq; /* of the last command */
	uint8_t early_deaths; /* in a row, before Running */
	uint8_t told_kind;    /* the last reason for waiting that was told … */
	uint8_t told_other;   /* … and whom it names */
	uint8_t end_from;     /* the state in which its last instance ended, … */
	uint8_t end_event;    /* … and by which event; `ends`: the change that is told then */
	bool holds;	      /* the hardware that it claims is its own */
	bool killed;	      /* by the operator: the end that comes is no failure */
	bool in_round;	      /* it is started again with its group, in its turn */
	bool leaves;	      /* its instance has to go before the group starts again */
	bool anew;	      /* its instance has to go: the operator wants another one */
	bool resets;	      /* its instance is, or is to be, set up afresh: until it runs */
	bool ends;	      /* its instance is being taken apart: none can begin */
	bool forgets;	      /* its instance begins without what the one before it kept */

	uint32_t named; /* bit n: the log says already that verdict n holds for it */

	policy_history_t history; /* the last: its end is not kept */
} unit_t;

/* If it lives, is it to live on? */
static inline bool unit_is_wanted(const unit_t *unit)
{
	return unit->wanted <= WANTED_QUIESCED;
}

/* Does the operator hold it? */
static inline bool unit_is_held(const unit_t *unit)
{
	return unit->wanted == WANTED_HELD || unit->wanted == WANTED_HELD_AWAY;
}

/* Is it stopped for the manager, which gives back what it took? */
static inline bool unit_is_away(const unit_t *unit)
{
	return unit->wanted == WANTED_AWAY || unit->wanted == WANTED_HELD_AWAY;
}

/* Does its driver wait for another image? */
static inline bool unit_is_between(const unit_t *unit)
{
	return unit->swap == SWAP_DUE || unit->swap == SWAP_BACK;
}

/* Is another image of its driver there, in case this one fails or is to go? */
static inline bool unit_has_second(const unit_t *unit)
{
	return unit->swap >= SWAP_DUE && unit->swap <= SWAP_CONFIRMING;
}

/* Had its driver an instance before this one? */
static inline bool unit_is_restarted(const unit_t *unit)
{
	return unit->generation > unit->born + 1;
}

/* lifecycle_limit_ms() of its state. */
static inline uint32_t unit_limit_ms(const unit_t *unit, const lifecycle_limits_t *limits)
{
	return lifecycle_limit_ms(unit->state, limits,
				  unit_is_restarted(unit) && !unit->resets);
}

#endif
