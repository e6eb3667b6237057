/* SPDX-License-Identifier: BSD-2-Clause */
/* The bookkeeping of registry.h: adding, removing, looking up. Whatever is asked of two entries
 * is looked for once, when the later one is added. */
#include "claims/registry.h"

#include "cap/string.h"
#include "claims/claims.h"
#include "claims/names.h"

void registry_clear(registry_t *registry)
{
	memset(registry, 0, sizeof(*registry));
}

/* All before the last entry that cannot have theirs while that one has its own. */
static uint32_t find_rivals(const registry_t *registry, uint32_t last)
{
	const manifest_t *manifest = registry->entries[last].manifest;
	uint32_t rivals = 0;
	for (uint32_t i = 0; i < manifest->provides.count; i++)
		rivals |= names_find(registry, manifest->provides.items[i]).services;
	hardware_t hardware = claims_hardware(manifest);
	for (uint32_t i = 0; i < last; i++)
		if (claims_meet(&hardware, registry->entries[i].manifest))
			rivals |= 1u << i;
	return rivals & ~(1u << last);
}

/* The last entry's names and rivals, among those before it. */
static void enter(registry_t *registry, uint32_t last)
{
	names_add(registry, last);
	registry->entries[last].rivals = find_rivals(registry, last);
	for (uint32_t left = registry->entries[last].rivals; left; left &= left - 1)
		registry->entries[__builtin_ctz(left)].rivals |= 1u << last;
}

err_t registry_add(registry_t *registry, const char *file, const manifest_t *manifest,
		   manifest_errors_t *errors)
{
	err_t error = registry_check(registry, file, manifest, errors);
	if (error)
		return error;
	if (registry->count == REGISTRY_MAX)
		return DRV_ENOMEM;
	uint32_t last = registry->count++;
	registry->entries[last] = (struct registry_entry){.file = file, .manifest = manifest};
	enter(registry, last);
	return DRV_OK;
}

void registry_reread(registry_t *registry)
{
	registry->name_count = 0;
	for (uint32_t last = 0; last < registry->count; last++)
		enter(registry, last);
}

/* The bits without number `at`, those behind it moved up. */
static uint32_t without(uint32_t bits, uint32_t at)
{
	uint32_t before = (1u << at) - 1;
	return (bits & before) | (bits >> 1 & ~before);
}

err_t registry_remove(registry_t *registry, const char *name)
{
	uint32_t at = 0;
	while (at < registry->count && strcmp(registry->entries[at].manifest->name, name) != 0)
		at++;
	if (at == registry->count)
		return DRV_ENOENT;
	names_remove(registry, at);
	registry->count--;
	for (uint32_t i = at; i < registry->count; i++)
		registry->entries[i] = registry->entries[i + 1];
	for (uint32_t i = 0; i < registry->count; i++)
		registry->entries[i].rivals = without(registry->entries[i].rivals, at);
	return DRV_OK;
}

uint32_t registry_providers(const registry_t *registry, const char *name)
{
	char padded[MANIFEST_NAME_SIZE] = "";
	size_t length = strlen(name);
	if (length >= sizeof(padded))
		return 0;
	memcpy(padded, name, length + 1);
	named_t named = names_find(registry, padded);
	return named.drivers | named.services;
}
