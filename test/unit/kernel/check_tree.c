/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds all that can be reached and checks how the slots hang together: S2 to S4. */
#include "check.h"
#include "check_parts.h"
#include "object/kernel.h"

#define UNITS	     (FAKE_MEMORY_BYTES >> SLOT_BITS)
#define KERNEL_UNITS ((sizeof(kernel) >> SLOT_BITS) + 1)

found_t found;

static uint32_t epoch;
static uint32_t object_seen[UNITS], object_place[UNITS];
static uint32_t slot_seen[UNITS + KERNEL_UNITS], waiting[UNITS + KERNEL_UNITS];
static slot_t *parent[UNITS + KERNEL_UNITS];

/* Slots of the kernel's own data come behind those in memory. */
static uint32_t place(slot_ref_t ref)
{
	uint32_t kernel_first = FAKE_KERNEL_BASE >> SLOT_BITS;
	uint32_t at = ref < UNITS ? ref : UNITS + (ref - kernel_first);
	hold(at < UNITS + KERNEL_UNITS && (ref < UNITS || ref >= kernel_first),
	     "a slot outside memory");
	return at;
}

bool is_found(slot_ref_t ref)
{
	return slot_seen[place(ref)] == epoch;
}

bool is_tomb(const slot_t *slot)
{
	return slot->home == HOME_TOMB;
}

const slot_t *parent_of(const slot_t *slot)
{
	return parent[place(slot_ref(slot))];
}

uint32_t counted_waiting(const slot_t *slot)
{
	return waiting[place(slot_ref(slot))];
}

static void find_slot(slot_ref_t ref)
{
	uint32_t at = place(ref);
	if (ref == 0 || slot_seen[at] == epoch)
		return;
	slot_seen[at] = epoch;
	waiting[at] = 0;
	parent[at] = NULL;
	hold(found.slots < FOUND_SLOTS, "more capabilities than the check has room for");
	found.slot[found.slots++] = slot_at(ref);
	found.tombs += is_tomb(slot_at(ref));
}

found_object_t *find_object(uint32_t address, uint32_t type)
{
	uint32_t at = address >> SLOT_BITS;
	hold(address < FAKE_MEMORY_BYTES, "an object outside memory");
	if (object_seen[at] != epoch) {
		hold(found.objects < FOUND_OBJECTS, "more objects than the check has room for");
		object_seen[at] = epoch;
		object_place[at] = found.objects;
		found.object[found.objects++] =
		    (found_object_t){.address = address, .type = type};
	}
	found_object_t *object = &found.object[object_place[at]];
	hold(object->type == type, "one object, two types");
	return object;
}

void count_waiting(const slot_t *slot)
{
	hold(is_found(slot_ref(slot)), "T4: a thread waits through a slot that is not in use");
	waiting[place(slot_ref(slot))]++;
}

static void look_into_object(const found_object_t *object)
{
	slot_t *tomb = object_tomb(object->type, object->address);
	if (object_types[object->type].tomb && tomb->type != CAP_NONE)
		find_slot(slot_ref(tomb));
	if (object->type == CAP_CSPACE) {
		cspace_t *cspace = arch_pointer(object->address);
		for (uint32_t i = CSPACE_FIRST; i <= cspace->mask; i++)
			if (cspace_slot(cspace, i)->type != CAP_NONE)
				find_slot(slot_ref(cspace_slot(cspace, i)));
	} else if (object->type == CAP_THREAD) {
		tcb_t *tcb = arch_pointer(object->address);
		for (uint32_t i = 0; i < BIND_COUNT; i++)
			if (tcb->slots[i].type != CAP_NONE)
				find_slot(slot_ref(&tcb->slots[i]));
	}
}

/* An object that nobody can name any more is still there until it was taken apart. */
static void look_into_tomb(slot_t *slot)
{
	hold(object_types[slot->type].tomb && object_tomb(slot->type, slot->object) == slot,
	     "a tomb that is not its object's");
	hold(slot->child == 0 && slot->rights == 0 && slot->waiter == 0, "a tomb is used");
	find_object(slot->object, slot->type)->buried = true;
}

/* What a slot leads to: its neighbours in the tree, its home, its object. */
static void look_into_slot(slot_t *slot)
{
	uint32_t address = arch_physical(slot);
	find_slot(slot->parent);
	find_slot(slot->child);
	find_slot(slot->next);
	find_slot(slot->prev);
	hold(slot->type != CAP_NONE && slot->type < CAP_TYPE_COUNT,
	     "S1: a list names a free slot");
	if (is_tomb(slot)) {
		look_into_tomb(slot);
		return;
	}
	if (slot->home == HOME_THREAD)
		find_object(address & ~((1u << THREAD_BITS) - 1), CAP_THREAD);
	else if (slot->home == HOME_CSPACE)
		find_object(address - (slot->index << SLOT_BITS), CAP_CSPACE);
	if (object_types[slot->type].counted)
		find_object(slot->object, slot->type)->refs++;
}

