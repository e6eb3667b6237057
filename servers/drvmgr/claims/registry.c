/* SPDX-License-Identifier: BSD-2-Clause */
/* The bookkeeping of registry.h: adding, removing, looking up. */
#include "claims/registry.h"

#include "cap/string.h"

void registry_clear(registry_t *registry)
{
	memset(registry, 0, sizeof(*registry));
}

err_t registry_add(registry_t *registry, const char *file, const manifest_t *manifest,
		   manifest_errors_t *errors)
{
	err_t error = registry_check(registry, file, manifest, errors);
	if (error)
		return error;
	if (registry->count == REGISTRY_MAX)
		return DRV_ENOMEM;
	registry->entries[registry->count++] =
	    (struct registry_entry){.file = file, .manifest = manifest};
	return DRV_OK;
}

err_t registry_remove(registry_t *registry, const char *name)
{
	uint32_t at = 0;
	while (at < registry->count && strcmp(registry->entries[at].manifest->name, name) != 0)
		at++;
	if (at == registry->count)
		return DRV_ENOENT;
	registry->count--;
	for (; at < registry->count; at++)
		registry->entries[at] = registry->entries[at + 1];
	return DRV_OK;
}

uint32_t registry_providers(const registry_t *registry, const char *name)
{
	uint32_t providers = 0;
	for (uint32_t i = 0; i < registry->count; i++) {
		const manifest_t *manifest = registry->entries[i].manifest;
		if (strcmp(manifest->name, name) == 0 ||
		    manifest_lists(&manifest->provides, name))
			providers |= 1u << i;
	}
	return providers;
}
