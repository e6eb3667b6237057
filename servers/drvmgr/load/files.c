/* SPDX-License-Identifier: BSD-2-Clause */
/* The place and the words of files.h. */
#include "load/files.h"

#include "cap/format.h"
#include "cap/string.h"
#include "cap/syscall.h"
#include "claims/need.h"
#include "hands/memory.h"

_Static_assert(sizeof(files_t) <= MANAGER_LOAD_BYTES, "there is room for it");

files_t *files_area(void)
{
	return (files_t *)MANAGER_LOAD;
}

/* The physical memory that the kernel gave to be handed on: the check of a manifest knows then
 * what this machine withholds of the ISA window. More windows than there is room for are none.
 */
static void learn_windows(const manager_t *manager)
{
	files_t *files = files_area();
	files->reader.windows = files->windows;
	files->reader.window_count = 0;
	for (uint32_t i = BOOT_CAP_FIRST; i < manager->boot->cap_count; i++) {
		const struct boot_cap_entry *entry = &manager->boot->caps[i];
		if (entry->type != CAP_MMIO || files->reader.window_count == FILES_WINDOWS_MAX)
			continue;
		files->windows[files->reader.window_count++] =
		    (span_t){entry->scope0, entry->scope0 + (entry->scope1 - 1)};
	}
}

/* The root task sees that it goes on (judge.h). Nobody waits at the notification yet. */
static void go_on(void *context)
{
	const manager_t *manager = context;
	notification_signal(manager->signal, 0);
}

void files_begin(manager_t *manager)
{
	files_t *files = files_area();
	memset(files, 0, sizeof(*files));
	files->admission.goes_on = go_on;
	files->admission.watched = manager;
	learn_windows(manager);
}

void files_use(driver_t *driver, const image_t *image)
{
	driver->image = image->data;
	driver->image_bytes = (uint32_t)image->size;
	driver->plan = image->plan;
	driver->abi = image->abi;
	elf_build_id(image->data, image->size, driver->build_id);
}

/* "ps2kbd.drv.json: accepted: ports 0x60-0x60; irq 1; …" */
void files_tell_accepted(manager_t *manager, const driver_t *driver)
{
	const manifest_t *manifest = &driver->manifest;
	char text[200], build[24];
	const uint8_t *id = driver->build_id;
	size_t length = 0;
	text[0] = build[0] = '\0';
	/* Who reads the log knows what came with the system, but not this. */
	if (driver->image_frame)
		format(build, sizeof(build), "build %02x%02x%02x%02x, ", id[0], id[1], id[2],
		       id[3]);
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
		       "drvmgr: %s: accepted: %s, ABI %u, %s%u KiB, granted%s", driver->file,
		       manifest->name, driver->abi, build, manifest->memory_kib,
		       length ? text : " no device");
}

void files_say_too_large(const driver_t *driver)
{
	need_t need = need_of(&driver->manifest, &driver->plan);
	manifest_note(&files_area()->errors, driver->file,
		      "it takes %u KiB, and so much memory is not left in one piece",
		      need_kib(&need));
}

void files_tell(manager_t *manager, const driver_t *driver, err_t err)
{
	uint32_t about = HISTORY_ABOUT(driver->index);
	const manifest_errors_t *errors = &files_area()->errors;
	for (uint32_t i = 0; i < errors->count; i++)
		manager_log_at(manager, about, LOG_ERROR, "drvmgr: %s", errors->lines[i]);
	if (errors->dropped)
		manager_log_at(manager, about, LOG_ERROR, "drvmgr: and %u more errors",
			       errors->dropped);
	if (err)
		manager_log_at(manager, about, LOG_ERROR, "drvmgr: %s: refused: %s (%s)",
			       driver->file, error_name(err), error_text(err));
}
