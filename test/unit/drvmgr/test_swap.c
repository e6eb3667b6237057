/* SPDX-License-Identifier: BSD-2-Clause */
/* Images change places, supervisor/swap.h, and the manager dies at each store to what is kept,
 * once and again: either image is in force, never none, and what was begun is done. With the
 * real core/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hands/depot.h"
#include "kept/kept.h"
#include "load/replace.h"
#include "supervisor/swap.h"

enum { OLD = 1, NEW };
#define NEVER UINT32_MAX

static manager_t manager;
static driver_t driver;
static struct {
	uint32_t image, second_is, second_image; /* sealed */
	unit_t unit;				 /* committed */
} kept;
static uint32_t left; /* stores until the manager dies */
static jmp_buf death;
static uint32_t collected, cleaned, seals;

static void store(void)
{
	if (left != NEVER && left-- == 0)
		longjmp(death, 1);
}

void kept_commit_one(manager_t *of, uint32_t i)
{
	(void)of;
	assert_int_equal(i, 0);
	store();
	kept.unit = driver.unit;
}

void kept_seal(manager_t *of)
{
	assert_int_equal(collected,
			 cleaned + 1); /* what is free is so only when that is kept */
	kept_commit_one(of, 0);
	store();
	kept.image = driver.image_bytes;
	kept.second_is = of->second_is;
	kept.second_image = of->second.image_bytes;
	seals++;
}

void depot_collect(manager_t *of)
{
	(void)of;
	collected++;
}

void depot_clean(const manager_t *of)
{
	(void)of;
	assert_int_equal(kept.image, driver.image_bytes);
	assert_int_equal(kept.second_is, of->second_is);
	cleaned = collected;
}

void replace_exchange(manager_t *of, driver_t *which)
{
	uint32_t image = which->image_bytes;
	assert_false(which->instance.alive);
	which->image_bytes = of->second.image_bytes;
	of->second.image_bytes = image;
}

/* What perform.c does with the effects; of others nothing is known here. */
static void perform(void)
{
	effect_t effect;
	while (core_next(&manager.world, &effect)) {
		if (effect.kind != EFFECT_SWAP)
			continue;
		kept_commit_one(&manager, 0);
		swap_perform(&manager, &driver);
	}
}

/* A driver whose instance is gone, or one that has proved itself, with a second image. */
static void make(unit_swap_t swap)
{
	bool next = swap == SWAP_DUE;
	static log_t log;
	memset(&manager, 0, sizeof(manager));
	memset(&driver, 0, sizeof(driver));
	manager.log = &log;
	manager.drivers = &driver;
	manager.count = manager.world.count = 1;
	manager.world.units[0] = &driver.unit;
	manager.second_is = next ? SECOND_NEXT : SECOND_LAST;
	manager.second.image_bytes = next ? NEW : OLD;
	driver.image_bytes = next ? OLD : NEW;
	driver.unit.state = swap == SWAP_CONFIRMING ? STATE_RUNNING : STATE_STOPPED;
	driver.unit.swap = (uint8_t)swap;
	driver.unit.wanted = WANTED_STOPPED;
	collected = cleaned = seals = 0;
	left = NEVER;
	kept.image = driver.image_bytes;
	kept.second_is = manager.second_is;
	kept.second_image = manager.second.image_bytes;
	kept.unit = driver.unit;
	core_swap_due(&manager.world, 0);
}

/* The next incarnation. */
static void adopt(void)
{
	driver.image_bytes = kept.image;
	driver.unit = kept.unit;
	manager.second_is = kept.second_is;
	manager.second.image_bytes = kept.second_image;
	manager.second.index = 0;
	manager.world.first = manager.world.held = 0;
	collected = cleaned;
	swap_adopt(&manager);
	core_adopt(&manager.world, 0, driver.unit.state == STATE_RUNNING, true);
}

/* Changes it with a manager that dies at these stores, if it comes so far. The count of deaths.
 */
static uint32_t change(unit_swap_t swap, uint32_t first, uint32_t second)
{
	const uint32_t at[] = {first, second, NEVER};
	static volatile uint32_t deaths;
	deaths = 0;
	make(swap);
	left = at[0];
	if (setjmp(death)) {
		left = at[++deaths];
		adopt();
	}
	perform();
	return deaths;
}

static void is_done(unit_swap_t swap)
{
	bool due = swap == SWAP_DUE, back = swap == SWAP_BACK;
	assert_int_equal(driver.unit.swap, due	  ? SWAP_PROBATION
					   : back ? SWAP_RETURNED
						  : SWAP_CONFIRMED);
	assert_int_equal(driver.image_bytes, back ? OLD : NEW);
	assert_int_equal(manager.second_is, due ? SECOND_LAST : SECOND_NONE);
	if (due)
		assert_int_equal(manager.second.image_bytes, OLD);
	assert_int_equal(kept.image, driver.image_bytes);
	assert_int_equal(kept.second_is, manager.second_is);
}

static void whatever_store_is_the_managers_last_one_of_the_two_is_in_force(void **state)
{
	static const unit_swap_t swaps[] = {SWAP_DUE, SWAP_BACK, SWAP_CONFIRMING};
	(void)state;
	for (size_t i = 0; i < sizeof(swaps) / sizeof(swaps[0]); i++) {
		uint32_t most = 0;
		assert_int_equal(change(swaps[i], NEVER, NEVER), 0);
		assert_int_equal(seals, 1);
		is_done(swaps[i]);
		for (uint32_t first = 0; first < 8; first++) {
			for (uint32_t second = 0; second < 8; second++) {
				uint32_t deaths = change(swaps[i], first, second);
				most = deaths > most ? deaths : most;
				is_done(swaps[i]);
			}
		}
		assert_int_equal(most, 2);
	}
}

/* The next image is sealed before anybody begins with it. */
static void an_image_that_nobody_has_begun_with_is_dropped(void **state)
{
	static const uint8_t over[] = {SWAP_NONE, SWAP_CONFIRMED, SWAP_RETURNED};
	(void)state;
	for (size_t i = 0; i < sizeof(over); i++) {
		make(SWAP_DUE);
		kept.unit.swap = over[i];
		adopt();
		assert_int_equal(manager.second_is, SECOND_NONE);
		assert_int_equal(driver.image_bytes, OLD);
		assert_int_equal(driver.unit.swap, over[i]);
	}
}

static void what_is_asked_for_twice_is_done_once(void **state)
{
	(void)state;
	make(SWAP_DUE);
	perform();
	swap_perform(&manager, &driver);
	assert_int_equal(seals, 1);
	is_done(SWAP_DUE);
}

/* Of another driver. */
static void without_a_second_image_of_its_own_none_is_taken(void **state)
{
	(void)state;
	make(SWAP_DUE);
	manager.second.index = 1;
	perform();
	assert_int_equal(driver.image_bytes, OLD);
	assert_int_equal(driver.unit.swap, SWAP_NONE);
	assert_int_equal(manager.second_is, SECOND_NEXT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whatever_store_is_the_managers_last_one_of_the_two_is_in_force),
	    cmocka_unit_test(an_image_that_nobody_has_begun_with_is_dropped),
	    cmocka_unit_test(what_is_asked_for_twice_is_done_once),
	    cmocka_unit_test(without_a_second_image_of_its_own_none_is_taken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
