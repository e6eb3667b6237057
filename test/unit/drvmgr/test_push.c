/* SPDX-License-Identifier: BSD-2-Clause */
/* What is loaded into the running system, and unloaded, load/push.h: what passes is admitted
 * behind all others, what is refused changes nothing and says why. */
#include "load_world.h"

static void what_passes_is_admitted_behind_all_others(void **state)
{
	(void)state;
	ship("disk", "");
	assert_int_equal(load("guest", "\"memory_kib\":512"), DRV_OK);
	const driver_t *guest = the("guest");
	assert_int_equal(guest->index, 1);
	assert_int_equal(manager.count, 2);
	assert_true(guest->accepted);
	assert_string_equal(guest->file, "guest.drv.json");
	assert_int_equal(guest->manifest.memory_kib, 512);
	assert_int_equal(guest->manifest.essential, 0);
	assert_int_equal(guest->unit.state, STATE_LOADED);
	assert_int_equal(guest->image_frame, FRAME);
	assert_ptr_equal(guest->image, memory);
	assert_int_equal(guest->image_bytes, sizeof(good));
	assert_int_equal(guest->abi, 1);
	assert_int_equal(guest->nodes[DEPOT_IMAGE], NODE);
	assert_int_equal(guest->nodes[DEPOT_ENDS], NODE + 3);
	assert_true(driver_is_loaded(guest));
	assert_int_equal(manager.registry.count, 2);
	assert_int_equal(manager.world.count, 2);
	assert_int_equal(manager.world.order[1], 1);
	assert_int_equal(manager.world.rules[1].rank, 1);
	assert_ptr_equal(manager.world.units[1], &guest->unit);
	assert_true(manager.world.touched >> 1 & 1);
	assert_int_equal(world_below.made, 2);
	assert_string_equal(lines(), "");
}

/* Which error, and with which words. */
static void refused(err_t err, err_t expected, const char *words)
{
	assert_int_equal(err, expected);
	assert_non_null(strstr(lines(), words));
	is_as_before();
	assert_int_equal(manager.world.count, manager.count);
	assert_int_equal(world_below.made, 2);
	assert_int_equal(load("guest", ""), DRV_OK); /* what was wrong is not in the way */
	push_unload(&manager, the("guest"));
	push_forget(&manager, &drivers[2]);
	world_below.made = 2;
}

static void what_is_refused_changes_nothing_and_says_why(void **state)
{
	upload_t upload;
	(void)state;
	ship("disk", "\"provides\":[\"store\"]");
	assert_int_equal(load("loaded", ""), DRV_OK);
	assert_int_equal(load("guest", ""), DRV_OK); /* the place that is tried again */
	push_unload(&manager, the("guest"));
	push_forget(&manager, &drivers[2]);
	world_below.made = 2;
	remember();
	refused(load("guest", "\"ab\":1"), DRV_EFORMAT, "guest.drv.json:1:");
	refused(load("guest",
		     "\"sha256\":\"0000000000000000000000000000000000000000000000000000"
		     "000000000000\""),
		DRV_EFORMAT, "SHA-256");
	refused(load("disk", ""), DRV_EEXIST, "disk came with the system and stays");
	refused(load("loaded", ""), DRV_EEXIST,
		"loaded is loaded: stop it and unload it first");
	refused(load("store", ""), DRV_EEXIST, "store");
	refused(load("guest", "\"provides\":[\"disk\"]"), DRV_EEXIST, "disk");
	upload = upload_of("guest", text_of("other", ""));
	refused(push_load(&manager, &upload), DRV_EINVAL, "other");
	upload = upload_of("guest", text_of("guest", ""));
	upload.what.image_bytes = 20;
	memcpy(memory + 20, text_of("guest", ""), upload.what.manifest_bytes);
	sha256_begin(&upload.hash);
	upload.hashed = 0;
	refused(push_load(&manager, &upload), DRV_EFORMAT, "is refused");
	good.note.abi_min = good.note.abi_max = 60000;
	upload = upload_of("guest", text_of("guest", ""));
	make_program();
	refused(push_load(&manager, &upload), DRV_EABI, "60000");
	world_below.no_depot = DRV_ENOMEM;
	err_t err = load("guest", "");
	world_below.no_depot = DRV_OK;
	refused(err, DRV_ENOMEM, "so much memory is not left in one piece");
	world_below.no_ends = DRV_ENOMEM;
	err = load("guest", "");
	world_below.no_ends = DRV_OK;
	refused(err, DRV_ENOMEM, "");
}

