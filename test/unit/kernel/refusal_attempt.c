/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the refusal matrix as calls that can be made. */
#include "refusal_attempt.h"

#include "refusal_rows_caps.h"
#include "refusal_rows_ipc.h"
#include "refusal_rows_objects.h"

/* From the table: a call without rows is an undeclared name here. */
#define REFUSAL_X(number, NAME, handler, args, result)                                         \
	[number] = {#NAME, args, sizeof(rows_##NAME) / sizeof(rows_##NAME[0]), rows_##NAME},
const refusal_call_t refusal_calls[SYS_COUNT] = {SYSCALLS(REFUSAL_X)};
#undef REFUSAL_X

#define REFUSAL_X(number, NAME, handler, args, result)                                         \
	_Static_assert(sizeof(rows_##NAME) > 0, "SYS_" #NAME " has rows");
SYSCALLS(REFUSAL_X)
#undef REFUSAL_X

static uint32_t value_of(uint64_t value, uint32_t type)
{
	if (value & ALL_RIGHTS)
		return type_rights(type);
	if (!(value & SYMBOL))
		return (uint32_t)value;
	uint32_t name = (uint32_t)value & (SYMBOL_CAP - 1);
	return value & SYMBOL_CAP ? full_cap(name) : world.role[name];
}

attempt_t attempt_of(uint32_t number, const refusal_row_t *row, uint32_t type)
{
	attempt_t attempt = {.number = number,
			     .who = row->who,
			     .reply = value_of(row->reply, type),
			     .cap = {value_of(row->cap[0], type), value_of(row->cap[1], type)},
			     .timeout_ms = row->now ? TIMEOUT_POLL : TIMEOUT_FOREVER};
	for (uint32_t i = 0; i < MAX_ARGUMENTS; i++)
		attempt.arg[i] = value_of(row->arg[i], type);
	return attempt;
}

void attempt_set_handle(attempt_t *attempt, uint32_t at, cap_t handle)
{
	if (at == IN_REPLY)
		attempt->reply = handle;
	else if (at == IN_CAP)
		attempt->cap[0] = handle;
	else
		attempt->arg[at] = handle;
}

void attempt_load(const attempt_t *attempt, tcb_t *tcb)
{
	message_buffer_t *buffer = tcb->buffer;
	if (buffer) {
		buffer->timeout_ms = attempt->timeout_ms;
		buffer->reply = attempt->reply;
		memcpy(buffer->caps, attempt->cap, sizeof(attempt->cap));
	}
	tcb->frame.eax = attempt->number;
	tcb->frame.ebx = attempt->arg[0];
	tcb->frame.esi = attempt->arg[1];
	tcb->frame.edi = attempt->arg[2];
	tcb->frame.ebp = attempt->arg[3];
	tcb->frame.eip += 2;
}
