/* SPDX-License-Identifier: BSD-2-Clause */
/* The drivers of push.h. */
#include "load/push.h"

#include "cap/format.h"
#include "cap/string.h"
#include "cap/syscall.h"
#include "hands/depot.h"
#include "hands/ends.h"
#include "hands/memory.h"
#include "hands/shared.h"
#include "load/files.h"
#include "load/rules.h"

#define MORE_SIZE 48u /* of the line that says how many others there are */

/* The upload as one candidate, behind the files of all drivers that there are. */
static uint32_t list_files(const manager_t *manager, const upload_t *upload,
			   const boot_entry_t *essential, const uint8_t digest[SHA256_SIZE])
{
	admission_t *admission = &files_area()->admission;
	const char *image = depot_address(manager, upload->node);
	uint32_t count = 0;
	for (uint32_t i = 0; i < manager->count; i++)
		if (!driver_is_empty(&manager->drivers[i]))
			memcpy(admission->items[count++].file, manager->drivers[i].file,
			       ADMISSION_FILE_SIZE);
	candidate_t *candidate = &admission->items[count];
	format(candidate->file, sizeof(candidate->file), "%s" MANIFEST_END, upload->what.name);
	candidate->text = image + upload->what.image_bytes;
	candidate->size = upload->what.manifest_bytes;
	candidate->essential = essential;
	admission->count = count + 1;
	admission->given = (program_t){.data = image, .size = upload->what.image_bytes};
	admission->given_digest = digest;
	return count;
}

err_t push_check(const manager_t *manager, const upload_t *upload, const registry_t *others,
		 const boot_entry_t *essential, driver_t *driver)
{
	files_t *files = files_area();
	sha256_t hash = upload->hash;
	uint8_t digest[SHA256_SIZE];
	image_t image = {0};
	const uint8_t *bytes = depot_address(manager, upload->node);
	sha256_end(&hash, bytes + upload->hashed, upload->what.image_bytes, digest);
	uint32_t index = list_files(manager, upload, essential, digest);
	memcpy(driver->file, files->admission.items[index].file, ADMISSION_FILE_SIZE);
	driver->image_frame = upload->frame;
	driver->nodes[DEPOT_IMAGE] = upload->node;
	err_t err = admission_check(&files->admission, index, others, &files->reader,
				    &driver->manifest, &image, &files->errors);
	if (!err)
		files_use(driver, &image);
	return err;
}

/* Behind the errors of a name that is taken, what to do about it. */
static void say_taken(const manager_t *manager, const upload_t *upload)
{
	const driver_t *other = manager_find(manager, upload->what.name);
	if (!other)
		return;
	manifest_note(&files_area()->errors, other->file,
		      driver_is_loaded(other) ? "%s is loaded: stop it and unload it first"
					      : "%s came with the system and stays",
		      upload->what.name);
}

/* Its memory, its door and its entry. */
static err_t settle(manager_t *manager, driver_t *driver)
{
	err_t err = depot_reserve(manager, driver);
	if (err == DRV_ENOMEM)
		files_say_too_large(driver);
	if (!err)
		err = ends_make(manager, driver);
	if (!err)
		err = registry_add(&manager->registry, driver->file, &driver->manifest,
				   &files_area()->errors);
	return err;
}

/* The first place that is empty, or a new one; DRIVERS_MAX: there is none. */
static uint32_t find_place(const manager_t *manager)
{
	uint32_t i = 0;
	while (i < manager->count && !driver_is_empty(&manager->drivers[i]))
		i++;
	return i;
}

/* What nobody has asked for yet is not there. */
static void empty(driver_t *driver)
{
	uint32_t index = driver->index;
	memset(driver, 0, offsetof(driver_t, door));
	driver->index = index;
	driver->refusal = DRV_ENOENT;
}

