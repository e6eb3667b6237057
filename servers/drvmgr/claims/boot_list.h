/* SPDX-License-Identifier: BSD-2-Clause */
/* boot.list, a text in the archive: the drivers without which nobody could see what goes wrong.
 * One line `NAME PRIORITY` each; `#` begins a comment. Essential drivers are admitted before
 * all others, the most urgent first, and run in a band of priorities above them. Nothing in it
 * can keep a system from booting: what is wrong in a line is told, and the line does not count.
 */
#ifndef DRVMGR_BOOT_LIST_H
#define DRVMGR_BOOT_LIST_H

#include "claims/manifest.h"

#define BOOT_LIST_FILE		"boot.list"
#define BOOT_LIST_MAX		16u
#define BOOT_LIST_PRIORITY_MIN	21u /* above all that a manifest can name */
#define BOOT_LIST_PRIORITY_MAX	24u
#define BOOT_LIST_CPU_BUDGET_US 50000u /* of an essential driver that names no `cpu` */
#define BOOT_LIST_CPU_PERIOD_US 100000u

typedef struct boot_entry {
	char name[MANIFEST_NAME_SIZE];
	uint32_t priority;
	place_t place; /* of the name */
} boot_entry_t;

typedef struct boot_list {
	uint32_t count;
	boot_entry_t items[BOOT_LIST_MAX];
} boot_list_t;

/* Reads `text` of `size` bytes. What is wrong goes to *errors, "boot.list:LINE:COLUMN: WHAT".
 */
void boot_list_read(boot_list_t *list, const char *text, size_t size,
		    manifest_errors_t *errors);

/* The entry of that name, or a null pointer. */
const boot_entry_t *boot_list_find(const boot_list_t *list, const char *name);

/* Makes what the entry says true of the manifest: essential, its priority, and the share of the
 * processor if the manifest names none. */
void boot_list_apply(const boot_entry_t *entry, manifest_t *manifest);

#endif
