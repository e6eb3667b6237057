/* SPDX-License-Identifier: BSD-2-Clause */
/* Dies as soon as it runs, each instance in another way. */
#include "cap/driver.h"
#include "cap/syscall.h"

#define KERNEL_START 0xc0000000u
#define OTHER_CODE   7

static uint32_t recurse(volatile uint32_t depth)
{
	volatile uint32_t frame[64];
	frame[depth % 64] = depth;
	return depth ? recurse(depth + 1) + frame[depth % 64] : 0;
}

static err_t die_run(void)
{
	switch (driver_generation()) {
	case 1:
		__asm__ volatile("ud2");
		break;
	case 2:
		*(volatile uint32_t *)KERNEL_START = 0;
		break;
	case 3:
		thread_exit(OTHER_CODE);
	case 4:
		recurse(1);
		break;
	case 5:
		driver_fail(DRV_EIO);
	case 6:
		__asm__ volatile("cli");
		break;
	default:
		thread_exit(0);
	}
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = die_run};
	return driver_main(&ops);
}
