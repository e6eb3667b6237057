/* SPDX-License-Identifier: BSD-2-Clause */
/* All drivers as data, and what follows from what happens to them. An event goes in; the units
 * change, and a list of effects comes out that the hands perform in order. What an effect
 * answers goes in again as an event. Pure: it makes no call, reads no clock, and knows of a
 * driver only what is here.
 *
 * Besides what happens, one function, reconcile, derives from what is wanted of a driver, its
 * state and what it needs whether anything is to be done about it. Boot, the end of a delay, a
 * dependency that is there or lost, a group, a hold and hardware that another has are that same
 * function. */
#ifndef DRVMGR_WORLD_H
#define DRVMGR_WORLD_H

#include "core/group.h"
#include "core/unit.h"

#define UNITS_MAX    32u /* a unit is a bit of a word */
#define REQUIRES_MAX 8u

/* What a driver's manifest and the files' order say of it. Nothing here changes while it is
 * loaded. */
typedef struct rules {
	err_t refusal;	  /* why its files are refused, or DRV_OK */
	bool essential;	  /* never Quarantined: spent, it goes on at the longest delay */
	bool keeps_calls; /* calls that wait at its endpoint outlast an instance */
	policy_t policy;
	lifecycle_limits_t limits;
	uint32_t requires_count;
	uint8_t requires[REQUIRES_MAX]; /* who provides each name; UNITS_MAX: nobody does */
	uint32_t also[REQUIRES_MAX];	/* bit n: unit n does, too, its rival */
	uint32_t rivals;		/* bit n: it claims something that unit n claims too */
	uint32_t shared;		/* bit n: it shares interrupt line n */
	uint32_t rank;			/* who comes first gets it; no two are the same */
	uint32_t group;			/* 0: of none */
	uint32_t strategy;		/* group_strategy_t */
} rules_t;

/* Why a driver that is wanted is not started. */
typedef enum lack {
	LACK_NOTHING,
	LACK_RELEASE,  /* the operator holds it */
	LACK_PROVIDER, /* nobody provides required name number `other` */
	LACK_REQUIRED, /* unit `other`, which it requires, is not Running */
	LACK_HARDWARE, /* unit `other` has, or gets first, what it claims; or shares a line
			* that has no room for another */
	LACK_GROUP,    /* unit `other` of its group has to go, or to be Running, first */
	LACK_COUNT
} lack_t;

typedef struct reason {
	lack_t kind;
	uint32_t other;
} reason_t;

/* What of all units is asked about each of them, a bit a unit: it is looked for once, so that
 * no set of manifests makes a look at all units dear. It holds until one of them changes. */
typedef struct outlook {
	uint32_t running;
	uint32_t will_run; /* these, and who will without anything else being done */
	uint32_t ready;	   /* of a round of its group: it lacks nothing but its turn */
} outlook_t;

/* What the hands have to do. */
typedef enum effect_kind {
	EFFECT_STATE,	/* tell: from a, to b, by event c */
	EFFECT_RESTART, /* tell: restart number a in b ms; number 0: not counted */
	EFFECT_GIVE_UP, /* tell: after a restarts within the policy's window; c: by this event
			 */
	EFFECT_WAIT,	/* tell: the lack a, of b */
	EFFECT_END,	/* begin to end the instance; a: calls that wait are told its end */
	EFFECT_TELL,	/* clients are told error a while there is no instance; 0: they wait */
	EFFECT_SPAWN,	/* begin to make one; a: forget what the last one kept */
	EFFECT_LINES,	/* give it its interrupts */
	EFFECT_COMMAND, /* command a, number b */
	EFFECT_KILL,	/* let its thread fault */
	EFFECT_SWAP,	/* change its image as unit_swap_t says, then core_swapped() */
} effect_kind_t;

typedef struct effect {
	uint8_t kind; /* effect_kind_t */
	uint8_t unit;
	uint32_t a, b, c;
} effect_t;

