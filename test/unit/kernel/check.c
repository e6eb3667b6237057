/* SPDX-License-Identifier: BSD-2-Clause */
/* The checks of check.h on capabilities and objects as such; those on threads and what they
 * wait for are in check_threads.c. */
#include "check.h"

#include "bench.h"
#include "check_parts.h"
#include "object/endpoint.h"
#include "object/kernel.h"
#include "object/untyped.h"
#include "object/vspace.h"

#define UNITS	 (FAKE_MEMORY_BYTES >> SLOT_BITS)
#define SIBLINGS 128u

#define HANDLE_LAST 0x7fffffffu

found_t found;

static uint32_t epoch;
static uint32_t slot_seen[UNITS + 64], object_seen[UNITS], object_place[UNITS];
static uint32_t waiting[UNITS + 64];

/* Slots of the kernel's own data come behind those in memory. */
static uint32_t place(slot_ref_t ref)
{
	uint32_t kernel_first = FAKE_KERNEL_BASE >> SLOT_BITS;
	uint32_t at = ref < UNITS ? ref : UNITS + (ref - kernel_first);
	hold(at < UNITS + 64 && (ref < UNITS || ref >= kernel_first), "a slot outside memory");
	return at;
}

static void find_slot(slot_ref_t ref)
{
	uint32_t at = place(ref);
	if (ref == 0 || slot_seen[at] == epoch)
		return;
	slot_seen[at] = epoch;
	waiting[at] = 0;
	hold(found.slots < FOUND_SLOTS, "more capabilities than the check has room for");
	found.slot[found.slots++] = slot_at(ref);
}

found_object_t *find_object(uint32_t address, uint32_t type)
{
	uint32_t at = address >> SLOT_BITS;
	hold(address < FAKE_MEMORY_BYTES, "an object outside memory");
	if (object_seen[at] != epoch) {
		hold(found.objects < FOUND_OBJECTS, "more objects than the check has room for");
		object_seen[at] = epoch;
		object_place[at] = found.objects;
		found.object[found.objects++] = (found_object_t){address, type, 0};
	}
	found_object_t *object = &found.object[object_place[at]];
	hold(object->type == type, "one object, two types");
	return object;
}

void count_waiting(const slot_t *slot)
{
	uint32_t at = place(slot_ref(slot));
	hold(slot_seen[at] == epoch, "T4: a thread waits through a slot that is not in use");
	waiting[at]++;
}

static void look_into_object(const found_object_t *object)
{
	if (object->type == CAP_CSPACE) {
		cspace_t *cspace = arch_pointer(object->address);
		for (uint32_t i = 1; i <= cspace->mask; i++)
			if (cspace_slot(cspace, i)->type != CAP_NONE)
				find_slot(slot_ref(cspace_slot(cspace, i)));
	} else if (object->type == CAP_THREAD) {
		tcb_t *tcb = arch_pointer(object->address);
		for (uint32_t i = 0; i < BIND_COUNT; i++)
			if (tcb->slots[i].type != CAP_NONE)
				find_slot(slot_ref(&tcb->slots[i]));
	}
}

/* What a slot leads to: its neighbours in the tree, its home, its object. */
static void look_into_slot(const slot_t *slot)
{
	uint32_t address = arch_physical(slot);
	find_slot(slot->parent);
	find_slot(slot->child);
	find_slot(slot->next);
	find_slot(slot->prev);
	hold(slot->type != CAP_NONE && slot->type < CAP_TYPE_COUNT,
	     "S1: a list names a free slot");
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
	found.slots = found.objects = 0;
	for (uint32_t i = 0; i < IRQ_LINES; i++)
		if (kernel.irq[i].target.type != CAP_NONE)
			find_slot(slot_ref(&kernel.irq[i].target));
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

static bool scope_inside(const slot_t *slot, const slot_t *parent)
{
	switch (slot->type) {
	case CAP_PIO:
	case CAP_IRQ:
	case CAP_MMIO:
		return slot->object >= parent->object && slot->extra <= parent->extra &&
		       slot->object <= slot->extra && (slot->widths & ~parent->widths) == 0;
	case CAP_ENDPOINT:
	case CAP_NOTIFICATION:
		return slot->object == parent->object &&
		       (parent->extra == 0 || slot->extra == parent->extra) &&
		       slot->extra != BADGE_NOTIFICATION;
	default:
		return slot->object == parent->object && slot->extra == parent->extra;
	}
}

static void check_slot(const slot_t *slot)
{
	slot_ref_t ref = slot_ref(slot);
	if (slot->child)
		hold(slot_at(slot->child)->parent == ref && slot_at(slot->child)->prev == 0,
		     "S2: first child");
	if (slot->next)
		hold(slot_at(slot->next)->prev == ref &&
			 slot_at(slot->next)->parent == slot->parent,
		     "S3: next");
	if (slot->prev)
		hold(slot_at(slot->prev)->next == ref, "S3: prev");
	else if (slot->parent)
		hold(slot_at(slot->parent)->child == ref,
		     "S2: only the first child has no prev");
	hold((slot->rights & ~object_types[slot->type].rights) == 0,
	     "rights that do not exist");
	hold(slot->rights != 0, "a capability without rights");
	if (!slot->parent)
		return;
	const slot_t *parent = slot_at(slot->parent);
	if (parent->type == CAP_UNTYPED)
		return;
	hold(slot->type == parent->type, "S4: type");
	hold((slot->rights & ~parent->rights) == 0, "S4: rights");
	hold(scope_inside(slot, parent), "S4: scope");
}

static uint32_t bytes_of(const slot_t *slot)
{
	if (slot->type == CAP_UNTYPED)
		return 1u << slot->extra;
	if (slot->type == CAP_CSPACE)
		return 1u << (slot->extra + SLOT_BITS);
	return 1u << object_types[slot->type].size_bits;
}

static void check_disjoint(const slot_t *const child[], uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t j = 0; j < i; j++) {
			const slot_t *a = child[i], *b = child[j];
			bool apart = a->object + bytes_of(a) <= b->object ||
				     b->object + bytes_of(b) <= a->object;
			hold(apart || (a->object == b->object && a->type == b->type),
			     "U1: two objects share memory");
		}
}

