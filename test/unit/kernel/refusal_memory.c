/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory of refusal_world.h: what the whole machine was like before a call. */
#include "refusal_world.h"

/* What the bench makes by hand, and not from untyped memory. */
#define LOW_FIRST 0x00010000u /* what the bench makes by hand */
#define LOW_LAST  0x0002ffffu

static struct {
	kernel_t kernel;
	fake_machine_t fake;
	uint32_t ram_bytes; /* given out by the root untyped */
	uint8_t low[LOW_LAST - LOW_FIRST + 1];
	uint8_t ram[1u << BENCH_RAM_BITS];
} remembered;

void world_remember(enum refusal_caller who)
{
	switch_to(world.caller[who]);
	remembered.kernel = kernel;
	remembered.ram_bytes = slot_of(bench.root, bench.untyped)->used;
	memcpy(remembered.low, fake_memory() + LOW_FIRST, sizeof(remembered.low));
	memcpy(remembered.ram, fake_memory() + BENCH_RAM, remembered.ram_bytes);
	/* Counting how memory was touched, or interrupts taken, is the fake's own affair. */
	fake_count_from_here();
	remembered.fake = fake;
}

const char *world_difference(void)
{
	fake_count_from_here();
	/* Nor what is charged of it, in the kernel. */
	remembered.kernel.sched.worked = kernel.sched.worked;
	if (memcmp(&remembered.kernel.audit, &kernel.audit, sizeof(kernel.audit)) != 0)
		return "the audit";
	if (memcmp(&remembered.kernel, &kernel, sizeof(kernel)) != 0)
		return "the kernel's state";
	if (memcmp(&remembered.fake, &fake, sizeof(fake)) != 0)
		return "the machine";
	if (memcmp(remembered.low, fake_memory() + LOW_FIRST, sizeof(remembered.low)) != 0 ||
	    memcmp(remembered.ram, fake_memory() + BENCH_RAM, remembered.ram_bytes) != 0)
		return "the objects";
	return NULL;
}

static bool is_zero(uint32_t first, uint32_t end)
{
	const uint8_t *bytes = fake_memory() + first;
	return bytes[0] == 0 && memcmp(bytes, bytes + 1, end - first - 1) == 0;
}

bool world_rest_is_zero(void)
{
	return is_zero(0, LOW_FIRST) && is_zero(LOW_LAST + 1, BENCH_RAM) &&
	       is_zero(BENCH_RAM + remembered.ram_bytes, FAKE_MEMORY_BYTES);
}

void world_restore(void)
{
	kernel = remembered.kernel;
	fake = remembered.fake;
	memcpy(fake_memory() + LOW_FIRST, remembered.low, sizeof(remembered.low));
	memcpy(fake_memory() + BENCH_RAM, remembered.ram, remembered.ram_bytes);
}