void push_forget(manager_t *manager, driver_t *driver)
{
	ends_unmake(driver);
	memset(&driver->instance, 0, sizeof(driver->instance));
	driver->over = 0;
	driver->used = (used_t){0};
	manager->watches[driver->index].used = driver->used;
	driver->subscriber = CAP_NULL;
	memset(&manager->told[driver->index], 0, sizeof(manager->told[0]));
	memset(&manager->excesses[driver->index], 0, sizeof(manager->excesses[0]));
	history_drop(&manager->log->history, HISTORY_OF(driver->index));
	history_drop(&manager->log->history, HISTORY_ABOUT(driver->index));
	if (manager->deaths)
		store_drop(manager->deaths, driver->index);
}

static err_t make_place(manager_t *manager, uint32_t place)
{
	err_t err = DRV_OK;
	if (place == DRIVERS_MAX)
		err = DRV_ENOMEM;
	else if (place == manager->count)
		err = memory_add_drivers(manager, place + 1);
	if (err)
		manifest_note(&files_area()->errors, "load", "there is room for %u drivers",
			      DRIVERS_MAX);
	return err;
}

static void tell_cycles(manager_t *manager)
{
	char cycle[160];
	uint32_t seen = 0;
	while (registry_find_cycle(&manager->registry, &seen, cycle, sizeof(cycle)))
		manager_log_at(manager, HISTORY_MANAGER, LOG_ERROR,
			       "drvmgr: these wait for each other for ever: %s", cycle);
}

static void admit(manager_t *manager, driver_t *driver)
{
	driver->accepted = true;
	if (driver->index == manager->count)
		manager->count++;
	tell_cycles(manager);
	rules_write(manager);
	core_admit(&manager->world, driver->index);
}

err_t push_load(manager_t *manager, const upload_t *upload)
{
	uint32_t place = find_place(manager);
	files_begin(manager);
	files_area()->admission.goes_on = NULL;
	err_t err = make_place(manager, place);
	if (err)
		return err;
	driver_t *driver = driver_touch(manager, place);
	driver->index = place;
	empty(driver);
	if (place < manager->count) /* a manager may have died before that was done */
		push_forget(manager, driver);
	err = push_check(manager, upload, &manager->registry, NULL, driver);
	if (err == DRV_EEXIST)
		say_taken(manager, upload);
	if (!err)
		err = settle(manager, driver);
	files_tell(manager, driver, err);
	if (!err) {
		admit(manager, driver);
		files_tell_accepted(manager, driver);
		return DRV_OK;
	}
	empty(driver);
	push_forget(manager, driver);
	return err;
}

/* Connections to it that others were given lead nowhere. */
static void disconnect(manager_t *manager, const driver_t *driver)
{
	cap_revoke(driver->instance.endpoint);
	for (uint32_t i = 0; i < manager->count; i++) {
		const cap_t *connections = manager->drivers[i].instance.connections;
		for (uint32_t place = 0; place <= MANIFEST_PLACES; place++) {
			cap_info_t info;
			if (connections[place] && cap_get_info(connections[place], &info))
				driver_touch(manager, i)->instance.connections[place] =
				    CAP_NULL;
		}
	}
}

void push_unload(manager_t *manager, driver_t *driver)
{
	driver_log_line(manager, driver, "is unloaded");
	disconnect(manager, driver);
	shared_forget(manager, driver);
	registry_remove(&manager->registry, driver->manifest.name);
	empty(driver);
	rules_write(manager);
}

size_t push_lines(char *text, size_t size)
{
	const manifest_errors_t *errors = &files_area()->errors;
	size_t length = 0;
	uint32_t told = 0;
	while (told < errors->count &&
	       length + strlen(errors->lines[told]) + 1 + MORE_SIZE <= size)
		length += format(text + length, size - length, "%s\n", errors->lines[told++]);
	uint32_t more = errors->count - told + errors->dropped;
	if (more)
		length += format(text + length, size - length, "and %u more errors%s\n", more,
				 told < errors->count ? ": the log has them" : "");
	return length;
}
