/* SPDX-License-Identifier: BSD-2-Clause */
/* The accesses of safe.h. Each is made through a capability of its own, for as long as it
 * takes: there are few, and only after a death. */
#include "hands/safe.h"

#include "cap/format.h"
#include "cap/syscall.h"
#include "driver.h"
#include "hands/memory.h"

static err_t use_port(cap_t cap, const safe_access_t *access, uint32_t *read)
{
	uint16_t port = (uint16_t)access->where, half = 0;
	uint8_t byte = 0;
	err_t err;
	switch (access->width) {
	case 1:
		err = access->write ? cap_pio_write8(cap, port, (uint8_t)access->value)
				    : cap_pio_read8(cap, port, &byte);
		*read = byte;
		return err;
	case 2:
		err = access->write ? cap_pio_write16(cap, port, (uint16_t)access->value)
				    : cap_pio_read16(cap, port, &half);
		*read = half;
		return err;
	default:
		return access->write ? cap_pio_write32(cap, port, access->value)
				     : cap_pio_read32(cap, port, read);
	}
}

static void use_register(const safe_access_t *access, uint32_t address, uint32_t *read)
{
	volatile void *at = (volatile void *)(uintptr_t)address;
	if (access->width == 1 && access->write)
		*(volatile uint8_t *)at = (uint8_t)access->value;
	else if (access->width == 1)
		*read = *(volatile uint8_t *)at;
	else if (access->width == 2 && access->write)
		*(volatile uint16_t *)at = (uint16_t)access->value;
	else if (access->width == 2)
		*read = *(volatile uint16_t *)at;
	else if (access->write)
		*(volatile uint32_t *)at = access->value;
	else
		*read = *(volatile uint32_t *)at;
}

/* Registers are aligned, so that none lies in two pages. */
static err_t use_memory(cap_t cap, const safe_access_t *access, uint32_t *read)
{
	err_t err = cap_mmio_map(cap, MANAGER_SCRATCH, 1);
	if (!err)
		use_register(access, MANAGER_SCRATCH + access->where % PAGE_SIZE, read);
	return err;
}

static int32_t acquire(const driver_t *driver, const safe_access_t *access)
{
	const caps_t *caps = &driver->manifest.caps;
	uint32_t last = access->where + access->width - 1;
	if (!access->memory)
		return cap_acquire(CAP_PIO, PIO_SCOPE(access->where, last), 0);
	uint32_t address = caps->mmio.items[access->index].base + access->where;
	return cap_acquire(CAP_MMIO, address - address % PAGE_SIZE, PAGE_SIZE);
}

static err_t use(const driver_t *driver, const safe_access_t *access, uint32_t *read)
{
	int32_t cap = acquire(driver, access);
	if (cap < 0)
		return cap;
	err_t err = access->memory ? use_memory((cap_t)cap, access, read)
				   : use_port((cap_t)cap, access, read);
	cap_release((cap_t)cap);
	return err;
}

bool safe_perform(manager_t *manager, driver_t *driver, safe_turn_t *turn, uint32_t *units)
{
	safe_access_t access;
	err_t err = DRV_OK;
	for (; !err && *units; --*units) {
		if (!safe_next(&driver->manifest, &turn->run, turn->read, &access))
			break;
		err = use(driver, &access, &turn->read);
	}
	if (!err && *units == 0)
		return false;
	if (err)
		driver_log_at(manager, driver, LOG_WARN,
			      "its safe state is not reached: %s (%s)", error_name(err),
			      error_text(err));
	else if (turn->run.missed)
		driver_log_at(manager, driver, LOG_WARN, "safe_state waited %u times in vain",
			      turn->run.missed);
	driver->instance.alive = false;
	return true;
}
