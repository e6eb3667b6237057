/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls of the earlier driver interface. What is not covered by a capability of the
 * manifest is refused here, everything else is the kernel's to judge. */
#include "cap/legacy.h"

#include "private.h"

#define NOWHERE DRIVER_CAPS_MAX

/* What a capability covers: ports, lines or pages. Empty: last < first. */
typedef struct extent {
	uint32_t first, last;
} extent_t;

/* What map_mmio() mapped. */
typedef struct mapping {
	cap_t cap; /* CAP_NULL: free */
	uint32_t virt, pages;
} mapping_t;

static bool may_ask;
static extent_t ports[DRIVER_CAPS_MAX], lines[DRIVER_CAPS_MAX], memory[DRIVER_CAPS_MAX];
static mapping_t mappings[LEGACY_MAPS];
const legacy_turns_t *legacy_turns;

static void learn(const uint32_t caps[DRIVER_CAPS_MAX], extent_t extents[DRIVER_CAPS_MAX])
{
	for (uint32_t i = 0; i < DRIVER_CAPS_MAX; i++) {
		cap_info_t info;
		extents[i] = (extent_t){1, 0};
		if (!caps[i] || cap_get_info(caps[i], &info))
			continue;
		if (info.type == CAP_MMIO)
			extents[i] = (extent_t){info.scope0 / PAGE_SIZE,
						(info.scope0 + info.scope1 - 1) / PAGE_SIZE};
		else
			extents[i] = (extent_t){PIO_SCOPE_FIRST(info.scope0),
						PIO_SCOPE_LAST(info.scope0)};
	}
}

err_t set_driver(void)
{
	const DriverContextV2 *context = driver_context();
	if (context->abi_version != DRIVER_CONTEXT_VERSION)
		return cap_failed(DRV_EPERM);
	learn(context->pio_caps, ports);
	learn(context->irq_caps, lines);
	learn(context->mmio_caps, memory);
	may_ask = true;
	return DRV_OK;
}

/* The position of the capability that covers all from `first` to `last`, or NOWHERE. */
static unsigned find(const extent_t extents[DRIVER_CAPS_MAX], uint32_t first, uint32_t last)
{
	unsigned i = 0;
	while (i < DRIVER_CAPS_MAX && (first < extents[i].first || extents[i].last < last))
		i++;
	return may_ask ? i : NOWHERE;
}

/* ---- ports: before each access the event loop may have a turn ---- */

static unsigned find_port(uint16_t port, uint32_t width)
{
	if (legacy_turns)
		legacy_turns->used_port();
	return find(ports, port, port + width - 1);
}

int32_t inb(uint16_t port)
{
	uint8_t value = 0;
	unsigned index = find_port(port, 1);
	err_t err = index == NOWHERE ? cap_failed(DRV_EPERM) : driver_in8(index, port, &value);
	return err ? err : value;
}

int32_t inw(uint16_t port)
{
	uint16_t value = 0;
	unsigned index = find_port(port, 2);
	err_t err = index == NOWHERE ? cap_failed(DRV_EPERM) : driver_in16(index, port, &value);
	return err ? err : value;
}

uint32_t inl(uint16_t port)
{
	uint32_t value = UINT32_MAX;
	unsigned index = find_port(port, 4);
	if (index == NOWHERE)
		cap_failed(DRV_EPERM);
	else
		driver_in32(index, port, &value);
	return value;
}

err_t outb(uint16_t port, uint8_t value)
{
	unsigned index = find_port(port, 1);
	return index == NOWHERE ? cap_failed(DRV_EPERM) : driver_out8(index, port, value);
}

err_t outw(uint16_t port, uint16_t value)
{
	unsigned index = find_port(port, 2);
	return index == NOWHERE ? cap_failed(DRV_EPERM) : driver_out16(index, port, value);
}

err_t outl(uint16_t port, uint32_t value)
{
	unsigned index = find_port(port, 4);
	return index == NOWHERE ? cap_failed(DRV_EPERM) : driver_out32(index, port, value);
}

/* ---- interrupts ---- */

err_t(wait_irq)(unsigned irq, uint32_t timeout_ms)
{
	unsigned index = find(lines, irq, irq);
	if (index == NOWHERE)
		return cap_failed(DRV_EPERM);
	if (legacy_turns)
		return cap_noted(legacy_turns->wait(index, timeout_ms));
	if (runtime.bound)
		return cap_failed(DRV_EBUSY);
	return cap_irq_wait(driver_context()->irq_caps[index], timeout_ms, NULL);
}

/* ---- memory ---- */

err_t grant_mmio(uint32_t physical, uint32_t pages)
{
	if (!may_ask)
		return cap_failed(DRV_EPERM);
	uint32_t first = physical / PAGE_SIZE, most = UINT32_MAX / PAGE_SIZE - first;
	if (physical % PAGE_SIZE != 0 || pages == 0 || pages - 1 > most)
		return cap_failed(DRV_EINVAL);
	bool granted = find(memory, first, first + pages - 1) != NOWHERE;
	return granted ? DRV_OK : cap_failed(DRV_EPERM);
}

/* The mapping at `virt`; CAP_NULL as cap: a free place. Null: there is none. */
static mapping_t *find_mapping(bool is_free, uint32_t virt)
{
	for (uint32_t i = 0; i < LEGACY_MAPS; i++)
		if (is_free ? !mappings[i].cap : mappings[i].cap && mappings[i].virt == virt)
			return &mappings[i];
	return NULL;
}

err_t map_mmio(uint32_t physical, uint32_t virt, uint32_t pages)
{
	err_t err = grant_mmio(physical, pages);
	if (err)
		return err;
	mapping_t *mapping = find_mapping(true, 0);
	if (!mapping)
		return cap_failed(DRV_ENOMEM);
	if (pages > MMIO_MAP_PAGES)
		return cap_failed(DRV_EINVAL);
	int32_t part = cap_acquire(CAP_MMIO, physical, pages * PAGE_SIZE);
	if (part < 0)
		return part;
	err = cap_mmio_map((cap_t)part, virt, pages);
	if (err)
		cap_release((cap_t)part);
	else
		*mapping = (mapping_t){(cap_t)part, virt, pages};
	return err;
}

err_t unmap_mmio(uint32_t virt, uint32_t pages)
{
	if (!may_ask)
		return cap_failed(DRV_EPERM);
	mapping_t *mapping = find_mapping(false, virt);
	if (!mapping || mapping->pages != pages)
		return cap_failed(DRV_EINVAL);
	cap_t part = mapping->cap;
	mapping->cap = CAP_NULL;
	return cap_release(part); /* with which its mapping goes */
}
