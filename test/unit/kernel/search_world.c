/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel in a state of the search. States are put into the kernel's slots directly, so that
 * none has to be reached again by the calls that led to it. */
#include "search_world.h"

#define NOBODY (ORIGIN + 1)

search_world_t search;

static cap_t other[SEARCH_SPACES][SEARCH_SPACES]; /* a process's handles of the spaces */
static cap_t origin;
static slot_ref_t first_ref[SEARCH_SPACES];

/* -- States. ---------------------------------------------------------------------------- */

cspace_t *search_space(uint32_t s)
{
	return thread_cspace(search.process[s].tcb);
}

static uint32_t id_of(slot_ref_t ref)
{
	for (uint32_t s = 0; s < SEARCH_SPACES; s++)
		if (ref - first_ref[s] < SEARCH_SLOTS)
			return s * SEARCH_SLOTS + (ref - first_ref[s]);
	panic("a link that leads out of the search");
}

/* Leaves a space the next `room` slots that are not in use. */
static void list_free(uint32_t s, uint32_t room)
{
	cspace_t *cspace = search_space(s);
	cspace->free_first = cspace->free_last = cspace->free_count = 0;
	for (uint32_t i = 0; i < SEARCH_SLOTS && cspace->free_count < room; i++) {
		slot_t *slot = search.slot[s * SEARCH_SLOTS + i];
		if (slot->type != CAP_NONE)
			continue;
		slot->next = 0;
		if (cspace->free_last)
			cspace_slot(cspace, cspace->free_last)->next = slot->index;
		else
			cspace->free_first = slot->index;
		cspace->free_last = slot->index;
		cspace->free_count++;
	}
}

/* Puts one capability, linked as the last child, and the ghost's record of it. */
static void put(uint32_t id, uint32_t rights, uint32_t parent, uint32_t elder)
{
	slot_t *slot = search.slot[id];
	slot->type = CAP_NOTIFICATION;
	slot->rights = (uint8_t)rights;
	slot_t *first, *above = search.slot[parent];
	slot->child = 0;
	if (elder == NOBODY) {
		slot->parent = slot_ref(above);
		slot->prev = slot->next = above->child = slot_ref(slot);
	} else {
		first = slot_at(above->child);
		slot->parent = 0;
		slot->prev = slot_ref(search.slot[elder]);
		slot->next = slot_ref(first);
		search.slot[elder]->next = first->prev = slot_ref(slot);
	}
	search.ghost.alive |= BIT(id);
	search.ghost.rights[id] = (uint8_t)rights;
	search.ghost.above[id] = search.ghost.above[parent] | BIT(parent);
}

void search_restore(const search_forest_t *forest, uint32_t room)
{
	uint32_t used[SEARCH_SPACES] = {0}, path[SEARCH_SLOTS + 1] = {ORIGIN};
	uint32_t elder[SEARCH_SLOTS + 1] = {NOBODY};
	search.slot[ORIGIN]->child = 0;
	search.ghost.alive = 0;
	for (uint32_t id = 0; id < IDS; id++) {
		search.slot[id]->type = CAP_NONE;
		search.slot[id]->rights = 0;
		search.slot[id]->name = search_handle(id);
		search.slot[id]->object = search.slot[ORIGIN]->object;
	}
	for (uint32_t i = 0; i < forest->count; i++) {
		uint32_t depth = forest->depth[i], s = forest->space[i];
		uint32_t id = s * SEARCH_SLOTS + used[s]++;
		put(id, forest->rights[i], path[depth], elder[depth]);
		path[depth + 1] = elder[depth] = id;
		elder[depth + 1] = NOBODY;
	}
	for (uint32_t s = 0; s < SEARCH_SPACES; s++)
		list_free(s, room);
	((object_header_t *)arch_pointer(search.slot[ORIGIN]->object))->refs =
	    forest->count + 1;
	kernel.audit.caps[CAP_NOTIFICATION] = forest->count + 1;
}

/* -- What must hold after every step. --------------------------------------------------- */

/* One slot of the kernel's tree: S2, S3, S4, and what the ghost says. */
static uint32_t check_slot(slot_ref_t ref, uint32_t parent, slot_ref_t elder, uint32_t above)
{
	uint32_t id = id_of(ref);
	const slot_t *slot = search.slot[id];
	bool first = search.slot[parent]->child == ref;
	hold(slot->parent == (first ? slot_ref(search.slot[parent]) : 0),
	     "S2: another parent, or one that it may not know");
	hold(first || slot->prev == elder, "S3: another neighbour");
	hold(slot_at(slot->prev)->next == ref && slot_at(slot->next)->prev == ref,
	     "S3: not a ring");
	hold(search.ghost.alive & BIT(id), "lives, but should not");
	hold(slot->type == CAP_NOTIFICATION && slot->name == search_handle(id),
	     "is another capability");
	hold(slot->object == search.slot[ORIGIN]->object, "names another object");
	hold(slot->rights == search.ghost.rights[id], "other rights");
	hold((slot->rights & ~search.slot[parent]->rights) == 0, "more rights than above");
	hold(search.ghost.above[id] == above, "derived from others");
	return id;
}

