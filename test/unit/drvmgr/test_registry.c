/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of the registry, claims/registry.h: conflicts between manifests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "claims/registry.h"

static manifest_reader_t reader;
static manifest_errors_t errors;
static manifest_t manifests[REGISTRY_MAX + 1];
static char files[REGISTRY_MAX + 1][32];
static registry_t registry;

static int setup(void **state)
{
	(void)state;
	registry_clear(&registry);
	memset(&errors, 0, sizeof(errors));
	return 0;
}

/* Reads a manifest `name` with `more` members into a slot. */
static void read_into(unsigned slot, const char *name, const char *more)
{
	char text[1024];
	snprintf(text, sizeof(text), "{\"name\":\"%s\",\"abi\":1%s%s}", name,
		 *more ? ",\n" : "", more);
	snprintf(files[slot], sizeof(files[slot]), "%s.drv.json", name);
	assert_int_equal(
	    manifest_parse(&reader, files[slot], text, strlen(text), &manifests[slot], &errors),
	    DRV_OK);
}

/* Reads and adds. */
static err_t add(unsigned slot, const char *name, const char *more)
{
	read_into(slot, name, more);
	return registry_add(&registry, files[slot], &manifests[slot], &errors);
}

static err_t add_caps(unsigned slot, const char *name, const char *kind, const char *list)
{
	char more[512];
	snprintf(more, sizeof(more), "\"caps\":{\"%s\":%s}", kind, list);
	return add(slot, name, more);
}

static void a_conflict_names_both_files_and_both_places(void **state)
{
	(void)state;
	assert_int_equal(add_caps(0, "a", "pio", "[{\"start\":769,\"end\":770}]"), DRV_OK);
	assert_int_equal(
	    add_caps(1, "b", "pio",
		     "[{\"start\":776,\"end\":776},\n{\"start\":770,\"end\":771}]"),
	    DRV_EBUSY);
	assert_int_equal(errors.count, 1);
	assert_string_equal(
	    errors.lines[0],
	    "b.drv.json:3:1: caps.pio[1]: 770..771 overlaps 769..770, which a has "
	    "(a.drv.json:2:16)");
	assert_int_equal(registry.count, 1);
}

static void ports_conflict_from_the_first_to_the_last(void **state)
{
	(void)state;
	assert_int_equal(add_caps(0, "a", "pio", "[{\"start\":800,\"end\":810}]"), DRV_OK);
	assert_int_equal(add_caps(1, "b", "pio", "[{\"start\":790,\"end\":800}]"), DRV_EBUSY);
	assert_int_equal(add_caps(1, "b", "pio", "[{\"start\":810,\"end\":820}]"), DRV_EBUSY);
	assert_int_equal(add_caps(1, "b", "pio", "[{\"start\":805,\"end\":806}]"), DRV_EBUSY);
	assert_int_equal(add_caps(1, "b", "pio", "[{\"start\":790,\"end\":820}]"), DRV_EBUSY);
	assert_int_equal(add_caps(1, "b", "pio",
				  "[{\"start\":790,\"end\":799},{\"start\":811,\"end\":811}]"),
			 DRV_OK);
}

static void an_interrupt_line_is_exclusive(void **state)
{
	(void)state;
	assert_int_equal(add_caps(0, "a", "irq", "[5]"), DRV_OK);
	assert_int_equal(add_caps(1, "b", "irq", "[{\"line\":5}]"), DRV_EBUSY);
	assert_string_equal(errors.lines[0],
			    "b.drv.json:2:16: caps.irq[0]: line 5 is exclusive, "
			    "which a has (a.drv.json:2:16)");
	assert_int_equal(add_caps(1, "b", "irq", "[6]"), DRV_OK);
}

