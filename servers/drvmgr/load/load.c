/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the archive. A program without a manifest stays a file: being in the archive gives it
 * nothing. */
#include "load/load.h"

#include "cap/format.h"
#include "cap/string.h"
#include "cap/syscall.h"
#include "cap/tar.h"
#include "hands/spawn.h"
#include "supervisor/supervisor.h"

#define MANIFEST_END ".drv.json"
#define IMAGE_END    ".elf"
#define OWN_IMAGE    "drvmgr.elf"
#define WINDOWS_MAX  32u
#define UNPRINTABLE  '?'
#define CUT	     '~'

static manifest_reader_t reader;
static manifest_errors_t errors;

static bool ends_with(const char *name, const char *end)
{
	size_t length = strlen(name), tail = strlen(end);
	return length >= tail && strcmp(name + length - tail, end) == 0;
}

static void log_errors(manager_t *manager)
{
	for (uint32_t i = 0; i < errors.count; i++)
		manager_log_line(manager, "drvmgr: %s", errors.lines[i]);
	if (errors.dropped)
		manager_log_line(manager, "drvmgr: and %u more errors", errors.dropped);
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
	manager_log_line(manager, "drvmgr: %s: accepted: %s, ABI %u, %u KiB, granted%s",
			 driver->file, manifest->name, driver->abi, manifest->memory_kib,
			 length ? text : " no device");
}

static err_t check_abi(manager_t *manager, driver_t *driver)
{
	const driver_note_t *note = &driver->plan.note;
	const manifest_t *manifest = &driver->manifest;
	if (!driver->plan.has_note) {
		manager_log_line(manager,
				 "drvmgr: %s: %s states no ABI: not built with libcap?",
				 driver->file, manifest->image);
		return DRV_EABI;
	}
	driver->abi = manifest_abi(manifest, note->abi_min, note->abi_max);
	if (driver->abi == 0) {
		manager_log_line(
		    manager,
		    "drvmgr: %s: no common driver ABI: %s speaks %u..%u, the manifest "
		    "says %u..%u, this manager speaks %u..%u",
		    driver->file, manifest->image, note->abi_min, note->abi_max,
		    manifest->abi.min, manifest->abi.max, DRIVER_ABI_MIN, DRIVER_ABI_MAX);
		return DRV_EABI;
	}
	if (note->context_version != DRIVER_CONTEXT_VERSION ||
	    note->kernel_abi >> 16 != ABI_VERSION_MAJOR) {
		manager_log_line(
		    manager,
		    "drvmgr: %s: %s is built for context %u, kernel ABI %u; this is "
		    "context %u, kernel ABI %u",
		    driver->file, manifest->image, note->context_version,
		    note->kernel_abi >> 16, DRIVER_CONTEXT_VERSION, ABI_VERSION_MAJOR);
		return DRV_EABI;
	}
	return DRV_OK;
}

/* The digest that the manifest demands, if it does. */
static err_t check_digest(const digest_t *wanted, const tar_entry_t *image, const char **why)
{
	uint8_t found[SHA256_SIZE];
	if (!wanted->present)
		return DRV_OK;
	sha256(image->data, image->size, found);
	if (memcmp(found, wanted->bytes, sizeof(found)) == 0)
		return DRV_OK;
	*why = "its SHA-256 is not the manifest's sha256";
	return DRV_EFORMAT;
}

static err_t check_image(manager_t *manager, driver_t *driver)
{
	tar_entry_t entry;
	const char *why;
	const char *image = driver->manifest.image;
	err_t err = tar_find(manager->archive, manager->boot->archive_size, image, &entry);
	if (err) {
		manager_log_line(manager, "drvmgr: %s: image %s is not in the archive",
				 driver->file, image);
		return err;
	}
	err = check_digest(&driver->manifest.sha256, &entry, &why);
	if (!err)
		err = elf_check(entry.data, entry.size, &driver->plan, &why);
	if (err) {
		manager_log_line(manager, "drvmgr: %s: %s is refused: %s", driver->file, image,
				 why);
		return err;
	}
	driver->image = entry.data;
	return check_abi(manager, driver);
}