/* Walks the kernel's tree as it is. */
static void walk(search_forest_t *forest)
{
	uint32_t path[SEARCH_SLOTS + 2] = {ORIGIN}, above = BIT(ORIGIN), depth = 0, met = 0;
	slot_ref_t ref = search.slot[ORIGIN]->child, elder = 0;
	forest->count = 0;
	for (;;) {
		if (ref) {
			hold(forest->count < SEARCH_SLOTS, "more than can be: a loop");
			uint32_t i = forest->count++;
			uint32_t id = check_slot(ref, path[depth], elder, above);
			forest->depth[i] = (uint8_t)depth;
			forest->space[i] = (uint8_t)(id / SEARCH_SLOTS);
			forest->rights[i] = search.slot[id]->rights;
			met |= BIT(id);
			above |= BIT(id);
			path[++depth] = id;
			elder = 0;
			ref = search.slot[id]->child;
		} else if (depth > 0) {
			uint32_t id = path[depth--];
			above &= ~BIT(id);
			elder = slot_ref(search.slot[id]);
			ref = search.slot[id]->next;
			if (ref == search.slot[path[depth]]->child)
				ref = 0; /* once round the ring */
		} else {
			break;
		}
	}
	hold(met == search.ghost.alive, "died, but should not");
}

void search_check(uint32_t before, search_forest_t *now)
{
	walk(now);
	for (uint32_t id = 0; id < IDS; id++) {
		const slot_t *slot = search.slot[id];
		bool alive = search.ghost.alive & BIT(id);
		hold(alive == (slot->type != CAP_NONE), "in use, but not in the tree");
		if (!(before & BIT(id)))
			continue;
		cap_t handle = search_handle(id), next = 2u << CSPACE_BITS_MIN | slot->index;
		slot_t *named = cspace_lookup(search_space(id / SEARCH_SLOTS), handle);
		hold(named == (alive ? slot : NULL), "the handle names another capability");
		hold(alive || slot->name == next, "the handle can be used again");
	}
	const object_header_t *header = arch_pointer(search.slot[ORIGIN]->object);
	hold(header->refs == now->count + 1, "O1");
	hold(kernel.audit.caps[CAP_NOTIFICATION] == now->count + 1, "counted wrongly");
	hold(owed_is_empty(&bench.root->owes), "work is left");
}

/* -- Steps. ----------------------------------------------------------------------------- */

static err_t step(tcb_t *tcb, uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2)
{
	switch_to(tcb);
	tcb->frame.eax = number;
	tcb->frame.ebx = a0;
	tcb->frame.esi = a1;
	tcb->frame.edi = a2;
	tcb->frame.ebp = 0;
	fake_enter();
	search.steps++;
	return (err_t)tcb->frame.eax;
}

static tcb_t *holder(uint32_t id)
{
	return id == ORIGIN ? bench.root : search.process[id / SEARCH_SLOTS].tcb;
}

cap_t search_handle(uint32_t id)
{
	return id == ORIGIN ? origin : 1u << CSPACE_BITS_MIN | search.slot[id]->index;
}

uint32_t search_next(uint32_t s)
{
	return s * SEARCH_SLOTS + search_space(s)->free_first - CSPACE_FIRST;
}

err_t search_call(uint32_t id, uint32_t number)
{
	return step(holder(id), number, search_handle(id), 0, 0);
}

err_t search_derive(uint32_t id, uint32_t target, uint32_t rights)
{
	cap_t cap = search_handle(id);
	if (id == ORIGIN)
		return step(bench.root, SYS_CAP_DELEGATE, search.process[target].cspace, cap,
			    rights);
	if (id / SEARCH_SLOTS == target)
		return step(holder(id), SYS_CAP_DERIVE, cap, rights, 0);
	return step(holder(id), SYS_CAP_DELEGATE, other[id / SEARCH_SLOTS][target], cap,
		    rights);
}

/* -- Start. ----------------------------------------------------------------------------- */

/* Gives each process SEARCH_SLOTS slots for the search, from the first on, and nothing after
 * them. */
void search_prepare(void)
{
	origin = make(CAP_NOTIFICATION, 0);
	search.slot[ORIGIN] = slot_of(bench.root, origin);
	for (uint32_t s = 0; s < SEARCH_SPACES; s++)
		search.process[s] = process_make(PRIORITY_MAX);
	for (uint32_t s = 0; s < SEARCH_SPACES; s++) {
		cspace_t *cspace = search_space(s);
		for (uint32_t i = 0; i < SEARCH_SLOTS; i++)
			search.slot[s * SEARCH_SLOTS + i] = cspace_take(cspace);
		first_ref[s] = slot_ref(search.slot[s * SEARCH_SLOTS]);
		for (uint32_t i = 0; i < SEARCH_SPACES; i++) {
			slot_t *slot = cspace_take(cspace);
			slot_derive(slot, slot_of(bench.root, search.process[i].cspace),
				    RIGHT_WRITE, 0, 0);
			other[s][i] = slot->name;
		}
		while (cspace_take(cspace))
			continue;
	}
}
