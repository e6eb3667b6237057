/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of tell.h. */
#include "log/tell.h"

#include "cap/format.h"
#include "claims/claims.h"
#include "hands/evidence.h"

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

/* The entry of the registry that is this driver; its count: it has none. */
static uint32_t entry_of(const registry_t *registry, const driver_t *driver)
{
	uint32_t at = 0;
	while (at < registry->count && registry->entries[at].manifest != &driver->manifest)
		at++;
	return at;
}

static size_t tell_hardware(const manager_t *manager, const driver_t *driver,
			    const driver_t *holder, char *text, size_t size)
{
	const registry_t *registry = &manager->registry;
	claim_conflict_t conflict;
	uint32_t wants = entry_of(registry, driver), holds = entry_of(registry, holder);
	if (wants == registry->count || holds == registry->count)
		return format(text, size, "waits for %s", holder->manifest.name);
	if (!claims_check(registry, wants, 1u << holds, &conflict))
		return format(text, size,
			      "waits for %s, or another one of the %u that share its line",
			      holder->manifest.name, IRQ_CLAIMERS);
	bool has = holder->unit.holds || holder->unit.ends;
	return claims_tell(registry, wants, &conflict, has, text, size);
}

static size_t tell_reason(const manager_t *manager, const driver_t *driver, reason_t reason,
			  char *text, size_t size)
{
	const driver_t *other = &manager->drivers[reason.other % DRIVERS_MAX];
	const char *state = lifecycle_state_name(other->unit.state);
	switch (reason.kind) {
	case LACK_RELEASE:
		return format(text, size, "is held until `release %s`", driver->manifest.name);
	case LACK_PROVIDER:
		return format(text, size, "requires %s, which nobody provides",
			      driver->manifest.needs.items[reason.other]);
	case LACK_REQUIRED:
		return format(text, size, "waits for %s, which it requires: that one is %s",
			      other->manifest.name, state);
	case LACK_HARDWARE:
		return tell_hardware(manager, driver, other, text, size);
	case LACK_GROUP:
		return format(text, size, "waits for %s of its group: that one is %s",
			      other->manifest.name, state);
	default:
		text[0] = '\0';
		return 0;
	}
}

/* What its last end was, for people: a fault has many names and one number, and so have
 * verdicts. */
static const char *end_text(const unit_t *unit)
{
	for (uint32_t kind = 0; kind < VERDICT_COUNT; kind++)
		if (unit->named >> kind & 1 && verdict_action(kind) == VERDICT_FAILS)
			return verdict_text(kind);
	switch (unit->last_error) {
	case DRV_EFAULT:
		return "a fault of the processor";
	case DRV_EGONE:
		return "it exited";
	default:
		return error_text(unit->last_error);
	}
}

/* "failed with DRV_ETIMEDOUT (waits, and not in its event loop) because of serial" */
static size_t tell_last(const manager_t *manager, const unit_t *unit, char *text, size_t size)
{
	if (unit->end_event == EVENT_APART)
		return format(text, size,
			      "is away to see whether its interrupt line storms on");
	if (unit->last_killed)
		return format(text, size, "was killed by the operator");
	if (unit->end_event == EVENT_EXIT)
		return format(text, size, "exited");
	size_t length = format(text, size, "failed with %s (%s)", error_name(unit->last_error),
			       end_text(unit));
	if (unit->last_culprit < manager->count &&
	    unit != &manager->drivers[unit->last_culprit].unit)
		length += format(text + length, size - length, " because of %s",
				 manager->drivers[unit->last_culprit].manifest.name);
	return length;
}

static size_t tell_rest(const unit_t *unit, char *text, size_t size)
{
	switch (unit->wanted) {
	case WANTED_STOPPED:
		return format(text, size, "was stopped by the operator");
	case WANTED_ENDED:
		return format(text, size, "ended by itself");
	case WANTED_AWAY:
	case WANTED_HELD_AWAY:
		return format(text, size,
			      "is away: the manager needs its hardware for the log");
	default:
		text[0] = '\0';
		return 0;
	}
}

