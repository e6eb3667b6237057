/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of take.h. */
#include "log/take.h"

#include "cap/format.h"
#include "cap/string.h"

_Static_assert(SHARE_LINES_SAVED <= LINES_LAST_MAX, "so many can be found");
_Static_assert(MANAGER_NAME_MAX + sizeof(": ") - 1 + DRIVER_LINE_MAX <= LOG_LINE_MAX,
	       "any line of any driver is whole");

/* Adds a line to the log in the driver's name, whatever it says: nobody speaks for the manager
 * or for another. Who carries the log to the operator could do so anyway. */
static void add_line(manager_t *manager, const driver_t *driver, const lines_line_t *line)
{
	char text[LOG_LINE_MAX + 1];
	bool raw =
	    DRIVER_LINE_KIND(line->how) == DRIVER_LINE_AS_IS && driver_is_operator(driver);
	size_t length = 0;
	if (!raw)
		length = format(text, sizeof(text), "%s: ", driver->manifest.name);
	memcpy(text + length, line->text, line->length);
	log_add(manager->log, raw ? HISTORY_RAW : HISTORY_OF(driver->index),
		&(manager_log_record_t){.time_ms = (uint32_t)manager->now_ms,
					.level = (uint8_t)DRIVER_LINE_LEVEL(line->how),
					.skip = (uint8_t)length},
		text, length + line->length);
	manager->changed = true;
}

/* Once a period, and at an end: what goes missing meanwhile is told then. */
static void tell_missed(manager_t *manager, driver_t *driver)
{
	uint32_t missed = driver->door.lines.missed;
	if (!missed || driver->door.share.told)
		return;
	driver->door.lines.missed = 0;
	driver->door.share.told = true;
	driver->over += missed;
	driver_log_at(manager, driver, LOG_WARN, "dropped %u lines", missed);
}

bool take_line(manager_t *manager, driver_t *driver)
{
	lines_line_t line;
	if (!lines_take(&driver->door.lines, &driver->instance.page->lines,
			driver->instance.log_text, &line))
		return false;
	tell_missed(manager, driver);
	add_line(manager, driver, &line);
	return true;
}

bool take_has_line(const driver_t *driver)
{
	return lines_wait(&driver->door.lines, &driver->instance.page->lines);
}

void take_all(manager_t *manager, driver_t *driver)
{
	if (!driver_has_door(driver))
		return;
	share_t *share = &driver->door.share;
	share_renew(share, manager->now_ms);
	uint32_t most = share_last_lines(share);
	lines_skip(&driver->door.lines, &driver->instance.page->lines,
		   driver->instance.log_text, most);
	for (; most && take_line(manager, driver); most--)
		share_owe(share);
	share->told = false;
	tell_missed(manager, driver);
}
