/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the archive. A program without a manifest stays a file: being in the archive gives it
 * nothing. */
#include "load/load.h"

#include "cap/format.h"
#include "cap/string.h"
#include "cap/syscall.h"
#include "claims/admission.h"
#include "claims/need.h"
#include "hands/ends.h"
#include "hands/memory.h"
#include "hands/spawn.h"
#include "load/rules.h"

#define OWN_IMAGE   "drvmgr.elf"
#define WINDOWS_MAX 32u
#define CUT	    '~'

/* What is needed only while files are read: an incarnation that reads none does without. */
typedef struct load {
	manifest_reader_t reader;
	manifest_errors_t errors;
	admission_t admission;
	span_t windows[WINDOWS_MAX];
} load_t;
_Static_assert(sizeof(load_t) <= MANAGER_LOAD_BYTES, "there is room for it");

static load_t *load_area(void)
{
	return (load_t *)MANAGER_LOAD;
}

static void log_errors(manager_t *manager, const driver_t *driver)
{
	uint32_t about = HISTORY_ABOUT(driver->index);
	const manifest_errors_t *errors = &load_area()->errors;
	for (uint32_t i = 0; i < errors->count; i++)
		manager_log_at(manager, about, LOG_ERROR, "drvmgr: %s", errors->lines[i]);
	if (errors->dropped)
		manager_log_at(manager, about, LOG_ERROR, "drvmgr: and %u more errors",
			       errors->dropped);
}

/* "ps2kbd.drv.json: accepted: ports 0x60-0x60; irq 1; …" */
static void log_accepted(manager_t *manager, const driver_t *driver)
{
	const manifest_t *manifest = &driver->manifest;
	char text[200];
	size_t length = 0;
	text[0] = '\0';
	for (uint32_t i = 0; i < manifest->caps.pio.count; i++)
		length +=
		    format(text + length, sizeof(text) - length, " ports 0x%x-0x%x",
			   manifest->caps.pio.items[i].start, manifest->caps.pio.items[i].end);
	for (uint32_t i = 0; i < manifest->caps.irq.count; i++)
		length += format(text + length, sizeof(text) - length, " irq %u",
				 manifest->caps.irq.items[i].line);
	for (uint32_t i = 0; i < manifest->caps.mmio.count; i++)
		length += format(text + length, sizeof(text) - length, " mmio 0x%x+0x%x",
				 manifest->caps.mmio.items[i].base,
				 manifest->caps.mmio.items[i].size);
	manager_log_at(manager, HISTORY_ABOUT(driver->index), LOG_INFO,
		       "drvmgr: %s: accepted: %s, ABI %u, %u KiB, granted%s", driver->file,
		       manifest->name, driver->abi, manifest->memory_kib,
		       length ? text : " no device");
}

static void say_too_large(const driver_t *driver)
{
	need_t need = need_of(&driver->manifest, &driver->plan);
	manifest_note(&load_area()->errors, driver->file,
		      "it takes %u KiB, and so much memory is not left in one piece",
		      need_kib(&need));
}

static err_t check_driver(manager_t *manager, driver_t *driver, uint32_t index)
{
	load_t *load = load_area();
	image_t image;
	err_t err = admission_check(&load->admission, index, &manager->registry, &load->reader,
				    &driver->manifest, &image, &load->errors);
	if (!err) {
		driver->image = image.data;
		driver->image_bytes = (uint32_t)image.size;
		driver->plan = image.plan;
		driver->abi = image.abi;
		elf_build_id(image.data, image.size, driver->build_id);
		err = spawn_reserve(manager, driver);
		if (err == DRV_ENOMEM)
			say_too_large(driver);
	}
	if (!err)
		err = ends_make(manager, driver);
	if (!err)
		err = registry_add(&manager->registry, driver->file, &driver->manifest,
				   &load->errors);
	log_errors(manager, driver);
	if (err)
		manager_log_at(manager, HISTORY_ABOUT(driver->index), LOG_ERROR,
			       "drvmgr: %s: refused: %s (%s)", driver->file, error_name(err),
			       error_text(err));
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
	const manifest_errors_t *errors = &load_area()->errors;
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
	memcpy(driver->file, load_area()->admission.items[index].file, ADMISSION_FILE_SIZE);
	err_t err = check_driver(manager, driver, index);
	if (err == DRV_OK) {
		driver->accepted = true;
		log_accepted(manager, driver);
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

/* The physical memory that the kernel gave to be handed on: the check of a manifest knows then
 * what this machine withholds of the ISA window. More windows than there is room for are none.
 */
static void learn_windows(const manager_t *manager)
{
	load_t *load = load_area();
	load->reader.windows = load->windows;
	load->reader.window_count = 0;
	for (uint32_t i = BOOT_CAP_FIRST; i < manager->boot->cap_count; i++) {
		const struct boot_cap_entry *entry = &manager->boot->caps[i];
		if (entry->type != CAP_MMIO || load->reader.window_count == WINDOWS_MAX)
			continue;
		load->windows[load->reader.window_count++] =
		    (span_t){entry->scope0, entry->scope0 + (entry->scope1 - 1)};
	}
}

/* The root task sees that it goes on (judge.h). Nobody waits at the notification yet. */
static void go_on(void *context)
{
	const manager_t *manager = context;
	notification_signal(manager->signal, 0);
}

err_t load_archive(manager_t *manager)
{
	char cycle[160];
	uint32_t seen = 0;
	load_t *load = load_area();
	memset(load, 0, sizeof(*load));
	load->admission.goes_on = go_on;
	load->admission.watched = manager;
	learn_windows(manager);
	admission_scan(&load->admission, manager->archive, manager->boot->archive_size,
		       &load->errors, log_line, manager);
	err_t err = memory_add_drivers(manager, load->admission.count);
	if (err)
		return err;
	for (uint32_t i = 0; i < load->admission.count; i++)
		load_candidate(manager, i);
	admission_say_orphans(&load->admission, is_named, log_line, manager);
	while (registry_find_cycle(&manager->registry, &seen, cycle, sizeof(cycle)))
		manager_log_at(manager, HISTORY_MANAGER, LOG_ERROR,
			       "drvmgr: these wait for each other for ever: %s", cycle);
	rules_write(manager);
	return DRV_OK;
}
