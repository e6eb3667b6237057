/* SPDX-License-Identifier: BSD-2-Clause */
/* The checks of check.h on objects as such; those on the tree of capabilities are in
 * check_tree.c, those on threads and what they wait for in check_threads.c. */
#include "check.h"

#include "bench.h"
#include "check_parts.h"
#include "object/endpoint.h"
#include "object/kernel.h"
#include "object/untyped.h"
#include "object/vspace.h"

#define SIBLINGS 128u

#define HANDLE_LAST 0x7fffffffu

static uint32_t bytes_of(const slot_t *slot)
{
	if (slot->type == CAP_UNTYPED || slot->type == CAP_FRAME)
		return 1u << slot->extra;
	if (slot->type == CAP_CSPACE)
		return (((const cspace_t *)arch_pointer(slot->object))->mask + 1) << SLOT_BITS;
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
			hold(apart || a->type != CAP_FRAME ||
				 ((a->flags ^ b->flags) & FRAME_SEALED) == 0,
			     "a frame that is sealed and is not");
		}
}

static void check_made(const slot_t *untyped, const slot_t *made)
{
	hold(made->object >= untyped->object &&
		 made->object + bytes_of(made) <= untyped->object + untyped->used,
	     "U1: made outside");
	hold(made->type == CAP_FRAME || made->object >= untyped->object + untyped->stale,
	     "U4: stale memory in another object than a frame");
}

static uint32_t check_untyped(const slot_t *slot)
{
	const slot_t *child[SIBLINGS];
	uint32_t count = 0, size = 1u << slot->extra;
	hold(slot->used <= size && slot->zeroed <= size && slot->stale <= size, "U1: used");
	hold(slot->zeroed >= slot->used, "U3: zeroed");
	hold(slot->child || slot->used == 0, "U2: childless but used");
	for (slot_ref_t at = slot->child; at; at = slot_at(at)->next) {
		const slot_t *made = slot_at(at);
		check_made(slot, made);
		if (count < SIBLINGS)
			child[count++] = made;
		if (made->next == slot->child)
			break;
	}
	check_disjoint(child, count);
	for (uint32_t i = slot->used; i < slot->zeroed; i++)
		hold(fake_memory()[slot->object + i] == 0, "U3: not zero");
	return size - slot->used;
}

static void check_frame(const slot_t *slot)
{
	hold(slot->extra >= FRAME_BITS_MIN && slot->extra <= FRAME_BITS_MAX, "a frame's size");
	hold(!(slot->flags & FRAME_SEALED) || !slot_allows(slot, RIGHT_WRITE),
	     "a sealed frame that can be written to");
	hold(!(slot->flags & FRAME_SEALING) ||
		 ((slot->flags & FRAME_SEALED) && slot->map_space != 0 &&
		  slot->map_pages < slot->map_goal),
	     "a frame that is being sealed, and not by a part of a mapping");
}

void check_free(const slot_t *slot)
{
	hold(slot->waiter == 0, "S1: somebody waits through a free slot");
	hold(!(slot->parent | slot->child | slot->prev), "S1: a free slot in a ring");
	hold(!(slot->map_space | slot->map_virt | slot->map_pages | slot->map_goal |
	       slot->map_next | slot->map_prev),
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
	hold(cspace->fresh >= CSPACE_FIRST && cspace->fresh <= slots, "C2: fresh slots");
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
	const slot_t *tomb = cspace_slot(cspace, 1);
	check_header(cspace);
	hold(tomb->name == 0, "C4: the tomb's name");
	if (tomb->type == CAP_NONE)
		check_free(tomb);
	for (uint32_t i = CSPACE_FIRST; i < cspace->fresh; i++) {
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
	uint32_t fresh = slots - cspace->fresh, freed = cspace->fresh - CSPACE_FIRST - used;
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
		hold(is_found(at), "S5: a mapping of a free slot");
		hold(slot_at(at)->map_space == address && slot_at(at)->map_prev == before,
		     "S5: list of mappings");
		hold(slot_at(at)->map_pages <= slot_at(at)->map_goal,
		     "more is mapped than asked");
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
		if (is_tomb(slot))
			continue;
		audit->caps[slot->type]++;
		if (slot->type == CAP_UNTYPED)
			audit->free_bytes += check_untyped(slot);
		if (slot->type == CAP_UNTYPED || slot->type == CAP_IRQ)
			continue;
		if (slot->type == CAP_FRAME)
			check_frame(slot);
		*mapped += slot->map_space != 0;
		if (slot->type == CAP_MMIO)
			audit->mmio_pages += slot->map_pages;
	}
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
	check_no_space();
	check_tree();
	count_slots(&audit, &mapped);
	for (uint32_t i = 0; i < found.objects; i++) {
		const found_object_t *object = &found.object[i];
		const object_header_t *header = arch_pointer(object->address);
		hold(header->refs == object->refs && header->type == object->type, "O1: refs");
		hold(!object->buried || object->refs == 0, "O1: buried alive");
		audit.objects[object->type] += object->refs > 0 || object->buried;
		if (object->type == CAP_CSPACE)
			check_cspace(object->address);
		if (object->type == CAP_VSPACE)
			listed += check_vspace(object->address);
	}
	hold(mapped == listed, "S5: a mapping that is in no list");
	check_threads(&audit);
	for (uint32_t i = 0; i < found.slots; i++)
		hold(check_peers(found.slot[i]) == counted_waiting(found.slot[i]),
		     "T4: a waiter outside the ring");
	check_audit(&audit);
}
