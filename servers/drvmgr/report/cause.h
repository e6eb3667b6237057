/* SPDX-License-Identifier: BSD-2-Clause */
/* What a fault means, and which memory of a dead instance may be read. Pure: all that is asked
 * is given, and whatever is given may be a lie but the manifest and the image's plan. */
#ifndef DRVMGR_CAUSE_H
#define DRVMGR_CAUSE_H

#include "abi/protocol/death.h"
#include "cap/elf.h"
#include "claims/manifest.h"

/* A fault as the kernel tells it. */
typedef struct cause_fault {
	uint32_t label, address, code; /* FAULT_… */
	thread_registers_t registers;
	const uint8_t *bytes; /* the image's at eip, … */
	size_t count;	      /* … so many of them */
} cause_fault_t;

/* What kind of end the fault is, and in words what was tried: "write to 0x10 through a null
 * pointer", "stack overflow: 0xbfff6ffc is in the guard page", "executes data at 0x40b010",
 * "port 0x61 is not in its manifest", "division by zero". NUL-terminated, cut if too long. */
death_kind_t cause_of_fault(const manifest_t *manifest, const elf_plan_t *plan,
			    const cause_fault_t *fault, char *text, size_t size);

/* What the image has at `eip`, which is what the driver has there, since nobody can write its
 * code; and in *count how many bytes there are. Null: no code of the image's is there. */
const uint8_t *cause_code(const elf_plan_t *plan, const void *image, uint32_t eip,
			  size_t *count);

/* What may be copied for a stack pointer: [virt, virt + bytes), at most DEATH_STACK_MOST bytes,
 * of a region [low, low + size) that is the instance's stack or the beginning of its data, in
 * which a second stack can be. Of a stack that overflowed, its lowest bytes. */
typedef struct cause_range {
	uint32_t virt, bytes;
} cause_range_t;

/* Of a region that is a stack, whose guard page is below it. `bytes` is 0 if `esp` is neither
 * in it nor in its guard page. */
cause_range_t cause_range(uint32_t esp, uint32_t low, uint32_t size);

#endif
