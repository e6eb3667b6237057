/* SPDX-License-Identifier: BSD-2-Clause */
/* The reasons of why.h. */
#include "log/why.h"

#include "cap/format.h"
#include "hands/evidence.h"

/* The entry of the registry that is this driver; its count: it has none. */
static uint32_t entry_of(const registry_t *registry, const driver_t *driver)
{
	uint32_t at = 0;
	while (at < registry->count && registry->entries[at].manifest != &driver->manifest)
		at++;
	return at;
}

static size_t of_hardware(const manager_t *manager, const driver_t *driver,
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

size_t why_it_waits(const manager_t *manager, const driver_t *driver, reason_t reason,
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
		return of_hardware(manager, driver, other, text, size);
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
static size_t of_last_end(const manager_t *manager, const unit_t *unit, char *text, size_t size)
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

static size_t of_rest(const unit_t *unit, char *text, size_t size)
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

static size_t of_state(const manager_t *manager, const driver_t *driver, char *text,
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
		length = of_last_end(manager, unit, text, size);
		return length + format(text + length, size - length,
				       " and was given up; `start %s` tries again", name);
	case STATE_BACKOFF:
		length = of_last_end(manager, unit, text, size);
		return length +
		       format(text + length, size - length, "; starts in %u ms",
			      now < unit->until_ms ? (uint32_t)(unit->until_ms - now) : 0);
	case STATE_RECOVERING:
		return of_last_end(manager, unit, text, size);
	case STATE_ABSENT:
		return format(text, size, "found no device; `start %s` looks again", name);
	case STATE_STOPPED:
		return of_rest(unit, text, size);
	case STATE_QUIESCED:
		return format(text, size, "does nothing until `start %s` sets it up afresh",
			      name);
	default:
		if (unit->state == STATE_WAITING || unit->wanted == WANTED_HELD)
			return why_it_waits(manager, driver,
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
static size_t of_call(const manager_t *manager, const driver_t *driver, bool behind, char *text,
		      size_t size)
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
static size_t of_swap(const manager_t *manager, const driver_t *driver, bool behind, char *text,
		      size_t size)
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
			      "%sis on probation for %u ms more: if it %s, the image before it "
			      "comes back",
			      also, past_ms < reset_ms ? (uint32_t)(reset_ms - past_ms) : 0,
			      waits ? "still waits then" : "fails");
	case SWAP_RETURNED:
		return format(
		    text, size,
		    "%shas its image back: the one that replaced it failed on probation", also);
	case SWAP_CONFIRMED:
		return format(text, size, "%sreplaced another image, and is confirmed", also);
	default:
		return 0;
	}
}

size_t why_text(const manager_t *manager, const driver_t *driver, char *text, size_t size)
{
	size_t length = 0;
	if (hides_hold(&driver->unit) && unit_is_held(&driver->unit))
		length = format(text, size, "is held; ");
	length += of_state(manager, driver, text + length, size - length);
	length += of_call(manager, driver, length != 0, text + length, size - length);
	return length + of_swap(manager, driver, length != 0, text + length, size - length);
}
