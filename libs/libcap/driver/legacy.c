/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls of the earlier driver interface. */
#include "cap/legacy.h"

#include "cap/driver.h"
#include "cap/syscall.h"

/* The capability among `caps` whose scope covers [first, last], or CAP_NULL. */
static cap_t find(const uint32_t caps[DRIVER_CAPS_MAX], uint32_t first, uint32_t last)
{
	for (uint32_t i = 0; i < DRIVER_CAPS_MAX && caps[i]; i++) {
		cap_info_t info;
		if (cap_get_info(caps[i], &info) != DRV_OK)
			continue;
		uint32_t from = PIO_SCOPE_FIRST(info.scope0), to = PIO_SCOPE_LAST(info.scope0);
		if (info.type == CAP_MMIO) {
			from = info.scope0 / PAGE_SIZE;
			to = from + info.scope1 / PAGE_SIZE - 1;
		}
		if (from <= first && first <= last && last <= to)
			return caps[i];
	}
	return CAP_NULL;
}

static cap_t find_port(uint16_t port, uint32_t width)
{
	return find(driver_context()->pio_caps, port, port + width - 1);
}

int32_t inb(uint16_t port)
{
	uint8_t value = 0;
	cap_t cap = find_port(port, 1);
	err_t err = cap ? cap_pio_read8(cap, port, &value) : DRV_EPERM;
	return err ? err : value;
}

int32_t inw(uint16_t port)
{
	uint16_t value = 0;
	cap_t cap = find_port(port, 2);
	err_t err = cap ? cap_pio_read16(cap, port, &value) : DRV_EPERM;
	return err ? err : value;
}

err_t outb(uint16_t port, uint8_t value)
{
	cap_t cap = find_port(port, 1);
	return cap ? cap_pio_write8(cap, port, value) : DRV_EPERM;
}

err_t outw(uint16_t port, uint16_t value)
{
	cap_t cap = find_port(port, 2);
	return cap ? cap_pio_write16(cap, port, value) : DRV_EPERM;
}

err_t wait_irq(unsigned irq, uint32_t timeout_ms)
{
	cap_t cap = find(driver_context()->irq_caps, irq, irq);
	return cap ? cap_irq_wait(cap, timeout_ms, NULL) : DRV_EPERM;
}

err_t set_driver(void)
{
	return driver_context()->abi_version == DRIVER_CONTEXT_VERSION ? DRV_OK : DRV_EPERM;
}

err_t grant_mmio(uint32_t physical, uint32_t pages)
{
	if (physical % PAGE_SIZE != 0 || pages == 0 || pages > UINT32_MAX / PAGE_SIZE)
		return DRV_EINVAL;
	uint32_t first = physical / PAGE_SIZE;
	if (pages - 1 > UINT32_MAX / PAGE_SIZE - first)
		return DRV_EINVAL;
	return find(driver_context()->mmio_caps, first, first + pages - 1) ? DRV_OK : DRV_EPERM;
}

err_t map_mmio(uint32_t physical, uint32_t virt, uint32_t pages)
{
	err_t err = grant_mmio(physical, pages);
	if (err)
		return err;
	int32_t part = cap_acquire(CAP_MMIO, physical, pages * PAGE_SIZE);
	return part < 0 ? part : cap_mmio_map((cap_t)part, virt, pages);
}
