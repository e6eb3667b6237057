/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of the registry, claims/registry.h: names that two manifests have. */
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

static void a_conflict_names_both_files_and_both_places(void **state)
{
	(void)state;
	assert_int_equal(add(0, "a", "\"provides\":[\"tty\"]"), DRV_OK);
	assert_int_equal(add(1, "tty", ""), DRV_EEXIST);
	assert_int_equal(errors.count, 1);
	assert_string_equal(errors.lines[0], "tty.drv.json:1:1: name: \"tty\" is a service, "
					     "which a has (a.drv.json:2:12)");
	assert_int_equal(registry.count, 1);
}

/* Who of them may start is asked then (claims.h). */
static void two_may_want_the_same_hardware(void **state)
{
	(void)state;
	static const char caps[] =
	    "\"caps\":{\"irq\":[5],\"pio\":[{\"start\":769,\"end\":770}],"
	    "\"mmio\":[{\"base\":\"0xee000\",\"size\":8192}]}";
	assert_int_equal(add(0, "a", caps), DRV_OK);
	assert_int_equal(add(1, "b", caps), DRV_OK);
}

static void two_may_name_one_image(void **state)
{
	(void)state;
	assert_int_equal(add(0, "a", "\"image\":\"uart.elf\""), DRV_OK);
	assert_int_equal(add(1, "b", "\"image\":\"uart.elf\""), DRV_OK);
}

static void a_file_is_called_like_its_driver(void **state)
{
	(void)state;
	static const char *const wrong[] = {"b.drv.json", "a.json",	 "aa.drv.json",
					    "a",	  "a.drv.json2", "./a.drv.json"};
	read_into(0, "a", "");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		memset(&errors, 0, sizeof(errors));
		assert_int_equal(registry_check(&registry, wrong[i], &manifests[0], &errors),
				 DRV_EINVAL);
		assert_non_null(
		    strstr(errors.lines[0], ":1:1: name: \"a\" must be in a file a.drv.json"));
	}
	assert_int_equal(registry_check(&registry, "a.drv.json", &manifests[0], &errors),
			 DRV_OK);
}

/* Nothing is wrong with either, and they are two groups: that is told. */
static void groups_of_one_name_with_two_strategies_are_told(void **state)
{
	(void)state;
	static const char all[] = "\"group\":{\"name\":\"g\",\"strategy\":\"all\"}";
	assert_int_equal(add(0, "a", all), DRV_OK);
	read_into(1, "b", all);
	registry_tell_groups(&registry, files[1], &manifests[1], &errors);
	read_into(1, "b", "\"group\":{\"name\":\"h\"}");
	registry_tell_groups(&registry, files[1], &manifests[1], &errors);
	read_into(1, "b", "");
	registry_tell_groups(&registry, files[1], &manifests[1], &errors);
	assert_int_equal(errors.count, 0);
	assert_int_equal(add(1, "b", "\"group\":{\"name\":\"g\"}"), DRV_OK);
	registry_tell_groups(&registry, files[1], &manifests[1], &errors);
	assert_int_equal(errors.count, 1);
	assert_string_equal(errors.lines[0],
			    "b.drv.json:2:9: group: \"g\" has another strategy "
			    "in a (a.drv.json:2:9): these are two groups");
}

static void all_conflicts_are_told_at_once(void **state)
{
	(void)state;
	assert_int_equal(add(0, "a", ""), DRV_OK);
	assert_int_equal(add(1, "b", "\"provides\":[\"x\"]"), DRV_OK);
	read_into(2, "x", "");
	assert_int_equal(registry_check(&registry, "y.drv.json", &manifests[2], &errors),
			 DRV_EEXIST);
	assert_int_equal(errors.count, 2);
}

static void a_name_is_its_drivers_whenever_that_is_admitted(void **state)
{
	(void)state;
	read_into(0, "a", "\"provides\":[\"tty\",\"b\",\"c\"]");
	assert_int_equal(
	    registry_check_owner("a.drv.json", &manifests[0], "d.drv.json", &errors), DRV_OK);
	assert_int_equal(
	    registry_check_owner("a.drv.json", &manifests[0], "a.drv.json", &errors), DRV_OK);
	assert_int_equal(
	    registry_check_owner("a.drv.json", &manifests[0], "tty2.drv.json", &errors),
	    DRV_OK);
	assert_int_equal(registry_check_owner("a.drv.json", &manifests[0], "b.json", &errors),
			 DRV_OK);
	assert_int_equal(errors.count, 0);
	assert_int_equal(
	    registry_check_owner("a.drv.json", &manifests[0], "c.drv.json", &errors),
	    DRV_EEXIST);
	assert_int_equal(errors.count, 1);
	assert_string_equal(errors.lines[0], "a.drv.json:2:12: provides: \"c\" is the name of "
					     "the driver of c.drv.json");
}

static void names_and_services_are_one_set(void **state)
{
	(void)state;
	assert_int_equal(add(0, "a", "\"provides\":[\"tty\"]"), DRV_OK);
	assert_int_equal(add(1, "a", ""), DRV_EEXIST);
	assert_int_equal(add(1, "tty", ""), DRV_EEXIST);
	assert_int_equal(add(1, "b", "\"provides\":[\"a\"]"), DRV_EEXIST);
	assert_int_equal(add(1, "b", "\"provides\":[\"tty2\"]"), DRV_OK);
	assert_int_equal(add(2, "c", "\"provides\":[\"tty\"]"), DRV_OK);
	assert_int_equal(registry_providers(&registry, "tty"), 1u << 0 | 1u << 2);
	assert_int_equal(registry_providers(&registry, "b"), 1u << 1);
	assert_int_equal(registry_providers(&registry, "d"), 0);
}

