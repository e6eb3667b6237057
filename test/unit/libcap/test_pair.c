/* SPDX-License-Identifier: BSD-2-Clause */
/* The pair of cap/keep.h: wherever a driver dies, it finds the old state or the new one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/keep.h"
#include "cap/syscall.h"
#include "test/fake/cut.h"

#define OFFSET	 64u
#define VERSION	 3u
#define PAGE_END 4096u

typedef struct state {
	uint32_t number;
	uint8_t text[46];
	uint16_t last;
} state_t;

static uint8_t *page;
static DriverContextV2 context;
static keep_pair_t pair;

static int fresh(void **unused)
{
	(void)unused;
	page = cut_page();
	context = (DriverContextV2){.shared_cfg = (driver_address_t)(uintptr_t)page,
				    .shared_cfg_size = PAGE_END};
	cap_record_errors(&context.last_error);
	return 0;
}

/* As the next instance does, which knows nothing but the page. */
static err_t open_again(void)
{
	memset(&pair, 0xee, sizeof(pair));
	return keep_open(&pair, &context, OFFSET, VERSION, sizeof(state_t));
}

static void change(state_t *state)
{
	state->number++;
	memset(state->text, (int)(state->number * 37), sizeof(state->text));
	state->last = (uint16_t)~state->number;
}

static void step(void *unused)
{
	(void)unused;
	change(keep_next(&pair));
	keep_commit(&pair);
}

static void assert_live(uint32_t number)
{
	state_t wanted = {0};
	while (wanted.number < number)
		change(&wanted);
	assert_non_null(keep_live(&pair));
	assert_memory_equal(keep_live(&pair), &wanted, sizeof(wanted));
}

/* The call fails with that error, leaves it where failing calls do, and nothing else. */
#define FAILS(error, call)                                                                     \
	do {                                                                                   \
		uint8_t before[PAGE_END];                                                      \
		memcpy(before, page, PAGE_END);                                                \
		memset(&pair, 0xee, sizeof(pair));                                             \
		keep_pair_t pair_before = pair;                                                \
		context.last_error = DRV_OK;                                                   \
		assert_int_equal((call), (error));                                             \
		assert_int_equal(context.last_error, (error));                                 \
		assert_memory_equal(&pair, &pair_before, sizeof(pair));                        \
		assert_memory_equal(page, before, PAGE_END);                                   \
	} while (0)

static void nothing_is_there_at_first_and_the_first_state_is_zeros(void **unused)
{
	(void)unused;
	state_t zeros = {0};
	memset(page, 0x5a, PAGE_END); /* whatever lay there */
	context.last_error = DRV_OK;
	assert_int_equal(open_again(), DRV_ENOENT);
	assert_int_equal(context.last_error, DRV_ENOENT);
	assert_null(keep_live(&pair));
	assert_memory_equal(keep_next(&pair), &zeros, sizeof(zeros));
	context.last_error = DRV_OK;
	assert_int_equal(open_again(), DRV_ENOENT);
	assert_int_equal(context.last_error,
			 DRV_OK); /* there was none yet, which is no failure */
	change(keep_next(&pair));
	keep_commit(&pair);
	assert_int_equal(open_again(), DRV_OK);
	assert_live(1);
}

static void what_was_committed_last_is_live_and_what_was_not_is_not(void **unused)
{
	(void)unused;
	assert_int_equal(open_again(), DRV_ENOENT);
	for (uint32_t number = 1; number < 20; number++) {
		step(NULL);
		assert_live(number);
		assert_int_equal(open_again(), DRV_OK);
		assert_live(number);
		change(keep_next(&pair));
		change(keep_next(&pair)); /* from the live one again */
		assert_live(number);
		assert_int_equal(open_again(), DRV_OK);
		assert_live(number);
	}
}

static void a_commit_of_what_has_not_changed_is_one_too(void **unused)
{
	(void)unused;
	open_again();
	step(NULL);
	for (int i = 0; i < 3; i++) {
		keep_next(&pair);
		keep_commit(&pair);
		assert_live(1);
		assert_int_equal(open_again(), DRV_OK);
		assert_live(1);
	}
}

