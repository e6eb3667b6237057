/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver of the earlier interface, whose loop does what its name says: older-ACT. "check"
 * tries what the calls of cap/legacy.h refuse, in the loop; "poll" looks at a port for ever;
 * "end" returns; "hang" calls nothing any more; "over" uses more stack than it has. */
#include "checks.h"

#include "cap/legacy.h"
#include "cap/string.h"

#define FIRST  0x300u /* four ports */
#define POLLED 0x310u
#define LINE   5u /* of "check" */
#define LINES  16u
#define MEMORY 0xa0000u /* two pages */
#define AT     DRIVER_MMIO_WINDOW
#define OFTEN  300u /* more than a driver can hold capabilities */

static uint32_t *kept(void)
{
	void *p = driver_context()->shared_cfg; /* as the user wrote it */
	return p;
}

static void check_before(void)
{
	EXPECT(DRV_EPERM, inb(FIRST));
	EXPECT(DRV_EPERM, outl(FIRST, 0));
	EXPECT(DRV_EPERM, wait_irq(LINE));
	EXPECT(DRV_EPERM, grant_mmio(MEMORY, 1));
	EXPECT(DRV_EPERM, map_mmio(MEMORY, AT, 1));
	EXPECT(DRV_EPERM, unmap_mmio(AT, 1));
	EXPECT(DRV_OK, set_driver());
}

/* No device answers there: all ones. */
static void check_ports(void)
{
	driver_context()->last_error = DRV_OK;
	EXPECT(0xff, inb(FIRST));
	EXPECT(0xffff, inw(FIRST + 2));
	EXPECT(UINT32_MAX, inl(FIRST));
	EXPECT(DRV_OK, outb(FIRST + 3, 1));
	EXPECT(DRV_OK, outw(FIRST, 1));
	EXPECT(DRV_OK, outl(FIRST, 1));
	EXPECT(DRV_OK, driver_context()->last_error);
	EXPECT(DRV_EPERM, inb(FIRST - 1));
	EXPECT(DRV_EPERM, inw(FIRST + 3));
	EXPECT(DRV_EPERM, outb(0x60, 1));
	EXPECT(DRV_EPERM, outw(0xffff, 1));
	driver_context()->last_error = DRV_OK;
	EXPECT(UINT32_MAX, inl(FIRST + 1));
	EXPECT(DRV_EPERM, driver_context()->last_error);
}

static void check_line(void)
{
	EXPECT(DRV_OK, wait_irq(LINE)); /* the look at the device */
	EXPECT(DRV_ETIMEDOUT, wait_irq(LINE, 0));
	uint32_t begun = driver_now_ms();
	EXPECT(DRV_ETIMEDOUT, wait_irq(LINE, 30));
	EXPECT(1, driver_now_ms() - begun >= 30 && driver_now_ms() - begun < 60);
	EXPECT(DRV_EPERM, wait_irq(LINE + 1));
	EXPECT(DRV_EPERM, driver_context()->last_error);
}

static void check_memory(void)
{
	EXPECT(DRV_OK, grant_mmio(MEMORY, 2));
	EXPECT(DRV_EPERM, grant_mmio(MEMORY, 3));
	EXPECT(DRV_EPERM, map_mmio(0xb8000, AT, 1));
	EXPECT(DRV_EINVAL, map_mmio(MEMORY, AT, 0));
	EXPECT(DRV_EFAULT, map_mmio(MEMORY, AT + 1, 1));
	EXPECT(DRV_ENOTABLE, map_mmio(MEMORY, 0x20000000, 1));
	EXPECT(DRV_EEXIST, map_mmio(MEMORY, DRIVER_IMAGE_BASE, 1));
	for (uint32_t i = 0; i < OFTEN; i++)
		if (map_mmio(MEMORY, DRIVER_IMAGE_BASE, 1) != DRV_EEXIST)
			EXPECT(DRV_OK, DRV_ENOMEM);
	EXPECT(DRV_OK, map_mmio(MEMORY, AT, 2));
	EXPECT(DRV_OK, map_mmio(MEMORY, AT + 4 * PAGE_SIZE, 1)); /* the same once more */
	EXPECT(DRV_EEXIST, map_mmio(MEMORY, AT + PAGE_SIZE, 1));
	*(volatile uint8_t *)AT = 0x5a;
	EXPECT(DRV_EINVAL, unmap_mmio(AT, 1));
	EXPECT(DRV_OK, unmap_mmio(AT, 2));
	EXPECT(DRV_EINVAL, unmap_mmio(AT, 2));
	EXPECT(DRV_EINVAL, driver_context()->last_error);
	EXPECT(DRV_OK, map_mmio(MEMORY + PAGE_SIZE, AT, 1));
	for (uint32_t i = 0; i < OFTEN; i++)
		if (unmap_mmio(AT, 1) || map_mmio(MEMORY, AT, 1))
			EXPECT(DRV_OK, DRV_ENOMEM);
}

static void poll_for_ever(void)
{
	driver_log("polls");
	while (inb(POLLED) == 0xff)
		;
}

static uint32_t deeper(uint32_t depth)
{
	volatile uint32_t use[16] = {depth};
	return depth > 2 * LEGACY_STACK ? use[0] : deeper(depth + 1) + use[0];
}

static void loop(void)
{
	const char *act = ((const driver_page_t *)DRIVER_PAGE)->name + sizeof("older-") - 1;
	bool first = driver_generation() == 1;
	++*kept();
	if (!strcmp(act, "check")) {
		check_before();
		check_ports();
		check_line();
		check_memory();
		report_checks("legacy");
		wait_irq(LINE);
	}
	set_driver();
	if (!strcmp(act, "poll"))
		poll_for_ever();
	if (!strcmp(act, "over") && first)
		driver_log("%u deep", (unsigned)deeper(0));
	while (!strcmp(act, "hang") && first)
		;
	if (!strcmp(act, "end"))
		return;
	driver_log("waits");
	for (unsigned line = 0; line < LINES; line++)
		while (wait_irq(line, TIMEOUT_FOREVER) == DRV_OK)
			;
}

int main(void)
{
	static const driver_ops_t ops = {0};
	return driver_main_legacy(&ops, loop);
}
