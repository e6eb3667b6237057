/* SPDX-License-Identifier: BSD-2-Clause */
/* The slow and obvious model of core/world.h: one driver after another, and everything asked
 * anew each time. */
#ifndef TEST_CORE_MODEL_H
#define TEST_CORE_MODEL_H

#include "core/pace.h"
#include "hands.h"

typedef struct copy {
	driver_state_t state;
	wanted_t wanted;
	uint64_t until_ms, kill_ms, apart_ms, waits_ms;
	unit_swap_t swap;
	uint32_t generation, restarts, early;
	policy_history_t history;
	bool holds, killed, in_round, leaves, forgets, resets, anew;
	bool was_away; /* its last end was for its line's sake */
} copy_t;

static copy_t copies[UNITS_MAX];
static uint64_t seed;
static uint64_t credit_at_ms;
static int64_t credit_ms; /* what is left for restarts, as it was then */

static inline uint32_t pick(uint32_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % below;
}

/* ---- the model's questions ---- */

static inline bool runs(uint32_t i)
{
	return copies[i].state == STATE_RUNNING;
}

static inline bool lives(uint32_t i)
{
	driver_state_t state = copies[i].state;
	return state == STATE_PROBING || state == STATE_INITIALISING ||
	       state == STATE_RUNNING || state == STATE_QUIESCING || state == STATE_QUIESCED ||
	       state == STATE_STOPPING;
}

static inline bool is_up(uint32_t i)
{
	return copies[i].wanted == WANTED_UP || copies[i].wanted == WANTED_HELD ||
	       copies[i].wanted == WANTED_QUIESCED;
}

static inline bool is_at_rest(uint32_t i)
{
	driver_state_t state = copies[i].state;
	return state == STATE_ABSENT || state == STATE_QUARANTINED || state == STATE_REJECTED ||
	       (state == STATE_STOPPED && !is_up(i));
}

static inline bool has_all_required(uint32_t i)
{
	for (uint32_t k = 0; k < world.rules[i].requires_count; k++)
		if (world.rules[i].requires[k] == UNITS_MAX ||
		    !runs(world.rules[i].requires[k]))
			return false;
	return true;
}

/* Those that run, then those that require none but these, and so on. */
static inline bool is_hopeless(uint32_t of)
{
	bool comes[UNITS_MAX + 1] = {false};
	for (uint32_t n = 0; n < world.count * world.count; n++) {
		uint32_t i = n % world.count;
		bool served = copies[i].wanted == WANTED_UP && !is_at_rest(i);
		for (uint32_t k = 0; k < world.rules[i].requires_count; k++)
			served = served && comes[world.rules[i].requires[k]];
		comes[i] = comes[i] || served || runs(i);
	}
	return !comes[of];
}

static inline bool gets_hardware(uint32_t i)
{
	for (uint32_t j = 0; j < world.count; j++) {
		if (!(world.rules[i].rivals >> j & 1))
			continue;
		bool first = world.rules[j].rank < world.rules[i].rank;
		if (copies[j].holds)
			return false;
		if (!copies[i].holds && first && copies[j].wanted == WANTED_UP &&
		    !is_at_rest(j) && !is_hopeless(j))
			return false;
	}
	return true;
}

static inline bool could_start_alone(uint32_t i)
{
	return copies[i].wanted == WANTED_UP && has_all_required(i) && gets_hardware(i);
}

static inline bool takes_along(uint32_t i, uint32_t j)
{
	const rules_t *mine = &world.rules[i], *other = &world.rules[j];
	return i != j && mine->group && mine->group == other->group &&
	       (mine->strategy == GROUP_ALL ||
		(mine->strategy == GROUP_REST && other->rank > mine->rank));
}

static inline bool has_its_turn(uint32_t i)
{
	for (uint32_t j = 0; j < world.count; j++) {
		if (i == j || !world.rules[i].group ||
		    world.rules[i].group != world.rules[j].group)
			continue;
		if (copies[j].state == STATE_QUARANTINED && takes_along(j, i))
			return false;
		if (!copies[i].in_round)
			continue;
		if (copies[j].leaves)
			return false;
		if (copies[j].in_round && world.rules[j].rank < world.rules[i].rank &&
		    (lives(j) || copies[j].state == STATE_BACKOFF || could_start_alone(j)))
			return false;
	}
	return true;
}

static inline bool could_start(uint32_t i)
{
	return could_start_alone(i) && has_its_turn(i);
}

