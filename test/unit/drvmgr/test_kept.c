/* SPDX-License-Identifier: BSD-2-Clause */
/* What an incarnation of the manager finds in the frame that is kept, of kept/kept.h. */
#include "kept_world.h"

static void the_log_outlives_whoever_writes_it(void **state)
{
	(void)state;
	incarnate();
	assert_int_equal(kept_adopt(&manager), DRV_OK);
	assert_int_equal(on_the_line, WROTE); /* not once more */
	manager_log_line(&manager, "behind");
	reads(LINE "\nbehind\n");
}

static void the_log_is_there_when_all_else_is_forgotten(void **state)
{
	(void)state;
	incarnate();
	kept_begin(&manager);
	assert_int_equal(kept_adopt(&manager), DRV_ENOENT);
	reads(LINE "\n");
}

static void who_was_given_up_stays_so_and_its_failures_count(void **state)
{
	(void)state;
	incarnate();
	assert_int_equal(kept_adopt(&manager), DRV_OK);
	const unit_t *unit = &manager.drivers[0].unit;
	assert_true(manager.drivers[0].accepted);
	assert_int_equal(unit->state, STATE_QUARANTINED);
	assert_int_equal(unit->generation, 7);
	assert_int_equal(unit->restarts, 6);
	assert_int_equal(unit->history.held, 2);
	assert_int_equal(unit->history.failures[1], 12);
	assert_int_equal(unit->history.restarts, 1);
}

/* ---- what is whole, and cannot be ---- */

static void require_much(void)
{
	manager.world.rules[0].requires_count = REQUIRES_MAX + 1;
}

static void require_nobody(void)
{
	manager.world.rules[0].requires_count = 1;
	manager.world.rules[0].requires[0] = 1;
}

static void require_also_nobody(void)
{
	manager.world.rules[0].requires_count = 1;
	manager.world.rules[0].requires[0] = UNITS_MAX;
	manager.world.rules[0].also[0] = 1u << 1;
}

static void order_nobody(void)
{
	manager.world.order[0] = 1;
}

static void have_a_unit_elsewhere(void)
{
	static unit_t other;
	manager.world.units[0] = &other;
}

static void count_twice(void)
{
	manager.world.count = 2;
}

static void register_nobody(void)
{
	manager.registry.count = 2;
}

static void have_a_number_elsewhere(void)
{
	drivers[0].index = 1;
}

static void have_a_node_that_is_not_taken(void)
{
	drivers[0].nodes[DEPOT_ENDS] = ARENA_ROOT;
}

static void have_half_a_tree(void)
{
	arena_begin(&manager.depot.arena, ARENA_LEAF_BITS + 1);
	manager.depot.arena.state[2] = ARENA_FREE;
}

static void have_a_second_of_nobody(void)
{
	manager.second_is = SECOND_NEXT;
	manager.second.index = 1;
}

static void have_a_second_that_lies_nowhere(void)
{
	manager.second_is = SECOND_LAST;
	manager.second.nodes[DEPOT_IMAGE] = ARENA_ROOT;
}

static void have_a_second_of_what_kind(void)
{
	manager.second_is = SECOND_COUNT;
}

/* As serves(), with something changed before that is kept for good. */
static void seal_with(void (*change)(void))
{
	incarnate();
	kept_begin(&manager);
	manager.drivers = drivers;
	manager.count = manager.world.count = 1;
	manager.world.units[0] = &drivers[0].unit;
	strcpy(drivers[0].manifest.name, "given-up");
	change();
	kept_seal(&manager);
	drivers[0].index = 0;
	kept_turn(&manager);
	incarnate();
}