/* Makes one step behind `number` others, and dies at each of its stores. */
static void assert_old_or_new_wherever_it_is_cut(uint32_t number)
{
	cut_t cut;
	cut_record(&cut, step, NULL);
	assert_in_range(cut.points, 3, 1000);
	for (uint32_t point = 0; point <= cut.points; point++) {
		uint32_t found = point == cut.points ? number + 1 : number;
		cut_back(&cut, point);
		assert_int_equal(open_again(), found ? DRV_OK : DRV_ENOENT);
		if (found)
			assert_live(found);
		else
			assert_null(keep_live(&pair));
		step(NULL); /* and it goes on from there */
		assert_live(found + 1);
	}
	cut_back(&cut, cut.points);
	cut_free(&cut);
}

static void a_death_at_any_store_leaves_the_old_state_or_the_new_one(void **unused)
{
	(void)unused;
	open_again();
	for (uint32_t number = 0; number < 4; number++)
		assert_old_or_new_wherever_it_is_cut(number);
}

/* A store of the host may be wider than one of the target's, so the slot that is being made is
 * also left half made behind each byte. */
static void a_slot_that_is_half_made_is_no_ones_matter(void **unused)
{
	(void)unused;
	open_again();
	step(NULL);
	uint8_t before[PAGE_END], after[PAGE_END];
	memcpy(before, page, PAGE_END);
	change(keep_next(&pair));
	memcpy(after, page, PAGE_END);
	uint32_t torn = 0;
	for (uint32_t end = 0; end <= PAGE_END; end++) {
		memcpy(page, before, PAGE_END);
		memcpy(page, after, end);
		assert_int_equal(open_again(), DRV_OK);
		assert_live(1);
		torn += memcmp(page, before, PAGE_END) && memcmp(page, after, PAGE_END);
	}
	assert_in_range(torn, sizeof(state_t) - 8, sizeof(state_t));
}

static void live_word_or_slot_damaged(uint32_t byte, uint8_t bits, bool matters)
{
	page[byte] ^= bits;
	uint8_t damaged[PAGE_END];
	memcpy(damaged, page, PAGE_END);
	assert_int_equal(open_again(), matters ? DRV_ENOENT : DRV_OK);
	if (matters)
		assert_null(keep_live(&pair));
	else
		assert_live(2);
	memcpy(page, damaged, PAGE_END);
	page[byte] ^= bits;
}

static void every_damaged_byte_of_what_is_live_is_noticed_and_no_other(void **unused)
{
	(void)unused;
	open_again();
	step(NULL);
	step(NULL);
	uint32_t slot = (uint32_t)((const uint8_t *)keep_live(&pair) - page);
	for (uint32_t byte = 0; byte < OFFSET + KEEP_PAIR_BYTES(sizeof(state_t)) + 8; byte++) {
		bool matters = (byte >= OFFSET && byte < OFFSET + 4) ||
			       (byte >= slot && byte < slot + sizeof(state_t) + 4);
		for (unsigned bits = 1; bits < 256; bits++)
			live_word_or_slot_damaged(byte, (uint8_t)bits, matters);
	}
	assert_int_equal(open_again(), DRV_OK);
	assert_live(2);
}

static void what_was_found_damaged_is_not_found_again(void **unused)
{
	(void)unused;
	open_again();
	step(NULL);
	uint32_t *damaged = (uint32_t *)(uintptr_t)keep_live(&pair);
	*damaged ^= 1;
	assert_int_equal(open_again(), DRV_ENOENT);
	*damaged ^= 1;
	assert_int_equal(open_again(), DRV_ENOENT);
}

static void another_version_size_or_place_is_no_entry(void **unused)
{
	(void)unused;
	open_again();
	step(NULL);
	uint8_t before[PAGE_END];
	memcpy(before, page, PAGE_END);
	uint32_t size = sizeof(state_t);
	const struct {
		uint32_t offset, version, bytes;
	} others[] = {
	    {OFFSET, VERSION + 1, size}, {OFFSET, 0, size},    {OFFSET, VERSION, size - 4},
	    {OFFSET, VERSION, size + 4}, {OFFSET, VERSION, 4}, {OFFSET + 4, VERSION, size},
	    {OFFSET - 4, VERSION, size}, {0, VERSION, size},   {OFFSET, VERSION ^ 1, size ^ 4},
	    {OFFSET, size, VERSION + 1},
	};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		memcpy(page, before, PAGE_END);
		assert_int_equal(keep_open(&pair, &context, others[i].offset, others[i].version,
					   others[i].bytes),
				 DRV_ENOENT);
	}
	memcpy(page, before, PAGE_END);
	assert_int_equal(open_again(), DRV_OK);
}

