/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel tells the root task, in one read-only page, and where. */
#ifndef ABI_BOOT_H
#define ABI_BOOT_H

#include "abi/cap.h"

#define BOOT_INFO_MAGIC 0x4c545343u /* "CSTL" */
#define BOOT_CAPS_MAX	192u
#define BOOT_CAPS_SPARE 32u /* of these the kernel leaves free */
#define BOOT_CMDLINE	256u

/* Addresses in the root task. USER_END is the end of every user address space: the
 * kernel is above it. The first page is never mapped. */
#define USER_START	0x00001000u
#define USER_END	0xc0000000u
#define ROOT_BASE	0x00400000u /* where the root task's image starts */
#define ROOT_BUFFER	0xbfffe000u /* its message buffer */
#define ROOT_BOOT_INFO	0xbfffd000u /* boot_info_t, read-only */
#define ROOT_STACK_TOP	0xbfffc000u
#define ROOT_STACK_SIZE 0x00004000u

/* Well-known capabilities of the root task are at these positions of boot_info.caps. */
enum boot_cap {
	BOOT_CAP_CSPACE = 0, /* its own */
	BOOT_CAP_VSPACE = 1,
	BOOT_CAP_THREAD = 2,
	BOOT_CAP_IRQ = 3,     /* lines 0..15; the kernel's own, 0 and 2, are not to be had */
	BOOT_CAP_ARCHIVE = 4, /* the boot module as a read-only physical range, or CAP_NULL */
	BOOT_CAP_AUDIT = 5,   /* for SYS_AUDIT */
	BOOT_CAP_KEPT = 6,    /* the manager's: a frame that outlives it, all zero at first */
	BOOT_CAP_BODY = 7,    /* the manager's: an untyped that ends with it */
	BOOT_CAP_FIRST = 8,   /* from here on: untyped, pio and mmio, in any order */
};

/* How the manager's last incarnation ended, for its next one. */
enum boot_death_cause {
	BOOT_DEATH_NONE = 0,  /* there was none */
	BOOT_DEATH_FAULT = 1, /* label, address, code and eip are of the fault message */
	BOOT_DEATH_HANGS = 2, /* it ran for too long without entering a receive: code is how */
			      /* many milliseconds had passed since then */
};
typedef struct boot_death {
	uint32_t count; /* of all deaths since boot */
	uint32_t cause; /* enum boot_death_cause */
	uint32_t at_us; /* low word of the kernel's clock */
	uint32_t label, address, code, eip;
	uint32_t row; /* of deaths in a short time; 1: no other shortly before */
} boot_death_t;
ABI_ASSERT(sizeof(boot_death_t) == 32, "death layout");

/* A word of the command line: the root task has calls and interrupts recorded (SYS_TRACE). */
#define BOOT_WORD_CALLS "trace=calls"

/* BOOT_KEPT_BITS: log2 of the size of the frame BOOT_CAP_KEPT. */
#define BOOT_KEPT_BITS 19u

typedef struct boot_info {
	uint32_t magic;	       /* BOOT_INFO_MAGIC */
	uint32_t abi_version;  /* ABI_VERSION of the kernel */
	uint32_t size;	       /* sizeof(boot_info_t) */
	uint32_t cap_count;    /* entries of caps */
	uint32_t archive_size; /* bytes of the boot module */
	uint32_t ram_kib;      /* usable memory */
	uint32_t table_span;   /* bytes of address space that one page table covers */
	uint32_t reserved;
	char cmdline[BOOT_CMDLINE]; /* the kernel's, NUL-terminated, cut if longer */
	struct boot_cap_entry {
		cap_t cap;
		uint32_t type;
		uint32_t scope0, scope1; /* as in abi/cap.h */
	} caps[BOOT_CAPS_MAX];
	boot_death_t death; /* the root task writes it for the manager */
} boot_info_t;
ABI_ASSERT(sizeof(boot_info_t) <= PAGE_SIZE, "boot information fits one page");
ABI_ASSERT(offsetof(boot_info_t, cmdline) == 32, "boot information layout");

#endif
