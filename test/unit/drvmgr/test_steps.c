/* SPDX-License-Identifier: BSD-2-Clause */
/* What the manager does about all drivers at once takes few steps, whatever the manifests say:
 * the worst sets of them that are known, and how many steps each costs (counted.h). A step is
 * some four instructions, so that STEPS_MOST take half a millisecond at 125 MIPS. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "claims/claims.h"
#include "claims/names.h"
#include "core/world.h"
#include "counted.h"

#define STEPS_MOST 16000u

static manifest_t manifests[REGISTRY_MAX];
static char files[REGISTRY_MAX][48];
static manifest_errors_t errors;
static registry_t registry;
static world_t world;
static unit_t units[UNITS_MAX];

static void expect_few(const char *what)
{
	print_message("%s: %u steps\n", what, steps);
	assert_in_range(steps, 1, STEPS_MOST);
}

/* Names as long as they can be, that differ at their end alone. */
static void add_name(name_list_t *list, char letter, uint32_t number)
{
	snprintf(list->items[list->count++], sizeof(list->items[0]),
		 "a-name-of-thirty-one-letters-%c%c", letter, (char)('0' + number));
}

/* As many claims of each kind as there can be, none of them another's. */
static void claim_all(manifest_t *manifest, uint32_t i)
{
	caps_t *caps = &manifest->caps;
	for (uint32_t k = 0; k < DRIVER_CAPS_MAX; k++) {
		caps->pio.items[k] = (pio_range_t){.start = 8 * i + k, .end = 8 * i + k};
		caps->irq.items[k] = (irq_line_t){.line = k, .shared = 1};
		caps->mmio.items[k] = (mmio_range_t){.base = (8 * i + k) << 12, .size = 4096};
	}
	caps->pio.count = caps->irq.count = caps->mmio.count = DRIVER_CAPS_MAX;
}

static void make_manifest(uint32_t i)
{
	manifest_t *manifest = &manifests[i];
	memset(manifest, 0, sizeof(*manifest));
	snprintf(manifest->name, sizeof(manifest->name), "a-driver-whose-name-is-long-%02u", i);
	snprintf(files[i], sizeof(files[i]), "%s.drv.json", manifest->name);
	claim_all(manifest, i);
	for (uint32_t k = 0; k < MANIFEST_NAMES_MAX; k++)
		add_name(&manifest->provides, (char)('A' + k), i);
	for (uint32_t k = 0; k < MANIFEST_NAMES_MAX; k++)
		add_name(&manifest->needs, (char)('A' + k), (i + 1) % REGISTRY_MAX);
	snprintf(manifest->group.name, sizeof(manifest->group.name),
		 "a-group-whose-name-is-long-%02u", i);
}

static err_t add(uint32_t i)
{
	return registry_add(&registry, files[i], &manifests[i], &errors);
}

/* All but the last. */
static int setup(void **state)
{
	(void)state;
	registry_clear(&registry);
	for (uint32_t i = 0; i < REGISTRY_MAX; i++)
		make_manifest(i);
	for (uint32_t i = 0; i + 1 < REGISTRY_MAX; i++)
		assert_int_equal(add(i), DRV_OK);
	steps = 0;
	return 0;
}

static void adding_a_manifest_takes_few_steps(void **state)
{
	(void)state;
	assert_int_equal(add(REGISTRY_MAX - 1), DRV_OK);
	expect_few("all names differ");
}

/* Half of them are rivals by what is compared last. */
static void adding_a_rival_takes_few_steps(void **state)
{
	(void)state;
	for (uint32_t i = REGISTRY_MAX / 2; i < REGISTRY_MAX; i++)
		strcpy(manifests[i].provides.items[7], "a-name-of-thirty-one-letters-zz");
	registry_clear(&registry);
	for (uint32_t i = 0; i + 1 < REGISTRY_MAX; i++)
		assert_int_equal(add(i), DRV_OK);
	steps = 0;
	assert_int_equal(add(REGISTRY_MAX - 1), DRV_OK);
	assert_int_equal(registry.entries[REGISTRY_MAX - 1].rivals, 0x7fff0000u);
	expect_few("half of all are rivals");
}

static void taking_one_out_takes_few_steps(void **state)
{
	(void)state;
	assert_int_equal(registry_remove(&registry, manifests[0].name), DRV_OK);
	expect_few("removal");
}

