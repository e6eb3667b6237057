/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the refusal matrix as calls that can be made. */
#ifndef REFUSAL_ATTEMPT_H
#define REFUSAL_ATTEMPT_H

#include "abi/syscalls.h"
#include "refusal_rows.h"

#define MAX_ARGUMENTS 4u

typedef struct refusal_call {
	const char *name, *arguments; /* as in the table of system calls */
	uint32_t count;
	const refusal_row_t *rows;
} refusal_call_t;

extern const refusal_call_t refusal_calls[SYS_COUNT];

/* One call as it is made. */
typedef struct attempt {
	uint32_t number;
	enum refusal_caller who;
	uint32_t arg[MAX_ARGUMENTS];
	cap_t reply, cap[2];
	uint32_t timeout_ms;
} attempt_t;

/* The row's call; `type` is what a handle under test is of, or CAP_FRAME. */
attempt_t attempt_of(uint32_t number, const refusal_row_t *row, uint32_t type);

/* Makes `handle` its argument `at`, which may be IN_REPLY or IN_CAP. */
void attempt_set_handle(attempt_t *attempt, uint32_t at, cap_t handle);

/* Puts the call into the thread's registers and buffer; the thread traps next. */
void attempt_load(const attempt_t *attempt, tcb_t *tcb);

#endif