static void what_cannot_be_is_not_taken_over(void **state)
{
	static void (*const changes[])(void) = {require_much,
						require_nobody,
						require_also_nobody,
						order_nobody,
						have_a_unit_elsewhere,
						count_twice,
						register_nobody,
						have_a_number_elsewhere,
						have_a_node_that_is_not_taken,
						have_half_a_tree,
						have_a_second_of_nobody,
						have_a_second_that_lies_nowhere,
						have_a_second_of_what_kind};
	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		seal_with(changes[i]);
		assert_int_equal(kept_adopt(&manager), DRV_EFORMAT);
	}
}

static void have_a_second(void)
{
	manager.second_is = SECOND_LAST;
	manager.second.image_bytes = 1234;
	strcpy(manager.second.manifest.name, "given-up");
}

static void a_second_image_is_taken_over_and_nothing_without_one(void **state)
{
	(void)state;
	seal_with(have_a_second);
	assert_int_equal(kept_adopt(&manager), DRV_OK);
	assert_int_equal(manager.second_is, SECOND_LAST);
	assert_int_equal(manager.second.image_bytes, 1234);
	assert_string_equal(manager.second.manifest.name, "given-up");
	manager.second_is = SECOND_NONE;
	kept_seal(&manager);
	incarnate();
	assert_int_equal(kept_adopt(&manager), DRV_OK);
	assert_int_equal(manager.second_is, SECOND_NONE);
	assert_int_equal(manager.second.image_bytes, 0);
}

static void more_drivers_than_there_can_be_are_not_taken_over(void **state)
{
	ledger_part_t parts[PARTS + DRIVERS_MAX + 1];
	uint32_t many = DRIVERS_MAX + 1;
	(void)state;
	list_parts(&manager, parts);
	list_drivers(&manager, &parts[PARTS]);
	parts[0].at = &many;
	assert_int_equal(ledger_seal(manager.ledger, parts, PARTS + 1), DRV_OK);
	incarnate();
	assert_int_equal(kept_adopt(&manager), DRV_EFORMAT);
}

/* Whoever died while he filled it, or emptied it, left a record of something else. */
static void of_an_empty_place_only_the_generation_is_taken_over(void **state)
{
	(void)state;
	driver_t *driver = driver_touch(&manager, 0);
	driver->manifest.name[0] = '\0';
	kept_seal(&manager);
	driver->instance.endpoint = 9;
	driver->door.endpoint = 8;
	driver->unit.state = STATE_RUNNING;
	kept_turn(&manager);
	incarnate();
	assert_int_equal(kept_adopt(&manager), DRV_OK);
	assert_int_equal(drivers[0].instance.endpoint, CAP_NULL);
	assert_int_equal(drivers[0].door.endpoint, CAP_NULL);
	assert_int_equal(drivers[0].unit.state, STATE_REJECTED);
	assert_int_equal(drivers[0].unit.generation, 7);
	assert_int_equal(drivers[0].unit.born, 7);
}

static void a_record_that_cannot_be_is_not_taken_over(void **state)
{
	(void)state;
	driver_touch(&manager, 0)->unit.state = STATE_COUNT;
	kept_turn(&manager);
	incarnate();
	assert_int_equal(kept_adopt(&manager), DRV_EFORMAT);
}

/* Each begins, and dies before it serves. */
static void what_kills_whoever_takes_it_over_is_not_taken_over_for_ever(void **state)
{
	(void)state;
	for (uint32_t tries = 0; tries < TRIES_MAX; tries++) {
		incarnate();
		assert_int_equal(kept_adopt(&manager), DRV_OK);
	}
	incarnate();
	assert_int_equal(kept_adopt(&manager), DRV_ENOENT);
}

static void one_turn_that_served_is_enough(void **state)
{
	(void)state;
	for (uint32_t tries = 0; tries < 2 * TRIES_MAX; tries++) {
		incarnate();
		assert_int_equal(kept_adopt(&manager), DRV_OK);
		if (tries == TRIES_MAX - 1)
			kept_turn(&manager);
	}
}