/* An event has at most so many effects. Reconcile begins no further round with more than a
 * quarter of the list in use, and a round raises at most one event a unit: even when each
 * effect is answered by an event, all find room. */
#define EFFECTS_EACH 4u
#define EFFECTS_MAX  (4u * UNITS_MAX * EFFECTS_EACH)

/* Invariants:
 *   W1  order[] has each unit below count once, by rank.
 *   W2  effects from `first` on, `held` of them, are not performed yet. */
typedef struct world {
	uint64_t now_ms;
	uint32_t count;
	const unit_t *units[UNITS_MAX]; /* core_touch() has them to change */
	rules_t rules[UNITS_MAX];
	uint32_t order[UNITS_MAX];
	uint64_t paid_ms; /* restarts are paid for until then: pace.h */
	bool dirty;	  /* reconcile has something to look at */
	uint64_t due_ms;  /* and has again then */
	uint32_t first, held;
	effect_t effects[EFFECTS_MAX];
	uint32_t touched; /* bit n: unit n may be another than its record says */
} world_t;

/* ---- what happens: events.c ---- */

/* The drivers are all there: units and rules are set. */
void core_begin(world_t *world, uint64_t now_ms);

/* Unit `i`, whose place was empty or new, is one that nothing happened to yet. */
void core_admit(world_t *world, uint32_t i);

/* DRV_OK: unit `i` may be taken out: it has no process and none comes by itself. DRV_EBUSY. */
err_t core_may_go(const world_t *world, uint32_t i);

/* It is taken out: its place is empty. */
void core_discard(world_t *world, uint32_t i);

/* Something happened to unit `i`. What means nothing in its state changes nothing. */
void core_event(world_t *world, uint32_t i, lifecycle_event_t event);

/* The unit failed: `error`; because of `culprit`, another unit, or NOBODY. */
void core_fail(world_t *world, uint32_t i, err_t error, uint32_t culprit);

/* The limit of the unit's state is over: that is a failure, because of `culprit`, if
 * core_limit_fails(): on its way out it only goes on to the next state. */
void core_limit(world_t *world, uint32_t i, uint32_t culprit);
bool core_limit_fails(const world_t *world, uint32_t i);

/* The log says now that a verdict of this kind holds for the unit. */
void core_name(world_t *world, uint32_t i, uint32_t verdict);

/* The unit's instance answered command number `seq`. DRV_OK: that is all. Otherwise the answer
 * is the failure that it amounts to, and core_fail() is to be called with it. */
err_t core_answer(world_t *world, uint32_t i, uint32_t seq, err_t result);

/* What an EFFECT_END began is over: nothing is left of the instance. */
void core_ended(world_t *world, uint32_t i);

/* A unit that is Recovering waits for so long, then starts again; `number`: of the restart, 0:
 * its policy does not count it. */
void core_retry(world_t *world, uint32_t i, uint32_t number, uint32_t delay_ms);

/* It has had all the turns that it may have, and goes on: a unit that is Recovering is given up
 * meanwhile, unless it is essential. */
void core_overdue(world_t *world, uint32_t i);

/* The unit, if it runs, is taken away for `ms` milliseconds: that is no failure and no restart.
 */
void core_take_away(world_t *world, uint32_t i, uint32_t ms);

/* An end in the next `ms` milliseconds is followed by a restart when they are over. */
void core_keep_apart(world_t *world, uint32_t i, uint32_t ms);

/* No verdict is against the unit: in time its policy forgets. */
void core_progress(world_t *world, uint32_t i);

/* What failed since `since_ms` was another's fault: it does not count, and a unit that is
 * Quarantined for it is started again. */
void core_absolve(world_t *world, uint32_t i, uint64_t since_ms);

/* Something else is wanted of the unit. */
void core_want(world_t *world, uint32_t i, wanted_t wanted);

/* The operator's verbs. DRV_OK, or DRV_EBUSY: in its state that means nothing; DRV_EEXIST: it
 * is held already. */
