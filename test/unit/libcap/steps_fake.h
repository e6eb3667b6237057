/* SPDX-License-Identifier: BSD-2-Clause */
/* What was noted last by steps_note(), which on the host has no page to note it in. */
#ifndef STEPS_FAKE_H
#define STEPS_FAKE_H

#include "cap/steps.h"

static step_note_t steps_last;
static uint32_t steps_count;

void steps_note_at(uint32_t what, uint32_t a, uint32_t b, uint32_t ticks)
{
	(void)ticks;
	steps_last = (step_note_t){.what = what, .a = a, .b = b};
	steps_count++;
}

void steps_note(uint32_t what, uint32_t a, uint32_t b)
{
	steps_note_at(what, a, b, 1);
}

#endif