/* ---- the model's moves ---- */

static inline void rest(uint32_t i, driver_state_t state)
{
	if (copies[i].state != state)
		copies[i].waits_ms = world.now_ms;
	copies[i].state = state;
	if (is_at_rest(i) || (copies[i].wanted == WANTED_HELD && !lives(i)))
		copies[i].holds = copies[i].in_round = false;
}

static inline void begin(uint32_t i)
{
	copies[i].state = STATE_PROBING;
	copies[i].generation++;
	copies[i].holds = true;
	copies[i].forgets = copies[i].early >= 2;
	if (copies[i].forgets)
		copies[i].early = 0;
}

static inline void take_along(uint32_t i)
{
	for (uint32_t j = 0; j < world.count; j++) {
		if (!takes_along(i, j))
			continue;
		copies[j].leaves = lives(j);
		if (lives(j) || copies[j].state == STATE_BACKOFF)
			copies[j].in_round = true;
		if (copies[j].in_round)
			copies[i].in_round = true;
	}
	if (copies[i].state == STATE_QUARANTINED)
		copies[i].in_round = false;
}

/* A restart is paid for, but an essential one; how long that one waits for its turn. */
static inline uint32_t pay(uint32_t i)
{
	if (world.rules[i].essential)
		return 0;
	credit_ms += (int64_t)(world.now_ms - credit_at_ms);
	credit_at_ms = world.now_ms;
	if (credit_ms > (int64_t)(PACE_BEHIND_MS + PACE_EACH_MS))
		credit_ms = PACE_BEHIND_MS + PACE_EACH_MS;
	int64_t lacks_ms = PACE_EACH_MS - credit_ms;
	credit_ms -= PACE_EACH_MS;
	return lacks_ms > 0 ? (uint32_t)lacks_ms : 0;
}

/* Nothing that is wanted of an instance is wanted of the next one, but a hold. */
static inline void let_go(uint32_t i)
{
	copies[i].leaves = copies[i].killed = copies[i].resets = copies[i].anew = false;
	copies[i].was_away = false;
	if (copies[i].wanted == WANTED_QUIESCED)
		copies[i].wanted = WANTED_HELD;
}

/* It starts again after that, and not before those are over from whom it is kept. */
static inline void back_off(uint32_t i, uint32_t delay_ms)
{
	copies[i].until_ms = world.now_ms + delay_ms;
	if (copies[i].until_ms < copies[i].apart_ms)
		copies[i].until_ms = copies[i].apart_ms;
	copies[i].state = STATE_BACKOFF;
	take_along(i);
}

/* Who runs is taken away, which is no failure and no restart. */
static inline void take_away(uint32_t i)
{
	copies[i].history.running = false;
	let_go(i);
	copies[i].was_away = true;
	back_off(i, 0);
}

/* Another image comes, or comes back, and early deaths are not its own. */
static inline void exchange(uint32_t i, unit_swap_t swap)
{
	copies[i].swap = swap;
	copies[i].early = 0;
}

static inline void take_next(uint32_t i)
{
	if (copies[i].swap == SWAP_DUE)
		exchange(i, SWAP_PROBATION);
}

static inline bool has_second(uint32_t i)
{
	return copies[i].swap == SWAP_DUE || copies[i].swap == SWAP_PROBATION;
}

/* Its instance ended otherwise than it was asked to. */
static inline void die(uint32_t i, bool clean)
{
	copy_t *copy = &copies[i];
	bool stays = copy->resets || copy->wanted == WANTED_QUIESCED;
	bool was_to_go = (copy->state == STATE_QUIESCING && !stays) ||
			 copy->state == STATE_STOPPING || !is_up(i);
	bool killed = copy->killed;
	bool first = copy->state == STATE_INITIALISING && !copy->resets;
	if (!killed && (copy->state == STATE_PROBING || first))
		copy->early++;
	policy_ending_t ending = was_to_go ? ENDING_STOPPED
				 : clean   ? ENDING_CLEAN_EXIT
					   : ENDING_FAILURE;
	let_go(i);
	copy->state = STATE_RECOVERING;
	if (copy->swap == SWAP_PROBATION && !killed && !was_to_go) {
		exchange(i, SWAP_RETURNED);
		copy->history.running = false;
		copy->restarts++;
		back_off(i, 0);
		return;
	}
	take_next(i);
	if (killed && !was_to_go) {
		copy->history.running = false;
		copy->restarts++;
		back_off(i, 0);
		return;
	}
	policy_decision_t decision =
	    policy_decide(&world.rules[i].policy, &copy->history, ending, world.now_ms);
	if (decision.action == POLICY_STOP) {
		if (ending == ENDING_CLEAN_EXIT && copy->wanted == WANTED_UP)
			copy->wanted = WANTED_ENDED;
		rest(i, STATE_STOPPED);
		return;
	}
	if (decision.action == POLICY_QUARANTINE && !world.rules[i].essential) {
		rest(i, STATE_QUARANTINED);
		take_along(i);
		return;
	}
	if (decision.action == POLICY_QUARANTINE) { /* as late as its policy ever has it wait */
		decision.delay_ms = world.rules[i].policy.max_ms;
		copy->history.restarts++;
	}
	uint32_t turn_ms = pay(i);
	copy->restarts++;
	back_off(i, turn_ms > decision.delay_ms ? turn_ms : decision.delay_ms);
}

