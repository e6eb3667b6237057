/* SPDX-License-Identifier: BSD-2-Clause */
/* Port ranges and physical ranges: the checks. They read and write nothing else. */
#include "object/range.h"

#include "base/range.h"

err_t pio_narrow(reach_t *reach, uint32_t scope0, uint32_t scope1)
{
	if (scope1 & ~(uint32_t)PIO_WIDTH_ALL)
		return DRV_EINVAL;
	if (scope1 & ~(uint32_t)reach->flags)
		return DRV_EPERM;
	uint32_t first = PIO_SCOPE_FIRST(scope0);
	uint32_t last = PIO_SCOPE_LAST(scope0);
	if (scope0 == 0) {
		first = reach->object;
		last = reach->extra;
	}
	if (!range_inside(first, last, reach->object, reach->extra))
		return DRV_EPERM;
	reach->object = first;
	reach->extra = last;
	if (scope1)
		reach->flags = (uint8_t)scope1;
	return DRV_OK;
}

err_t mmio_narrow(reach_t *reach, uint32_t scope0, uint32_t scope1)
{
	if (scope0 == 0 && scope1 == 0)
		return DRV_OK;
	if (!is_aligned(scope0, PAGE_SIZE) || !is_aligned(scope1, PAGE_SIZE) || scope1 == 0)
		return DRV_EINVAL;
	if (!span_inside(scope0, scope1, reach->object, reach->extra))
		return DRV_EPERM;
	reach->object = scope0;
	reach->extra = scope0 + (scope1 - 1);
	return DRV_OK;
}

err_t pio_check(const slot_t *slot, uint32_t op)
{
	uint32_t port = op & 0xffffu;
	uint32_t width = (op >> 16) & 7u;
	if ((op & ~PIO_OP_MASK) != 0 || (width != 1 && width != 2 && width != 4))
		return DRV_EINVAL;
	if (!slot_allows(slot, op >> 24 ? RIGHT_WRITE : RIGHT_READ))
		return DRV_EPERM;
	if (!(slot->flags & width))
		return DRV_EPERM;
	uint32_t last = port + width - 1; /* may be beyond the last port, but does not wrap */
	if (port < slot->object)
		return DRV_EPERM;
	return last <= slot->extra ? DRV_OK : DRV_EPERM;
}
