/* SPDX-License-Identifier: BSD-2-Clause */
/* core/world.h against a model that is slow and obvious: 32 drivers that require each other,
 * want the same hardware and stand in groups, at random, meet random events. The model raises
 * one due event at a time, in random order, and asks everything anew after each; both must come
 * to the same end, whatever the order. CASTELLAN_CORE_RUNS makes it longer, CASTELLAN_CORE_SEED
 * begins elsewhere. */
#include <stdio.h>
#include <stdlib.h>

#include "core_model.h"

#define RUNS  60u
#define STEPS 400u

static void make_world(void)
{
	hands_clear(UNITS_MAX);
	memset(copies, 0, sizeof(copies));
	uint32_t paid_ms = pick(5000); /* often so far ahead that some wait for their turn */
	world.paid_ms = world.now_ms + paid_ms;
	credit_ms = (int64_t)(PACE_BEHIND_MS + PACE_EACH_MS) - paid_ms;
	credit_at_ms = world.now_ms;
	for (uint32_t i = 0; i < UNITS_MAX; i++) {
		uint32_t swap = pick(i + 1); /* ranks in random order */
		world.order[i] = world.order[swap];
		world.order[swap] = i;
	}
	for (uint32_t n = 0; n < UNITS_MAX; n++)
		world.rules[world.order[n]].rank = n;
	for (uint32_t i = 0; i < UNITS_MAX; i++) {
		rules_t *rules = &world.rules[i];
		for (uint32_t k = pick(8); k < 2; k++) /* a circle at times, or nobody */
		rules->requires[rules->requires_count++] =
		    (uint8_t)(pick(40) ? pick(i + 1 + !pick(20)) % UNITS_MAX : UNITS_MAX);
		for (uint32_t k = 0; k < rules->requires_count; k++)
			if (rules->requires[k] == i)
				rules->requires_count = k;
		uint32_t rival = pick(UNITS_MAX);
		if (rival != i && pick(2)) {
			rules->rivals |= 1u << rival;
			world.rules[rival].rivals |= 1u << i;
		}
		rules->group = pick(3) ? 0 : 1 + pick(3);
		rules->strategy = pick(3);
		rules->essential = !pick(6);
		rules->policy.kind = pick(6) ? POLICY_ON_FAILURE : pick(POLICY_KIND_COUNT);
		rules->policy.first_ms = pick(3) * 100;
		rules->policy.burst = 1 + pick(6);
		rules->policy.reset_ms = 100 + pick(2000);
	}
}

/* A driver's instance does what it was told. */
static void obey(uint32_t i)
{
	copy_t *copy = &copies[i];
	bool absent = copy->state == STATE_PROBING && !pick(30);
	if (copy->state == STATE_STOPPING) {
		core_event(&world, i, EVENT_EXIT);
		let_go(i);
		rest(i, STATE_STOPPED);
		take_next(i);
		return;
	}
	core_answer(&world, i, units[i].command_seq, absent ? DRV_ENODEV : DRV_OK);
	if (absent) {
		let_go(i);
		rest(i, STATE_ABSENT);
		if (copy->swap == SWAP_PROBATION && is_up(i)) {
			exchange(i, SWAP_RETURNED);
			copy->history.running = false;
			copy->state = STATE_LOADED;
		}
	} else if (copy->state == STATE_PROBING) {
		copy->state = STATE_INITIALISING;
	} else if (copy->state == STATE_INITIALISING) {
		copy->state = STATE_RUNNING;
		copy->early = 0;
		copy->in_round = copy->resets = false;
		policy_on_running(&copy->history, world.now_ms);
	} else if (copy->state == STATE_QUIESCING) {
		bool lives_on = is_up(i) && has_all_required(i) && !copy->leaves && !copy->anew;
		copy->state = lives_on && copy->wanted == WANTED_QUIESCED ? STATE_QUIESCED
			      : lives_on && copy->resets		  ? STATE_INITIALISING
									  : STATE_STOPPING;
	}
}