static void memory_conflicts_from_the_first_to_the_last_page(void **state)
{
	(void)state;
	assert_int_equal(add_caps(0, "a", "mmio", "[{\"base\":\"0xee000\",\"size\":8192}]"),
			 DRV_OK);
	assert_int_equal(add_caps(1, "b", "mmio", "[{\"base\":\"0xef000\",\"size\":4096}]"),
			 DRV_EBUSY);
	assert_int_equal(add_caps(1, "b", "mmio", "[{\"base\":\"0xed000\",\"size\":8192}]"),
			 DRV_EBUSY);
	assert_int_equal(add_caps(1, "b", "mmio", "[{\"base\":\"0xed000\",\"size\":4096}]"),
			 DRV_OK);
}

static void kinds_of_resources_do_not_meet(void **state)
{
	(void)state;
	assert_int_equal(add_caps(0, "a", "pio", "[{\"start\":775,\"end\":775}]"), DRV_OK);
	assert_int_equal(add_caps(1, "b", "irq", "[5]"), DRV_OK);
}

static void all_conflicts_are_told_at_once(void **state)
{
	(void)state;
	assert_int_equal(add_caps(0, "a", "irq", "[5,6]"), DRV_OK);
	assert_int_equal(add_caps(1, "b", "irq", "[7]"), DRV_OK);
	assert_int_equal(add_caps(2, "a", "irq", "[5,6,7]"), DRV_EEXIST);
	assert_int_equal(errors.count, 4);
}

static void names_and_services_are_one_set(void **state)
{
	(void)state;
	assert_int_equal(add(0, "a", "\"provides\":[\"tty\"]"), DRV_OK);
	assert_int_equal(add(1, "a", ""), DRV_EEXIST);
	assert_int_equal(add(1, "tty", ""), DRV_EEXIST);
	assert_int_equal(add(1, "b", "\"provides\":[\"tty\"]"), DRV_EEXIST);
	assert_int_equal(add(1, "b", "\"provides\":[\"a\"]"), DRV_EEXIST);
	assert_int_equal(add(1, "b", "\"provides\":[\"tty2\"]"), DRV_OK);
	assert_ptr_equal(registry_find(&registry, "tty"), &manifests[0]);
	assert_ptr_equal(registry_find(&registry, "b"), &manifests[1]);
	assert_null(registry_find(&registry, "c"));
}

static void a_check_changes_nothing(void **state)
{
	(void)state;
	read_into(0, "a", "\"caps\":{\"irq\":[5]}");
	assert_int_equal(registry_check(&registry, "f", &manifests[0], &errors), DRV_OK);
	assert_int_equal(registry.count, 0);
	assert_null(registry_line_owner(&registry, 5));
}

static void what_is_removed_is_free_again_and_the_order_stays(void **state)
{
	(void)state;
	assert_int_equal(add_caps(0, "a", "irq", "[4]"), DRV_OK);
	assert_int_equal(add_caps(1, "b", "irq", "[5]"), DRV_OK);
	assert_int_equal(add_caps(2, "c", "irq", "[6]"), DRV_OK);
	assert_int_equal(registry_remove(&registry, "x"), DRV_ENOENT);
	assert_int_equal(registry_remove(&registry, "a"), DRV_OK);
	assert_int_equal(registry.count, 2);
	assert_ptr_equal(registry.entries[0].manifest, &manifests[1]);
	assert_ptr_equal(registry.entries[1].manifest, &manifests[2]);
	assert_int_equal(add_caps(3, "d", "irq", "[4]"), DRV_OK);
	assert_int_equal(registry_remove(&registry, "a"), DRV_ENOENT);
}