/* It lives on; but is it to run, or not? */
static inline bool turn(uint32_t i)
{
	copy_t *copy = &copies[i];
	if (copy->state == STATE_RUNNING && (copy->resets || copy->wanted == WANTED_QUIESCED)) {
		copy->state = STATE_QUIESCING;
		return true;
	}
	if (copy->state != STATE_QUIESCED || copy->wanted == WANTED_QUIESCED)
		return false;
	copy->state = STATE_INITIALISING;
	copy->resets = true;
	return true;
}

/* Is something to be ended or moved? Does it. */
static inline bool move(uint32_t i)
{
	copy_t *copy = &copies[i];
	switch (copy->state) {
	case STATE_LOADED:
		if (is_up(i) && could_start(i))
			return false;
		rest(i, is_up(i) ? STATE_WAITING : STATE_STOPPED);
		return true;
	case STATE_WAITING:
		if (is_up(i))
			return false;
		rest(i, STATE_STOPPED);
		return true;
	case STATE_BACKOFF:
		if (copy->wanted == WANTED_UP &&
		    (world.now_ms < copy->until_ms || could_start(i)))
			return false;
		rest(i, is_up(i) ? STATE_WAITING : STATE_STOPPED);
		return true;
	case STATE_STOPPED:
		if (!is_up(i))
			return false;
		copy->state = STATE_LOADED;
		return true;
	case STATE_PROBING:
	case STATE_INITIALISING:
	case STATE_RUNNING:
	case STATE_QUIESCED:
		if (copy->killed && world.now_ms >= copy->kill_ms) {
			die(i, false);
			return true;
		}
		if (is_up(i) && has_all_required(i) && !copy->leaves && !copy->anew)
			return turn(i);
		if (is_up(i) && (!has_all_required(i) || copy->leaves))
			pay(i);
		copy->state = runs(i) ? STATE_QUIESCING : STATE_STOPPING;
		return true;
	case STATE_QUIESCING:
	case STATE_STOPPING:
		if (!copy->killed || world.now_ms < copy->kill_ms)
			return false;
		die(i, false);
		return true;
	default:
		return false;
	}
}

static inline bool start(uint32_t i)
{
	driver_state_t state = copies[i].state;
	bool due = state == STATE_LOADED || state == STATE_WAITING ||
		   (state == STATE_BACKOFF && world.now_ms >= copies[i].until_ms);
	if (!due || !could_start(i))
		return false;
	begin(i);
	return true;
}

/* It has waited for too long for what its image on probation needs. */
static inline bool give_way(uint32_t i)
{
	const copy_t *copy = &copies[i];
	if (copy->swap != SWAP_PROBATION || copy->state != STATE_WAITING ||
	    copy->wanted != WANTED_UP || copy->was_away ||
	    world.now_ms - copy->waits_ms < world.rules[i].policy.reset_ms)
		return false;
	exchange(i, SWAP_RETURNED);
	return true;
}

/* One at a time, from a random one on; moves before starts. */
static inline void model_settle(void)
{
	bool (*const steps[])(uint32_t) = {move, start, give_way};
	for (uint32_t kind = 0; kind < 3;) {
		bool did = false;
		uint32_t from = pick(world.count);
		for (uint32_t n = 0; !did && n < world.count; n++)
			did = steps[kind]((from + n) % world.count);
		kind = did ? 0 : kind + 1;
	}
}

#endif
