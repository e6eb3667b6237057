/* SPDX-License-Identifier: BSD-2-Clause */
/* Shrinking: leaves out halves, quarters and so on down to single operations, then makes
 * do with fewer threads, fewer things and simpler numbers, and begins again until nothing
 * changes. */
#include "sequence.h"

#include <string.h>

#define ASKED_MOST 4000u

typedef struct shrink {
	bool (*fails)(const sequence_t *sequence);
	sequence_t *best;
	uint32_t asked;
} shrink_t;

static bool take_if_it_fails(shrink_t *shrink, const sequence_t *candidate)
{
	if (shrink->asked == ASKED_MOST)
		return false;
	shrink->asked++;
	if (!shrink->fails(candidate))
		return false;
	*shrink->best = *candidate;
	return true;
}

static bool leave_out(shrink_t *shrink, uint32_t from, uint32_t count)
{
	static sequence_t candidate;
	candidate = *shrink->best;
	uint32_t behind = candidate.count - from - count;
	memmove(&candidate.op[from], &candidate.op[from + count], behind * sizeof(op_t));
	candidate.count -= count;
	return take_if_it_fails(shrink, &candidate);
}

/* From the end, since nothing depends on what comes later. */
static bool leave_out_chunks(shrink_t *shrink)
{
	bool smaller = false;
	for (uint32_t size = shrink->best->count / 2; size > 0; size /= 2)
		for (uint32_t end = shrink->best->count; end >= size && end > 0;) {
			uint32_t from = end - size;
			smaller |= leave_out(shrink, from, size);
			end = from < shrink->best->count ? from : shrink->best->count;
		}
	return smaller;
}

/* Puts the simplest of the numbers that still fails in the place of `number`, which is in the
 * best sequence. */
static bool simplify(shrink_t *shrink, uint32_t *number, bool is_name)
{
	static sequence_t candidate;
	const uint32_t kept = *number;
	/* A name is needed or not; another one would mean something else. */
	const uint32_t simpler[] = {0, 1, 2, kept / 2, kept <= 8 ? kept - 1 : kept};
	size_t place = (size_t)((char *)number - (char *)shrink->best);
	for (uint32_t i = 0; i < (is_name ? 1 : sizeof(simpler) / sizeof(simpler[0])); i++) {
		if (simpler[i] >= kept)
			return false;
		candidate = *shrink->best;
		memcpy((char *)&candidate + place, &simpler[i], sizeof(simpler[i]));
		if (take_if_it_fails(shrink, &candidate))
			return true;
	}
	return false;
}

static bool simplify_numbers(shrink_t *shrink)
{
	bool simpler = false;
	for (uint32_t i = 0; i < shrink->best->count; i++) {
		op_t *op = &shrink->best->op[i];
		for (uint32_t j = 0; j < 4; j++)
			simpler |= simplify(shrink, &op->arg[j], op->named >> j & 1);
		simpler |= simplify(shrink, &op->timeout_ms, false);
		simpler |= simplify(shrink, &op->accept, false);
		simpler |= simplify(shrink, &op->reply, true);
		for (uint32_t j = 0; j < MSG_CAPS; j++)
			simpler |= simplify(shrink, &op->caps[j], true);
	}
	return simpler;
}

static void substitute(sequence_t *sequence, uint32_t name, uint32_t other)
{
	for (uint32_t i = 0; i < sequence->count; i++) {
		op_t *op = &sequence->op[i];
		for (uint32_t j = 0; j < 4; j++)
			if (op->named >> j & 1 && op->arg[j] == name)
				op->arg[j] = other;
		for (uint32_t j = 0; j < MSG_CAPS; j++)
			if (op->caps[j] == name)
				op->caps[j] = other;
		if (op->reply == name)
			op->reply = other;
	}
}

/* Lets the root thread do what `actor` does, with the capabilities that it gave away; if
 * `drop`, without the operations after which the actor came to run. */
static bool let_root_do(shrink_t *shrink, uint32_t actor, bool drop)
{
	static sequence_t candidate;
	candidate = *shrink->best;
	uint32_t kept = 0;
	for (uint32_t i = 0; i < shrink->best->count; i++) {
		op_t op = candidate.op[i];
		bool gives_way = op.kind == OP_CALL && op.actor != actor &&
				 i + 1 < candidate.count && candidate.op[i + 1].actor == actor;
		if (op.kind == OP_CALL && op.number == SYS_CAP_DELEGATE && op.arg[0] != 0)
			substitute(&candidate, NAME(op.id), op.arg[1]);
		if (op.actor == actor)
			op.actor = 0;
		if (!drop || !gives_way)
			candidate.op[kept++] = op;
	}
	candidate.count = kept;
	return take_if_it_fails(shrink, &candidate);
}

static bool use_fewer_threads(shrink_t *shrink)
{
	bool fewer = false;
	for (uint32_t i = 0; i < shrink->best->count; i++) {
		uint32_t actor = shrink->best->op[i].actor;
		if (actor != 0)
			fewer |= let_root_do(shrink, actor, false) ||
				 let_root_do(shrink, actor, true);
	}
	return fewer;
}

static bool is_used(const sequence_t *sequence, uint32_t name)
{
	for (uint32_t i = 0; i < sequence->count; i++) {
		const op_t *op = &sequence->op[i];
		for (uint32_t j = 0; j < 4; j++)
			if ((op->named >> j & 1 && op->arg[j] == name) || op->caps[j] == name ||
			    op->reply == name)
				return true;
	}
	return false;
}

/* Uses what there is from the start, or what it was made from, in the place of what was made.
 */
static bool use_older(shrink_t *shrink, const op_t *maker)
{
	static sequence_t candidate;
	uint32_t made = NAME(maker->id);
	uint32_t from = maker->number == SYS_CAP_DELEGATE ? 1 : 0;
	if (maker->kind != OP_CALL || !is_used(shrink->best, made))
		return false;
	for (uint32_t name = 1; name <= NAME_AUDIT + 1; name++) {
		uint32_t source = maker->named >> from & 1 ? maker->arg[from] : 0;
		candidate = *shrink->best;
		substitute(&candidate, made, name <= NAME_AUDIT ? name : source);
		if (take_if_it_fails(shrink, &candidate))
			return true;
	}
	return false;
}

static bool use_fewer_things(shrink_t *shrink)
{
	bool fewer = false;
	for (uint32_t i = 0; i < shrink->best->count; i++) {
		op_t maker = shrink->best->op[i];
		fewer |= use_older(shrink, &maker);
	}
	return fewer;
}

uint32_t sequence_shrink(sequence_t *sequence, bool (*fails)(const sequence_t *sequence))
{
	shrink_t shrink = {.fails = fails, .best = sequence};
	do {
		while (leave_out_chunks(&shrink))
			;
	} while (use_fewer_threads(&shrink) || use_fewer_things(&shrink) ||
		 simplify_numbers(&shrink));
	return shrink.asked;
}
