/* SPDX-License-Identifier: BSD-2-Clause */
/* The pair of cap/keep.h: one word decides which slot is live. Also compiled for the host. */
#include "cap/keep.h"

#include <stdbool.h>
#include <stdint.h>

#include "cap/string.h"
#include "cap/syscall.h"

/* What `*live` is while that slot is: many bits apart from one another, and from 0. */
#define LIVE_FIRST  0x52494150u /* "PAIR" */
#define LIVE_SECOND (~LIVE_FIRST)

/* Each step can be undone, so what differs in one word differs in the sum; that it is turned,
 * and that neighbours go in in two ways, tells the order. */
static uint32_t add_turned(uint32_t sum, uint32_t word)
{
	return (sum << 5 | sum >> 27) + word;
}

/* From the last word to the first. Each step goes through here: eight words at once, which is
 * best for a slot of so many or a multiple, take a third of the instructions. */
static uint32_t sum_of(const keep_pair_t *pair, const uint32_t *slot)
{
	uint32_t left = pair->words;
	uint32_t sum = add_turned(LIVE_FIRST ^ pair->version, left);
	for (; left % 8; left--)
		sum = add_turned(sum, slot[left - 1]);
	for (; left; left -= 8) {
		const uint32_t *word = slot + left - 8;
		sum = (add_turned(sum, word[7]) ^ word[6]) + word[5];
		sum = (((sum ^ word[4]) + word[3]) ^ word[2]) + word[1];
		sum ^= word[0];
	}
	return sum;
}

/* A slot, with its sum behind it. */
static uint32_t *slot_of(const keep_pair_t *pair, bool second)
{
	return pair->slots + (second ? pair->words + 1 : 0);
}

static uint32_t *next_slot(const keep_pair_t *pair)
{
	return slot_of(pair, *pair->live == LIVE_FIRST);
}

static bool is_whole(const keep_pair_t *pair)
{
	const uint32_t *live = slot_of(pair, *pair->live == LIVE_SECOND);
	return (*pair->live == LIVE_FIRST || *pair->live == LIVE_SECOND) &&
	       live[pair->words] == sum_of(pair, live);
}

/* The one store. What was written before it stays before it, and what comes behind it behind.
 */
static void set_live(const keep_pair_t *pair, uint32_t live)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	*(volatile uint32_t *)pair->live = live;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

err_t keep_open(keep_pair_t *pair, const DriverContextV2 *context, uint32_t offset,
		uint32_t version, uint32_t bytes)
{
	if (!context->shared_cfg)
		return cap_failed(DRV_ENOTSUP);
	if (bytes == 0 || bytes % 4 || offset % 4)
		return cap_failed(DRV_EINVAL);
	if (bytes > context->shared_cfg_size / 2 || offset > context->shared_cfg_size ||
	    KEEP_PAIR_BYTES(bytes) > context->shared_cfg_size - offset)
		return cap_failed(DRV_EMSGSIZE);
	uint32_t *words = (uint32_t *)((uintptr_t)context->shared_cfg + offset);
	*pair = (keep_pair_t){words, words + 1, bytes / 4, version};
	/* As the first instance finds it, which has not failed. */
	if (!*pair->live)
		return DRV_ENOENT;
	if (is_whole(pair))
		return DRV_OK;
	set_live(pair, 0);
	return cap_failed(DRV_ENOENT);
}

const void *keep_live(const keep_pair_t *pair)
{
	return *pair->live ? slot_of(pair, *pair->live == LIVE_SECOND) : NULL;
}

void *keep_next(const keep_pair_t *pair)
{
	uint32_t *next = next_slot(pair);
	if (*pair->live)
		memcpy(next, slot_of(pair, *pair->live == LIVE_SECOND), pair->words * 4);
	else
		memset(next, 0, pair->words * 4);
	return next;
}

void keep_commit(const keep_pair_t *pair)
{
	uint32_t *next = next_slot(pair);
	next[pair->words] = sum_of(pair, next);
	set_live(pair, *pair->live == LIVE_FIRST ? LIVE_SECOND : LIVE_FIRST);
}
