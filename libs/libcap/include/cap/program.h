/* SPDX-License-Identifier: BSD-2-Clause */
/* What is done with a device, in order, as a table: which row's turn it is, how long it has,
 * how often it is tried, and where to go on when it fails. What a row does, its driver knows:
 * it performs `program->row` and says what came of it. Pure: no I/O and no clock, time is
 * given.
 *
 * A program always ends: it goes back only for another attempt, of which a row has at most 255,
 * and forward else. */
#ifndef CAP_PROGRAM_H
#define CAP_PROGRAM_H

#include <stdbool.h>

#include "abi/driver_errno.h"

/* Of the driver's operations, the one that ends a program, and is nothing to perform. A table's
 * last row is such; there may be others before. Its arguments say how it ended. */
#define PROGRAM_END 0u

/* A label is a number from 1 to 255 of the driver's choice, known within its table; 0 is none.
 */
typedef struct program_row {
	uint8_t label; /* this row's name, or 0 */
	uint8_t op;    /* what to do: PROGRAM_END, or the driver's own */
	uint8_t where; /* arguments of it, as the driver likes: a register or port, */
	uint8_t value; /* a byte that is written or expected, */
	uint8_t mask;  /* which of its bits count, or who judges it, */
	uint8_t state; /* and what the driver says of itself meanwhile */
	uint8_t tries; /* attempts at most; 0 is 1 */
	uint8_t again; /* label before this row from which the next attempt begins; 0: here */
	uint8_t otherwise; /* label behind this row: where to go on when no attempt is left, or
			      program_skip() says so; 0: the program fails */
	uint16_t limit_ms; /* of one attempt; 0: there is none */
	err_t error;	   /* with which it fails; 0: the last attempt's */
} program_row_t;

/* A table as a whole: {PROGRAM_ROWS(rows)}. */
typedef struct program_table {
	const program_row_t *rows;
	uint32_t count;
} program_table_t;
#define PROGRAM_ROWS(rows) (rows), (uint32_t)(sizeof(rows) / sizeof((rows)[0]))

/* Zeroed: no program runs.
 *
 * Invariant PR1: `row` is null, or one of `rows`, which end at `count`.
 * Invariant PR2: `furthest` does not move back while a program runs, and `failed` does not
 * shrink while it stays. */
typedef struct program {
	const program_row_t *rows;
	const program_row_t *row;      /* to be performed now; null: none */
	const program_row_t *furthest; /* that failed and went back to a label; null: none */
	uint32_t count;
	uint32_t since_ms; /* when the attempt began, or its last program_wait() */
	uint8_t failed;	   /* attempts at `furthest` or before it, that went back */
	uint8_t here;	   /* attempts at `row` since it was entered, without a label */
} program_t;

/* DRV_EINVAL: the table is wrong, and *bad is the number of the first row that is: its label is
 * another's too; `again` or `otherwise` is no row's, or not before, or not behind it; `again`
 * without another try; or the last row is no PROGRAM_END. An empty table is wrong at 0. A host
 * test asks it of each table; what runs a program does not look again. */
err_t program_check(const program_row_t *rows, uint32_t count, uint32_t *bad);

/* Begins with the first of `count` rows; what was under way is abandoned. */
void program_begin(program_t *program, const program_row_t *rows, uint32_t count,
		   uint32_t now_ms);

/* No program runs any more. */
void program_end(program_t *program);

/* The row was performed: goes on with the next one. Not for a PROGRAM_END, which has none. */
void program_next(program_t *program, uint32_t now_ms);

/* Goes on at `otherwise` without a failure; at the next row where that is 0. */
void program_skip(program_t *program, uint32_t now_ms);

/* The attempt failed. DRV_OK: go on with `program->row`: another attempt, or `otherwise`. Else
 * the error with which the program failed: the row's, or `error` (not DRV_OK). No program runs
 * then. *retried, unless null: this is another attempt. */
err_t program_fail(program_t *program, err_t error, uint32_t now_ms, bool *retried);

/* The attempt begins to wait for something new, and has all of its limit for that. */
void program_wait(program_t *program, uint32_t now_ms);

/* Has the attempt had its time? `now_ms` wraps. Never, where there is no limit. */
bool program_is_late(const program_t *program, uint32_t now_ms);

#endif
