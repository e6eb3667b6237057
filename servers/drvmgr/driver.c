/* SPDX-License-Identifier: BSD-2-Clause */
/* What every room asks of the manager's own state. */
#include "driver.h"

#include "cap/format.h"
#include "cap/string.h"

#define OWN_LINE "drvmgr: "

/* Adds a line that begins with `length` bytes. */
static void log_line(manager_t *self, char line[LOG_LINE_MAX + 1], size_t length,
		     const char *text, va_list args)
{
	length += format_v(line + length, LOG_LINE_MAX + 1 - length, text, args);
	log_add(self->log, line, length);
	self->changed = true;
}

void manager_log_line(manager_t *self, const char *text, ...)
{
	char line[LOG_LINE_MAX + 1];
	va_list args;
	va_start(args, text);
	log_line(self, line, 0, text, args);
	va_end(args);
}

void driver_log_line(manager_t *self, const driver_t *driver, const char *text, ...)
{
	char line[LOG_LINE_MAX + 1];
	size_t length = sizeof(OWN_LINE) - 1, name = strlen(driver->manifest.name);
	va_list args;
	memcpy(line, OWN_LINE, length);
	memcpy(line + length, driver->manifest.name, name);
	length += name;
	line[length++] = ':';
	line[length++] = ' ';
	va_start(args, text);
	log_line(self, line, length, text, args);
	va_end(args);
}

driver_t *driver_touch(manager_t *self, uint32_t i)
{
	self->world.touched |= 1u << i;
	return (driver_t *)(uintptr_t)&self->drivers[i];
}

const driver_t *manager_find(const manager_t *self, const char *name)
{
	for (uint32_t i = 0; i < self->count; i++)
		if (strcmp(self->drivers[i].manifest.name, name) == 0)
			return &self->drivers[i];
	return NULL;
}

bool driver_is_operator(const driver_t *driver)
{
	return manifest_uses(&driver->manifest, MANIFEST_OPERATOR);
}

bool driver_has_door(const driver_t *driver)
{
	return driver->instance.alive && driver->door.generation == driver->unit.generation;
}
