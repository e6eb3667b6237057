/* SPDX-License-Identifier: BSD-2-Clause */
/* Exhaustive search, breadth first, of all that derive, delegate, release and revoke can do to
 * eight capabilities in three cspaces. A ghost record, kept apart from the kernel's tree, says
 * who was derived from whom. After every step from every state that can be reached: what
 * should be dead is dead, and its handle too; what should live lives; no right grew; the tree
 * is sound. It never looks into the middle of a call.
 *
 * Eight slots are shared by the spaces: any space may hold any of them, so every division of
 * eight slots among three spaces is covered. Calls are also made with the target space full.
 *
 * What is taken for the same state, and why that leaves out nothing:
 * - which slot of a space a capability is in: the tree's code knows slots by links alone, and
 *   the free list only decides which slot is next;
 * - generations: a handle that died has another generation, which is checked after each step,
 *   and with that no handle of a later state can be it (test_kernel_slots.c: till it retires);
 * - which space is which: they are made alike and hold the same but for the capabilities of
 *   the search.
 * Two searches share the work. In the first all rights are the same and the order of siblings
 * counts, so that every shape of the lists is met. In the second rights differ and the order of
 * siblings does not count: no code looks at both, as what links slots does not read rights and
 * what reads rights does not look at siblings. */
#include <stdio.h>
#include <stdlib.h>

#include "search_world.h"

#define MOST_FULL 40000000u

/* How far: in the suite, and when asked for by name. */
static uint32_t shape_slots = 6, rights_slots = 5, rights_kinds = 3, most_states = 400000;

static const uint8_t all_kinds[] = {RW, RIGHT_READ, RIGHT_WRITE};
static uint32_t slots, kinds;
static bool any_order;
static uint64_t refusals;
static search_set_t seen;

static void must_refuse(uint32_t id, uint32_t target, uint32_t rights, err_t error)
{
	search_forest_t now;
	hold(search_derive(id, target, rights) == error, "not refused, or with another error");
	search_check(search.ghost.alive, &now);
	refusals++;
}

static void remember(const search_forest_t *now)
{
	hold(search_set_add(&seen, search_pack(now, any_order)),
	     "more states than there is room for");
}

/* All that derives from this one and must fail, which leaves the state as it is. */
static void try_refusals(uint32_t id, uint32_t target, bool full)
{
	cspace_t *cspace = search_space(target);
	uint32_t rights = search.slot[id]->rights, room = cspace->free_count;
	for (uint32_t i = 0; i < kinds; i++)
		if (all_kinds[i] & ~rights)
			must_refuse(id, target, all_kinds[i], DRV_EPERM);
	must_refuse(id, target, rights | RIGHT_EXEC, DRV_EPERM);
	cspace->free_count = 0;
	must_refuse(id, target, rights, DRV_ENOMEM);
	cspace->free_count = room;
	hold(full == (room == 0), "room where there is none, or none where there is");
}

static void try_derive(const search_forest_t *from, uint32_t id, uint32_t target,
		       uint32_t rights)
{
	search_forest_t now;
	search_restore(from, slots - from->count);
	uint32_t before = search.ghost.alive;
	uint32_t made = search_next(target);
	cap_t expected = search_handle(made);
	hold(search_derive(id, target, rights) == (err_t)expected, "not derived");
	search.ghost.alive |= BIT(made);
	search.ghost.rights[made] = (uint8_t)rights;
	search.ghost.above[made] = search.ghost.above[id] | BIT(id);
	search_check(before, &now);
	hold(now.count == from->count + 1, "not one more");
	remember(&now);
}

static void try_release(const search_forest_t *from, uint32_t id)
{
	search_forest_t now;
	search_restore(from, slots - from->count);
	uint32_t before = search.ghost.alive;
	hold(search_call(id, SYS_CAP_RELEASE) == DRV_OK, "not released");
	search.ghost.alive &= ~BIT(id);
	for (uint32_t i = 0; i < IDS; i++)
		search.ghost.above[i] &= ~BIT(id);
	search_check(before, &now);
	remember(&now);
}

