/* SPDX-License-Identifier: BSD-2-Clause */
/* What the boot loader says (Multiboot specification 0.6.96, section 3.3), checked and copied:
 * nothing else reads the loader's structures. */
#ifndef BOOT_MULTIBOOT_H
#define BOOT_MULTIBOOT_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/boot.h"
#include "boot/physical.h"

/* [start, end) in physical memory. */
typedef struct region {
	uint32_t start, end;
} region_t;

typedef struct boot_loader {
	physical_t map;
	region_t module;  /* start == end: none; where it lies is not checked yet */
	uint32_t modules; /* how many the loader gave */
	char cmdline[BOOT_CMDLINE];
} boot_loader_t;

/* Null or the reason why the machine cannot be booted. */
const char *multiboot_read(uint32_t magic, uint32_t address, boot_loader_t *loader);

#endif
