/* SPDX-License-Identifier: BSD-2-Clause */
/* The makers of make.h: what a driver holds and uses. */
#include "cap/ms.h"
#include "cap/report.h"
#include "cap/string.h"
#include "cap/type.h"
#include "make.h"

#define TENTHS	     1000u /* of a percent in a whole */
#define MS_IN_SECOND 1000u
#define BYTES_IN_KIB 1024u

operator_caps_t make_held(const manager_held_t *held, scratch_t *scratch)
{
	operator_caps_t caps = {0};
	ANSWER_SET(&caps, caps, type, type_text(held->type));
	ANSWER_SET(&caps, caps, rights, type_rights(held->rights, scratch->text[0]));
	ANSWER_SET(&caps, caps, owner, make_null(held->owner));
	ANSWER_SET(&caps, caps, text, held->text);
	if (held->ranged) {
		ANSWER_SET(&caps, caps, first, held->first);
		ANSWER_SET(&caps, caps, last, held->last);
	}
	return caps;
}

static uint64_t ticks_of(const manager_usage_t *usage)
{
	return (uint64_t)usage->run_high << 32 | usage->run_low;
}

static uint32_t a_second(uint32_t count, uint32_t ms)
{
	return ms ? ms_divide((uint64_t)count * MS_IN_SECOND, ms) : 0;
}

operator_top_t make_top(const manager_usage_t *before, const manager_usage_t *after)
{
	operator_top_t top = {0};
	bool same = before->generation == after->generation && before->ticks_per_ms &&
		    !strcmp(before->name, after->name);
	static const manager_usage_t zero;
	const manager_usage_t *from = same ? before : &zero;
	uint32_t ms = after->now_ms - before->now_ms;
	ANSWER_SET(&top, top, name, after->name);
	ANSWER_SET(&top, top, state, after->state);
	ANSWER_SET(&top, top, memory, after->memory_kib * BYTES_IN_KIB);
	if (after->restarted)
		ANSWER_SET(&top, top, restart, after->restart_ms);
	if (!report_is_live(after->state) || !after->ticks_per_ms || !ms)
		return top;
	/* It ran by the time stamp counter, and `ms` are the timer's interrupts, some of which
	 * an emulator on a busy host leaves out: more than all of the time is none. */
	uint32_t run_ms = ms_divide(ticks_of(after) - ticks_of(from), after->ticks_per_ms);
	ANSWER_SET(&top, top, cpu,
		   run_ms < ms ? ms_divide((uint64_t)run_ms * TENTHS, ms) : TENTHS);
	/* Lines count on from one instance to the next. */
	if (before->has_lines && after->has_lines)
		ANSWER_SET(&top, top, interrupts,
			   a_second(after->interrupts - before->interrupts, ms));
	ANSWER_SET(&top, top, messages, a_second(after->messages - from->messages, ms));
	ANSWER_SET(&top, top, work, a_second(after->work - from->work, ms));
	return top;
}