/* What becomes of what was sealed as it is now. */
static err_t taken_over(void)
{
	driver_touch(&manager, 0);
	kept_begin(&manager);
	kept_seal(&manager);
	incarnate();
	return kept_adopt(&manager);
}

/* If the word has this value. */
static err_t taken_over_with(uint32_t *word, uint32_t value)
{
	serves(NULL);
	*word = value;
	return taken_over();
}

/* The checksum fits: whoever sealed it was wrong. */
static void no_index_is_believed_that_points_behind_what_it_counts(void **state)
{
	manifest_t *manifest = &drivers[0].manifest;
	rules_t *rules = &manager.world.rules[0];
	const struct {
		uint32_t *word, most;
	} rows[] = {
	    {&drivers[0].index, 0},
	    {&drivers[0].plan.count, ELF_SEGMENTS_MAX},
	    {&manifest->caps.pio.count, DRIVER_CAPS_MAX},
	    {&manifest->caps.irq.count, DRIVER_CAPS_MAX},
	    {&manifest->caps.mmio.count, DRIVER_CAPS_MAX},
	    {&manifest->caps.irq.items[DRIVER_CAPS_MAX - 1].line, IRQ_LINES - 1},
	    {&manifest->needs.count, MANIFEST_NAMES_MAX},
	    {&manifest->provides.count, MANIFEST_NAMES_MAX},
	    {&manifest->uses.count, MANIFEST_NAMES_MAX},
	    {&manifest->safe_state.count, MANIFEST_SAFE_MAX},
	    {&manifest->restart.policy.kind, POLICY_KIND_COUNT - 1},
	    {&rules->policy.kind, POLICY_KIND_COUNT - 1},
	    {&rules->strategy, GROUP_ALL},
	    {&rules->rivals, 1},
	    {&rules->requires_count, REQUIRES_MAX},
	    {&manager.world.order[0], 0},
	    {&manager.registry.count, 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(taken_over_with(rows[i].word, rows[i].most), DRV_OK);
		assert_int_equal(taken_over_with(rows[i].word, rows[i].most + 1), DRV_EFORMAT);
	}
}

/* Its entries are the drivers'. */
static void the_registry_is_of_the_drivers_that_there_are(void **state)
{
	static const manifest_t other;
	(void)state;
	for (int good = 0; good < 2; good++) {
		serves(NULL);
		manager.registry.count = 1;
		manager.registry.entries[0] = (struct registry_entry){
		    drivers[0].file, good ? &drivers[0].manifest : &other, 0};
		assert_int_equal(taken_over(), good ? DRV_OK : DRV_EFORMAT);
	}
	/* A name of an entry that is not there, and a rival that is not. */
	manager.registry.names[0] = 1u << 5;
	manager.registry.name_count = 1;
	assert_int_equal(taken_over(), DRV_EFORMAT);
	manager.registry.names[0] = NAMES_EACH - 1; /* one that is there */
	assert_int_equal(taken_over(), DRV_OK);
	manager.registry.entries[0].rivals = 2;
	assert_int_equal(taken_over(), DRV_EFORMAT);
}

#define TEST(name) cmocka_unit_test_setup(name, serves)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_log_outlives_whoever_writes_it),
	    TEST(the_log_is_there_when_all_else_is_forgotten),
	    TEST(who_was_given_up_stays_so_and_its_failures_count),
	    TEST(what_cannot_be_is_not_taken_over),
	    TEST(a_second_image_is_taken_over_and_nothing_without_one),
	    TEST(more_drivers_than_there_can_be_are_not_taken_over),
	    TEST(of_an_empty_place_only_the_generation_is_taken_over),
	    TEST(a_record_that_cannot_be_is_not_taken_over),
	    TEST(what_kills_whoever_takes_it_over_is_not_taken_over_for_ever),
	    TEST(one_turn_that_served_is_enough),
	    TEST(no_index_is_believed_that_points_behind_what_it_counts),
	    TEST(the_registry_is_of_the_drivers_that_there_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