err_t core_start(world_t *world, uint32_t i);
err_t core_stop(world_t *world, uint32_t i);
err_t core_kill(world_t *world, uint32_t i);
err_t core_hold(world_t *world, uint32_t i);
err_t core_release(world_t *world, uint32_t i);
err_t core_quiesce(world_t *world, uint32_t i);
err_t core_reset(world_t *world, uint32_t i);

/* Ends a unit that is Running in good order, and begins it anew; its policy is not asked. */
err_t core_restart(world_t *world, uint32_t i);

/* ---- another image: swap.c ---- */

/* DRV_OK: unit `i` may be given another image: it is Running, and is to. DRV_EBUSY. */
err_t core_may_replace(const world_t *world, uint32_t i);

/* There is another image for unit `i`, which may be given it: its instance ends in good order,
 * and the next one, of that image, is on probation until it was Running for the policy's
 * `reset_ms` in a row, and no verdict was against it then. Before that a failure that is its
 * own, a clean exit, or no device, brings the image before it back, and no policy is asked; an
 * operator's kill does not. */
void core_replace(world_t *world, uint32_t i);

/* What an EFFECT_SWAP wants is so, and the rules are those of the image that is in force; or it
 * cannot be. `has_second`: the image before that one is still there. */
void core_swapped(world_t *world, uint32_t i, bool has_second);

/* The unit's instance, of an image on probation, has failed and is gone. False: the policy
 * decides what follows. */
bool core_returns(world_t *world, uint32_t i);

/* When the unit, of an image on probation, has waited for long enough for what it needs and
 * does not get: it gives way then to the image before it, which may need less. UINT64_MAX: it
 * does not wait, or for the operator. */
uint64_t core_returns_at(const world_t *world, uint32_t i);
void core_give_way(world_t *world, uint32_t i);

/* An EFFECT_SWAP, if one is due now that the unit has no instance, or that it is confirmed. */
void core_swap_due(world_t *world, uint32_t i);

/* The unit runs, and no verdict is against it: in time that confirms it. */
void core_prove(world_t *world, uint32_t i);

/* ---- an empty place: admit.c ---- */

/* Its unit: Rejected, so that nothing is due for it. */
void core_empty(unit_t *unit, uint32_t generation);

/* ---- after the manager's death: enter.c ---- */

/* Unit `i` is as the manager left it at its death; `lives`: it has an instance, which
 * `has_lines`, its interrupts. What follows from its state and may not have been done is done,
 * again if need be. */
void core_adopt(world_t *world, uint32_t i, bool lives, bool has_lines);

/* ---- what follows: reconcile.c ---- */

/* What keeps the unit from being started, whether it lives or not. */
reason_t core_lack(const world_t *world, uint32_t i);

/* The same without regard to its group, for who has the outlook. */
reason_t core_lack_alone(const world_t *world, const outlook_t *outlook, uint32_t i);

outlook_t core_outlook(const world_t *world);

/* Why the unit, if it has a process, has to end; EVENT_COUNT: it need not. */
lifecycle_event_t core_leave(const world_t *world, uint32_t i);

/* The event that is due for the unit; EVENT_COUNT: none. */
lifecycle_event_t core_derive(const world_t *world, uint32_t i);

/* Time has passed. */
void core_tick(world_t *world, uint64_t now_ms);

/* Milliseconds until core_tick() has something to do. */
uint32_t core_wait_ms(const world_t *world, uint32_t most_ms);

/* Takes the next effect. False: there is none, and no unit is due for anything. */
bool core_next(world_t *world, effect_t *effect);

/* ---- the one door: enter.c ---- */

/* The unit, to be changed: it is touched. */
unit_t *core_touch(world_t *world, uint32_t i);

/* Takes the unit to another state; the only place where a state changes. */
void core_enter(world_t *world, uint32_t i, driver_state_t to, lifecycle_event_t event);

/* Adds an effect. */
void core_emit(world_t *world, effect_t effect);

#endif