static uint32_t check_untyped(const slot_t *slot)
{
	const slot_t *child[SIBLINGS];
	uint32_t count = 0, size = 1u << slot->extra;
	hold(slot->used <= size && slot->zeroed <= size, "U1: used");
	hold(slot->zeroed >= slot->used, "U3: zeroed");
	hold(slot->child || slot->used == 0, "U2: childless but used");
	for (slot_ref_t at = slot->child; at; at = slot_at(at)->next) {
		const slot_t *made = slot_at(at);
		hold(made->object >= slot->object &&
			 made->object + bytes_of(made) <= slot->object + slot->used,
		     "U1: made outside");
		if (count < SIBLINGS)
			child[count++] = made;
	}
	check_disjoint(child, count);
	for (uint32_t i = slot->used; i < slot->zeroed; i++)
		hold(fake_memory()[slot->object + i] == 0, "U3: not zero");
	return size - slot->used;
}

void check_free(const slot_t *slot)
{
	hold(slot->waiter == 0, "S1: somebody waits through a free slot");
	hold(!(slot->map_space | slot->map_virt | slot->map_pages | slot->map_next |
	       slot->map_prev),
	     "S1: a free slot is mapped or used");
}

/* The header, which a search comes to like to any slot. */
static void check_header(cspace_t *cspace)
{
	uint32_t slots = cspace->mask + 1;
	hold(slots >= 1u << CSPACE_BITS_MIN && slots <= 1u << CSPACE_BITS_MAX &&
		 (slots & cspace->mask) == 0,
	     "C4: not a mask");
	hold(cspace_slot(cspace, 0)->name == cspace->mask, "C4: the header's name");
	hold(!cspace_lookup(cspace, cspace->mask) && !cspace_lookup(cspace, 0),
	     "C4: a handle without a generation");
	hold(cspace->fresh >= 1 && cspace->fresh <= slots, "C2: fresh slots");
}

static void check_name(cspace_t *cspace, const slot_t *slot, uint32_t index)
{
	hold((slot->name & cspace->mask) == index, "C1: the name of another slot");
	hold(slot->index == index && slot->home == HOME_CSPACE, "C1: place");
	hold(slot->name >= cspace->mask + 1 && slot->name <= HANDLE_LAST, "C3: generation");
	hold(cspace_lookup(cspace, slot->name) == (slot->type == CAP_NONE ? NULL : slot),
	     "C1: the name finds another slot, or a free one");
}

/* What threads without a capability space have: nothing can be found or put there. */
static void check_no_space(void)
{
	static const cspace_empty_t made = {.header = {.mask = 1, .fresh = 2}};
	hold(memcmp(&kernel.no_space, &made, sizeof(made)) == 0, "T5: not as it was made");
	for (cap_t handle = 0; handle <= 2 * made.header.mask + 1; handle++)
		hold(!cspace_lookup(&kernel.no_space.header, handle),
		     "T5: something without a capability space");
}

static void check_cspace(uint32_t address)
{
	cspace_t *cspace = arch_pointer(address);
	uint32_t slots = cspace->mask + 1, listed = 0, worn = 0, used = 0;
	check_header(cspace);
	for (uint32_t i = 1; i < cspace->fresh; i++) {
		const slot_t *slot = cspace_slot(cspace, i);
		check_name(cspace, slot, i);
		if (slot->type == CAP_NONE)
			check_free(slot);
		used += slot->type != CAP_NONE;
		worn += slot->type == CAP_NONE && slot->name > HANDLE_LAST - slots;
	}
	for (uint32_t i = cspace->fresh; i < slots; i++) {
		hold(cspace_slot(cspace, i)->type == CAP_NONE, "C2: a used slot is fresh");
		check_free(cspace_slot(cspace, i));
	}
	uint32_t before = 0;
	for (uint32_t i = cspace->free_first; i; i = cspace_slot(cspace, i)->next) {
		hold(cspace_slot(cspace, i)->type == CAP_NONE, "S1: a used slot is free");
		hold(++listed < slots, "C2: the free list has a loop");
		before = i;
	}
	uint32_t fresh = slots - cspace->fresh, freed = cspace->fresh - 1 - used;
	hold(listed + fresh == cspace->free_count && before == cspace->free_last,
	     "C2: free list");
	hold(listed <= freed && listed + worn >= freed, "C2: lost slots");
}