/* Zeros behind a slot that was used alone make no longer one of it. */
static void what_was_kept_is_of_no_other_size(void **unused)
{
	(void)unused;
	open_again();
	step(NULL);
	uint8_t before[PAGE_END];
	memcpy(before, page, PAGE_END);
	for (uint32_t bytes = 4; bytes <= (PAGE_END - OFFSET - 4) / 2 - 4; bytes += 4) {
		memcpy(page, before, PAGE_END);
		assert_int_equal(keep_open(&pair, &context, OFFSET, VERSION, bytes),
				 bytes == sizeof(state_t) ? DRV_OK : DRV_ENOENT);
	}
}

static void it_fits_to_the_last_word_of_the_page_and_no_further(void **unused)
{
	(void)unused;
	uint32_t most = (PAGE_END - OFFSET - 4) / 8 * 4 - 4;
	assert_int_equal(keep_open(&pair, &context, OFFSET, 1, most), DRV_ENOENT);
	memset(keep_next(&pair), 7, most);
	keep_commit(&pair);
	assert_int_equal(keep_open(&pair, &context, OFFSET, 1, most), DRV_OK);
	FAILS(DRV_EMSGSIZE, keep_open(&pair, &context, OFFSET, 1, most + 4));
	FAILS(DRV_EMSGSIZE, keep_open(&pair, &context, OFFSET + 8, 1, most));
	FAILS(DRV_EMSGSIZE, keep_open(&pair, &context, 0, 1, 0x80000000u));
	FAILS(DRV_EMSGSIZE, keep_open(&pair, &context, 0, 1, 0xfffffffcu));
	FAILS(DRV_EMSGSIZE, keep_open(&pair, &context, PAGE_END, 1, 4));
	FAILS(DRV_EMSGSIZE, keep_open(&pair, &context, 0xfffffffcu, 1, 4));
	context.shared_cfg_size = KEEP_PAIR_BYTES(8) - 1;
	FAILS(DRV_EMSGSIZE, keep_open(&pair, &context, 0, 1, 8));
	context.shared_cfg_size = 0;
	FAILS(DRV_EMSGSIZE, keep_open(&pair, &context, 0, 1, 4));
}

static void odd_sizes_and_places_and_no_page_are_refused(void **unused)
{
	(void)unused;
	FAILS(DRV_EINVAL, keep_open(&pair, &context, OFFSET, 1, 0));
	for (uint32_t odd = 1; odd < 4; odd++) {
		FAILS(DRV_EINVAL, keep_open(&pair, &context, OFFSET + odd, 1, 8));
		FAILS(DRV_EINVAL, keep_open(&pair, &context, OFFSET, 1, 8 + odd));
	}
	context.shared_cfg = 0;
	FAILS(DRV_ENOTSUP, keep_open(&pair, &context, OFFSET, 1, 8));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(nothing_is_there_at_first_and_the_first_state_is_zeros,
				   fresh),
	    cmocka_unit_test_setup(what_was_committed_last_is_live_and_what_was_not_is_not,
				   fresh),
	    cmocka_unit_test_setup(a_commit_of_what_has_not_changed_is_one_too, fresh),
	    cmocka_unit_test_setup(a_death_at_any_store_leaves_the_old_state_or_the_new_one,
				   fresh),
	    cmocka_unit_test_setup(a_slot_that_is_half_made_is_no_ones_matter, fresh),
	    cmocka_unit_test_setup(every_damaged_byte_of_what_is_live_is_noticed_and_no_other,
				   fresh),
	    cmocka_unit_test_setup(what_was_found_damaged_is_not_found_again, fresh),
	    cmocka_unit_test_setup(another_version_size_or_place_is_no_entry, fresh),
	    cmocka_unit_test_setup(what_was_kept_is_of_no_other_size, fresh),
	    cmocka_unit_test_setup(it_fits_to_the_last_word_of_the_page_and_no_further, fresh),
	    cmocka_unit_test_setup(odd_sizes_and_places_and_no_page_are_refused, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
