/* SPDX-License-Identifier: BSD-2-Clause */
/* Where slots are: all slots of the machine form one array that overlays physical memory; slot
 * number n is the 64 bytes at physical address 64 n. Nothing else knows this. The proofs use
 * test/prove/include/object/place.h instead, where it is an array that a prover understands. */
#ifndef OBJECT_PLACE_H
#define OBJECT_PLACE_H

#include "arch/arch.h"

#define SLOT_BITS 6u

struct slot;
struct cspace;

static inline struct slot *slot_at(uint32_t ref)
{
	return arch_pointer(ref << SLOT_BITS);
}

static inline uint32_t slot_ref(const struct slot *slot)
{
	return arch_physical(slot) >> SLOT_BITS;
}

/* A capability space by the number of its slot 0, which is its header. */
static inline struct cspace *space_at(uint32_t ref)
{
	return arch_pointer(ref << SLOT_BITS);
}

/* The slot at an index of a capability space. */
static inline struct slot *space_slot_at(const struct cspace *cspace, uint32_t index)
{
	return arch_pointer(arch_physical(cspace) + (index << SLOT_BITS));
}

#endif