static size_t tell_state_why(const manager_t *manager, const driver_t *driver, char *text,
			     size_t size)
{
	const unit_t *unit = &driver->unit;
	const char *name = driver->manifest.name;
	uint64_t now = manager->now_ms;
	size_t length;
	switch (unit->state) {
	case STATE_REJECTED:
		return format(text, size, "%s", driver->refused);
	case STATE_QUARANTINED:
		length = tell_last(manager, unit, text, size);
		return length + format(text + length, size - length,
				       " and was given up; `start %s` tries again", name);
	case STATE_BACKOFF:
		length = tell_last(manager, unit, text, size);
		return length +
		       format(text + length, size - length, "; starts in %u ms",
			      now < unit->until_ms ? (uint32_t)(unit->until_ms - now) : 0);
	case STATE_RECOVERING:
		return tell_last(manager, unit, text, size);
	case STATE_ABSENT:
		return format(text, size, "found no device; `start %s` looks again", name);
	case STATE_STOPPED:
		return tell_rest(unit, text, size);
	case STATE_QUIESCED:
		return format(text, size, "does nothing until `start %s` sets it up afresh",
			      name);
	default:
		if (unit->state == STATE_WAITING || unit->wanted == WANTED_HELD)
			return tell_reason(manager, driver,
					   core_lack(&manager->world, driver->index), text,
					   size);
		text[0] = '\0';
		return 0;
	}
}

/* Is something else told first of it? */
static bool hides_hold(const unit_t *unit)
{
	return unit->state == STATE_RECOVERING || unit->state == STATE_BACKOFF ||
	       unit->state == STATE_ABSENT || unit->state == STATE_QUARANTINED ||
	       unit_is_away(unit);
}

/* For whose answer one that lives has waited since the last look, at the least: until that one
 * is judged it is excused. */
static size_t tell_call(const manager_t *manager, const driver_t *driver, bool behind,
			char *text, size_t size)
{
	uint32_t for_ms = 0, server = NOBODY;
	if (driver->instance.alive)
		server = evidence_server(manager, driver, &for_ms);
	if (server == NOBODY || for_ms < EVIDENCE_LOOK_MS)
		return 0;
	const driver_t *other = &manager->drivers[server];
	return format(text, size, "%shas waited %u ms for %s, which is %s", behind ? "; " : "",
		      for_ms, other->manifest.name, lifecycle_state_name(other->unit.state));
}

/* What becomes, or became, of another image. */
static size_t tell_swap(const manager_t *manager, const driver_t *driver, bool behind,
			char *text, size_t size)
{
	const unit_t *unit = &driver->unit;
	const char *also = behind ? "; " : "";
	uint32_t reset_ms = driver->manifest.restart.policy.reset_ms;
	bool waits = unit->swap == SWAP_PROBATION &&
		     core_returns_at(&manager->world, driver->index) != UINT64_MAX;
	uint64_t since_ms = waits ? unit->since_ms : unit->history.running_since;
	uint64_t past_ms =
	    waits || unit->state == STATE_RUNNING ? manager->now_ms - since_ms : 0;
	switch (unit->swap) {
	case SWAP_DUE:
		return format(text, size, "%sgives way to another image", also);
	case SWAP_PROBATION:
		return format(text, size,
			      "%son probation for %u ms more: if it %s, the image before it "
			      "comes back",
			      also, past_ms < reset_ms ? (uint32_t)(reset_ms - past_ms) : 0,
			      waits ? "still waits then" : "fails");
	case SWAP_RETURNED:
		return format(
		    text, size,
		    "%sthe image that replaced it failed on probation, and it is back", also);
	case SWAP_CONFIRMED:
		return format(text, size, "%sreplaced another image, and is confirmed", also);
	default:
		return 0;
	}
}

size_t tell_why(const manager_t *manager, const driver_t *driver, char *text, size_t size)
{
	size_t length = 0;
	if (hides_hold(&driver->unit) && unit_is_held(&driver->unit))
		length = format(text, size, "is held; ");
	length += tell_state_why(manager, driver, text + length, size - length);
	length += tell_call(manager, driver, length != 0, text + length, size - length);
	return length + tell_swap(manager, driver, length != 0, text + length, size - length);
}

static void tell_wait(manager_t *manager, const driver_t *driver, const effect_t *effect)
{
	char text[TELL_LACK_MAX];
	reason_t reason = {(lack_t)effect->a, effect->b};
	tell_reason(manager, driver, reason, text, sizeof(text));
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

void tell_effect(manager_t *manager, const effect_t *effect)
{
	const driver_t *driver = &manager->drivers[effect->unit];
	switch (effect->kind) {
	case EFFECT_STATE:
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
