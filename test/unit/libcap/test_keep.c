/* SPDX-License-Identifier: BSD-2-Clause */
/* What a driver keeps over its restart: it comes back as it was or not at all. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "cap/keep.h"
#include "cap/syscall.h"

static uint8_t *page; /* below 4 GiB, as in a driver process */
static DriverContextV2 context;

static int fresh(void **state)
{
	(void)state;
	if (!page)
		page = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	assert_true((void *)page != MAP_FAILED);
	memset(page, 0, PAGE_SIZE);
	context = (DriverContextV2){.shared_cfg = (driver_address_t)(uintptr_t)page,
				    .shared_cfg_size = PAGE_SIZE};
	cap_record_errors(&context.last_error);
	return 0;
}

/* The call fails with that error, and leaves it where failing calls do. */
#define FAILS(error, call)                                                                     \
	do {                                                                                   \
		context.last_error = DRV_OK;                                                   \
		assert_int_equal((call), (error));                                             \
		assert_int_equal(context.last_error, (error));                                 \
	} while (0)

static void what_was_kept_comes_back(void **state)
{
	(void)state;
	char data[] = "typed so far", back[sizeof(data)];
	assert_int_equal(keep_save(&context, 3, data, sizeof(data)), DRV_OK);
	assert_int_equal(keep_load(&context, 3, back, sizeof(back)), DRV_OK);
	assert_string_equal(back, data);
}

static void nothing_kept_another_version_or_length_is_no_entry(void **state)
{
	(void)state;
	char data[8] = "1234567", back[9] = "untouch.";
	assert_int_equal(keep_save(&context, 1, data, 8), DRV_OK);
	FAILS(DRV_ENOENT, keep_load(&context, 2, back, 8));
	FAILS(DRV_ENOENT, keep_load(&context, 1, back, 7));
	FAILS(DRV_ENOENT, keep_load(&context, 1, back, 9));
	assert_string_equal(back, "untouch.");
}

/* A first instance has not failed, and nobody is to think so. */
static void nothing_kept_yet_is_no_failure(void **state)
{
	(void)state;
	char back[9] = "untouch.";
	context.last_error = DRV_OK;
	assert_int_equal(keep_load(&context, 1, back, 8), DRV_ENOENT);
	assert_int_equal(context.last_error, DRV_OK);
	assert_string_equal(back, "untouch.");
	context.shared_cfg_size = 4; /* there is no place to keep anything */
	FAILS(DRV_ENOENT, keep_load(&context, 1, back, 8));
}

static void every_damaged_byte_is_noticed(void **state)
{
	(void)state;
	char data[8] = "1234567", back[8];
	keep_save(&context, 1, data, sizeof(data));
	for (unsigned i = 0; i < 4 * sizeof(uint32_t) + sizeof(data); i++) {
		page[i] ^= 0x10;
		FAILS(DRV_ENOENT, keep_load(&context, 1, back, sizeof(back)));
		page[i] ^= 0x10;
	}
	assert_int_equal(keep_load(&context, 1, back, sizeof(back)), DRV_OK);
}

static void more_than_the_page_holds_is_refused(void **state)
{
	(void)state;
	static uint8_t data[PAGE_SIZE];
	uint32_t most = PAGE_SIZE - 4 * sizeof(uint32_t);
	assert_int_equal(keep_save(&context, 1, data, most), DRV_OK);
	FAILS(DRV_EMSGSIZE, keep_save(&context, 1, data, most + 1));
	FAILS(DRV_EMSGSIZE, keep_save(&context, 1, data, UINT32_MAX));
	FAILS(DRV_ENOENT, keep_load(&context, 1, data, UINT32_MAX));
	context.shared_cfg_size = 4;
	FAILS(DRV_EMSGSIZE, keep_save(&context, 1, data, 0));
	context.shared_cfg = 0;
	FAILS(DRV_ENOTSUP, keep_save(&context, 1, data, 1));
	FAILS(DRV_ENOENT, keep_load(&context, 1, data, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(what_was_kept_comes_back, fresh),
	    cmocka_unit_test_setup(nothing_kept_another_version_or_length_is_no_entry, fresh),
	    cmocka_unit_test_setup(nothing_kept_yet_is_no_failure, fresh),
	    cmocka_unit_test_setup(every_damaged_byte_is_noticed, fresh),
	    cmocka_unit_test_setup(more_than_the_page_holds_is_refused, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
