/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of tell.h. */
#include "log/tell.h"

#include "cap/format.h"
#include "claims/claims.h"

static void tell_state(manager_t *manager, const driver_t *driver, const effect_t *effect)
{
	lifecycle_event_t event = (lifecycle_event_t)effect->c;
	bool held = event == EVENT_MISSING && driver->unit.wanted == WANTED_HELD;
	manager_log_line(manager, "drvmgr: %s: %s -> %s (%s)", driver->manifest.name,
			 lifecycle_state_name((driver_state_t)effect->a),
			 lifecycle_state_name((driver_state_t)effect->b),
			 held ? "held" : lifecycle_event_name(event));
}

static void tell_restart(manager_t *manager, const driver_t *driver, const effect_t *effect)
{
	if (effect->a)
		manager_log_line(manager, "drvmgr: %s: restart %u in %u ms",
				 driver->manifest.name, effect->a, effect->b);
	else
		manager_log_line(manager, "drvmgr: %s: restart in %u ms, which does not count",
				 driver->manifest.name, effect->b);
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
	if (wants == registry->count || holds == registry->count ||
	    !claims_check(registry, wants, 1u << holds, &conflict))
		return format(text, size, "waits for %s", holder->manifest.name);
	return claims_tell(registry, wants, &conflict, text, size);
}

static size_t tell_reason(const manager_t *manager, const driver_t *driver, reason_t reason,
			  char *text, size_t size)
{
	const driver_t *other = &manager->drivers[reason.other % DRIVERS_MAX];
	const char *state = lifecycle_state_name(other->unit.state);
	switch (reason.kind) {
	case LACK_RELEASE:
		return format(text, size, "is held by the operator until `release %s`",
			      driver->manifest.name);
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

size_t tell_lack(const manager_t *manager, const driver_t *driver, char *text, size_t size)
{
	reason_t reason = core_lack(&manager->world, driver->index);
	return tell_reason(manager, driver, reason, text, size);
}

static void tell_wait(manager_t *manager, const driver_t *driver, const effect_t *effect)
{
	char text[TELL_LACK_MAX];
	reason_t reason = {(lack_t)effect->a, effect->b};
	tell_reason(manager, driver, reason, text, sizeof(text));
	manager_log_line(manager, "drvmgr: %s: %s", driver->manifest.name, text);
}

void tell_effect(manager_t *manager, const effect_t *effect)
{
	const driver_t *driver = &manager->drivers[effect->unit];
	const char *name = driver->manifest.name;
	switch (effect->kind) {
	case EFFECT_STATE:
		tell_state(manager, driver, effect);
		break;
	case EFFECT_RESTART:
		tell_restart(manager, driver, effect);
		break;
	case EFFECT_GIVE_UP:
		manager_log_line(manager,
				 "drvmgr: %s: given up after %u restarts; no capability is "
				 "left, `start %s` clears it",
				 name, effect->a, name);
		break;
	case EFFECT_WAIT:
		tell_wait(manager, driver, effect);
		break;
	default:
		break;
	}
}

void tell_failure(manager_t *manager, const driver_t *driver, const char *why)
{
	bool killed = driver->unit.killed;
	manager_log_line(manager, "drvmgr: %s: %s in %s, generation %u%s%s",
			 driver->manifest.name, killed ? "killed by the operator" : "failed",
			 lifecycle_state_name(driver->unit.state), driver->unit.generation,
			 killed ? "" : ": ", killed ? "" : why);
}

#define TYPE_NAME(name, value, text, rights) text,
static const char *const type_names[] = {CAP_TYPES(TYPE_NAME)};

size_t tell_cap(const cap_info_t *info, char *text, size_t size)
{
	size_t length = format(
	    text, size, "%-12s %c%c%c%c", type_names[info->type],
	    info->rights & RIGHT_READ ? 'r' : '-', info->rights & RIGHT_WRITE ? 'w' : '-',
	    info->rights & RIGHT_EXEC ? 'x' : '-', info->rights & RIGHT_GRANT ? 'g' : '-');
	uint32_t first = PIO_SCOPE_FIRST(info->scope0), last = PIO_SCOPE_LAST(info->scope0);
	if (info->type == CAP_PIO)
		length += format(text + length, size - length, " ports 0x%x-0x%x", first, last);
	else if (info->type == CAP_IRQ)
		length += format(text + length, size - length, " line %u", first);
	else if (info->type == CAP_MMIO)
		length += format(text + length, size - length, " 0x%x, 0x%x bytes",
				 info->scope0, info->scope1);
	return length;
}