static void end(uint32_t i)
{
	bool serves = runs(i) || copies[i].state == STATE_QUIESCED;
	bool clean = pick(4) == 0 && serves;
	if (!lives(i))
		return;
	if (clean && !copies[i].killed) {
		core_event(&world, i, EVENT_EXIT);
		die(i, true);
	} else {
		core_fail(&world, i, DRV_EFAULT, NOBODY);
		die(i, false);
	}
}

/* Who runs, or does nothing, is set up afresh. */
static void reset(uint32_t i, err_t answered)
{
	copy_t *copy = &copies[i];
	bool stays = copy->wanted == WANTED_QUIESCED &&
		     (copy->state == STATE_QUIESCING || copy->state == STATE_QUIESCED);
	assert_int_equal(answered, stays || (runs(i) && is_up(i)) ? DRV_OK : DRV_EBUSY);
	if (answered)
		return;
	copy->resets = true;
	if (copy->wanted != WANTED_HELD)
		copy->wanted = WANTED_UP;
}

static void operate(uint32_t i)
{
	copy_t *copy = &copies[i];
	switch (pick(7)) {
	case 0:
		if (copy->wanted == WANTED_QUIESCED) {
			reset(i, core_start(&world, i));
			return;
		}
		if (core_start(&world, i) != DRV_OK)
			return;
		memset(&copy->history, 0, sizeof(copy->history));
		copy->early = 0;
		if (!has_second(i))
			copy->swap = SWAP_NONE;
		copy->wanted = WANTED_UP;
		if (copy->state == STATE_STOPPED || copy->state == STATE_ABSENT ||
		    copy->state == STATE_QUARANTINED)
			copy->state = STATE_LOADED;
		break;
	case 1:
		if (core_stop(&world, i) != DRV_OK)
			return;
		copy->wanted = WANTED_STOPPED;
		copy->resets = false;
		break;
	case 2:
		if (core_hold(&world, i) != DRV_OK)
			return;
		copy->wanted = WANTED_HELD;
		if (copy->state == STATE_WAITING)
			rest(i, STATE_WAITING);
		break;
	case 3:
		if (core_release(&world, i) == DRV_OK)
			copy->wanted = WANTED_UP;
		break;
	case 4:
		reset(i, core_reset(&world, i));
		break;
	case 5:
		assert_int_equal(core_quiesce(&world, i),
				 runs(i) && is_up(i) ? DRV_OK : DRV_EBUSY);
		if (runs(i) && is_up(i)) {
			copy->wanted = WANTED_QUIESCED;
			copy->resets = false;
		}
		break;
	default:
		if (core_kill(&world, i) != DRV_OK)
			return;
		assert_true(lives(i));
		if (!copy->killed)
			copy->kill_ms = world.now_ms + 100;
		copy->killed = true;
	}
}

/* Who has a line with others is taken away from them, or kept. */
static void part(uint32_t i)
{
	uint32_t ms = pick(600);
	bool away = pick(2);
	if (away)
		core_take_away(&world, i, ms);
	else
		core_keep_apart(&world, i, ms);
	if (copies[i].apart_ms < world.now_ms + ms)
		copies[i].apart_ms = world.now_ms + ms;
	if (away && (runs(i) || copies[i].state == STATE_QUIESCED))
		take_away(i);
}

/* Another one was to blame for what it failed of since then. */
static void absolve(uint32_t i)
{
	uint64_t since_ms = world.now_ms - pick(2000);
	core_absolve(&world, i, since_ms);
	if (policy_forgive(&copies[i].history, since_ms) &&
	    copies[i].state == STATE_QUARANTINED)
		copies[i].state = STATE_LOADED;
}

static void replace(uint32_t i)
{
	copy_t *copy = &copies[i];
	bool may = runs(i) && copy->wanted == WANTED_UP && !copy->anew && !copy->killed &&
		   !has_second(i);
	assert_int_equal(core_may_replace(&world, i), may ? DRV_OK : DRV_EBUSY);
	if (!may)
		return;
	hands[i].second = true;
	core_replace(&world, i);
	copy->swap = SWAP_DUE;
	copy->anew = true;
}