static void try_revoke(const search_forest_t *from, uint32_t id)
{
	search_forest_t now;
	search_restore(from, slots - from->count);
	uint32_t before = search.ghost.alive;
	hold(search_call(id, SYS_CAP_REVOKE) == DRV_OK, "not revoked");
	for (uint32_t i = 0; i < IDS; i++)
		if (search.ghost.above[i] & BIT(id))
			search.ghost.alive &= ~BIT(i);
	search_check(before, &now);
	remember(&now);
}

static void try_all_with(const search_forest_t *from, uint32_t id)
{
	bool full = from->count == slots;
	search_restore(from, slots - from->count);
	uint32_t rights = search.slot[id]->rights;
	for (uint32_t target = 0; target < SEARCH_SPACES; target++)
		try_refusals(id, target, full);
	for (uint32_t target = 0; target < SEARCH_SPACES && !full; target++)
		for (uint32_t i = 0; i < kinds; i++)
			if (!(all_kinds[i] & ~rights))
				try_derive(from, id, target, all_kinds[i]);
	try_revoke(from, id);
	if (id != ORIGIN)
		try_release(from, id);
}

static void try_all(uint64_t state)
{
	search_forest_t from;
	search_unpack(state, &from);
	search_restore(&from, 0);
	uint32_t alive = search.ghost.alive | BIT(ORIGIN);
	for (uint32_t id = 0; id <= ORIGIN; id++)
		if (alive & BIT(id))
			try_all_with(&from, id);
}

static void search_all(const char *name)
{
	const search_forest_t nothing = {0};
	search.steps = refusals = 0;
	assert_true(slots >= 1 && slots <= SEARCH_SLOTS && kinds >= 1 && kinds <= 3);
	assert_true(search_set_make(&seen, most_states));
	search_prepare();
	remember(&nothing);
	for (uint32_t i = 0; i < seen.count; i++)
		try_all(seen.member[i]);
	print_message("%s: %u slots, %u spaces: %u states, %llu steps, %llu of them refused\n",
		      name, slots, SEARCH_SPACES, seen.count, (unsigned long long)search.steps,
		      (unsigned long long)refusals);
	search_set_free(&seen);
}

static void no_capability_outlives_its_ancestor_or_dies_with_a_stranger(void **state)
{
	(void)state;
	slots = shape_slots;
	kinds = 1;
	any_order = false;
	search_all("every shape of the tree");
	/* All that could be imagined was met. */
	assert_int_equal(seen.count, search_ordered_states(slots));
}

static void no_right_grows(void **state)
{
	(void)state;
	slots = rights_slots;
	kinds = rights_kinds;
	any_order = true;
	search_all("every spread of rights");
	assert_int_equal(seen.count, search_unordered_states(slots, kinds));
}

static int usage(void)
{
	puts(
	    "usage: test_kernel_search [SHAPE-SLOTS RIGHTS-SLOTS RIGHTS-KINDS]\n\n"
	    "Searches all states of up to so many capabilities, at most 8, in 3 spaces: first\n"
	    "every shape, then with 1 to 3 sets of rights (both; read; write). Without\n"
	    "arguments: 6 5 3, some seconds. All of it: 8 8 2, many minutes and 1 GB.");
	return 2;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(no_capability_outlives_its_ancestor_or_dies_with_a_stranger,
				   bench_setup),
	    cmocka_unit_test_setup(no_right_grows, bench_setup),
	};
	if (argc != 1 && argc != 4)
		return usage();
	if (argc == 4) {
		shape_slots = (uint32_t)strtoul(argv[1], NULL, 0);
		rights_slots = (uint32_t)strtoul(argv[2], NULL, 0);
		rights_kinds = (uint32_t)strtoul(argv[3], NULL, 0);
		most_states = MOST_FULL;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
