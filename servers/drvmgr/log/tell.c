/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of tell.h. */
#include "log/tell.h"

#include "cap/format.h"
#include "log/why.h"

/* What EVENT_MISSING means. Who and why is told behind it. */
static const char *missing(const manager_t *manager, const driver_t *driver)
{
	switch (core_lack(&manager->world, driver->index).kind) {
	case LACK_RELEASE:
		return "held";
	case LACK_PROVIDER:
		return "nobody provides what it requires";
	case LACK_REQUIRED:
		return "what it requires does not run";
	case LACK_HARDWARE:
		return "another has what it claims";
	case LACK_GROUP:
		return "it waits for its group";
	default:
		return "something was missing, and is there by now";
	}
}

/* ---- for whoever asks later ---- */

static told_t *told_of(const manager_t *manager, const driver_t *driver)
{
	return &manager->told[driver->index];
}

/* What became of a failure. Of another end nothing is noted. */
static void note_decision(const manager_t *manager, const driver_t *driver,
			  manager_decision_t what, uint32_t number, uint32_t delay_ms)
{
	told_t *told = told_of(manager, driver);
	if (!told->undecided)
		return;
	told->decided = what;
	told->number = number;
	told->delay_ms = delay_ms;
	told->undecided = 0;
	if (manager->deaths)
		store_decide(manager->deaths, driver->index, what, number, delay_ms);
}

/* It runs: if it was restarted when its delay had passed, that took so long. */
static void note_running(const manager_t *manager, const driver_t *driver, told_t *told)
{
	if (!told->in_time || told->generation == driver->unit.generation)
		return;
	told->in_time = 0;
	told->took_of = told->generation;
	told->took_ms = (uint32_t)manager->now_ms - told->at_ms - told->delay_ms;
}

/* It goes from one state to another: that may be a failure, or what comes of one. */
static void note_state(const manager_t *manager, const driver_t *driver, const effect_t *effect)
{
	const unit_t *unit = &driver->unit;
	told_t *told = told_of(manager, driver);
	bool killed = effect->c == EVENT_KILLED;
	if (effect->c == EVENT_TORN_DOWN_STOP)
		note_decision(manager, driver, DECIDED_STOP, 0, 0);
	if (effect->a == STATE_RECOVERING &&
	    effect->c == EVENT_START) /* the operator decided */
		note_decision(manager, driver, DECIDED_RESTART, 0, 0);
	if (effect->a == STATE_BACKOFF)
		told->in_time = effect->c == EVENT_TIMER;
	if (effect->b == STATE_RUNNING)
		note_running(manager, driver, told);
	if (effect->b != STATE_RECOVERING)
		return;
	told->undecided = killed || effect->c == EVENT_FAILURE || effect->c == EVENT_LIMIT;
	if (!told->undecided)
		return;
	if (killed || told->why_generation != unit->generation) {
		told->why[0] = '\0';
		told->call_error = DRV_OK;
	}
	told->generation = unit->generation;
	told->killed = killed;
	told->state = effect->a;
	told->error = unit->last_error;
	told->culprit = unit->last_culprit;
	told->at_ms = (uint32_t)manager->now_ms;
	told->decided = DECIDED_NOTHING;
}

static void tell_state(manager_t *manager, const driver_t *driver, const effect_t *effect)
{
	lifecycle_event_t event = (lifecycle_event_t)effect->c;
	driver_log_line(
	    manager, driver, "%s -> %s (%s)", lifecycle_state_name((driver_state_t)effect->a),
	    lifecycle_state_name((driver_state_t)effect->b),
	    event == EVENT_MISSING ? missing(manager, driver) : lifecycle_event_name(event));
}

static void tell_restart(manager_t *manager, const driver_t *driver, const effect_t *effect)
{
	bool returns = driver->unit.swap == SWAP_BACK;
	note_decision(manager, driver, returns ? DECIDED_RETURN : DECIDED_RESTART, effect->a,
		      effect->b);
	if (returns)
		driver_log_at(manager, driver, LOG_WARN,
			      "the image before it comes back in %u ms", effect->b);
	else if (effect->a)
		driver_log_at(manager, driver, LOG_WARN, "restart %u in %u ms", effect->a,
			      effect->b);
	else
		driver_log_at(manager, driver, LOG_WARN,
			      "restart in %u ms, which its policy does not count", effect->b);
}