static void linking_all_names_takes_few_steps(void **state)
{
	names_link_t links[REGISTRY_MAX];
	(void)state;
	assert_int_equal(add(REGISTRY_MAX - 1), DRV_OK);
	steps = 0;
	names_link(&registry, links);
	assert_int_equal(links[0].providers[0], 1u << 1);
	assert_int_equal(links[REGISTRY_MAX - 1].providers[7], 1u << 0);
	expect_few("links");
}

static void finding_a_circle_of_all_takes_few_steps(void **state)
{
	uint32_t seen = 0;
	char text[160];
	(void)state;
	assert_int_equal(add(REGISTRY_MAX - 1), DRV_OK);
	steps = 0;
	assert_true(registry_find_cycle(&registry, &seen, text, sizeof(text)));
	expect_few("a circle");
}

static void saying_what_two_both_want_takes_few_steps(void **state)
{
	claim_conflict_t conflict;
	(void)state;
	strcpy(manifests[REGISTRY_MAX - 1].provides.items[7], manifests[0].provides.items[7]);
	assert_int_equal(add(REGISTRY_MAX - 1), DRV_OK);
	steps = 0;
	assert_true(claims_check(&registry, REGISTRY_MAX - 1, UINT32_MAX, &conflict));
	assert_int_equal(conflict.theirs.kind, CLAIM_SERVICE);
	expect_few("a conflict");
}

/* ---- the world ---- */

static void begin_world(uint32_t count)
{
	memset(&world, 0, sizeof(world));
	memset(units, 0, sizeof(units));
	world.count = count;
	for (uint32_t i = 0; i < count; i++) {
		world.units[i] = &units[i];
		world.order[i] = world.rules[i].rank = i;
		world.rules[i].requires_count = REQUIRES_MAX;
	}
	core_begin(&world, 0);
}

/* Takes all effects, and answers none. */
static void settle(void)
{
	effect_t effect;
	while (core_next(&world, &effect)) {
	}
}

/* A chain that waits for hardware at its end, a circle, and who waits for what the circle has:
 * who will run is found in as many rounds as the chain is long. */
static void make_chain_and_circle(void)
{
	begin_world(UNITS_MAX);
	for (uint32_t i = 0; i < UNITS_MAX; i++) {
		rules_t *rules = &world.rules[i];
		uint32_t part = i < 11 ? 0 : i < 22 ? 11 : 22, size = part == 22 ? 10 : 11;
		for (uint32_t k = 0; k < REQUIRES_MAX; k++)
		rules->requires[k] = (uint8_t)(part + (i - part + 1) % size);
		rules->rivals = part == 0 ? 0x7ffu : part == 11 ? 0xffc00000u : 0x3ff800u;
		rules->rivals &= ~(1u << i);
		rules->group = 1 + part;
		rules->strategy = GROUP_ALL;
	}
	world.rules[10].requires_count = 0;
}

static void looking_at_all_that_waits_takes_few_steps(void **state)
{
	(void)state;
	make_chain_and_circle();
	settle();
	for (uint32_t i = 0; i < UNITS_MAX; i++)
		units[i].in_round = true;
	steps = 0;
	world.dirty = true;
	settle();
	expect_few("a look that finds nothing");
}

static void asking_for_what_one_waits_takes_few_steps(void **state)
{
	(void)state;
	make_chain_and_circle();
	settle();
	for (uint32_t i = 0; i < UNITS_MAX; i++)
		units[i].in_round = true;
	steps = 0;
	assert_int_not_equal(core_lack(&world, 0).kind, LACK_NOTHING);
	expect_few("one reason");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(adding_a_manifest_takes_few_steps, setup),
	    cmocka_unit_test_setup(adding_a_rival_takes_few_steps, setup),
	    cmocka_unit_test_setup(taking_one_out_takes_few_steps, setup),
	    cmocka_unit_test_setup(linking_all_names_takes_few_steps, setup),
	    cmocka_unit_test_setup(finding_a_circle_of_all_takes_few_steps, setup),
	    cmocka_unit_test_setup(saying_what_two_both_want_takes_few_steps, setup),
	    cmocka_unit_test(looking_at_all_that_waits_takes_few_steps),
	    cmocka_unit_test(asking_for_what_one_waits_takes_few_steps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
