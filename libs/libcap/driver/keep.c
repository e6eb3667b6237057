/* SPDX-License-Identifier: BSD-2-Clause */
/* What outlives a restart. Also compiled for the host. */
#include "cap/keep.h"

#include <stdint.h>

#include "cap/string.h"
#include "cap/syscall.h"

#define KEEP_MAGIC 0x5045454bu /* "KEEP" */

typedef struct kept {
	uint32_t magic, version, bytes, checksum;
	uint8_t data[];
} kept_t;

/* FNV-1a, 32 bits, over the header's fields and the data. */
static uint32_t checksum(uint32_t version, const uint8_t *data, uint32_t bytes)
{
	uint32_t sum = 2166136261u ^ version ^ bytes;
	for (uint32_t i = 0; i < bytes; i++)
		sum = (sum ^ data[i]) * 16777619u;
	return sum;
}

static kept_t *page_of(const DriverContextV2 *context)
{
	return (kept_t *)(uintptr_t)context->shared_cfg;
}

static int fits(const DriverContextV2 *context, uint32_t bytes)
{
	return context->shared_cfg_size >= sizeof(kept_t) &&
	       bytes <= context->shared_cfg_size - sizeof(kept_t);
}

err_t keep_save(const DriverContextV2 *context, uint32_t version, const void *data,
		uint32_t bytes)
{
	kept_t *kept = page_of(context);
	if (!kept)
		return cap_failed(DRV_ENOTSUP);
	if (!fits(context, bytes))
		return cap_failed(DRV_EMSGSIZE);
	kept->magic = 0;
	memcpy(kept->data, data, bytes);
	kept->version = version;
	kept->bytes = bytes;
	kept->checksum = checksum(version, kept->data, bytes);
	kept->magic = KEEP_MAGIC;
	return DRV_OK;
}

err_t keep_load(const DriverContextV2 *context, uint32_t version, void *data, uint32_t bytes)
{
	const kept_t *kept = page_of(context);
	/* As the first instance finds it, which has not failed. */
	if (kept && fits(context, 0) && !kept->magic)
		return DRV_ENOENT;
	if (!kept || !fits(context, bytes) || kept->magic != KEEP_MAGIC ||
	    kept->version != version || kept->bytes != bytes ||
	    kept->checksum != checksum(version, kept->data, bytes))
		return cap_failed(DRV_ENOENT);
	memcpy(data, kept->data, bytes);
	return DRV_OK;
}
