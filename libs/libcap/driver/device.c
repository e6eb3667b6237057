/* SPDX-License-Identifier: BSD-2-Clause */
/* What a driver may touch: the ports and registers of its manifest. */
#include "private.h"

#define ANY_WAY (RIGHT_READ | RIGHT_WRITE)

/* The first access to a range opens it, if the kernel opens such a one: then an access of 8
 * bits is an instruction and no call. */
typedef struct range {
	bool tried;
	uint32_t first, count; /* of the ports that are open */
} range_t;
static range_t ranges[DRIVER_CAPS_MAX];

static cap_t ports(unsigned index)
{
	return index < DRIVER_CAPS_MAX ? driver_context()->pio_caps[index] : CAP_NULL;
}

/* Only what is whole is opened: both directions, all widths. Not inlined: it happens once, and
 * what each access does stays short. That it cannot be opened is no failure of the access. */
__attribute__((noinline)) static void open_range(cap_t cap, range_t *range)
{
	cap_info_t info = {0};
	int32_t error = driver_context()->last_error;
	range->tried = true;
	if (!cap_get_info(cap, &info) && (info.rights & ANY_WAY) == ANY_WAY &&
	    info.scope1 == PIO_WIDTH_ALL && !cap_pio_map(cap)) {
		range->first = PIO_SCOPE_FIRST(info.scope0);
		range->count = PIO_SCOPE_LAST(info.scope0) - range->first + 1;
	}
	driver_context()->last_error = error;
}

/* What is open already is found with one comparison. */
static inline bool is_open(unsigned index, uint16_t port)
{
	if (index >= DRIVER_CAPS_MAX)
		return false;
	range_t *range = &ranges[index];
	if (port - range->first < range->count)
		return true;
	if (range->tried)
		return false;
	open_range(ports(index), range);
	return port - range->first < range->count;
}

/* The first time, and where nothing opens. */
__attribute__((noinline)) static err_t read8(unsigned index, uint16_t port, uint8_t *value)
{
	if (!is_open(index, port))
		return cap_pio_read8(ports(index), port, value);
	*value = port_in8(port);
	return DRV_OK;
}

err_t driver_in8(unsigned index, uint16_t port, uint8_t *value)
{
	if (index >= DRIVER_CAPS_MAX || port - ranges[index].first >= ranges[index].count)
		return read8(index, port, value);
	*value = port_in8(port);
	return DRV_OK;
}

err_t driver_in16(unsigned index, uint16_t port, uint16_t *value)
{
	return cap_pio_read16(ports(index), port, value);
}

err_t driver_in32(unsigned index, uint16_t port, uint32_t *value)
{
	return cap_pio_read32(ports(index), port, value);
}

err_t driver_out8(unsigned index, uint16_t port, uint8_t value)
{
	if (!is_open(index, port))
		return cap_pio_write8(ports(index), port, value);
	port_out8(port, value);
	return DRV_OK;
}

err_t driver_out16(unsigned index, uint16_t port, uint16_t value)
{
	return cap_pio_write16(ports(index), port, value);
}

err_t driver_out32(unsigned index, uint16_t port, uint32_t value)
{
	return cap_pio_write32(ports(index), port, value);
}

err_t driver_keep8(unsigned index, uint16_t port, uint32_t offset, uint8_t *value)
{
	return cap_pio_keep8(ports(index), port, driver_page()->kept_frame, offset, value);
}

err_t driver_map(unsigned index, volatile void **address)
{
	uint32_t virt = DRIVER_MMIO_WINDOW;
	cap_info_t info;
	for (unsigned i = 0; i < DRIVER_CAPS_MAX; i++) {
		err_t err = cap_get_info(driver_context()->mmio_caps[i], &info);
		if (err)
			return err;
		if (i < index) {
			virt += info.scope1;
			continue;
		}
		err = cap_mmio_map_all(driver_context()->mmio_caps[i], virt);
		if (err == DRV_OK)
			*address = (volatile void *)(uintptr_t)virt;
		return err;
	}
	return cap_failed(DRV_EBADCAP);
}
