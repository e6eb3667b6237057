/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls on ports, interrupt lines and physical ranges. */
#include "cap/steps.h"
#include "cap/syscall.h"
#include "call.h"

static err_t read_port(cap_t cap, uint32_t op, uint32_t *value)
{
	uint32_t r[2] = {cap, op};
	err_t err = call_for2(SYS_CAP_PIO_RW, r);
	if (err)
		return err;
	*value = r[0];
	steps_note(STEP_WHAT(STEP_READ, 0), op, r[0]);
	return DRV_OK;
}

static err_t write_port(cap_t cap, uint32_t op, uint32_t value)
{
	steps_note(STEP_WHAT(STEP_WRITE, 0), op, value);
	return call3(SYS_CAP_PIO_RW, cap, op, value);
}

err_t cap_pio_read8(cap_t cap, uint16_t port, uint8_t *value)
{
	uint32_t wide;
	err_t err = read_port(cap, PIO_OP_READ(port, 1), &wide);
	if (err == DRV_OK)
		*value = (uint8_t)wide;
	return err;
}

err_t cap_pio_read16(cap_t cap, uint16_t port, uint16_t *value)
{
	uint32_t wide;
	err_t err = read_port(cap, PIO_OP_READ(port, 2), &wide);
	if (err == DRV_OK)
		*value = (uint16_t)wide;
	return err;
}

err_t cap_pio_read32(cap_t cap, uint16_t port, uint32_t *value)
{
	return read_port(cap, PIO_OP_READ(port, 4), value);
}

err_t cap_pio_write8(cap_t cap, uint16_t port, uint8_t value)
{
	return write_port(cap, PIO_OP_WRITE(port, 1), value);
}

err_t cap_pio_write16(cap_t cap, uint16_t port, uint16_t value)
{
	return write_port(cap, PIO_OP_WRITE(port, 2), value);
}

err_t cap_pio_write32(cap_t cap, uint16_t port, uint32_t value)
{
	return write_port(cap, PIO_OP_WRITE(port, 4), value);
}

/* Not noted: what was read, and how often, is in the frame. */
err_t cap_pio_keep8(cap_t cap, uint16_t port, cap_t frame, uint32_t offset, uint8_t *value)
{
	uint32_t r[4] = {cap, PIO_OP_READ(port, 1), frame, offset};
	err_t err = call_for4(SYS_CAP_PIO_KEEP, r);
	if (err == DRV_OK)
		*value = (uint8_t)r[0];
	return err;
}

err_t cap_pio_map(cap_t cap)
{
	return call1(SYS_CAP_PIO_MAP, cap);
}

uint8_t port_in8(uint16_t port)
{
	uint8_t value;
	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

void port_out8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

err_t cap_pio_unmap(cap_t cap)
{
	return call1(SYS_CAP_PIO_UNMAP, cap);
}

err_t cap_irq_wait(cap_t cap, uint32_t timeout_ms, uint32_t *count)
{
	uint32_t r[2] = {cap, timeout_ms};
	err_t err = call_for2(SYS_CAP_IRQ_WAIT, r);
	if (err == DRV_OK && count)
		*count = r[0];
	return err;
}

err_t irq_bind(cap_t cap, cap_t notification, uint32_t bits)
{
	return call3(SYS_IRQ_BIND, cap, notification, bits);
}

err_t irq_ack(cap_t cap)
{
	return call1(SYS_IRQ_ACK, cap);
}

err_t cap_mmio_map(cap_t cap, uint32_t virt, uint32_t pages)
{
	return call3(SYS_CAP_MMIO_MAP, cap, virt, pages);
}

#define MOST (MMIO_MAP_PAGES * PAGE_SIZE)

static err_t map_parts(cap_t whole, const cap_info_t *info, uint32_t virt)
{
	err_t err = DRV_OK;
	for (uint32_t at = 0; !err && at < info->scope1; at += MOST) {
		uint32_t bytes = info->scope1 - at < MOST ? info->scope1 - at : MOST;
		int32_t part = cap_derive(whole, info->rights, info->scope0 + at, bytes);
		err = part < 0 ? part : cap_mmio_map((cap_t)part, virt + at, bytes / PAGE_SIZE);
	}
	return err;
}

/* The parts are derived from a copy, with which those that there are go if one fails. */
err_t cap_mmio_map_all(cap_t cap, uint32_t virt)
{
	cap_info_t info;
	err_t err = cap_get_info(cap, &info);
	if (err)
		return err;
	if (info.scope1 <= MOST)
		return cap_mmio_map(cap, virt, info.scope1 / PAGE_SIZE);
	int32_t whole = cap_derive(cap, info.rights, 0, 0);
	if (whole < 0)
		return whole;
	err = map_parts((cap_t)whole, &info, virt);
	if (err) {
		cap_revoke((cap_t)whole);
		cap_release((cap_t)whole);
	}
	return err;
}

err_t cap_mmio_unmap(cap_t cap)
{
	return call1(SYS_CAP_MMIO_UNMAP, cap);
}
