/* SPDX-License-Identifier: BSD-2-Clause */
/* The ledger, kept/ledger.h: whoever dies while he writes it, after any of his stores, leaves a
 * whole record, of before or of after. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kept/ledger.h"

#define WORDS 17u
#define BYTES (4 * WORDS)
#define NEVER UINT32_MAX

static ledger_t ledger;
static uint32_t stores_left;
static jmp_buf death;

/* The writer dies when it would make one store more than it may. */
void ledger_store(uint32_t *to, uint32_t value)
{
	if (stores_left == 0)
		longjmp(death, 1);
	stores_left--;
	*to = value;
}

static void fill(uint32_t words[WORDS], uint32_t version)
{
	for (uint32_t i = 0; i < WORDS; i++)
		words[i] = version * 1000 + i;
}

static int empty(void **state)
{
	(void)state;
	memset(&ledger, 0, sizeof(ledger));
	stores_left = NEVER;
	return 0;
}

static void commit(uint32_t version)
{
	uint32_t words[WORDS];
	fill(words, version);
	ledger_commit(&ledger, 3, words, BYTES);
}

/* The version that is found; all of it must be of that one. */
static uint32_t found(void)
{
	uint32_t words[WORDS], expected[WORDS];
	assert_int_equal(ledger_read(&ledger, 3, words, BYTES), DRV_OK);
	fill(expected, words[0] / 1000);
	assert_memory_equal(words, expected, BYTES);
	return words[0] / 1000;
}

/* True: it came to an end. */
static bool commit_and_die(uint32_t version, uint32_t stores)
{
	bool done = false;
	if (!setjmp(death)) {
		stores_left = stores;
		commit(version);
		done = true;
	}
	stores_left = NEVER;
	return done;
}

static void after_a_death_behind_any_store_of_a_commit_a_whole_record_is_found(void **state)
{
	(void)state;
	uint32_t deaths = 0;
	for (bool done = false; !done; deaths += !done) {
		empty(NULL);
		commit(1);
		commit(2);
		done = commit_and_die(3, deaths);
		assert_int_equal(found(), done ? 3 : 2); /* the last store is what counts */
	}
	assert_true(deaths > WORDS);
}

static void two_deaths_in_a_row_lose_no_more_than_one(void **state)
{
	(void)state;
	for (uint32_t first = 0; first < WORDS + 4; first++) {
		for (uint32_t second = 0; second < WORDS + 4; second++) {
			empty(NULL);
			commit(1);
			commit(2);
			commit_and_die(3, first);
			uint32_t between = found();
			assert_in_range(between, 2, 3);
			commit_and_die(4, second);
			assert_in_range(found(), between, 4);
			commit(5);
			assert_int_equal(found(), 5);
		}
	}
}

static void a_first_commit_that_was_not_finished_is_none(void **state)
{
	(void)state;
	uint32_t words[WORDS];
	assert_false(commit_and_die(1, WORDS));
	assert_int_equal(ledger_read(&ledger, 3, words, BYTES), DRV_ENOENT);
	commit(1);
	assert_int_equal(found(), 1);
}

static void a_damaged_record_is_not_believed(void **state)
{
	(void)state;
	commit(1);
	commit(2);
	for (uint32_t k = 0; k < 2; k++)
		if (ledger.records[3][k].words[0] == 2000)
			ledger.records[3][k].words[5] ^= 1;
	assert_int_equal(found(), 1);
}

/* Whatever bit of a record's two places is another than it was: what is found is one of the two
 * records, or none of which the bit counts. */
static void a_bit_that_flips_is_seen(void **state)
{
	(void)state;
	for (uint32_t bit = 0; bit < 2 * 8 * (LEDGER_RECORD_HEAD + BYTES); bit++) {
		uint32_t k = bit / (8 * (LEDGER_RECORD_HEAD + BYTES));
		uint32_t in = bit % (8 * (LEDGER_RECORD_HEAD + BYTES));
		empty(NULL);
		commit(1);
		commit(2);
		((uint32_t *)&ledger.records[3][k])[in / 32] ^= 1u << in % 32;
		assert_in_range(found(), 1, 2);
	}
}

