/* SPDX-License-Identifier: BSD-2-Clause */
/* The comparison of one manifest's names with all that are registered (registry.h). Changes
 * nothing but the list of errors. What only one can have at a time is in claims.c. */
#include "claims/names.h"

#include "cap/format.h"
#include "cap/string.h"

#define FILE_SHOWN 48 /* characters of the other file's name in an error */
#define WHAT_SIZE  96u

typedef struct registry_entry entry_t;

/* One comparison under way. */
typedef struct conflict {
	const entry_t *mine, *other;
	manifest_errors_t *errors;
	bool name_taken;
} conflict_t;

/* "MINE: text, which OTHER has (FILE:LINE:COLUMN)". */
static void report(conflict_t *conflict, place_t mine, place_t other, const char *text, ...)
    __attribute__((format(printf, 4, 5)));
static void report(conflict_t *conflict, place_t mine, place_t other, const char *text, ...)
{
	char what[WHAT_SIZE];
	va_list args;
	va_start(args, text);
	format_v(what, sizeof(what), text, args);
	va_end(args);
	manifest_error(conflict->errors, conflict->mine->file, mine,
		       "%s, which %s has (%.*s:%u:%u)", what, conflict->other->manifest->name,
		       FILE_SHOWN, conflict->other->file, other.line, other.column);
}

/* Names and services are one set: no service is a driver's name. Two may provide one service,
 * but not at once (claims.c). */
static void compare_name(conflict_t *conflict, const registry_t *registry)
{
	const manifest_t *mine = conflict->mine->manifest;
	named_t named = names_find(registry, mine->name);
	uint32_t left = named.drivers | named.services;
	conflict->name_taken |= left != 0;
	for (; left; left &= left - 1) {
		uint32_t entry = (uint32_t)__builtin_ctz(left);
		conflict->other = &registry->entries[entry];
		const manifest_t *other = conflict->other->manifest;
		if (named.drivers >> entry & 1)
			report(conflict, mine->place, other->place, "name: \"%s\" is a name",
			       mine->name);
		else
			report(conflict, mine->place, other->provides.place,
			       "name: \"%s\" is a service", mine->name);
	}
}

/* What is wrong there is told by registry_check_owner(), which also sees drivers that are not
 * admitted. */
static void compare_services(conflict_t *conflict, const registry_t *registry)
{
	const name_list_t *provides = &conflict->mine->manifest->provides;
	for (uint32_t i = 0; i < provides->count; i++)
		conflict->name_taken |= names_find(registry, provides->items[i]).drivers != 0;
}

/* Is the file called after a driver of that name? */
static bool is_file_of(const char *file, const char *name)
{
	size_t length = strlen(name);
	return strncmp(file, name, length) == 0 && strcmp(file + length, MANIFEST_END) == 0;
}

/* A driver is known by its file as by its name, so that no file takes another's name. */
static bool called_like(const char *file, const manifest_t *manifest, manifest_errors_t *errors)
{
	if (is_file_of(file, manifest->name))
		return true;
	manifest_error(errors, file, manifest->place,
		       "name: \"%s\" must be in a file %s" MANIFEST_END, manifest->name,
		       manifest->name);
	return false;
}

err_t registry_check_owner(const char *file, const manifest_t *manifest, const char *other,
			   manifest_errors_t *errors)
{
	err_t err = DRV_OK;
	for (uint32_t i = 0; i < manifest->provides.count; i++) {
		if (!is_file_of(other, manifest->provides.items[i]))
			continue;
		manifest_error(errors, file, manifest->provides.place,
			       "provides: \"%s\" is the name of the driver of %s",
			       manifest->provides.items[i], other);
		err = DRV_EEXIST;
	}
	return err;
}

err_t registry_check(const registry_t *registry, const char *file, const manifest_t *manifest,
		     manifest_errors_t *errors)
{
	entry_t mine = {.file = file, .manifest = manifest};
	conflict_t conflict = {.mine = &mine, .errors = errors};
	bool called = called_like(file, manifest, errors);
	compare_name(&conflict, registry);
	compare_services(&conflict, registry);
	if (conflict.name_taken)
		return DRV_EEXIST;
	return called ? DRV_OK : DRV_EINVAL;
}

void registry_tell_groups(const registry_t *registry, const char *file,
			  const manifest_t *manifest, manifest_errors_t *errors)
{
	const group_t *mine = &manifest->group;
	uint32_t others = 0;
	if (!mine->name[0])
		return;
	named_t named = names_find(registry, mine->name);
	for (uint32_t strategy = 0; strategy <= GROUP_ALL; strategy++)
		if (strategy != mine->strategy)
			others |= named.groups[strategy];
	if (!others)
		return;
	const entry_t *first = &registry->entries[__builtin_ctz(others)];
	const manifest_t *other = first->manifest;
	manifest_error(errors, file, mine->place,
		       "group: \"%s\" has another strategy in %s (%.*s:%u:%u): these are "
		       "two groups",
		       mine->name, other->name, FILE_SHOWN, first->file,
		       other->group.place.line, other->group.place.column);
}