/* It is looked at, and no verdict is against it. */
static void progress(uint32_t i)
{
	copy_t *copy = &copies[i];
	const policy_t *policy = &world.rules[i].policy;
	core_progress(&world, i);
	if (!runs(i))
		return;
	if (copy->history.restarts)
		policy_on_progress(policy, &copy->history, world.now_ms);
	if (copy->swap == SWAP_PROBATION &&
	    world.now_ms - copy->history.running_since >= policy->reset_ms) {
		copy->swap = SWAP_CONFIRMED;
		copy->history.held = 0;
	}
}

static void act(void)
{
	uint32_t i = pick(world.count), what = pick(24);
	if (what < 12) {
		if (lives(i))
			obey(i);
	} else if (what < 15) {
		end(i);
	} else if (what < 17) {
		operate(i);
	} else if (what < 18) {
		part(i);
	} else if (what < 19) {
		absolve(i);
	} else if (what < 20) {
		replace(i);
	} else if (what < 21) {
		progress(i);
	} else {
		core_tick(&world, world.now_ms + pick(400));
	}
}

static void compare(uint64_t from, uint32_t step)
{
	for (uint32_t i = 0; i < world.count; i++) {
		const unit_t *unit = &units[i];
		const copy_t *copy = &copies[i];
		bool same = unit->state == copy->state && unit->wanted == copy->wanted &&
			    unit->generation == copy->generation &&
			    unit->restarts == copy->restarts && unit->holds == copy->holds &&
			    unit->leaves == copy->leaves && unit->resets == copy->resets &&
			    unit->swap == copy->swap && unit->anew == copy->anew &&
			    unit->in_round == copy->in_round && unit->killed == copy->killed &&
			    unit->history.restarts == copy->history.restarts &&
			    unit->history.held == copy->history.held &&
			    (!copy->generation || hands[i].forgot == copy->forgets);
		if (!same)
			fail_msg("seed %llu, step %u, driver %u: %s, generation %u; the model "
				 "says %s, generation %u",
				 (unsigned long long)from, step, i,
				 lifecycle_state_name(unit->state), unit->generation,
				 lifecycle_state_name(copy->state), copy->generation);
	}
}

/* A unit that is another than when this was called last is touched: what changes is kept. */
static void check_touched(void)
{
	static unit_t before[UNITS_MAX];
	for (uint32_t i = 0; i < world.count; i++)
		if (memcmp(&units[i], &before[i], sizeof(units[i])) != 0)
			assert_true(world.touched >> i & 1);
	memcpy(before, units, sizeof(before));
	world.touched = 0;
}

static uint32_t number(const char *name, uint32_t otherwise)
{
	const char *text = getenv(name);
	return text ? (uint32_t)strtoul(text, NULL, 0) : otherwise;
}

static void random_drivers_come_to_the_same_end_as_in_the_model(void **state)
{
	(void)state;
	uint32_t runs_wanted = number("CASTELLAN_CORE_RUNS", RUNS);
	uint32_t first = number("CASTELLAN_CORE_SEED", 1), seen[STATE_COUNT] = {0};
	uint32_t swaps[SWAP_COUNT] = {0};
	for (uint32_t run = 0; run < runs_wanted; run++) {
		uint64_t from = seed = first + run;
		make_world();
		world.touched = UINT32_MAX; /* all are new */
		for (uint32_t step = 0; step < STEPS; step++) {
			hands_settle();
			check_touched();
			model_settle();
			compare(from, step);
			for (uint32_t i = 0; i < world.count; i++) {
				seen[units[i].state]++;
				swaps[units[i].swap]++;
			}
			act();
		}
	}
	/* Each state in which a driver can be left was. */
	for (unsigned at = 0; at < STATE_COUNT; at++)
		if (at != STATE_LOADED && at != STATE_RECOVERING && at != STATE_REJECTED)
			assert_true(seen[at] || runs_wanted < RUNS);
	/* And each end of a replacement. */
	for (unsigned at = 0; at < SWAP_COUNT; at++)
		if (at != SWAP_BACK && at != SWAP_CONFIRMING)
			assert_true(swaps[at] || runs_wanted < RUNS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(random_drivers_come_to_the_same_end_as_in_the_model),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
