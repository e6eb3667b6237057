/* SPDX-License-Identifier: BSD-2-Clause */
/* Who of the registry has, provides and requires which names, as bits: bit n is entry n. Pure.
 */
#ifndef DRVMGR_NAMES_H
#define DRVMGR_NAMES_H

#include "claims/registry.h"

/* Adds all names of the last entry, or takes those of an entry out whose followers then move up
 * by one. Only registry.c calls these. */
void names_add(registry_t *registry, uint32_t entry);
void names_remove(registry_t *registry, uint32_t entry);

/* Who goes by a name. */
typedef struct named {
	uint32_t drivers;		/* it is its own */
	uint32_t services;		/* it is a service that it provides */
	uint32_t groups[GROUP_ALL + 1]; /* by strategy: it is its group's */
} named_t;

/* Of a name as manifests have it, with zeros behind it. */
named_t names_find(const registry_t *registry, const char text[MANIFEST_NAME_SIZE]);

/* Of one entry: who provides each name that it requires, 0: nobody does; and its group, itself
 * too, 0: it is in none. Who names it with another strategy is in another group. */
typedef struct names_link {
	uint32_t providers[MANIFEST_NAMES_MAX];
	uint32_t group;
} names_link_t;

/* Is whatever is an index in it below what it counts? */
bool names_are_good(const registry_t *registry);

/* All links at once, in time that grows as the names do. */
void names_link(const registry_t *registry, names_link_t links[REGISTRY_MAX]);

#endif
