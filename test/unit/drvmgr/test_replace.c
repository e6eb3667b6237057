/* SPDX-License-Identifier: BSD-2-Clause */
/* Another image of a driver that is there, load/replace.h. */
#include "load_world.h"

#define PORTS(first, last) "\"caps\":{\"pio\":[{\"start\":\"" first "\",\"end\":\"" last "\"}]}"

/* One that came with the system and runs, with others before and behind it. */
static driver_t *three(void)
{
	run(ship("first", PORTS("0x300", "0x307")));
	driver_t *disk = ship("disk", PORTS("0x310", "0x317") ",\"provides\":[\"store\"]");
	disk->manifest.essential = true;
	disk->manifest.priority = 21;
	run(disk);
	run(ship("last", PORTS("0x320", "0x327") ",\"provides\":[\"clock\"]"));
	remember();
	return disk;
}

static void the_next_image_stands_by_and_nothing_else_changes(void **state)
{
	(void)state;
	driver_t *disk = three();
	disk->nodes[DEPOT_ENDS] = before[1].nodes[DEPOT_ENDS] = 77;
	disk->home[HOME_FRAMES] = before[1].home[HOME_FRAMES] = (home_t){78, 15};
	assert_int_equal(replace("disk", PORTS("0x310", "0x313") ",\"memory_kib\":512"),
			 DRV_OK);
	assert_string_equal(lines(), "");
	assert_int_equal(manager.second_is, SECOND_NEXT);
	assert_int_equal(manager.second.index, 1);
	assert_true(manager.second.accepted);
	assert_int_equal(manager.second.manifest.memory_kib, 512);
	assert_int_equal(manager.second.image_bytes, sizeof(good));
	assert_int_equal(manager.second.image_frame, FRAME);
	assert_int_equal(manager.second.nodes[DEPOT_IMAGE], NODE);
	assert_int_equal(manager.second.nodes[DEPOT_ENDS], 77);
	assert_int_equal(manager.second.untyped, 61);
	assert_int_equal(manager.second.home[HOME_FRAMES].untyped, 78);
	assert_int_equal(manager.second.home[HOME_FRAMES].bits, 15);
	assert_int_equal(manager.second.manifest.essential, 1); /* as boot.list made it */
	assert_int_equal(manager.second.manifest.priority, 21);
	manager.second_is = SECOND_NONE;
	is_as_before();
	assert_int_equal(replace("last", ""), DRV_OK);
	assert_int_equal(manager.second.manifest.essential, 0);
}

static void one_is_replaced_in_a_full_table(void **state)
{
	char name[8];
	(void)state;
	for (uint32_t i = 0; i < DRIVERS_MAX; i++) {
		snprintf(name, sizeof(name), "d%u", (unsigned)i);
		run(ship(name, ""));
	}
	assert_int_equal(replace("d3", ""), DRV_OK);
	assert_string_equal(lines(), "");
	assert_string_equal(manager.second.file, "d3.drv.json");
}

static void refused(err_t err, err_t expected, const char *words)
{
	assert_int_equal(err, expected);
	assert_non_null(strstr(lines(), words));
	is_as_before();
	assert_int_equal(world_below.body_taken, 3);
}

static void what_is_refused_changes_nothing_and_says_why(void **state)
{
	upload_t upload;
	(void)state;
	three();
	refused(replace("nobody", ""), DRV_ENOENT, "");
	refused(replace("disk", "\"ab\":1"), DRV_EFORMAT, "disk.drv.json:1:");
	upload = upload_of("disk", text_of("other", ""));
	refused(replace_prepare(&manager, &upload), DRV_EINVAL, "other");
	good.note.abi_min = good.note.abi_max = 60000;
	upload = upload_of("disk", text_of("disk", ""));
	make_program();
	refused(replace_prepare(&manager, &upload), DRV_EABI, "60000");
	refused(replace("disk", PORTS("0x310", "0x320")), DRV_EEXIST,
		"it claims more than the image in force does");
	refused(replace("disk", PORTS("0x307", "0x317")), DRV_EEXIST, "first");
	refused(replace("disk", "\"provides\":[\"clock\"]"), DRV_EEXIST, "clock");
	refused(replace("disk", "\"provides\":[\"first\"]"), DRV_EEXIST, "first");
	refused(replace("disk", "\"requires\":[\"nobody\"]"), DRV_EBUSY,
		"requires: \"nobody\" does not run");
	world_below.no_depot = DRV_ENOMEM;
	refused(replace("disk", ""), DRV_ENOMEM, "so much memory is not left in one piece");
}

static void who_does_not_run_or_is_not_to_is_not_replaced(void **state)
{
	(void)state;
	driver_t *disk = three();
	disk->unit.state = before[1].unit.state = STATE_STOPPED;
	refused(replace("disk", ""), DRV_EBUSY,
		"disk is Stopped, and only a driver that is Running is replaced");
	disk->unit.state = before[1].unit.state = STATE_RUNNING;
	disk->unit.wanted = before[1].unit.wanted = WANTED_HELD;
	refused(replace("disk", ""), DRV_EBUSY, "disk is held, or on its way out");
	disk->unit.wanted = before[1].unit.wanted = WANTED_UP;
	disk->unit.killed = before[1].unit.killed = true;
	refused(replace("disk", ""), DRV_EBUSY, "disk is held, or on its way out");
	disk->unit.killed = false;
	assert_int_equal(replace("disk", ""), DRV_OK);
}

