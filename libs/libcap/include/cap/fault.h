/* SPDX-License-Identifier: BSD-2-Clause */
/* What a fault message of the kernel says, in words. Pure: whoever has the instruction's bytes
 * gives them, nothing is read at the address of the fault. */
#ifndef CAP_FAULT_H
#define CAP_FAULT_H

#include <stddef.h>
#include <stdint.h>

#include "abi/boot.h"
#include "abi/message.h"

typedef struct fault {
	uint32_t label;		/* FAULT_… */
	uint32_t address, code; /* as in the message */
	uint32_t eip, edx;	/* of the thread; edx is read for `in` and `out` alone */
	uint32_t stack;		/* its lowest address, or 0: below is the guard page */
} fault_t;

/* What an instruction does that faults with FAULT_PROTECTION. */
enum fault_does {
	FAULT_DOES_OTHER,
	FAULT_DOES_PORT,       /* `in` or `out`, of *port */
	FAULT_DOES_PRIVILEGED, /* one that is the kernel's */
};

/* Says it of the instruction of which `bytes` are the first `count`, with the thread's edx.
 * *port is untouched but for FAULT_DOES_PORT. */
enum fault_does fault_instruction(const uint8_t *bytes, size_t count, uint32_t edx,
				  uint32_t *port);

/* "page fault"; "unknown fault" for what is none. */
const char *fault_name(uint32_t label);

/* Writes what it is, where, and as far as that can be told what was tried:
 * "page fault at eip 0x400123, a read of address 0x10, code 0x4",
 * "page fault at eip 0x400123, a write to address 0xbfff6ffc, below its stack, code 0x6",
 * "protection fault at eip 0x400123: out to port 0x64, which is not open to it". `bytes` are
 * the first `count` bytes of the instruction, 15 at most; with none, nothing is told of it.
 * NUL-terminated, cut if too long; the answer is the text's length. */
size_t fault_describe(const fault_t *fault, const uint8_t *bytes, size_t count, char *text,
		      size_t size);

/* The same of a manager's death: its fault, or "hung: it did not come back to its door for 700
 * ms, at eip 0x400123". */
size_t fault_describe_death(const boot_death_t *death, char *text, size_t size);

#endif