static err_t check_driver(manager_t *manager, driver_t *driver, const tar_entry_t *entry)
{
	err_t err = manifest_parse(&reader, driver->file, entry->data, entry->size,
				   &driver->manifest, &errors);
	if (!err) {
		err = registry_check(&manager->registry, driver->file, &driver->manifest,
				     &errors);
	}
	if (err) {
		log_errors(manager);
		return err;
	}
	err = check_image(manager, driver);
	if (!err)
		err = spawn_reserve(manager, driver);
	if (!err)
		err =
		    registry_add(&manager->registry, driver->file, &driver->manifest, &errors);
	if (err)
		manager_log_line(manager, "drvmgr: %s: refused: %s (%s)", driver->file,
				 error_name(err), error_text(err));
	return err;
}

/* An archive can hold a file of any name, and file names reach the operator's terminal: what
 * is not printable ASCII becomes '?'. Room for the name is the caller's. */
static void copy_printable(char *to, const char *name)
{
	for (; *name; name++)
		*to++ = *name < ' ' || *name > '~' ? UNPRINTABLE : *name;
	*to = '\0';
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

static void load_manifest(manager_t *manager, const tar_entry_t *entry)
{
	if (manager->count == DRIVERS_MAX) {
		manager_log_line(manager, "drvmgr: %s: ignored: there are %u drivers already",
				 entry->name, DRIVERS_MAX);
		return;
	}
	driver_t *driver = &manager->drivers[manager->count];
	driver->index = manager->count++;
	driver->unit.state = STATE_LOADED;
	_Static_assert(sizeof(driver->file) >= sizeof(entry->name), "a file's name fits");
	copy_printable(driver->file, entry->name);
	errors.count = errors.dropped = 0;
	err_t err = check_driver(manager, driver, entry);
	if (err == DRV_OK) {
		driver->accepted = true;
		log_accepted(manager, driver);
		return;
	}
	name_by_file(driver);
	supervisor_reject(manager, driver, err);
}

/* Says which programs lie in the archive without being drivers. */
static void mention_orphan(manager_t *manager, const tar_entry_t *entry)
{
	for (uint32_t i = 0; i < manager->count; i++)
		if (strcmp(manager->drivers[i].manifest.image, entry->name) == 0)
			return;
	manager_log_line(manager, "drvmgr: %s: no manifest names it, so it is not started",
			 entry->name);
}

static void for_each_file(manager_t *manager, const char *end,
			  void (*visit)(manager_t *manager, const tar_entry_t *entry))
{
	tar_entry_t entry;
	size_t offset = 0;
	err_t err;
	while ((err = tar_next(manager->archive, manager->boot->archive_size, &offset,
			       &entry)) == DRV_OK)
		if (ends_with(entry.name, end) && strcmp(entry.name, OWN_IMAGE) != 0)
			visit(manager, &entry);
	if (err != DRV_ENOENT)
		manager_log_line(manager, "drvmgr: the boot archive is damaged behind byte %u",
				 (unsigned)offset);
}

/* The physical memory that the kernel gave to be handed on: the check of a manifest knows then
 * what this machine withholds of the ISA window. More windows than there is room for are none.
 */
static void learn_windows(const manager_t *manager)
{
	static span_t windows[WINDOWS_MAX];
	reader.windows = windows;
	reader.window_count = 0;
	for (uint32_t i = BOOT_CAP_FIRST; i < manager->boot->cap_count; i++) {
		const struct boot_cap_entry *entry = &manager->boot->caps[i];
		if (entry->type != CAP_MMIO || reader.window_count == WINDOWS_MAX)
			continue;
		windows[reader.window_count++] =
		    (span_t){entry->scope0, entry->scope0 + (entry->scope1 - 1)};
	}
}

void load_archive(manager_t *manager)
{
	char cycle[160];
	learn_windows(manager);
	for_each_file(manager, MANIFEST_END, load_manifest);
	for_each_file(manager, IMAGE_END, mention_orphan);
	if (registry_find_cycle(&manager->registry, cycle, sizeof(cycle)))
		manager_log_line(manager, "drvmgr: these wait for each other for ever: %s",
				 cycle);
}
