/* SPDX-License-Identifier: BSD-2-Clause */
/* The names of registry.h, in the order of their letters: one is found among all by halving,
 * so that no set of manifests makes a look for who has or provides what dear. */
#include "claims/names.h"

#include "cap/string.h"

/* A name is known by its entry and its place in that one's manifest; a bit says that it is the
 * same as the one before it. */
#define PLACE_BITS 5u
#define AGAIN	   0x8000u
_Static_assert(NAMES_EACH <= 1u << PLACE_BITS && REGISTRY_MAX << PLACE_BITS <= AGAIN,
	       "a name's number leaves a bit");

#define OWN	 0u
#define PROVIDES 1u
#define NEEDS	 (PROVIDES + MANIFEST_NAMES_MAX)
#define GROUP	 (NEEDS + MANIFEST_NAMES_MAX)
_Static_assert(GROUP + 1 == NAMES_EACH, "each name of a manifest has its place");

static uint32_t entry_of(uint16_t name)
{
	return (name & ~AGAIN) >> PLACE_BITS;
}

static uint32_t place_of(uint16_t name)
{
	return name & ((1u << PLACE_BITS) - 1);
}

static const char *text_at(const manifest_t *manifest, uint32_t place)
{
	if (place == OWN)
		return manifest->name;
	if (place < NEEDS)
		return manifest->provides.items[place - PROVIDES];
	return place < GROUP ? manifest->needs.items[place - NEEDS] : manifest->group.name;
}

static bool is_there(const manifest_t *manifest, uint32_t place)
{
	if (place == OWN)
		return true;
	if (place < NEEDS)
		return place - PROVIDES < manifest->provides.count;
	return place < GROUP ? place - NEEDS < manifest->needs.count
			     : manifest->group.name[0] != '\0';
}

/* The first name that does not come before `text`; *same: it is that one. All of a name's place
 * is compared, which takes the same time whatever is in it. */
static uint32_t find(const registry_t *registry, const char text[MANIFEST_NAME_SIZE],
		     bool *same)
{
	uint32_t first = 0, end = registry->name_count;
	*same = false;
	while (first < end) {
		uint32_t half = (first + end) / 2;
		uint16_t name = registry->names[half];
		const manifest_t *manifest = registry->entries[entry_of(name)].manifest;
		int order = memcmp(text_at(manifest, place_of(name)), text, MANIFEST_NAME_SIZE);
		*same |= order == 0;
		if (order < 0)
			first = half + 1;
		else
			end = half;
	}
	return first;
}

static void add(registry_t *registry, uint32_t entry, uint32_t place)
{
	bool same;
	const char *text = text_at(registry->entries[entry].manifest, place);
	uint32_t at = find(registry, text, &same) + same;
	memmove(&registry->names[at + 1], &registry->names[at],
		(registry->name_count++ - at) * sizeof(registry->names[0]));
	registry->names[at] = (uint16_t)(entry << PLACE_BITS | place | (same ? AGAIN : 0));
}

bool names_are_good(const registry_t *registry)
{
	if (registry->name_count > REGISTRY_MAX * NAMES_EACH)
		return false;
	for (uint32_t i = 0; i < registry->name_count; i++)
		if (entry_of(registry->names[i]) >= registry->count)
			return false;
	return true;
}

void names_add(registry_t *registry, uint32_t entry)
{
	const manifest_t *manifest = registry->entries[entry].manifest;
	for (uint32_t place = 0; place < NAMES_EACH; place++)
		if (is_there(manifest, place))
			add(registry, entry, place);
}

void names_remove(registry_t *registry, uint32_t entry)
{
	uint32_t kept = 0;
	bool first_gone = false; /* of those that are the same */
	for (uint32_t i = 0; i < registry->name_count; i++) {
		uint16_t name = registry->names[i];
		first_gone &= (name & AGAIN) != 0;
		if (entry_of(name) == entry) {
			first_gone |= !(name & AGAIN);
			continue;
		}
		if (first_gone)
			name &= (uint16_t)~AGAIN;
		first_gone = false;
		registry->names[kept++] =
		    entry_of(name) > entry ? (uint16_t)(name - (1u << PLACE_BITS)) : name;
	}
	registry->name_count = kept;
}

/* Notes one of the names that are the same. */
static void note(named_t *named, const registry_t *registry, uint16_t name)
{
	uint32_t entry = entry_of(name), place = place_of(name);
	if (place == OWN)
		named->drivers |= 1u << entry;
	else if (place < NEEDS)
		named->services |= 1u << entry;
	else if (place == GROUP)
		named->groups[registry->entries[entry].manifest->group.strategy] |= 1u << entry;
}

named_t names_find(const registry_t *registry, const char text[MANIFEST_NAME_SIZE])
{
	named_t named = {0};
	bool same;
	uint32_t at = find(registry, text, &same);
	if (!same)
		return named;
	do {
		note(&named, registry, registry->names[at++]);
	} while (at < registry->name_count && (registry->names[at] & AGAIN));
	return named;
}

/* Names `first` to `end` are the same: whoever requires it is told who provides it, and whoever
 * names it as a group who else does. */
static void link(const registry_t *registry, uint32_t first, uint32_t end,
		 names_link_t links[REGISTRY_MAX])
{
	named_t named = {0};
	for (uint32_t i = first; i < end; i++)
		note(&named, registry, registry->names[i]);
	for (uint32_t i = first; i < end; i++) {
		uint32_t entry = entry_of(registry->names[i]);
		uint32_t place = place_of(registry->names[i]);
		if (place == GROUP)
			links[entry].group =
			    named.groups[registry->entries[entry].manifest->group.strategy];
		else if (place >= NEEDS)
			links[entry].providers[place - NEEDS] = named.drivers | named.services;
	}
}

void names_link(const registry_t *registry, names_link_t links[REGISTRY_MAX])
{
	memset(links, 0, registry->count * sizeof(links[0]));
	for (uint32_t first = 0, end; first < registry->name_count; first = end) {
		end = first + 1;
		while (end < registry->name_count && (registry->names[end] & AGAIN))
			end++;
		link(registry, first, end, links);
	}
}