static bool explained(const vspace_t *vspace, uint32_t virt, uint32_t entry, uint32_t type)
{
	for (slot_ref_t at = vspace->mappings; at; at = slot_at(at)->map_next) {
		const slot_t *slot = slot_at(at);
		uint32_t offset = virt - slot->map_virt;
		bool table = slot->type == CAP_PTABLE;
		if (table != (type == CAP_PTABLE) ||
		    (table ? offset != 0 : offset >= slot->map_pages * PAGE_SIZE) ||
		    slot->object + offset != (entry & FAKE_ADDRESS))
			continue;
		if (table || (slot_allows(slot, entry & ARCH_PAGE_WRITE ? RW : RIGHT_READ) &&
			      (!(entry & ARCH_PAGE_EXEC) || slot_allows(slot, RIGHT_EXEC))))
			return true;
	}
	return false;
}

static uint32_t check_vspace(uint32_t address)
{
	const vspace_t *vspace = arch_pointer(address);
	const uint32_t *directory = arch_pointer(vspace_directory(address));
	uint32_t count = 0;
	slot_ref_t before = 0;
	for (slot_ref_t at = vspace->mappings; at; before = at, at = slot_at(at)->map_next) {
		hold(slot_seen[place(at)] == epoch, "S5: a mapping of a free slot");
		hold(slot_at(at)->map_space == address && slot_at(at)->map_prev == before,
		     "S5: list of mappings");
		count++;
	}
	for (uint32_t i = 0; i < FAKE_TABLE_ENTRIES; i++) {
		if (!directory[i])
			continue;
		hold(explained(vspace, i * FAKE_TABLE_SPAN, directory[i], CAP_PTABLE),
		     "a page table without a capability");
		const uint32_t *table = arch_pointer(directory[i] & FAKE_ADDRESS);
		for (uint32_t j = 0; j < FAKE_TABLE_ENTRIES; j++) {
			if (!table[j])
				continue;
			hold(explained(vspace, i * FAKE_TABLE_SPAN + j * PAGE_SIZE, table[j],
				       CAP_FRAME),
			     "a page without a capability");
			uint32_t both = ARCH_PAGE_WRITE | ARCH_PAGE_EXEC;
			hold((table[j] & both) != both, "a page to write and execute");
		}
	}
	return count;
}

/* The counters that follow from the capabilities. */
static void count_slots(audit_report_t *audit, uint32_t *mapped)
{
	for (uint32_t i = 0; i < found.slots; i++) {
		const slot_t *slot = found.slot[i];
		audit->caps[slot->type]++;
		if (slot->type == CAP_UNTYPED) {
			audit->free_bytes += check_untyped(slot);
			continue;
		}
		*mapped += slot->map_space != 0;
		if (slot->type == CAP_MMIO)
			audit->mmio_pages += slot->map_pages;
	}
}

void check_tree(void)
{
	find_all();
	for (uint32_t i = 0; i < found.slots; i++)
		check_slot(found.slot[i]);
}

unsigned check_count(void)
{
	return found.slots;
}

static void check_audit(const audit_report_t *counted)
{
	uint32_t fresh[AUDIT_WORDS], kept[AUDIT_WORDS];
	memcpy(fresh, counted, sizeof(fresh));
	memcpy(kept, &kernel.audit, sizeof(kept));
	for (uint32_t i = 0; i < AUDIT_WORDS; i++) {
		if (fresh[i] != kept[i])
			print_error("audit word %u: %u, counted %u\n", i, kept[i], fresh[i]);
		hold(fresh[i] == kept[i], "audit: counters");
	}
}

void check_all(void)
{
	audit_report_t audit = {.abi_version = ABI_VERSION,
				.flags = kernel.audit.flags,
				.ram_bytes = kernel.audit.ram_bytes,
				.spurious = kernel.audit.spurious};
	uint32_t mapped = 0, listed = 0;
	hold(!work_pending(), "unfinished work");
	check_no_space();
	check_tree();
	count_slots(&audit, &mapped);
	for (uint32_t i = 0; i < found.objects; i++) {
		const found_object_t *object = &found.object[i];
		const object_header_t *header = arch_pointer(object->address);
		hold(header->refs == object->refs && header->type == object->type, "O1: refs");
		audit.objects[object->type] += object->refs > 0;
		if (object->type == CAP_CSPACE)
			check_cspace(object->address);
		if (object->type == CAP_VSPACE)
			listed += check_vspace(object->address);
	}
	hold(mapped == listed, "S5: a mapping that is in no list");
	check_threads(&audit);
	for (uint32_t i = 0; i < found.slots; i++)
		hold(check_peers(found.slot[i]) == waiting[place(slot_ref(found.slot[i]))],
		     "T4: a waiter outside the ring");
	check_audit(&audit);
}
