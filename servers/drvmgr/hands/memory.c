/* SPDX-License-Identifier: BSD-2-Clause */
/* The manager's memory. What is taken for a driver stays that driver's for good: its instances
 * come and go in it. */
#include "hands/memory.h"

#include "cap/string.h"
#include "cap/syscall.h"

/* The manager's own objects, small ones apart: between frames each would cost a page. */
#define POOL_BITS  19u /* three frames for each driver */
#define SMALL_BITS 14u

#define DRIVERS_BITS 14u /* log2 of the bytes of a frame for the drivers' table */

uint32_t memory_bits(uint32_t bytes)
{
	uint32_t bits = UNTYPED_BITS_MIN;
	while (bits < UNTYPED_BITS_MAX && 1u << bits < bytes)
		bits++;
	return bits;
}

static err_t make_untyped(cap_t from, uint32_t bits, cap_t *untyped)
{
	int32_t made = untyped_retype(from, CAP_UNTYPED, bits, CAP_NULL);
	if (made < 0)
		return made;
	*untyped = (cap_t)made;
	return DRV_OK;
}

/* Smallest first, so that large pieces stay whole for large requests. */
static err_t take_from_smallest(const manager_t *manager, uint32_t bits, cap_t *untyped)
{
	for (uint32_t size = bits; size <= UNTYPED_BITS_MAX; size++) {
		for (uint32_t i = BOOT_CAP_FIRST; i < manager->boot->cap_count; i++) {
			const struct boot_cap_entry *entry = &manager->boot->caps[i];
			if (entry->type == CAP_UNTYPED && entry->scope1 == size &&
			    make_untyped(entry->cap, bits, untyped) == DRV_OK)
				return DRV_OK;
		}
	}
	return DRV_ENOMEM;
}

/* Halves a piece of 2^size bytes until it has 2^bits. There was no spare one of these sizes. */
static err_t halve(manager_t *manager, uint32_t size, uint32_t bits, cap_t *untyped)
{
	err_t err = DRV_OK;
	while (!err && size-- > bits) {
		cap_t whole = *untyped;
		err = make_untyped(whole, size, untyped);
		if (!err)
			err = make_untyped(whole, size, &manager->spare[size]);
	}
	return err;
}

/* An untyped gives out its memory in a row, and what alignment skips is lost: so what is small
 * is cut from pieces of one size, whose other halves are kept for the next ones. */
err_t memory_take(manager_t *manager, uint32_t bits, cap_t *untyped)
{
	uint32_t size = bits;
	while (size < MEMORY_PIECE_BITS && !manager->spare[size])
		size++;
	if (size >= MEMORY_PIECE_BITS && !manager->spare[size]) {
		err_t err = take_from_smallest(manager, size, untyped);
		if (err) /* there may be a smaller one */
			return size == bits ? err : take_from_smallest(manager, bits, untyped);
	} else {
		*untyped = manager->spare[size];
		manager->spare[size] = CAP_NULL;
	}
	return halve(manager, size, bits, untyped);
}

void memory_give_back(manager_t *manager, uint32_t bits, cap_t *untyped)
{
	if (*untyped && !manager->spare[bits])
		manager->spare[bits] = *untyped;
	*untyped = CAP_NULL;
}

static err_t make(cap_t untyped, uint32_t type, cap_t *cap)
{
	int32_t made = untyped_retype(untyped, type, 0, CAP_NULL);
	if (made < 0)
		return made;
	*cap = (cap_t)made;
	return DRV_OK;
}

err_t memory_make(const manager_t *manager, uint32_t type, cap_t *cap)
{
	return make(type == CAP_FRAME ? manager->pool : manager->small, type, cap);
}

err_t memory_make_body(const manager_t *manager, uint32_t type, cap_t *cap)
{
	return make(manager->boot->caps[BOOT_CAP_BODY].cap, type, cap);
}

/* The manager as a process that it can map into: page tables end with it. */
static process_t self(const manager_t *manager)
{
	return (process_t){.untyped = manager->boot->caps[BOOT_CAP_BODY].cap,
			   .vspace = manager->maker.vspace};
}

err_t memory_map(manager_t *manager, cap_t frame, uint32_t virt)
{
	process_t process = self(manager);
	return process_map(&manager->maker, &process, frame, virt, RIGHT_READ | RIGHT_WRITE);
}

/* The table is in frames of 16 KiB, its end in single pages: so little that alignment wastes
 * less than one of the large frames. */
err_t memory_add_drivers(manager_t *manager, uint32_t count)
{
	process_t process = self(manager);
	uint32_t bytes = count * sizeof(driver_t), bits;
	err_t err = DRV_OK;
	manager->drivers = (const driver_t *)MANAGER_DRIVERS;
	while (!err && manager->table_bytes < bytes) {
		uint32_t at = manager->table_bytes, large = 1u << DRIVERS_BITS;
		bits = bytes - at < large || at % large ? PAGE_BITS : DRIVERS_BITS;
		int32_t frame = untyped_retype(process.untyped, CAP_FRAME, bits, CAP_NULL);
		err = frame < 0 ? frame
				: process_map(&manager->maker, &process, (cap_t)frame,
					      MANAGER_DRIVERS + at, RIGHT_READ | RIGHT_WRITE);
		if (!err)
			manager->table_bytes += 1u << bits;
	}
	return err;
}

static err_t map_archive(manager_t *manager)
{
	process_t process = self(manager);
	uint32_t pages = (manager->boot->archive_size + PAGE_SIZE - 1) / PAGE_SIZE;
	cap_revoke(manager->boot->caps[BOOT_CAP_ARCHIVE].cap); /* parts of an earlier mapping */
	err_t err =
	    process_add_tables(&manager->maker, &process, MANAGER_ARCHIVE, pages * PAGE_SIZE);
	if (!err)
		err = cap_mmio_map_all(manager->boot->caps[BOOT_CAP_ARCHIVE].cap,
				       MANAGER_ARCHIVE);
	manager->archive = (const void *)MANAGER_ARCHIVE;
	return err;
}

err_t memory_init(manager_t *manager)
{
	process_t process;
	manager->maker = (process_maker_t){
	    .vspace = manager->boot->caps[BOOT_CAP_VSPACE].cap,
	    .scratch = MANAGER_SCRATCH,
	    .table_span = manager->boot->table_span,
	};
	process = self(manager);
	err_t err =
	    process_add_tables(&manager->maker, &process, MANAGER_SCRATCH, PROCESS_SCRATCH);
	return err ? err : map_archive(manager);
}

err_t memory_begin(manager_t *manager)
{
	const boot_info_t *boot = manager->boot;
	memset(manager->spare, 0, sizeof(manager->spare));
	cap_revoke(boot->caps[BOOT_CAP_IRQ].cap);
	for (uint32_t i = BOOT_CAP_FIRST; i < boot->cap_count; i++)
		cap_revoke(boot->caps[i].cap);
	err_t err = memory_take(manager, POOL_BITS, &manager->pool);
	return err ? err : memory_take(manager, SMALL_BITS, &manager->small);
}
