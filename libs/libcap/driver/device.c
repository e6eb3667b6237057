/* SPDX-License-Identifier: BSD-2-Clause */
/* What a driver may touch: the ports and registers of its manifest. */
#include "private.h"

static cap_t ports(unsigned index)
{
	return index < DRIVER_CAPS_MAX ? driver_context()->pio_caps[index] : CAP_NULL;
}

err_t driver_in8(unsigned index, uint16_t port, uint8_t *value)
{
	return cap_pio_read8(ports(index), port, value);
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
	return cap_pio_write8(ports(index), port, value);
}

err_t driver_out16(unsigned index, uint16_t port, uint16_t value)
{
	return cap_pio_write16(ports(index), port, value);
}

err_t driver_out32(unsigned index, uint16_t port, uint32_t value)
{
	return cap_pio_write32(ports(index), port, value);
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
	return DRV_EBADCAP;
}
