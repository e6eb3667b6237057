/* SPDX-License-Identifier: BSD-2-Clause */
/* What every room asks of the manager's own state. */
#include "driver.h"

#include "cap/format.h"
#include "cap/string.h"

#define OWN_LINE "drvmgr: "

static void log_line(manager_t *self, uint32_t source, log_level_t level, const char *text,
		     va_list args)
{
	char line[LOG_LINE_MAX + 1];
	size_t length = format_v(line, sizeof(line), text, args), skip = 0;
	while (skip < length && line[skip] != ':')
		skip++;
	log_add(self->log, source,
		&(manager_log_record_t){.time_ms = (uint32_t)self->now_ms,
					.level = (uint8_t)level,
					.skip = (uint8_t)(skip + 2 < length ? skip + 2 : 0)},
		line, length);
	self->changed = true;
}

void manager_log_line(manager_t *self, const char *text, ...)
{
	va_list args;
	va_start(args, text);
	log_line(self, HISTORY_MANAGER, LOG_INFO, text, args);
	va_end(args);
}

void manager_log_at(manager_t *self, uint32_t source, log_level_t level, const char *text, ...)
{
	va_list args;
	va_start(args, text);
	log_line(self, source, level, text, args);
	va_end(args);
}

static void log_about(manager_t *self, const driver_t *driver, log_level_t level,
		      const char *text, va_list args)
{
	char line[LOG_LINE_MAX + 1];
	size_t length = sizeof(OWN_LINE) - 1, name = strlen(driver->manifest.name);
	memcpy(line, OWN_LINE, length);
	memcpy(line + length, driver->manifest.name, name);
	length += name;
	line[length++] = ':';
	line[length++] = ' ';
	manager_log_record_t mark = {.time_ms = (uint32_t)self->now_ms,
				     .level = (uint8_t)level,
				     .skip = (uint8_t)length};
	length += format_v(line + length, sizeof(line) - length, text, args);
	log_add(self->log, HISTORY_ABOUT(driver->index), &mark, line, length);
	self->changed = true;
}

void driver_log_line(manager_t *self, const driver_t *driver, const char *text, ...)
{
	va_list args;
	va_start(args, text);
	log_about(self, driver, LOG_INFO, text, args);
	va_end(args);
}

void driver_log_at(manager_t *self, const driver_t *driver, log_level_t level, const char *text,
		   ...)
{
	va_list args;
	va_start(args, text);
	log_about(self, driver, level, text, args);
	va_end(args);
}

driver_t *driver_touch(manager_t *self, uint32_t i)
{
	self->world.touched |= 1u << i;
	return (driver_t *)(uintptr_t)&self->drivers[i];
}

void manager_name(const manager_t *self, uint32_t index, char name[MANIFEST_NAME_SIZE])
{
	if (index < self->count)
		memcpy(name, self->drivers[index].manifest.name, MANIFEST_NAME_SIZE);
}

const driver_t *manager_find(const manager_t *self, const char *name)
{
	if (*name == '\0') /* as that of an empty place */
		return NULL;
	for (uint32_t i = 0; i < self->count; i++)
		if (strcmp(self->drivers[i].manifest.name, name) == 0)
			return &self->drivers[i];
	return NULL;
}

bool driver_is_loaded(const driver_t *driver)
{
	return driver->nodes[DEPOT_ENDS] != ARENA_NONE;
}

bool driver_is_operator(const driver_t *driver)
{
	return manifest_uses(&driver->manifest, MANIFEST_OPERATOR);
}

bool driver_has_door(const driver_t *driver)
{
	return driver->instance.alive && driver->door.generation == driver->unit.generation;
}
