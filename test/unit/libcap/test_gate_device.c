/* SPDX-License-Identifier: BSD-2-Clause */
/* How libcap maps a large range: in parts, all of them or none. The kernel is a few variables.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/syscall.h"

/* In place of the instructions that enter the kernel. */
#define LIBCAP_ENTER_H
static int32_t enter1(uint32_t number, uint32_t a0);
static int32_t enter3(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2);
static int32_t enter_for2(uint32_t number, uint32_t *r0, uint32_t *r1);
static int32_t enter_for4(uint32_t number, uint32_t *r0, uint32_t *r1, uint32_t *r2,
			  uint32_t *r3);
#define enter0(number)	       enter1(number, 0)
#define enter2(number, a0, a1) enter3(number, a0, a1, 0)
#include "libs/libcap/gate/device.c"
#include "steps_fake.h"

#define RANGE 20u /* the handle, and the first that is not given out */
#define WHOLE 21u
#define AT    0x80000000u
#define BASE  0xd0000000u

static struct {
	uint32_t bytes;		    /* of the range */
	uint32_t derived, mapped;   /* so many */
	uint32_t fails_at;	    /* which mapping fails, 1 is the first; 0: none */
	uint32_t full_at;	    /* and which derivation */
	uint32_t revoked, released; /* the handle */
	uint32_t end;		    /* up to here it is mapped */
} world;
static int32_t error;

static int32_t enter1(uint32_t number, uint32_t a0)
{
	(void)number, (void)a0;
	fail();
	return DRV_ENOSYS;
}

static int32_t enter_for2(uint32_t number, uint32_t *r0, uint32_t *r1)
{
	(void)r1;
	return enter1(number, *r0);
}

static int32_t enter_for4(uint32_t number, uint32_t *r0, uint32_t *r1, uint32_t *r2,
			  uint32_t *r3)
{
	(void)r1, (void)r2, (void)r3;
	return enter1(number, *r0);
}

static int32_t enter3(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2)
{
	assert_int_equal(number, SYS_CAP_MMIO_MAP);
	assert_int_equal(a0, RANGE + world.derived);
	assert_int_equal(a1, world.end);
	assert_in_range(a2, 1, MMIO_MAP_PAGES);
	if (++world.mapped == world.fails_at)
		return DRV_EEXIST;
	world.end += a2 * PAGE_SIZE;
	return DRV_OK;
}

err_t cap_get_info(cap_t cap, cap_info_t *info)
{
	if (cap != RANGE)
		return cap_failed(DRV_EBADCAP);
	*info = (cap_info_t){CAP_MMIO, RIGHT_READ | RIGHT_WRITE, BASE, world.bytes};
	return DRV_OK;
}

int32_t cap_derive(cap_t cap, uint32_t rights, uint32_t scope0, uint32_t scope1)
{
	assert_int_equal(rights, RIGHT_READ | RIGHT_WRITE);
	if (++world.derived == world.full_at)
		return cap_failed(DRV_ENOMEM);
	if (world.derived == 1)
		assert_true(cap == RANGE && scope0 == 0 && scope1 == 0);
	else
		assert_true(cap == WHOLE && scope0 - BASE == world.end - AT && scope1);
	return (int32_t)(RANGE + world.derived);
}

err_t cap_revoke(cap_t cap)
{
	assert_int_equal(world.released, 0);
	world.revoked = cap;
	return DRV_OK;
}

err_t cap_release(cap_t cap)
{
	world.released = cap;
	return DRV_OK;
}

static void range_of(uint32_t bytes)
{
	memset(&world, 0, sizeof(world));
	world.bytes = bytes;
	world.end = AT;
	error = DRV_OK;
	cap_record_errors(&error);
}

static void what_fits_is_mapped_with_its_own_capability(void **state)
{
	static const uint32_t sizes[] = {PAGE_SIZE, MOST - PAGE_SIZE, MOST};
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		range_of(sizes[i]);
		assert_int_equal(cap_mmio_map_all(RANGE, AT), DRV_OK);
		assert_int_equal(world.mapped, 1);
		assert_int_equal(world.derived, 0);
		assert_int_equal(world.end, AT + sizes[i]);
	}
	range_of(MOST);
	world.fails_at = 1;
	assert_int_equal(cap_mmio_map_all(RANGE, AT), DRV_EEXIST);
	assert_int_equal(error, DRV_EEXIST);
	assert_int_equal(world.revoked + world.released, 0);
}

static void what_is_larger_is_mapped_in_parts(void **state)
{
	(void)state;
	range_of(3 * MOST + PAGE_SIZE);
	assert_int_equal(cap_mmio_map_all(RANGE, AT), DRV_OK);
	assert_int_equal(world.mapped, 4);
	assert_int_equal(world.end, AT + world.bytes);
	assert_int_equal(world.revoked + world.released, 0);
}

/* The parts go with what they were derived from. */
static void a_part_that_fails_leaves_nothing_of_the_others(void **state)
{
	(void)state;
	for (uint32_t at = 1; at <= 4; at++) {
		range_of(4 * MOST);
		world.fails_at = at;
		assert_int_equal(cap_mmio_map_all(RANGE, AT), DRV_EEXIST);
		assert_int_equal(error, DRV_EEXIST);
		assert_int_equal(world.mapped, at);
		assert_int_equal(world.revoked, WHOLE);
		assert_int_equal(world.released, WHOLE);
		range_of(4 * MOST);
		world.full_at = at + 1; /* behind the copy of the whole */
		assert_int_equal(cap_mmio_map_all(RANGE, AT), DRV_ENOMEM);
		assert_int_equal(world.revoked, WHOLE);
		assert_int_equal(world.released, WHOLE);
	}
	range_of(4 * MOST);
	world.full_at = 1;
	assert_int_equal(cap_mmio_map_all(RANGE, AT), DRV_ENOMEM);
	assert_int_equal(world.mapped + world.revoked + world.released, 0);
	assert_int_equal(cap_mmio_map_all(RANGE + 9, AT), DRV_EBADCAP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_fits_is_mapped_with_its_own_capability),
	    cmocka_unit_test(what_is_larger_is_mapped_in_parts),
	    cmocka_unit_test(a_part_that_fails_leaves_nothing_of_the_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