/* In a seal every bit counts. */
static void a_bit_that_flips_in_a_seal_is_seen(void **state)
{
	(void)state;
	static uint32_t large[3 * 16 + 5];
	const ledger_part_t part[] = {{large, sizeof(large)}};
	for (size_t i = 0; i < sizeof(large) / 4; i++)
		large[i] = (uint32_t)(i * 0x9e3779b9u);
	assert_int_equal(ledger_seal(&ledger, part, 1), DRV_OK);
	for (uint32_t bit = 0; bit < 8 * sizeof(large); bit++) {
		ledger.seals[0].words[bit / 32] ^= 1u << bit % 32;
		assert_false(ledger_is_sealed(&ledger));
		ledger.seals[0].words[bit / 32] ^= 1u << bit % 32;
	}
	for (size_t i = 1; i < sizeof(large) / 4; i++) { /* two words that changed places */
		uint32_t first_word = ledger.seals[0].words[i - 1];
		ledger.seals[0].words[i - 1] = ledger.seals[0].words[i];
		ledger.seals[0].words[i] = first_word;
		assert_false(ledger_is_sealed(&ledger));
		ledger.seals[0].words[i] = ledger.seals[0].words[i - 1];
		ledger.seals[0].words[i - 1] = first_word;
	}
	assert_true(ledger_is_sealed(&ledger));
	ledger.seals[0].bytes = UINT32_MAX;
	assert_false(ledger_is_sealed(&ledger));
}

static void what_is_as_it_was_is_not_written(void **state)
{
	(void)state;
	commit(1);
	assert_true(commit_and_die(1, 0));
	assert_int_equal(found(), 1);
}

/* Of the record before the last one, in whose place it goes, two words differ. */
static void a_commit_stores_what_differs(void **state)
{
	(void)state;
	uint32_t words[WORDS], stores = NEVER / 2;
	commit(1);
	commit(2);
	fill(words, 1);
	words[3] = words[9] = 0;
	stores_left = stores;
	ledger_commit(&ledger, 3, words, BYTES);
	assert_int_equal(stores - stores_left, 2 + 3); /* its number twice, and the sum */
	uint32_t got[WORDS];
	assert_int_equal(ledger_read(&ledger, 3, got, BYTES), DRV_OK);
	assert_memory_equal(got, words, BYTES);
}

/* A death anywhere while a record becomes longer or shorter leaves one of the two, with zeros
 * behind it. */
static void a_record_may_become_longer_or_shorter(void **state)
{
	(void)state;
	static const size_t sizes[] = {BYTES, 4, BYTES - 8, 0, BYTES};
	uint32_t words[WORDS], got[WORDS], rest[WORDS] = {0};
	fill(words, 1);
	ledger_commit(&ledger, 3, words, sizes[0]);
	for (size_t i = 1; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (volatile uint32_t stores = 0, done = 0; !done; stores++) {
			stores_left = stores;
			if (!setjmp(death)) {
				ledger_commit(&ledger, 3, words, sizes[i]);
				done = 1;
			}
			stores_left = NEVER;
			memset(got, 0xee, sizeof(got));
			assert_int_equal(ledger_read(&ledger, 3, got, BYTES), DRV_OK);
			size_t bytes = sizes[done ? i : i - 1];
			assert_memory_equal(got, words, bytes);
			assert_memory_equal(&got[bytes / 4], rest, BYTES - bytes);
		}
	}
}

static void a_record_that_is_longer_than_the_reader_s_is_none(void **state)
{
	(void)state;
	uint32_t words[WORDS];
	commit(1);
	assert_int_equal(ledger_read(&ledger, 3, words, BYTES - 4), DRV_ENOENT);
	assert_int_equal(ledger_read(&ledger, 3, words, BYTES), DRV_OK);
}

static void numbers_go_on_over_their_wrap(void **state)
{
	(void)state;
	commit(1);
	for (uint32_t k = 0; k < 2; k++)
		memset(&ledger.records[3][k], 0, sizeof(ledger_place_t));
	commit(1);
	ledger_place_t *place = &ledger.records[3][0];
	place->number = UINT32_MAX - 2;
	ledger.records[3][1].number = 0;
	for (uint32_t version = 2; version < 12; version++) {
		commit(version);
		assert_int_equal(found(), version);
	}
}

static uint32_t first[5], second[3];
static const ledger_part_t parts[] = {{first, sizeof(first)}, {second, sizeof(second)}};

static void what_is_sealed_comes_back_into_its_places(void **state)
{
	(void)state;
	size_t offset = 0;
	memset(first, 1, sizeof(first));
	memset(second, 2, sizeof(second));
	assert_int_equal(ledger_seal(&ledger, parts, 2), DRV_OK);
	memset(first, 0, sizeof(first));
	memset(second, 0, sizeof(second));
	assert_true(ledger_is_sealed(&ledger));
	assert_int_equal(ledger_unseal(&ledger, &offset, &parts[0], 1), DRV_OK);
	assert_int_equal(ledger_unseal(&ledger, &offset, &parts[1], 1), DRV_OK);
	assert_int_equal(first[4], 0x01010101);
	assert_int_equal(second[2], 0x02020202);
	assert_int_equal(ledger_unseal(&ledger, &offset, &parts[1], 1), DRV_EFORMAT);
}

