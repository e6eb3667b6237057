/* SPDX-License-Identifier: BSD-2-Clause */
/* The pair of cap/keep.h: what is live is decided by one word, which is the live slot's sum as
 * well. Also compiled for the host. */
#include "cap/keep.h"

#include <stdint.h>

#include "cap/string.h"
#include "cap/syscall.h"

#define SLOT_BIT 1u

/* FNV-1a over words. An odd factor loses nothing of what was different. */
static uint32_t sum_of(const keep_pair_t *pair, const uint32_t *slot)
{
	uint32_t sum = (2166136261u ^ pair->version) * 16777619u;
	sum = (sum ^ pair->words) * 16777619u;
	for (uint32_t i = 0; i < pair->words; i++)
		sum = (sum ^ slot[i]) * 16777619u;
	return sum;
}

static uint32_t *slot_at(const keep_pair_t *pair, uint32_t index)
{
	return pair->slots + index * pair->words;
}

/* What `live` is while that slot is. Never 0. */
static uint32_t name_of(const keep_pair_t *pair, uint32_t index)
{
	uint32_t name = (sum_of(pair, slot_at(pair, index)) & ~SLOT_BIT) | index;
	return name ? name : ~SLOT_BIT;
}

/* The one store. What was written before it stays before it, and what comes behind it behind.
 */
static void set_live(const keep_pair_t *pair, uint32_t name)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	*(volatile uint32_t *)pair->live = name;
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
	if (*pair->live == name_of(pair, *pair->live & SLOT_BIT))
		return DRV_OK;
	set_live(pair, 0);
	return cap_failed(DRV_ENOENT);
}

const void *keep_live(const keep_pair_t *pair)
{
	return *pair->live ? slot_at(pair, *pair->live & SLOT_BIT) : NULL;
}

static uint32_t next_index(const keep_pair_t *pair)
{
	return *pair->live ? ~*pair->live & SLOT_BIT : 0;
}

void *keep_next(const keep_pair_t *pair)
{
	const void *live = keep_live(pair);
	uint32_t *next = slot_at(pair, next_index(pair));
	if (live)
		memcpy(next, live, pair->words * 4);
	else
		memset(next, 0, pair->words * 4);
	return next;
}

void keep_commit(const keep_pair_t *pair)
{
	set_live(pair, name_of(pair, next_index(pair)));
}
