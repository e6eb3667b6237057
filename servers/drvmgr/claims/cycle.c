/* SPDX-License-Identifier: BSD-2-Clause */
/* Circles in `requires`: a depth-first walk with its own stack, never recursive. */
#include "claims/names.h"

#include "cap/format.h"

_Static_assert(REGISTRY_MAX == 32, "an entry is a bit of a word");

/* The walk: the chain of entries from its root, and how far each one's list was followed.
 * Invariant CY1: the chain holds no entry twice. */
typedef struct walk {
	const registry_t *registry;
	names_link_t links[REGISTRY_MAX];
	uint32_t depth;
	uint32_t chain[REGISTRY_MAX];
	uint32_t next[REGISTRY_MAX];
	uint32_t done; /* bit n: from entry n no circle can be reached that was not found */
} walk_t;

/* The only entry that has or provides what entry `index` requires in place k, or the count: of
 * several, another may do. */
static uint32_t find_needed(const walk_t *walk, uint32_t index, uint32_t k)
{
	uint32_t found = walk->links[index].providers[k];
	return found && !(found & (found - 1)) ? (uint32_t)__builtin_ctz(found)
					       : walk->registry->count;
}

static void push(walk_t *walk, uint32_t index)
{
	walk->chain[walk->depth] = index;
	walk->next[walk->depth] = 0;
	walk->depth++;
}

/* Where in the chain `index` is, or the depth. */
static uint32_t chain_position(const walk_t *walk, uint32_t index)
{
	uint32_t at = 0;
	while (at < walk->depth && walk->chain[at] != index)
		at++;
	return at;
}

/* Follows the chain until it is used up (false) or bites itself: true, and *from is where in
 * the chain the circle starts. */
static bool find_from(walk_t *walk, uint32_t root, uint32_t *from)
{
	walk->depth = 0;
	push(walk, root);
	while (walk->depth > 0) {
		uint32_t top = walk->depth - 1;
		uint32_t index = walk->chain[top];
		const name_list_t *needs = &walk->registry->entries[index].manifest->needs;
		if (walk->next[top] == needs->count) {
			walk->done |= 1u << index;
			walk->depth--;
			continue;
		}
		uint32_t needed = find_needed(walk, index, walk->next[top]++);
		if (needed == walk->registry->count || (walk->done >> needed & 1))
			continue;
		*from = chain_position(walk, needed);
		if (*from < walk->depth)
			return true;
		push(walk, needed);
	}
	return false;
}

static void tell(const walk_t *walk, uint32_t from, char *text, size_t size)
{
	size_t used = 0;
	for (uint32_t at = from; at < walk->depth; at++)
		used += format(text + used, size - used, "%s -> ",
			       walk->registry->entries[walk->chain[at]].manifest->name);
	format(text + used, size - used, "%s",
	       walk->registry->entries[walk->chain[from]].manifest->name);
}

bool registry_find_cycle(const registry_t *registry, uint32_t *seen, char *text, size_t size)
{
	walk_t walk = {.registry = registry, .done = *seen};
	bool found = false;
	uint32_t from = 0;
	names_link(registry, walk.links);
	for (uint32_t root = 0; !found && root < registry->count; root++)
		found = !(walk.done >> root & 1) && find_from(&walk, root, &from);
	for (uint32_t at = from; found && at < walk.depth; at++)
		walk.done |= 1u << walk.chain[at];
	if (found)
		tell(&walk, from, text, size);
	*seen = walk.done;
	return found;
}