static void owners_are_found_inside_ranges_only(void **state)
{
	(void)state;
	assert_int_equal(add(0, "a",
			     "\"caps\":{\"irq\":[4],\"pio\":[{\"start\":96,\"end\":100}],"
			     "\"mmio\":[{\"base\":\"0xee000\",\"size\":8192}]}"),
			 DRV_OK);
	assert_ptr_equal(registry_port_owner(&registry, 96), &manifests[0]);
	assert_ptr_equal(registry_port_owner(&registry, 100), &manifests[0]);
	assert_null(registry_port_owner(&registry, 95));
	assert_null(registry_port_owner(&registry, 101));
	assert_ptr_equal(registry_line_owner(&registry, 4), &manifests[0]);
	assert_null(registry_line_owner(&registry, 0));
	assert_ptr_equal(registry_memory_owner(&registry, 0xeffffu), &manifests[0]);
	assert_null(registry_memory_owner(&registry, 0xedfffu));
	assert_null(registry_memory_owner(&registry, 0));
}

static void a_full_registry_refuses_the_next(void **state)
{
	(void)state;
	for (unsigned i = 0; i <= REGISTRY_MAX; i++) {
		char name[8];
		snprintf(name, sizeof(name), "d%u", i);
		assert_int_equal(add(i, name, ""), i < REGISTRY_MAX ? DRV_OK : DRV_ENOMEM);
	}
	assert_int_equal(registry.count, REGISTRY_MAX);
}

static void a_circle_of_requires_is_named(void **state)
{
	(void)state;
	char text[128] = "untouched";
	assert_int_equal(add(0, "a", "\"requires\":[\"none\",\"b\"]"), DRV_OK);
	assert_int_equal(add(1, "b", "\"requires\":[\"svc\"]"), DRV_OK);
	assert_int_equal(add(2, "c", "\"provides\":[\"svc\"]"), DRV_OK);
	assert_int_equal(add(3, "e", "\"requires\":[\"b\",\"svc\",\"a\"]"), DRV_OK);
	assert_false(registry_find_cycle(&registry, text, sizeof(text)));
	assert_string_equal(text, "untouched");
	registry_remove(&registry, "c");
	assert_int_equal(add(2, "c", "\"provides\":[\"svc\"],\"requires\":[\"b\"]"), DRV_OK);
	assert_true(registry_find_cycle(&registry, text, sizeof(text)));
	assert_string_equal(text, "b -> c -> b");
	char cut[8];
	assert_true(registry_find_cycle(&registry, cut, sizeof(cut)));
	assert_string_equal(cut, "b -> c ");
}

static void a_long_circle_and_a_dense_graph_are_walked_once(void **state)
{
	(void)state;
	char name[8], more[64], text[512];
	for (unsigned i = 0; i < REGISTRY_MAX; i++) {
		snprintf(name, sizeof(name), "d%u", i);
		snprintf(more, sizeof(more), "\"requires\":[\"d%u\",\"d%u\"]", i + 1, i + 2);
		assert_int_equal(add(i, name, more), DRV_OK);
	}
	assert_false(registry_find_cycle(&registry, text, sizeof(text)));
	registry_remove(&registry, "d31");
	assert_int_equal(add(31, "d31", "\"requires\":[\"d0\"]"), DRV_OK);
	assert_true(registry_find_cycle(&registry, text, sizeof(text)));
	assert_memory_equal(text, "d0 -> d1 -> d2", 14);
}

#define TEST(function) cmocka_unit_test_setup(function, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_conflict_names_both_files_and_both_places),
	    TEST(ports_conflict_from_the_first_to_the_last),
	    TEST(an_interrupt_line_is_exclusive),
	    TEST(memory_conflicts_from_the_first_to_the_last_page),
	    TEST(kinds_of_resources_do_not_meet),
	    TEST(all_conflicts_are_told_at_once),
	    TEST(names_and_services_are_one_set),
	    TEST(a_check_changes_nothing),
	    TEST(what_is_removed_is_free_again_and_the_order_stays),
	    TEST(owners_are_found_inside_ranges_only),
	    TEST(a_full_registry_refuses_the_next),
	    TEST(a_circle_of_requires_is_named),
	    TEST(a_long_circle_and_a_dense_graph_are_walked_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