static void a_seal_that_was_not_finished_or_is_damaged_is_none(void **state)
{
	(void)state;
	static uint32_t stores;
	for (stores = 0; stores < 3; stores++) {
		empty(NULL);
		if (!setjmp(death)) {
			stores_left = stores;
			ledger_seal(&ledger, parts, 2);
		}
		assert_int_equal(ledger_is_sealed(&ledger), 0);
	}
	stores_left = NEVER;
	assert_int_equal(ledger_seal(&ledger, parts, 2), DRV_OK);
	ledger.seals[0].words[6] ^= 0x100;
	assert_false(ledger_is_sealed(&ledger));
}

static uint32_t version_sealed(void)
{
	size_t offset = 0;
	assert_true(ledger_is_sealed(&ledger));
	assert_int_equal(ledger_unseal(&ledger, &offset, parts, 2), DRV_OK);
	for (size_t i = 0; i < sizeof(second) / 4; i++)
		assert_int_equal(second[i], first[0]);
	return first[0];
}

static void seal_version(uint32_t version)
{
	for (size_t i = 0; i < sizeof(first) / 4; i++)
		first[i] = version;
	for (size_t i = 0; i < sizeof(second) / 4; i++)
		second[i] = version;
	assert_int_equal(ledger_seal(&ledger, parts, 2), DRV_OK);
}

/* A death behind any store of a seal leaves the one before or, behind the last one, this one.
 */
static void a_seal_takes_the_place_of_the_one_before_at_once(void **state)
{
	(void)state;
	static uint32_t version, stores;
	seal_version(1);
	for (version = 2; version < 5; version++) {
		for (stores = 0; stores < 3; stores++) {
			if (!setjmp(death)) {
				stores_left = stores;
				seal_version(version);
			}
			stores_left = NEVER;
			assert_int_equal(version_sealed(), version - 1);
		}
		seal_version(version);
		assert_int_equal(version_sealed(), version);
	}
}

static void what_has_no_room_leaves_what_was_sealed(void **state)
{
	(void)state;
	static uint32_t large[LEDGER_SEALED_MAX / 4];
	const ledger_part_t too_much[] = {{large, sizeof(large)}, {first, 4}};
	seal_version(7);
	assert_int_equal(ledger_seal(&ledger, too_much, 2), DRV_ENOMEM);
	assert_int_equal(version_sealed(), 7);
}

static void what_has_no_room_is_not_sealed(void **state)
{
	(void)state;
	static uint32_t large[LEDGER_SEALED_MAX / 4];
	const ledger_part_t too_much[] = {{large, sizeof(large)}, {first, 4}};
	assert_int_equal(ledger_seal(&ledger, too_much, 2), DRV_ENOMEM);
	assert_false(ledger_is_sealed(&ledger));
}

static void a_ledger_that_begins_anew_has_forgotten_everything(void **state)
{
	(void)state;
	uint32_t words[WORDS];
	commit(1);
	ledger_seal(&ledger, parts, 2);
	ledger_begin(&ledger);
	assert_false(ledger_is_sealed(&ledger));
	assert_int_equal(ledger_read(&ledger, 3, words, BYTES), DRV_ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(
		after_a_death_behind_any_store_of_a_commit_a_whole_record_is_found, empty),
	    cmocka_unit_test_setup(two_deaths_in_a_row_lose_no_more_than_one, empty),
	    cmocka_unit_test_setup(a_first_commit_that_was_not_finished_is_none, empty),
	    cmocka_unit_test_setup(a_damaged_record_is_not_believed, empty),
	    cmocka_unit_test_setup(a_bit_that_flips_is_seen, empty),
	    cmocka_unit_test_setup(a_bit_that_flips_in_a_seal_is_seen, empty),
	    cmocka_unit_test_setup(what_is_as_it_was_is_not_written, empty),
	    cmocka_unit_test_setup(a_commit_stores_what_differs, empty),
	    cmocka_unit_test_setup(a_record_may_become_longer_or_shorter, empty),
	    cmocka_unit_test_setup(a_record_that_is_longer_than_the_reader_s_is_none, empty),
	    cmocka_unit_test_setup(numbers_go_on_over_their_wrap, empty),
	    cmocka_unit_test_setup(what_is_sealed_comes_back_into_its_places, empty),
	    cmocka_unit_test_setup(a_seal_that_was_not_finished_or_is_damaged_is_none, empty),
	    cmocka_unit_test_setup(a_seal_takes_the_place_of_the_one_before_at_once, empty),
	    cmocka_unit_test_setup(what_has_no_room_leaves_what_was_sealed, empty),
	    cmocka_unit_test_setup(what_has_no_room_is_not_sealed, empty),
	    cmocka_unit_test_setup(a_ledger_that_begins_anew_has_forgotten_everything, empty),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
