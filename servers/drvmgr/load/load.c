/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the archive. A program without a manifest stays a file: being in the archive gives it
 * nothing. */
#include "load/load.h"

#include "cap/format.h"
#include "cap/string.h"
#include "hands/ends.h"
#include "hands/memory.h"
#include "hands/spawn.h"
#include "load/files.h"
#include "load/rules.h"

#define OWN_IMAGE "drvmgr.elf"
#define CUT	  '~'

static err_t check_driver(manager_t *manager, driver_t *driver, uint32_t index)
{
	files_t *files = files_area();
	image_t image;
	err_t err = admission_check(&files->admission, index, &manager->registry,
				    &files->reader, &driver->manifest, &image, &files->errors);
	if (!err) {
		files_use(driver, &image);
		err = spawn_reserve(manager, driver);
		if (err == DRV_ENOMEM)
			files_say_too_large(driver);
	}
	if (!err)
		err = ends_make(manager, driver);
	if (!err)
		err = registry_add(&manager->registry, driver->file, &driver->manifest,
				   &files->errors);
	files_tell(manager, driver, err);
	return err;
}

/* A driver that is rejected goes by its file's name, whatever its manifest says: a dot or,
 * where the name was cut, a tilde is in no driver's name, so that nobody takes it for another,
 * be that one before or behind it in the archive. */
static void name_by_file(driver_t *driver)
{
	char *name = driver->manifest.name;
	size_t size = sizeof(driver->manifest.name);
	if (format(name, size, "%s", driver->file) < strlen(driver->file))
		name[size - 2] = CUT;
}

/* What `ps` says of it. */
static void keep_refusal(driver_t *driver, err_t err)
{
	const manifest_errors_t *errors = &files_area()->errors;
	size_t size = sizeof(driver->refused);
	driver->refusal = err;
	if (errors->count)
		manifest_brief(errors, driver->file, driver->refused, size);
	else
		format(driver->refused, size, "%s (%s)", error_name(err), error_text(err));
}

static void load_candidate(manager_t *manager, uint32_t index)
{
	driver_t *driver = driver_touch(manager, manager->count);
	driver->index = manager->count++;
	_Static_assert(sizeof(driver->file) >= ADMISSION_FILE_SIZE, "a file's name fits");
	memcpy(driver->file, files_area()->admission.items[index].file, ADMISSION_FILE_SIZE);
	err_t err = check_driver(manager, driver, index);
	if (err == DRV_OK) {
		driver->accepted = true;
		files_tell_accepted(manager, driver);
		return;
	}
	name_by_file(driver);
	keep_refusal(driver, err);
}

static void log_line(void *manager, const char *line)
{
	manager_log_at(manager, HISTORY_MANAGER, LOG_WARN, "drvmgr: %s", line);
}

static bool is_named(void *context, const char *image)
{
	const manager_t *manager = context;
	if (strcmp(image, OWN_IMAGE) == 0)
		return true;
	for (uint32_t i = 0; i < manager->count; i++)
		if (admission_names(manager->drivers[i].file, &manager->drivers[i].manifest,
				    image))
			return true;
	return false;
}

err_t load_archive(manager_t *manager)
{
	char cycle[160];
	uint32_t seen = 0;
	files_t *files = files_area();
	files_begin(manager);
	admission_scan(&files->admission, manager->archive, manager->boot->archive_size,
		       &files->errors, log_line, manager);
	err_t err = memory_add_drivers(manager, files->admission.count);
	if (err)
		return err;
	for (uint32_t i = 0; i < files->admission.count; i++)
		load_candidate(manager, i);
	admission_say_orphans(&files->admission, is_named, log_line, manager);
	while (registry_find_cycle(&manager->registry, &seen, cycle, sizeof(cycle)))
		manager_log_at(manager, HISTORY_MANAGER, LOG_ERROR,
			       "drvmgr: these wait for each other for ever: %s", cycle);
	rules_write(manager);
	core_begin(&manager->world, manager->now_ms);
	return DRV_OK;
}
