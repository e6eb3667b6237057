/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of claims/claims.h: who has what another wants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "claims/claims.h"

#define ALL UINT32_MAX

static manifest_reader_t reader;
static manifest_errors_t errors;
static manifest_t manifests[REGISTRY_MAX];
static char files[REGISTRY_MAX][32];
static registry_t registry;
static claim_conflict_t conflict;

static int setup(void **state)
{
	(void)state;
	registry_clear(&registry);
	memset(&conflict, 0xa5, sizeof(conflict));
	return 0;
}

/* Makes the next entry of the registry, with these `caps`. */
static uint32_t enter(const char *name, const char *caps)
{
	uint32_t slot = registry.count;
	char text[1024];
	snprintf(text, sizeof(text), "{\"name\":\"%s\",\"abi\":1,\n\"caps\":{%s}}", name, caps);
	snprintf(files[slot], sizeof(files[slot]), "%s.drv.json", name);
	assert_int_equal(
	    manifest_parse(&reader, files[slot], text, strlen(text), &manifests[slot], &errors),
	    DRV_OK);
	assert_int_equal(registry_add(&registry, files[slot], &manifests[slot], &errors),
			 DRV_OK);
	return slot;
}

static bool has = true;

static void expect_told(uint32_t wants, const char *expected)
{
	char text[CLAIMS_TOLD];
	assert_int_equal(claims_tell(&registry, wants, &conflict, has, text, sizeof(text)),
			 strlen(expected));
	assert_string_equal(text, expected);
}

static void who_waits_is_told_for_whom_and_where_both_say_so(void **state)
{
	(void)state;
	enter("a", "\"pio\":[{\"start\":\"0x300\",\"end\":\"0x30f\"}]");
	uint32_t b = enter("b", "\"irq\":[5],\n\"pio\":[{\"start\":783,\"end\":784}]");
	assert_true(claims_check(&registry, b, ALL, &conflict));
	assert_int_equal(conflict.holder, 0);
	expect_told(b, "waits for a: ports 783..784 (b.drv.json:3:8), which it has "
		       "(a.drv.json:2:16)");
	assert_true(claims_check(&registry, 0, ALL, &conflict));
	has = false;
	expect_told(0, "waits for b: ports 0x300..0x30f (a.drv.json:2:16), which it gets first "
		       "(b.drv.json:3:8)");
	has = true;
}

static void only_who_holds_is_in_the_way(void **state)
{
	(void)state;
	enter("a", "\"irq\":[5]");
	enter("b", "\"irq\":[5]");
	uint32_t c = enter("c", "\"irq\":[5]");
	claim_conflict_t untouched = conflict;
	assert_false(claims_check(&registry, c, 0, &conflict));
	assert_false(claims_check(&registry, c, 1u << c, &conflict));
	assert_memory_equal(&conflict, &untouched, sizeof(conflict));
	assert_true(claims_check(&registry, c, 1u << 1, &conflict));
	assert_int_equal(conflict.holder, 1);
	assert_true(claims_check(&registry, c, ALL, &conflict));
	assert_int_equal(conflict.holder, 0);
}

static void each_kind_meets_its_own_kind_alone(void **state)
{
	(void)state;
	static const char *const caps[] = {
	    "\"pio\":[{\"start\":768,\"end\":783}]",
	    "\"irq\":[7]",
	    "\"mmio\":[{\"base\":\"0xa0000\",\"size\":\"0x2000\"}]",
	};
	static const char *const again[] = {
	    "\"pio\":[{\"start\":783,\"end\":783}]",
	    "\"irq\":[7]",
	    "\"mmio\":[{\"base\":\"0xa1000\",\"size\":\"0x1000\"}]",
	};
	static const char *const beside[] = {
	    "\"pio\":[{\"start\":784,\"end\":784}]",
	    "\"irq\":[6]",
	    "\"mmio\":[{\"base\":\"0xa2000\",\"size\":\"0x1000\"}]",
	};
	static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
	for (uint32_t kind = 0; kind < CLAIM_SERVICE; kind++)
		enter(names[kind], caps[kind]);
	for (uint32_t kind = 0; kind < CLAIM_SERVICE; kind++) {
		uint32_t meets = enter(names[3 + kind], again[kind]);
		assert_true(claims_check(&registry, meets, 7, &conflict));
		assert_int_equal(conflict.holder, kind);
		assert_int_equal(conflict.mine.kind, kind);
		meets = enter(names[6 + kind], beside[kind]);
		assert_false(claims_check(&registry, meets, 7, &conflict));
	}
}

static void a_line_is_shared_only_if_both_say_so(void **state)
{
	(void)state;
	claim_t a = {.kind = CLAIM_LINE, .span = {5, 5}, .shared = true}, b = a;
	assert_false(claim_meets(&a, &b));
	b.shared = false;
	assert_true(claim_meets(&a, &b));
	assert_true(claim_meets(&b, &a));
	b.span = (span_t){6, 6};
	assert_false(claim_meets(&a, &b));
}

static void a_service_has_one_at_a_time(void **state)
{
	(void)state;
	enter("a", "},\"provides\":[\"disk\",\"tty\"],\"x-\":{");
	uint32_t b = enter("b", "},\n\"provides\":[\"tty\"],\"x-\":{");
	uint32_t c = enter("c", "},\"provides\":[\"audio\"],\"x-\":{");
	assert_true(claims_check(&registry, b, ALL, &conflict));
	expect_told(b, "waits for a: service tty (b.drv.json:3:12), which it has "
		       "(a.drv.json:2:22)");
	assert_int_equal(registry.entries[0].rivals, 1u << b);
	assert_int_equal(registry.entries[b].rivals, 1u << 0);
	assert_int_equal(registry.entries[c].rivals, 0);
}

static void claims_come_in_the_order_of_the_manifest(void **state)
{
	(void)state;
	uint32_t a = enter("a", "\"mmio\":[{\"base\":\"0xa0000\",\"size\":4096}],\"irq\":[5,7],"
				"\"pio\":[{\"start\":768,\"end\":768}]");
	static const char *const shown[] = {"port 768", "line 5", "line 7",
					    "memory 0xa0000..0xa0fff"};
	char text[CLAIM_SHOWN];
	claim_t claim;
	for (uint32_t n = 0; n < 4; n++) {
		assert_true(claim_at(&manifests[a], n, &claim));
		assert_string_equal(claim_show(&claim, text), shown[n]);
	}
	assert_false(claim_at(&manifests[a], 4, &claim));
	assert_int_equal(claim.kind, CLAIM_MEMORY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_service_has_one_at_a_time, setup),
	    cmocka_unit_test_setup(who_waits_is_told_for_whom_and_where_both_say_so, setup),
	    cmocka_unit_test_setup(only_who_holds_is_in_the_way, setup),
	    cmocka_unit_test_setup(each_kind_meets_its_own_kind_alone, setup),
	    cmocka_unit_test_setup(a_line_is_shared_only_if_both_say_so, setup),
	    cmocka_unit_test_setup(claims_come_in_the_order_of_the_manifest, setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
