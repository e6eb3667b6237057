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

const manifest_t *registry_find(const registry_t *registry, const char *name)
{
	for (uint32_t i = 0; i < registry->count; i++) {
		const manifest_t *manifest = registry->entries[i].manifest;
		if (strcmp(manifest->name, name) == 0 ||
		    manifest_lists(&manifest->provides, name))
			return manifest;
	}
	return NULL;
}

static bool has_port(const manifest_t *manifest, uint32_t port)
{
	const pio_list_t *list = &manifest->caps.pio;
	for (uint32_t i = 0; i < list->count; i++)
		if (port >= list->items[i].start && port <= list->items[i].end)
			return true;
	return false;
}

static bool has_line(const manifest_t *manifest, uint32_t line)
{
	const irq_list_t *list = &manifest->caps.irq;
	for (uint32_t i = 0; i < list->count; i++)
		if (line == list->items[i].line)
			return true;
	return false;
}

static bool has_address(const manifest_t *manifest, uint32_t address)
{
	const mmio_list_t *list = &manifest->caps.mmio;
	for (uint32_t i = 0; i < list->count; i++)
		if (address >= list->items[i].base &&
		    address - list->items[i].base < list->items[i].size)
			return true;
	return false;
}

static const manifest_t *find_owner(const registry_t *registry,
				    bool (*has)(const manifest_t *, uint32_t), uint32_t what)
{
	for (uint32_t i = 0; i < registry->count; i++)
		if (has(registry->entries[i].manifest, what))
			return registry->entries[i].manifest;
	return NULL;
}

const manifest_t *registry_port_owner(const registry_t *registry, uint32_t port)
{
	return find_owner(registry, has_port, port);
}

const manifest_t *registry_line_owner(const registry_t *registry, uint32_t line)
{
	return find_owner(registry, has_line, line);
}

const manifest_t *registry_memory_owner(const registry_t *registry, uint32_t address)
{
	return find_owner(registry, has_address, address);
}
