/* SPDX-License-Identifier: BSD-2-Clause */
/* The page walk of the model and what is cached of it, for processor.c: SDM 3A, 4.3, 4.4, 4.10.
 */
#ifndef TEST_WALK_H
#define TEST_WALK_H

#include "processor.h"

#define CR4_MODEL_PSE  0x000010u
#define CR4_MODEL_PAE  0x000020u
#define CR4_MODEL_PGE  0x000080u
#define CR4_MODEL_SMEP 0x100000u
#define CR4_MODEL_SMAP 0x200000u

/* Forgets what was cached, of global pages only if `all`. */
void walk_forget(bool all);

/* PAE: reads the four entries that CR3 points to. */
void walk_load_root(void);

/* The kernel has to be mapped whatever was changed: its code to execute, its stack to write. */
void walk_check_kernel(void);

#endif
