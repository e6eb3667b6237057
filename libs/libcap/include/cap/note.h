/* SPDX-License-Identifier: BSD-2-Clause */
/* What a program states of the ABI that it was built with, for who starts it. */
#ifndef CAP_NOTE_H
#define CAP_NOTE_H

#include <stdbool.h>

#include "abi/protocol/driver.h"
#include "abi/types.h"

/* The ELF note of type DRIVER_NOTE_TYPE in the section .note.castellan, which the linker script
 * keeps. */
typedef struct elf_note {
	uint32_t name_size, data_size, type; /* in bytes; DRIVER_NOTE_TYPE */
	char name[12];			     /* DRIVER_NOTE_NAME */
	driver_note_t note;
} elf_note_t;

/* Defines this program's note, once in a program. */
#define CAP_NOTE()                                                                             \
	__attribute__((section(".note.castellan"), used)) static const elf_note_t note = {     \
	    sizeof(DRIVER_NOTE_NAME),                                                          \
	    sizeof(driver_note_t),                                                             \
	    DRIVER_NOTE_TYPE,                                                                  \
	    DRIVER_NOTE_NAME,                                                                  \
	    {DRIVER_ABI_MIN, DRIVER_ABI_MAX, DRIVER_CONTEXT_VERSION, ABI_VERSION},             \
	}

/* Has the kernel that the caller was built with all that a program built for `kernel_abi` asks
 * of it? Of one major version a higher minor one has more calls, or more in one. */
static inline bool note_fits(uint32_t kernel_abi)
{
	return kernel_abi >> 16 == ABI_VERSION_MAJOR &&
	       (kernel_abi & 0xffffu) <= ABI_VERSION_MINOR;
}

#endif