static void find_all(void)
{
	epoch++;
	found.slots = found.objects = found.tombs = 0;
	for (uint32_t i = 0; i < IRQ_LINES * IRQ_CLAIMERS; i++) {
		slot_t *target = &kernel.irq[i / IRQ_CLAIMERS].claims[i % IRQ_CLAIMERS].target;
		if (target->type != CAP_NONE)
			find_slot(slot_ref(target));
	}
	/* These were derived from nothing, and so were their tombs. */
	slot_t *tombs[] = {&bench.root->tomb, object_tomb(CAP_VSPACE, bench.space),
			   object_tomb(CAP_CSPACE, arch_physical(bench.table))};
	for (uint32_t i = 0; i < sizeof(tombs) / sizeof(tombs[0]); i++)
		if (tombs[i]->type != CAP_NONE)
			find_slot(slot_ref(tombs[i]));
	find_object(arch_physical(bench.root), CAP_THREAD);
	/* It may hold itself and be held by nobody else. */
	if (bench.table->header.refs > 0)
		find_object(arch_physical(bench.table), CAP_CSPACE);
	uint32_t slots = 0, objects = 0;
	while (slots < found.slots || objects < found.objects) {
		while (slots < found.slots)
			look_into_slot(found.slot[slots++]);
		while (objects < found.objects)
			look_into_object(&found.object[objects++]);
	}
}

/* Goes once around the children: only the first of them knows. */
static void adopt(slot_t *slot)
{
	slot_ref_t at = slot->child;
	uint32_t count = 0;
	hold(slot_at(at)->parent == slot_ref(slot), "S2: first child");
	do {
		hold(parent[place(at)] == NULL, "S2: a child of two");
		parent[place(at)] = slot;
		at = slot_at(at)->next;
		hold(at == slot->child || slot_at(at)->parent == 0,
		     "S2: more than the first child knows the parent");
		hold(++count <= found.slots, "S3: a ring without end");
	} while (at != slot->child);
}

static bool scope_inside(const slot_t *slot, const slot_t *above)
{
	switch (slot->type) {
	case CAP_PIO:
		if (slot->flags & ~above->flags)
			return false;
		break;
	case CAP_IRQ:
		if (above->object == above->extra && slot->flags != above->flags)
			return false;
		break;
	case CAP_MMIO:
		break;
	case CAP_ENDPOINT:
	case CAP_NOTIFICATION:
		return slot->object == above->object &&
		       (above->extra == 0 || slot->extra == above->extra) &&
		       slot->extra != BADGE_NOTIFICATION;
	case CAP_FRAME:
		if ((slot->flags & FRAME_SEALED) != (above->flags & FRAME_SEALED) ||
		    (slot->flags & FRAME_FIRST))
			return false;
		return slot->object == above->object && slot->extra == above->extra;
	default:
		return slot->object == above->object && slot->extra == above->extra;
	}
	return slot->object >= above->object && slot->extra <= above->extra &&
	       slot->object <= slot->extra;
}

static void check_slot(const slot_t *slot)
{
	slot_ref_t ref = slot_ref(slot);
	const slot_t *above = parent_of(slot);
	hold(slot_at(slot->next)->prev == ref, "S3: next");
	hold(slot_at(slot->prev)->next == ref, "S3: prev");
	if (slot->parent)
		hold(slot_at(slot->parent)->child == ref, "S2: parent");
	if (is_tomb(slot)) {
		hold(!above || above->type == CAP_UNTYPED, "a tomb under a capability");
		return;
	}
	hold((slot->rights & ~object_types[slot->type].rights) == 0,
	     "rights that do not exist");
	hold(slot->rights != 0, "a capability without rights");
	if (!above || above->type == CAP_UNTYPED)
		return;
	hold(slot->type == above->type, "S4: type");
	hold((slot->rights & ~above->rights) == 0, "S4: rights");
	hold(scope_inside(slot, above), "S4: scope");
}

void check_tree(void)
{
	find_all();
	for (uint32_t i = 0; i < found.slots; i++)
		if (found.slot[i]->child)
			adopt(found.slot[i]);
	for (uint32_t i = 0; i < found.slots; i++)
		check_slot(found.slot[i]);
}

unsigned check_count(void)
{
	return found.slots - found.tombs;
}

unsigned check_tombs(void)
{
	return found.tombs;
}