static void one_is_replaced_at_a_time(void **state)
{
	static const uint32_t of[] = {SECOND_NEXT, SECOND_LAST};
	(void)state;
	three();
	assert_int_equal(replace("disk", ""), DRV_OK);
	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
		manager.second_is = of[i];
		assert_int_equal(replace("last", ""), DRV_EBUSY);
		assert_non_null(strstr(lines(), "a replacement is under way: of disk"));
		assert_int_equal(replace("disk", ""), DRV_EBUSY);
		assert_int_equal(manager.second.index, 1);
		assert_int_equal(manager.second_is, of[i]);
	}
	manager.second_is = SECOND_NONE;
	assert_int_equal(replace("last", ""), DRV_OK);
}

/* One of those that provide it is enough. */
static void what_it_requires_has_to_run(void **state)
{
	(void)state;
	three();
	driver_t *other = ship("other", "\"provides\":[\"clock\"]");
	assert_int_equal(replace("disk", "\"requires\":[\"first\",\"clock\"]"), DRV_OK);
	manager.second_is = SECOND_NONE;
	the("last")->unit.state = STATE_STOPPED;
	assert_int_equal(replace("disk", "\"requires\":[\"first\",\"clock\"]"), DRV_EBUSY);
	assert_non_null(strstr(lines(), "requires: \"clock\" does not run"));
	run(other);
	assert_int_equal(replace("disk", "\"requires\":[\"first\",\"clock\"]"), DRV_OK);
	manager.second_is = SECOND_NONE;
	the("first")->unit.state = STATE_WAITING;
	assert_int_equal(replace("disk", "\"requires\":[\"first\",\"clock\"]"), DRV_EBUSY);
	assert_non_null(strstr(lines(), "requires: \"first\" does not run"));
}

/* Those with whom the image in force competes, wherever they stand, and nobody else. */
static void it_may_claim_what_others_claim_if_the_image_in_force_does(void **state)
{
	(void)state;
	ship("before", PORTS("0x310", "0x313"));
	run(ship("disk", PORTS("0x310", "0x317")));
	ship("behind", PORTS("0x314", "0x317"));
	ship("apart", PORTS("0x318", "0x31f"));
	assert_int_equal(replace("disk", PORTS("0x310", "0x317")), DRV_OK);
	manager.second_is = SECOND_NONE;
	assert_int_equal(replace("disk", PORTS("0x314", "0x315")), DRV_OK);
	manager.second_is = SECOND_NONE;
	assert_int_equal(replace("disk", PORTS("0x310", "0x318")), DRV_EEXIST);
	assert_non_null(strstr(lines(), "apart"));
	the("before")->unit.state = STATE_RUNNING;
	assert_int_equal(replace("before", PORTS("0x310", "0x314")), DRV_EEXIST);
	assert_non_null(strstr(lines(), "behind"));
}

static void the_two_change_places_and_nothing_of_the_driver_does(void **state)
{
	(void)state;
	driver_t *disk = three();
	disk->over = before[1].over = 7;
	disk->image_bytes = before[1].image_bytes = 4711;
	assert_int_equal(replace("disk", "\"provides\":[\"more\"],\"memory_kib\":512"), DRV_OK);
	driver_t next = manager.second;
	replace_exchange(&manager, disk);
	assert_memory_equal(disk, &next, offsetof(driver_t, door));
	assert_memory_equal(&manager.second, &before[1], offsetof(driver_t, door));
	assert_memory_equal(&disk->door, &before[1].door,
			    sizeof(driver_t) - offsetof(driver_t, door));
	assert_int_equal(world_below.forgotten, 2); /* its lines, by both manifests */
	assert_int_equal(registry_providers(&manager.registry, "store"), 0);
	assert_int_equal(registry_providers(&manager.registry, "more"), 1 << 1);
	assert_int_equal(manager.world.rules[1].rank, 1); /* in its place */
	assert_true(manager.world.dirty);
	replace_exchange(&manager, disk);
	manager.second_is = SECOND_NONE;
	is_as_before();
	assert_int_equal(registry_providers(&manager.registry, "store"), 1 << 1);
}

/* By which other drivers wait, and are told so. */
static void others_compete_with_the_image_in_force(void **state)
{
	(void)state;
	driver_t *disk = three();
	assert_int_equal(replace("disk", ""), DRV_OK);
	replace_exchange(&manager, disk);
	assert_int_equal(load("guest", PORTS("0x310", "0x311")), DRV_OK);
	assert_int_equal(manager.world.rules[3].rivals, 0);
	replace_exchange(&manager, disk);
	assert_int_equal(manager.world.rules[3].rivals, 1 << 1);
	assert_int_equal(manager.world.rules[1].rivals, 1 << 3);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(one_is_replaced_in_a_full_table),
	    TEST(the_next_image_stands_by_and_nothing_else_changes),
	    TEST(what_is_refused_changes_nothing_and_says_why),
	    TEST(who_does_not_run_or_is_not_to_is_not_replaced),
	    TEST(one_is_replaced_at_a_time),
	    TEST(what_it_requires_has_to_run),
	    TEST(it_may_claim_what_others_claim_if_the_image_in_force_does),
	    TEST(the_two_change_places_and_nothing_of_the_driver_does),
	    TEST(others_compete_with_the_image_in_force),
	};
	return cmocka_run_group_tests(tests, make_area, NULL);
}