static void tell_wait(manager_t *manager, const driver_t *driver, const effect_t *effect)
{
	char text[WHY_TEXT_MAX];
	reason_t reason = {(lack_t)effect->a, effect->b};
	why_it_waits(manager, driver, reason, text, sizeof(text));
	driver_log_at(manager, driver, LOG_WARN, "%s", text);
}

static void tell_given_up(manager_t *manager, const driver_t *driver, const effect_t *effect)
{
	char why[32] = ": its policy is never";
	const char *name = driver->manifest.name;
	note_decision(manager, driver, DECIDED_GIVE_UP, effect->a, 0);
	if (effect->c == EVENT_LIMIT) {
		driver_log_at(manager, driver, LOG_ERROR,
			      "given up: its end takes too long; what is left goes on being "
			      "revoked, `start %s` starts it when that is over",
			      name);
		return;
	}
	if (driver->manifest.restart.policy.kind != POLICY_NEVER)
		format(why, sizeof(why), " after %u restarts", effect->a);
	driver_log_at(manager, driver, LOG_ERROR,
		      "given up%s; no capability is left, `start %s` clears it", why, name);
}

/* How much of a delay was counted from the failure on is known, and not when it was decided. */
void tell_adopt(const manager_t *manager, const driver_t *driver)
{
	const unit_t *unit = &driver->unit;
	switch (unit->state) {
	case STATE_RECOVERING:
		break;
	case STATE_QUARANTINED:
		note_decision(manager, driver, DECIDED_GIVE_UP, 0, 0);
		break;
	case STATE_STOPPED:
		note_decision(manager, driver, DECIDED_STOP, 0, 0);
		break;
	default:
		note_decision(manager, driver,
			      unit->swap == SWAP_BACK ? DECIDED_RETURN : DECIDED_RESTART,
			      unit->history.restarts,
			      (uint32_t)unit->until_ms - told_of(manager, driver)->at_ms);
		break;
	}
}

/* A failure that the last incarnation told is not told again: an instance ends once. */
static bool is_told(const manager_t *manager, const driver_t *driver, const effect_t *effect)
{
	return effect->b == STATE_RECOVERING &&
	       told_of(manager, driver)->generation == driver->unit.generation;
}

void tell_effect(manager_t *manager, const effect_t *effect)
{
	const driver_t *driver = &manager->drivers[effect->unit];
	switch (effect->kind) {
	case EFFECT_STATE:
		if (is_told(manager, driver, effect))
			break;
		note_state(manager, driver, effect);
		tell_state(manager, driver, effect);
		break;
	case EFFECT_RESTART:
		tell_restart(manager, driver, effect);
		break;
	case EFFECT_GIVE_UP:
		tell_given_up(manager, driver, effect);
		break;
	case EFFECT_WAIT:
		tell_wait(manager, driver, effect);
		break;
	default:
		break;
	}
}

void tell_end(manager_t *manager, const driver_t *driver, const char *why)
{
	told_t *told = told_of(manager, driver);
	const driver_page_t *page = driver->instance.page;
	int32_t error = page ? page->context.last_error : DRV_OK;
	bool is_one = error < DRV_OK && error >= DRV_ERROR_LAST;
	told->why_generation = driver->unit.generation;
	told->call_error = is_one ? error : DRV_OK;
	format(told->why, sizeof(told->why), "%s", why);
	if (is_one)
		driver_log_at(manager, driver, LOG_ERROR,
			      "says that its last failing call answered %s (%s)",
			      error_name(error), error_text(error));
}

void tell_failure(manager_t *manager, const driver_t *driver, const char *why)
{
	bool killed = driver->unit.killed;
	driver_log_at(manager, driver, killed ? LOG_WARN : LOG_ERROR,
		      "%s in %s, generation %u%s%s",
		      killed ? "killed by the operator" : "failed",
		      lifecycle_state_name(driver->unit.state), driver->unit.generation,
		      killed ? "" : ": ", killed ? "" : why);
	if (!killed)
		tell_end(manager, driver, why);
}