static void a_check_changes_nothing(void **state)
{
	(void)state;
	read_into(0, "a", "");
	assert_int_equal(registry_check(&registry, "a.drv.json", &manifests[0], &errors),
			 DRV_OK);
	assert_int_equal(registry.count, 0);
	assert_int_equal(registry_providers(&registry, "a"), 0);
}

static void what_is_removed_is_free_again_and_the_order_stays(void **state)
{
	(void)state;
	assert_int_equal(add(0, "a", "\"provides\":[\"x\"]"), DRV_OK);
	assert_int_equal(add(1, "b", ""), DRV_OK);
	assert_int_equal(add(2, "c", ""), DRV_OK);
	assert_int_equal(registry_remove(&registry, "x"), DRV_ENOENT);
	assert_int_equal(registry_remove(&registry, "a"), DRV_OK);
	assert_int_equal(registry.count, 2);
	assert_ptr_equal(registry.entries[0].manifest, &manifests[1]);
	assert_ptr_equal(registry.entries[1].manifest, &manifests[2]);
	assert_int_equal(add(3, "d", "\"provides\":[\"x\"]"), DRV_OK);
	assert_int_equal(registry_remove(&registry, "a"), DRV_ENOENT);
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
	uint32_t seen = 0;
	assert_false(registry_find_cycle(&registry, &seen, text, sizeof(text)));
	assert_string_equal(text, "untouched");
	registry_remove(&registry, "c");
	assert_int_equal(add(2, "c", "\"provides\":[\"svc\"],\"requires\":[\"b\"]"), DRV_OK);
	seen = 0;
	assert_true(registry_find_cycle(&registry, &seen, text, sizeof(text)));
	assert_string_equal(text, "b -> c -> b");
	char cut[8];
	seen = 0;
	assert_true(registry_find_cycle(&registry, &seen, cut, sizeof(cut)));
	assert_string_equal(cut, "b -> c ");
}

/* If one that provides it is in the circle, the other one is not. */
static void what_several_provide_closes_no_circle(void **state)
{
	(void)state;
	char text[64];
	uint32_t seen = 0;
	assert_int_equal(add(0, "a", "\"requires\":[\"svc\"]"), DRV_OK);
	assert_int_equal(add(1, "b", "\"provides\":[\"svc\"],\"requires\":[\"a\"]"), DRV_OK);
	assert_int_equal(add(2, "c", "\"provides\":[\"svc\"]"), DRV_OK);
	assert_false(registry_find_cycle(&registry, &seen, text, sizeof(text)));
	registry_remove(&registry, "c");
	seen = 0;
	assert_true(registry_find_cycle(&registry, &seen, text, sizeof(text)));
	assert_string_equal(text, "a -> b -> a");
}

static void each_circle_is_named_once(void **state)
{
	(void)state;
	uint32_t seen = 0;
	char text[64];
	assert_int_equal(add(0, "a", "\"requires\":[\"b\",\"d\"]"), DRV_OK);
	assert_int_equal(add(1, "b", "\"requires\":[\"a\"]"), DRV_OK);
	assert_int_equal(add(2, "c", "\"requires\":[\"a\"]"), DRV_OK);
	assert_int_equal(add(3, "d", "\"requires\":[\"e\"]"), DRV_OK);
	assert_int_equal(add(4, "e", "\"requires\":[\"d\",\"b\"]"), DRV_OK);
	assert_true(registry_find_cycle(&registry, &seen, text, sizeof(text)));
	assert_string_equal(text, "a -> b -> a");
	assert_true(registry_find_cycle(&registry, &seen, text, sizeof(text)));
	assert_string_equal(text, "d -> e -> d");
	assert_false(registry_find_cycle(&registry, &seen, text, sizeof(text)));
}

static void a_long_circle_and_a_dense_graph_are_walked_once(void **state)
{
	(void)state;
	char name[8], more[64], text[512];
	uint32_t seen = 0;
	for (unsigned i = 0; i < REGISTRY_MAX; i++) {
		snprintf(name, sizeof(name), "d%u", i);
		snprintf(more, sizeof(more), "\"requires\":[\"d%u\",\"d%u\"]", i + 1, i + 2);
		assert_int_equal(add(i, name, more), DRV_OK);
	}
	assert_false(registry_find_cycle(&registry, &seen, text, sizeof(text)));
	assert_int_equal(seen, UINT32_MAX);
	seen = 0;
	registry_remove(&registry, "d31");
	assert_int_equal(add(31, "d31", "\"requires\":[\"d0\"]"), DRV_OK);
	assert_true(registry_find_cycle(&registry, &seen, text, sizeof(text)));
	assert_memory_equal(text, "d0 -> d1 -> d2", 14);
}

#define TEST(function) cmocka_unit_test_setup(function, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_conflict_names_both_files_and_both_places),
	    TEST(two_may_want_the_same_hardware),
	    TEST(two_may_name_one_image),
	    TEST(a_file_is_called_like_its_driver),
	    TEST(groups_of_one_name_with_two_strategies_are_told),
	    TEST(all_conflicts_are_told_at_once),
	    TEST(a_name_is_its_drivers_whenever_that_is_admitted),
	    TEST(names_and_services_are_one_set),
	    TEST(a_check_changes_nothing),
	    TEST(what_is_removed_is_free_again_and_the_order_stays),
	    TEST(a_full_registry_refuses_the_next),
	    TEST(a_circle_of_requires_is_named),
	    TEST(what_several_provide_closes_no_circle),
	    TEST(each_circle_is_named_once),
	    TEST(a_long_circle_and_a_dense_graph_are_walked_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
