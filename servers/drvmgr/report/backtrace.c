/* SPDX-License-Identifier: BSD-2-Clause */
/* The walk of backtrace.h. */
#include "report/backtrace.h"

#include "cap/string.h"

typedef struct copy {
	const uint8_t *at;
	uint32_t virt, bytes;
} copy_t;

static bool read_word(const void *context, uint32_t address, uint32_t *word)
{
	const copy_t *copy = context;
	uint32_t offset = address - copy->virt;
	if (copy->bytes < sizeof(*word) || offset > copy->bytes - sizeof(*word))
		return false;
	memcpy(word, copy->at + offset, sizeof(*word));
	return true;
}

/* What was jumped to is no function: the one that jumped, if the word on top of the stack is in
 * one. */
static bool step_back(symbols_t *symbols, const copy_t *copy, symbols_frame_t *frame)
{
	char name[2];
	uint32_t pushed;
	if (symbols_name(symbols, frame->eip, name, sizeof(name)) ||
	    !read_word(copy, frame->esp, &pushed) ||
	    !symbols_name(symbols, pushed - 1, name, sizeof(name)))
		return false;
	frame->eip = pushed;
	frame->esp += sizeof(pushed);
	return true;
}

uint32_t backtrace_make(const death_facts_t *facts, const uint8_t *stack, symbols_t *symbols,
			death_frame_t frames[DEATH_FRAMES_MOST])
{
	const copy_t copy = {stack, facts->stack,
			     facts->stack_bytes <= DEATH_STACK_MOST ? facts->stack_bytes : 0};
	symbols_frame_t frame = {facts->registers.eip, facts->registers.esp,
				 facts->registers.ebp};
	uint32_t count = 0;
	bool goes_on = facts->registers_known != 0;
	while (goes_on && count < DEATH_FRAMES_MOST) {
		uint32_t look = frame.eip - (count ? 1 : 0);
		frames[count].address = frame.eip;
		symbols_name(symbols, look, frames[count].function,
			     sizeof(frames[count].function));
		goes_on = symbols_caller(symbols, look, &frame, read_word, &copy) ||
			  (!count && step_back(symbols, &copy, &frame));
		count++;
	}
	return count;
}
