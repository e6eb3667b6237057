/* SPDX-License-Identifier: BSD-2-Clause */
/* Random arguments of system calls: most of them plausible, some wild. */
#ifndef RANDOM_ARGUMENTS_H
#define RANDOM_ARGUMENTS_H

#include "bench.h"
#include "random.h"

/* Reads the table of calls. To be called before anything else here. */
void read_calls(void);

/* Fills in the arguments with which the thread makes this call, one of SYS_COUNT. */
void pick_all(tcb_t *tcb, uint32_t number, uint32_t arg[4]);

/* Fills in what a call takes from the thread's buffer, if it has one. */
void fill_buffer(tcb_t *tcb);

#endif