static void a_full_table_and_one_that_cannot_grow_take_nobody(void **state)
{
	char name[8];
	(void)state;
	world_below.no_table = DRV_ENOMEM;
	remember();
	assert_int_equal(load("guest", ""), DRV_ENOMEM);
	assert_non_null(strstr(lines(), "there is room for 32 drivers"));
	is_as_before();
	assert_int_equal(manager.count, 0);
	world_below.no_table = DRV_OK;
	for (uint32_t i = 0; i < DRIVERS_MAX; i++) {
		snprintf(name, sizeof(name), "d%u", (unsigned)i);
		assert_int_equal(load(name, ""), DRV_OK);
	}
	remember();
	assert_int_equal(load("guest", ""), DRV_ENOMEM);
	assert_non_null(strstr(lines(), "there is room for 32 drivers"));
	is_as_before();
	push_unload(&manager, the("d7"));
	push_forget(&manager, &drivers[7]);
	world_below.no_table = DRV_ENOMEM; /* it is not asked */
	assert_int_equal(load("guest", ""), DRV_OK);
	assert_int_equal(the("guest")->index, 7);
	assert_int_equal(manager.count, DRIVERS_MAX);
}

/* Nothing of who had a place is the next one's, but for how many instances there were. */
static void an_empty_place_is_the_next_ones(void **state)
{
	(void)state;
	ship("disk", "");
	assert_int_equal(load("guest", "\"provides\":[\"store\"]"), DRV_OK);
	driver_t *guest = the("guest");
	guest->over = 7;
	guest->subscriber = 8;
	guest->used.amount = 9;
	manager.watches[1].used = guest->used;
	manager.told[1].generation = 10;
	manager.excesses[1].noted = true;
	guest->unit.generation = 5;
	push_unload(&manager, guest);
	assert_true(driver_is_empty(guest));
	assert_false(guest->accepted);
	assert_int_equal(guest->refusal, DRV_ENOENT);
	assert_int_equal(guest->index, 1);
	assert_int_equal(guest->nodes[DEPOT_IMAGE], ARENA_NONE);
	assert_int_equal(world_below.revoked, DOOR + 1);
	assert_int_equal(world_below.forgotten, 1);
	assert_int_equal(manager.registry.count, 1);
	assert_int_equal(registry_providers(&manager.registry, "store"), 0);
	assert_int_equal(manager.world.rules[1].refusal, DRV_ENOENT);
	assert_int_equal(guest->unit.generation, 5);
	push_forget(&manager, guest);
	assert_int_equal(world_below.unmade, 1);
	assert_int_equal(guest->instance.endpoint, CAP_NULL);
	assert_int_equal(guest->over, 0);
	assert_int_equal(guest->subscriber, CAP_NULL);
	assert_int_equal(guest->used.amount, 0);
	assert_int_equal(manager.watches[1].used.amount, 0);
	assert_int_equal(manager.told[1].generation, 0);
	assert_false(manager.excesses[1].noted);
	assert_int_equal(load("third", ""), DRV_OK);
	assert_int_equal(the("third")->index, 1);
	assert_int_equal(manager.count, 2);
}

/* The manager died when the place was empty, and nothing of its last driver forgotten yet. */
static store_t reports;

