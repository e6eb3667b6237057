/* SPDX-License-Identifier: BSD-2-Clause */
/* Paging entries, for the two files that know them: SDM 3A, tables 4-5, 4-6, 4-10 and 4-11. */
#ifndef I386_MMU_H
#define I386_MMU_H

#include "arch/i386/i386.h"

#define ENTRY_PRESENT  0x001u
#define ENTRY_WRITABLE 0x002u
#define ENTRY_USER     0x004u
#define ENTRY_UNCACHED 0x018u /* write-through and cache-disable */
#define ENTRY_LARGE    0x080u
#define ENTRY_GLOBAL   0x100u
#define ENTRY_ADDRESS  0xfffff000u

#define ENTRY_NO_EXECUTE 0x80000000u /* in the high word */

/* In plain paging an entry is the low word alone and the next one follows directly. */
typedef struct entry {
	uint32_t low, high;
} entry_t;

/* Sets one 64-bit entry; the next one. */
static inline entry_t *pae_entry_set(entry_t *entry, uint32_t low, uint32_t high)
{
	entry->high = high;
	entry->low = low;
	return entry + 1;
}

#endif
