/* SPDX-License-Identifier: BSD-2-Clause */
/* What a driver has of the depot of hands/depot.h, and an image that stands by. */
#include "depot_world.h"

static void a_driver_has_memory_and_ends_of_its_own(void **state)
{
	driver_t *driver = &drivers[GUEST];
	const uint32_t *nodes = driver->nodes;
	(void)state;
	assert_int_equal(depot_reserve(&manager, driver), DRV_OK);
	assert_int_equal(driver->untyped, manager.depot.caps[nodes[DEPOT_OBJECTS]]);
	assert_int_equal(driver->frames, manager.depot.caps[nodes[DEPOT_FRAMES]]);
	assert_int_equal(kernel.caps[driver->frames].bytes, 64 << 10);
	assert_int_equal(kernel.caps[driver->instance.page_frame].type, CAP_FRAME);
	assert_int_equal(kernel.caps[driver->instance.config_frame].type, CAP_FRAME);
	assert_int_equal(kernel.caps[driver->instance.log_frame].type, CAP_FRAME);
	assert_int_equal(kernel.caps[driver->instance.endpoint].type, CAP_ENDPOINT);
	assert_int_equal(kernel.placed, 1);
	collect();
	assert_true(kernel.caps[driver->instance.endpoint].alive);
	assert_int_equal(manager.depot.arena.taken_bytes, (64 << 10) + 2 * LEAF);
	memset(driver->nodes, 0, sizeof(driver->nodes));
	collect();
	is_empty();
}

static void a_driver_for_which_something_lacks_leaves_nothing(void **state)
{
	uint32_t left = 0;
	(void)state;
	for (;; left++) {
		memset(&drivers[GUEST].nodes, 0, sizeof(drivers[GUEST].nodes));
		kernel.left = left;
		err_t err = depot_reserve(&manager, &drivers[GUEST]);
		kernel.left = NEVER;
		if (!err)
			break;
		assert_int_equal(err, DRV_ENOMEM);
		assert_int_equal(kernel.placed, 0);
		memset(&drivers[GUEST].nodes, 0, sizeof(drivers[GUEST].nodes));
		collect();
		is_empty();
	}
	assert_in_range(left, 8, 20);
}

static void another_image_has_memory_and_no_ends(void **state)
{
	driver_t *next = &manager.second;
	(void)state;
	assert_int_equal(depot_reserve(&manager, &drivers[GUEST]), DRV_OK);
	uint32_t taken = manager.depot.arena.taken_bytes;
	next->manifest.memory_kib = 32;
	assert_int_equal(depot_reserve_body(&manager, next), DRV_OK);
	assert_int_equal(next->nodes[DEPOT_ENDS], ARENA_NONE);
	assert_int_equal(next->instance.endpoint, CAP_NULL);
	assert_int_equal(manager.depot.arena.taken_bytes, taken + 2 * LEAF);
	manager.second_is = SECOND_NEXT;
	collect(); /* it is named */
	assert_int_equal(manager.depot.arena.taken_bytes, taken + 2 * LEAF);
	manager.second_is = SECOND_NONE;
	collect();
	assert_int_equal(manager.depot.arena.taken_bytes, taken);
	assert_true(kernel.caps[drivers[GUEST].untyped].alive);
}

static void the_next_incarnation_has_all_images_where_they_were(void **state)
{
	uint32_t *nodes[] = {&drivers[GUEST].nodes[DEPOT_IMAGE],
			     &manager.second.nodes[DEPOT_IMAGE]};
	(void)state;
	for (uint32_t i = 0; i < 2; i++)
		*nodes[i] = take(LEAF);
	drivers[GUEST].image_frame = 4711;
	manager.second.image_frame = 4712;
	uint32_t nobodys = take(LEAF);
	assert_int_equal(depot_adopt(&manager), DRV_OK);
	is_whole();
	assert_false(arena_is_taken(&manager.depot.arena, nobodys));
	assert_int_equal(kernel.maps, 1); /* what is not in force is nothing */
	assert_int_equal(kernel.mapped[0], 4711);
	assert_int_equal(kernel.addresses[0], (uintptr_t)depot_address(&manager, *nodes[0]));
}

static void the_image_that_is_not_in_force_is_mapped_too(void **state)
{
	(void)state;
	manager.second_is = SECOND_LAST;
	manager.second.nodes[DEPOT_IMAGE] = take(LEAF);
	manager.second.image_frame = 4712;
	assert_int_equal(depot_adopt(&manager), DRV_OK);
	assert_int_equal(kernel.maps, 1);
	assert_int_equal(kernel.mapped[0], 4712);
	kernel.no_map = DRV_ENOMEM;
	assert_int_equal(depot_adopt(&manager), DRV_ENOMEM);
}

/* The first image after the archive's stands beside that one, the next one lies where that
 * was, and so on. */
static void
the_next_image_lies_where_boot_put_the_first_if_that_is_free_and_large_enough(void **state)
{
	driver_t *driver = &drivers[GUEST], *next = &manager.second;
	(void)state;
	driver->home[HOME_OBJECTS] = (home_t){add(0, CAP_UNTYPED, PAGE_SIZE), 12};
	driver->home[HOME_FRAMES] = (home_t){add(0, CAP_UNTYPED, 64 << 10), 16};
	driver->untyped = driver->home[HOME_OBJECTS].untyped;
	driver->frames = driver->home[HOME_FRAMES].untyped;
	*next = *driver;
	assert_int_equal(depot_reserve_body(&manager, next), DRV_OK);
	assert_int_equal(manager.depot.arena.taken_bytes, LEAF + (64 << 10));
	driver_t in_force = *next;
	*next = *driver;
	*driver = in_force;
	assert_int_equal(depot_reserve_body(&manager, next), DRV_OK);
	assert_int_equal(manager.depot.arena.taken_bytes, LEAF + (64 << 10));
	assert_int_equal(next->untyped, driver->home[HOME_OBJECTS].untyped);
	assert_int_equal(next->frames, driver->home[HOME_FRAMES].untyped);
	assert_int_equal(next->nodes[DEPOT_OBJECTS], ARENA_NONE);
	assert_int_equal(next->nodes[DEPOT_FRAMES], ARENA_NONE);
	next->manifest.memory_kib = 65;
	assert_int_equal(depot_reserve_body(&manager, next), DRV_OK);
	assert_int_equal(next->untyped, driver->home[HOME_OBJECTS].untyped);
	assert_int_not_equal(next->frames, driver->home[HOME_FRAMES].untyped);
	assert_int_equal(kernel.caps[next->frames].bytes, 128 << 10);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_driver_has_memory_and_ends_of_its_own),
	    TEST(a_driver_for_which_something_lacks_leaves_nothing),
	    TEST(another_image_has_memory_and_no_ends),
	    TEST(the_next_incarnation_has_all_images_where_they_were),
	    TEST(the_image_that_is_not_in_force_is_mapped_too),
	    TEST(the_next_image_lies_where_boot_put_the_first_if_that_is_free_and_large_enough),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
