/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task: the one process that the kernel makes. Its image is part of the kernel's. */
#ifndef BOOT_ROOT_H
#define BOOT_ROOT_H

#include "boot/memory.h"

/* The start of the root task's image, which servers/init/init.ld lays out: code and constants,
 * then data, both in whole pages, at ROOT_BASE. */
typedef struct root_image {
	uint32_t magic;	     /* ROOT_IMAGE_MAGIC */
	uint32_t entry;	     /* virtual address */
	uint32_t data_start; /* virtual address of the first writable page */
	uint32_t end;	     /* virtual address of the end */
} root_image_t;
#define ROOT_IMAGE_MAGIC 0x544f4f52u /* "ROOT" */

/* Makes the root task with all capabilities of the machine and makes it ready. */
void root_start(const boot_loader_t *loader, boot_memory_t *memory);

#endif
