/* SPDX-License-Identifier: BSD-2-Clause */
/* The two images of replace.h. */
#include "load/replace.h"

#include "cap/string.h"
#include "claims/claims.h"
#include "claims/names.h"
#include "hands/depot.h"
#include "hands/shared.h"
#include "load/files.h"
#include "load/push.h"
#include "load/rules.h"

#define SEALED offsetof(driver_t, door)

/* May it be replaced just now, whatever by? */
static err_t check_driver(const manager_t *manager, const driver_t *driver)
{
	const unit_t *unit = &driver->unit;
	manifest_errors_t *errors = &files_area()->errors;
	if (manager->second_is) {
		manifest_note(errors, driver->file,
			      "a replacement is under way: of %s; wait until that is confirmed "
			      "or returned",
			      manager->second.manifest.name);
		return DRV_EBUSY;
	}
	err_t err = core_may_replace(&manager->world, driver->index);
	if (!err)
		return DRV_OK;
	if (unit->state != STATE_RUNNING)
		manifest_note(errors, driver->file,
			      "%s is %s, and only a driver that is Running is replaced",
			      driver->manifest.name, lifecycle_state_name(unit->state));
	else
		manifest_note(errors, driver->file,
			      "%s is held, or on its way out, and only a driver that is to "
			      "run is replaced",
			      driver->manifest.name);
	return err;
}

/* All that it requires runs: otherwise it would not, and the one before would stand by. */
static err_t check_required(const manager_t *manager, const driver_t *next)
{
	const name_list_t *needs = &next->manifest.needs;
	for (uint32_t k = 0; k < needs->count; k++) {
		uint32_t left = registry_providers(&manager->registry, needs->items[k]);
		bool runs = false;
		for (; left; left &= left - 1) {
			const driver_t *other = manager_find(
			    manager,
			    manager->registry.entries[__builtin_ctz(left)].manifest->name);
			runs |= other->unit.state == STATE_RUNNING;
		}
		if (runs)
			continue;
		manifest_error(&files_area()->errors, next->file, needs->place,
			       "requires: \"%s\" does not run", needs->items[k]);
		return DRV_EBUSY;
	}
	return DRV_OK;
}

/* Whose claims meet those of the entry, which is called so: bits of a registry without it. */
static uint32_t rivals_of(const registry_t *registry, const char *name)
{
	uint32_t at = 0;
	while (strcmp(registry->entries[at].manifest->name, name) != 0)
		at++;
	uint32_t before = (1u << at) - 1, rivals = registry->entries[at].rivals;
	return (rivals & before) | (rivals >> 1 & ~before);
}

/* Adds it to the others. It wants nothing that another one wants too, but what the image in
 * force wants as well. */
static err_t check_claims(const manager_t *manager, registry_t *others, const driver_t *next)
{
	char text[CLAIMS_TOLD];
	claim_conflict_t conflict;
	err_t err = registry_add(others, next->file, &next->manifest, &files_area()->errors);
	if (err)
		return err;
	uint32_t last = others->count - 1;
	uint32_t clash =
	    others->entries[last].rivals & ~rivals_of(&manager->registry, next->manifest.name);
	if (!clash || !claims_check(others, last, clash, &conflict))
		return DRV_OK;
	claims_tell(others, last, &conflict, true, text, sizeof(text));
	manifest_note(&files_area()->errors, next->file,
		      "it claims more than the image in force does: %s", text);
	return DRV_EEXIST;
}

static err_t check(manager_t *manager, const upload_t *upload, const driver_t *driver)
{
	driver_t *next = &manager->second;
	boot_entry_t essential = {.priority = driver->manifest.priority};
	registry_t others = manager->registry;
	registry_remove(&others, driver->manifest.name);
	err_t err = push_check(manager, upload, &others,
			       driver->manifest.essential ? &essential : NULL, next);
	if (!err)
		err = check_claims(manager, &others, next);
	if (!err)
		err = check_required(manager, next);
	if (err)
		return err;
	next->nodes[DEPOT_ENDS] = driver->nodes[DEPOT_ENDS];
	memcpy(next->home, driver->home, sizeof(next->home));
	next->accepted = true;
	err = depot_reserve_body(manager, next);
	if (err == DRV_ENOMEM)
		files_say_too_large(next);
	return err;
}

err_t replace_prepare(manager_t *manager, const upload_t *upload)
{
	const driver_t *driver = manager_find(manager, upload->what.name);
	files_begin(manager);
	files_area()->admission.goes_on = NULL;
	if (!driver)
		return DRV_ENOENT;
	err_t err = check_driver(manager, driver);
	if (err) {
		files_tell(manager, driver, err);
		return err;
	}
	memset(&manager->second, 0, sizeof(manager->second));
	manager->second.index = driver->index;
	err = check(manager, upload, driver);
	files_tell(manager, &manager->second, err);
	if (err)
		return err;
	files_tell_accepted(manager, &manager->second);
	manager->second_is = SECOND_NEXT;
	return DRV_OK;
}

void replace_exchange(manager_t *manager, driver_t *driver)
{
	uint32_t *mine = (uint32_t *)(void *)driver;
	uint32_t *other = (uint32_t *)(void *)&manager->second;
	shared_forget(manager, driver);
	for (uint32_t i = 0; i < SEALED / sizeof(uint32_t); i++) {
		uint32_t word = mine[i];
		mine[i] = other[i];
		other[i] = word;
	}
	shared_forget(manager, driver);
	registry_reread(&manager->registry);
	rules_write(manager);
}
