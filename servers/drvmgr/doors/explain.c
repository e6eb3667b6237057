/* SPDX-License-Identifier: BSD-2-Clause */
/* The sentences of explain.h. */
#include "doors/explain.h"

#include "cap/format.h"

/* The first service that the driver requires and that does not run. */
static uint32_t explain_needs(manager_t *manager, const driver_t *driver, char *text,
			      size_t size)
{
	const name_list_t *needs = &driver->manifest.needs;
	for (uint32_t i = 0; i < needs->count; i++) {
		const manifest_t *provider = registry_find(&manager->registry, needs->items[i]);
		const driver_t *other = provider ? manager_find(manager, provider->name) : NULL;
		if (!other)
			return (uint32_t)format(
			    text, size, "requires %s, which nobody provides", needs->items[i]);
		if (other->unit.state != STATE_RUNNING)
			return (uint32_t)format(text, size, "requires %s, which is %s",
						needs->items[i],
						lifecycle_state_name(other->unit.state));
	}
	*text = '\0';
	return 0;
}

uint32_t explain(manager_t *manager, const driver_t *driver, char *text, size_t size)
{
	*text = '\0';
	return driver->unit.state == STATE_WAITING ? explain_needs(manager, driver, text, size)
						   : 0;
}
