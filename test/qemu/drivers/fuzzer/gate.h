/* SPDX-License-Identifier: BSD-2-Clause */
/* The ways into the kernel as no compiler would write them: any registers, flags, stack pointer
 * and segments. Each function makes one system call with what is in `gate` and comes back with
 * the answer there, unless it was told to go elsewhere. */
#ifndef FUZZER_GATE_H
#define FUZZER_GATE_H

#include <stdint.h>

typedef struct gate {
	uint32_t eax, ebx, esi, edi, ebp;
	uint32_t ecx, edx; /* of gate_sysenter() */
	uint32_t flags;	   /* of gate_int() and gate_sysenter() */
	uint32_t esp;	   /* of gate_lost() */
} gate_t;

extern gate_t gate;

/* Where each of them ends: the address to return to from sysenter. */
void gate_back(void);

void gate_int(void);	  /* int $0x80 with these flags */
void gate_lost(void);	  /* int $0x80 with this stack pointer */
void gate_null(void);	  /* int $0x80 with null segments */
void gate_sysenter(void); /* with these flags, ecx (the stack pointer) and edx (where to) */

#endif
