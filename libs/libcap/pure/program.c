/* SPDX-License-Identifier: BSD-2-Clause */
/* The runner of cap/program.h. No system calls; also compiled for the host. */
#include "cap/program.h"

#include <stddef.h>

/* The row of that label; null: there is none. */
static const program_row_t *find(const program_row_t *rows, uint32_t count, uint8_t label)
{
	for (uint32_t i = 0; i < count; i++)
		if (label && rows[i].label == label)
			return &rows[i];
	return NULL;
}

static bool row_is_right(const program_row_t *rows, uint32_t count, uint32_t number)
{
	const program_row_t *row = &rows[number];
	const program_row_t *again = find(rows, count, row->again);
	const program_row_t *otherwise = find(rows, count, row->otherwise);
	if (row->label && find(rows, number, row->label))
		return false;
	if (row->again && (!again || again >= row || row->tries < 2))
		return false;
	if (row->otherwise && (!otherwise || otherwise <= row))
		return false;
	return number + 1 < count || row->op == PROGRAM_END;
}

err_t program_check(const program_row_t *rows, uint32_t count, uint32_t *bad)
{
	for (uint32_t number = 0; number < count; number++) {
		if (!row_is_right(rows, count, number)) {
			*bad = number;
			return DRV_EINVAL;
		}
	}
	if (count)
		return DRV_OK;
	*bad = 0;
	return DRV_EINVAL;
}

static void enter(program_t *program, const program_row_t *row, uint32_t now_ms)
{
	if (row != program->row)
		program->here = 0;
	program->row = row;
	program->since_ms = now_ms;
}

void program_begin(program_t *program, const program_row_t *rows, uint32_t count,
		   uint32_t now_ms)
{
	*program = (program_t){.rows = rows, .count = count};
	enter(program, rows, now_ms);
}

void program_end(program_t *program)
{
	program->row = NULL;
}

void program_next(program_t *program, uint32_t now_ms)
{
	enter(program, program->row + 1, now_ms);
}

void program_skip(program_t *program, uint32_t now_ms)
{
	const program_row_t *to = find(program->rows, program->count, program->row->otherwise);
	enter(program, to ? to : program->row + 1, now_ms);
}

/* Counts the failed attempt; true: there may be another. */
static bool may_retry(program_t *program)
{
	const program_row_t *row = program->row;
	uint8_t *failed = row->again ? &program->failed : &program->here;
	if (row->again && (!program->furthest || row > program->furthest)) {
		program->furthest = row;
		program->failed = 0;
	}
	if (*failed < UINT8_MAX)
		(*failed)++;
	return *failed < row->tries;
}

err_t program_fail(program_t *program, err_t error, uint32_t now_ms, bool *retried)
{
	const program_row_t *row = program->row, *to = row;
	bool again = may_retry(program);
	if (!again || row->again)
		to = find(program->rows, program->count, again ? row->again : row->otherwise);
	if (retried)
		*retried = again;
	enter(program, to, now_ms);
	return to ? DRV_OK : row->error ? row->error : error;
}

void program_wait(program_t *program, uint32_t now_ms)
{
	program->since_ms = now_ms;
}

bool program_is_late(const program_t *program, uint32_t now_ms)
{
	uint32_t limit_ms = program->row->limit_ms;
	return limit_ms && now_ms - program->since_ms >= limit_ms;
}