static void what_was_not_forgotten_is_when_the_place_is_taken(void **state)
{
	(void)state;
	assert_int_equal(load("guest", ""), DRV_OK);
	driver_t *guest = the("guest");
	manager.told[0].generation = 10;
	guest->over = 7;
	manager.deaths = &reports;
	store_seal(&reports, store_open(&reports, 0));
	push_unload(&manager, guest);
	history_add(&manager.log->history, HISTORY_OF(0), &(manager_log_record_t){0}, "a", 1);
	history_add(&manager.log->history, HISTORY_ABOUT(0), &(manager_log_record_t){0}, "b",
		    1);
	uint32_t blocks = manager.log->history.blocks[HISTORY_OF(0)];
	assert_int_equal(blocks, 1);
	assert_int_equal(load("third", ""), DRV_OK);
	assert_null(store_find(&reports, 0, 0));
	assert_int_equal(manager.log->history.blocks[HISTORY_OF(0)], 0);
	assert_int_equal(the("third")->index, 0);
	assert_int_equal(manager.told[0].generation, 0);
	assert_int_equal(guest->over, 0);
}

static void connections_to_who_is_unloaded_are_gone(void **state)
{
	(void)state;
	driver_t *disk = ship("disk", "");
	assert_int_equal(load("guest", ""), DRV_OK);
	disk->instance.connections[0] = 100 + 1; /* to the guest */
	disk->instance.connections[MANIFEST_PLACES] = 100 + 1;
	disk->instance.connections[1] = 100 + 0; /* to itself */
	manager.world.touched = 0;
	push_unload(&manager, the("guest"));
	assert_int_equal(disk->instance.connections[0], CAP_NULL);
	assert_int_equal(disk->instance.connections[MANIFEST_PLACES], CAP_NULL);
	assert_int_equal(disk->instance.connections[1], 100);
	assert_true(manager.world.touched & 1);
}

/* What is withheld of the window on this machine is refused, as at boot. */
static void what_the_machine_does_not_have_is_refused(void **state)
{
	(void)state;
	assert_int_equal(load("low", "\"caps\":{\"mmio\":[{\"base\":\"0xa0000\","
				     "\"size\":\"0x1000\"}]}"),
			 DRV_OK);
	assert_int_equal(load("high", "\"caps\":{\"mmio\":[{\"base\":\"0xd0000\","
				      "\"size\":\"0x1000\"}]}"),
			 DRV_EFORMAT);
	boot.caps[BOOT_CAP_FIRST].type = CAP_PIO; /* no memory at all */
	assert_int_equal(load("third", "\"caps\":{\"mmio\":[{\"base\":\"0xa0000\","
				       "\"size\":\"0x1000\"}]}"),
			 DRV_EFORMAT);
}

static void as_many_lines_as_fit_are_told_and_how_many_more_there_are(void **state)
{
	manifest_errors_t *errors = &files_area()->errors;
	char text[PUSH_LINES_MIN];
	(void)state;
	files_begin(&manager);
	assert_int_equal(push_lines(text, sizeof(text)), 0);
	for (uint32_t i = 0; i < 3; i++)
		manifest_note(errors, "a.drv.json", "%0150u", i);
	assert_null(strstr(lines(), "more error"));
	size_t length = push_lines(text, sizeof(text));
	assert_int_equal(length, strlen(text));
	assert_non_null(strstr(text, "\nand 2 more errors: the log has them\n"));
	errors->dropped = 4; /* of which the log has nothing either */
	push_lines(said, sizeof(said));
	assert_non_null(strstr(said, "\nand 4 more errors\n"));
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_was_not_forgotten_is_when_the_place_is_taken),
	    TEST(what_passes_is_admitted_behind_all_others),
	    TEST(what_is_refused_changes_nothing_and_says_why),
	    TEST(a_full_table_and_one_that_cannot_grow_take_nobody),
	    TEST(an_empty_place_is_the_next_ones),
	    TEST(connections_to_who_is_unloaded_are_gone),
	    TEST(what_the_machine_does_not_have_is_refused),
	    TEST(as_many_lines_as_fit_are_told_and_how_many_more_there_are),
	};
	return cmocka_run_group_tests(tests, make_area, NULL);
}
