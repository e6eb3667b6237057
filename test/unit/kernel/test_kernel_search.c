/* SPDX-License-Identifier: BSD-2-Clause */
/* Exhaustive search, breadth first, of all that derive, delegate, release and revoke can do to
 * a few capabilities in two cspaces. A ghost record, kept apart from the kernel's tree, says
 * who was derived from whom. After every step from every state that can be reached: what
 * should be dead is dead, what should live lives, no right grew, the tree is sound. The slots
 * of each cspace and the most states may be given on the command line. */
#include "bench.h"

#include <stdlib.h>

#include "base/assert.h"
#include "check.h"

#define SPACES	  2u
#define SLOTS_MAX 5u
#define PLACES	  (SPACES * SLOTS_MAX)
#define ORIGIN	  PLACES /* the capability from which all are derived; it stays */
#define NOWHERE	  0xffu

#define hold(condition, text) ((condition) ? (void)0 : panic(text))

typedef struct packed {
	uint8_t rights[PLACES]; /* 0: a free slot */
	uint8_t parent[PLACES], child[PLACES + 1], next[PLACES], prev[PLACES];
	uint8_t ghost[PLACES]; /* who it was derived from, or who that one was, and so on */
} packed_t;

static uint32_t slots, other_rights, most_states = 3000000;
static packed_t *states;
static uint32_t wanted_slots = 3, state_count, *hash, hash_mask;
static uint64_t transitions;
static process_t process[SPACES];
static cap_t other[SPACES]; /* a process's handle of the other cspace */
static slot_t *slot_at_place[PLACES + 1];
static uint8_t ghost[PLACES], ghost_rights[PLACES];

/* -- States. ---------------------------------------------------------------------------- */

static uint8_t place_of(slot_ref_t ref)
{
	for (uint32_t i = 0; ref && i <= PLACES; i++)
		if (slot_at_place[i] && slot_ref(slot_at_place[i]) == ref)
			return (uint8_t)i;
	hold(ref == 0, "a link that leads out of the search");
	return NOWHERE;
}

static slot_ref_t ref_of(uint8_t place)
{
	return place == NOWHERE ? 0 : slot_ref(slot_at_place[place]);
}

static void pack(packed_t *state)
{
	memset(state, 0, sizeof(*state));
	state->child[ORIGIN] = place_of(slot_at_place[ORIGIN]->child);
	for (uint32_t i = 0; i < PLACES; i++) {
		const slot_t *slot = slot_at_place[i];
		if (!slot || slot->type == CAP_NONE)
			continue;
		state->rights[i] = slot->rights;
		state->parent[i] = place_of(slot->parent);
		state->child[i] = place_of(slot->child);
		state->next[i] = place_of(slot->next);
		state->prev[i] = place_of(slot->prev);
		state->ghost[i] = ghost[i];
	}
}

/* Which free slot is taken next does not matter to the tree: always the lowest. */
static void list_free(uint32_t s)
{
	cspace_t *cspace = thread_cspace(process[s].tcb);
	cspace->free_first = cspace->free_last = cspace->free_count = 0;
	for (uint32_t i = slots; i > 0; i--) {
		slot_t *slot = cspace_slot(cspace, i);
		if (slot->type != CAP_NONE)
			continue;
		slot->next = cspace->free_first;
		cspace->free_first = i;
		cspace->free_last = cspace->free_last ? cspace->free_last : i;
		cspace->free_count++;
	}
}

static void unpack(const packed_t *state)
{
	uint32_t count = 1;
	slot_at_place[ORIGIN]->child = ref_of(state->child[ORIGIN]);
	for (uint32_t i = 0; i < PLACES; i++) {
		slot_t *slot = slot_at_place[i];
		if (!slot)
			continue;
		bool used = state->rights[i] != 0;
		slot->type = used ? CAP_NOTIFICATION : CAP_NONE;
		slot->rights = state->rights[i];
		slot->generation = 1;
		slot->object = slot_at_place[ORIGIN]->object;
		slot->parent = used ? ref_of(state->parent[i]) : 0;
		slot->child = used ? ref_of(state->child[i]) : 0;
		slot->next = used ? ref_of(state->next[i]) : 0;
		slot->prev = used ? ref_of(state->prev[i]) : 0;
		ghost[i] = state->ghost[i];
		ghost_rights[i] = state->rights[i];
		count += used;
	}
	for (uint32_t s = 0; s < SPACES; s++)
		list_free(s);
	((object_header_t *)arch_pointer(slot_at_place[ORIGIN]->object))->refs = count;
	kernel.audit.caps[CAP_NOTIFICATION] = count;
}

static uint32_t hash_of(const packed_t *state)
{
	const uint8_t *bytes = (const uint8_t *)state;
	uint32_t value = 2166136261u;
	for (size_t i = 0; i < sizeof(*state); i++)
		value = (value ^ bytes[i]) * 16777619u;
	return value ^ value >> 15;
}

/* Adds the present state unless it is known. */
static void remember(void)
{
	packed_t *state = &states[state_count];
	pack(state);
	uint32_t at = hash_of(state) & hash_mask;
	for (; hash[at]; at = (at + 1) & hash_mask)
		if (memcmp(&states[hash[at] - 1], state, sizeof(*state)) == 0)
			return;
	hash[at] = ++state_count;
	hold(state_count < most_states, "more states than there is room for");
}

/* -- Steps. ----------------------------------------------------------------------------- */

static err_t step(uint32_t s, uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2)
{
	arch_frame_t *frame = &process[s].tcb->frame;
	switch_to(process[s].tcb);
	frame->eax = number;
	frame->ebx = a0;
	frame->esi = a1;
	frame->edi = a2;
	frame->ebp = 0;
	kernel_on_syscall();
	if (work_pending())
		fake_leave();
	transitions++;
	return (err_t)frame->eax;
}

static bool is_below(uint8_t place, uint8_t top)
{
	while (place != ORIGIN && place != top)
		place = ghost[place];
	return place == top;
}

static void check_links(uint8_t place)
{
	const slot_t *slot = slot_at_place[place];
	slot_ref_t ref = slot_ref(slot);
	if (slot->child)
		hold(slot_at(slot->child)->parent == ref && slot_at(slot->child)->prev == 0,
		     "S2");
	if (place == ORIGIN)
		return;
	if (slot->next)
		hold(slot_at(slot->next)->prev == ref &&
			 slot_at(slot->next)->parent == slot->parent,
		     "S3");
	hold(slot->prev ? slot_at(slot->prev)->next == ref
			: slot_at(slot->parent)->child == ref,
	     "S2, S3: not in its parent's list");
}

/* Does the kernel's tree say what the ghost says? */
static void check(void)
{
	check_links(ORIGIN);
	for (uint8_t i = 0; i < PLACES; i++) {
		const slot_t *slot = slot_at_place[i];
		if (!slot)
			continue;
		hold((slot->type == CAP_NONE) == (ghost_rights[i] == 0), "lives, or does not");
		if (slot->type == CAP_NONE)
			continue;
		hold(slot->rights == ghost_rights[i], "other rights");
		hold(place_of(slot->parent) == ghost[i], "another parent");
		for (uint8_t up = ghost[i]; up != ORIGIN; up = ghost[up])
			hold((slot->rights & ~ghost_rights[up]) == 0, "more rights than above");
		check_links(i);
	}
}

static void try_derive(const packed_t *from, uint8_t place, uint32_t target, uint32_t rights)
{
	uint32_t s = place % SPACES;
	unpack(from);
	cspace_t *cspace = thread_cspace(process[target].tcb);
	uint32_t room = cspace->free_count, index = cspace->free_first;
	cap_t cap = cspace_handle(thread_cspace(process[s].tcb), slot_at_place[place]);
	err_t err = s == target ? step(s, SYS_CAP_DERIVE, cap, rights, 0)
				: step(s, SYS_CAP_DELEGATE, other[s], cap, rights);
	if ((rights & ~(uint32_t)from->rights[place]) != 0) {
		hold(err == DRV_EPERM, "a right grew");
	} else if (!room) {
		hold(err == DRV_ENOMEM, "no slot, but derived");
	} else {
		uint32_t made = (index - 1) * SPACES + target;
		hold(err > 0, "derivation was refused");
		ghost[made] = place;
		ghost_rights[made] = (uint8_t)rights;
	}
	check();
	remember();
}

static void try_remove(const packed_t *from, uint8_t place, uint32_t number)
{
	uint32_t s = place % SPACES;
	unpack(from);
	cap_t cap = cspace_handle(thread_cspace(process[s].tcb), slot_at_place[place]);
	hold(step(s, number, cap, 0, 0) == DRV_OK, "not removed");
	bool dies[PLACES];
	for (uint8_t i = 0; i < PLACES; i++)
		dies[i] =
		    ghost_rights[i] &&
		    (number == SYS_CAP_RELEASE ? i == place : i != place && is_below(i, place));
	for (uint8_t i = 0; i < PLACES; i++) {
		if (number == SYS_CAP_RELEASE && ghost_rights[i] && ghost[i] == place)
			ghost[i] = ghost[place];
		if (dies[i])
			ghost_rights[i] = 0;
	}
	check();
	remember();
}

static void try_all(uint32_t number)
{
	packed_t from = states[number];
	for (uint8_t place = 0; place < PLACES; place++) {
		if (!from.rights[place])
			continue;
		for (uint32_t target = 0; target < SPACES; target++) {
			try_derive(&from, place, target, RW);
			try_derive(&from, place, target, other_rights);
		}
		try_remove(&from, place, SYS_CAP_RELEASE);
		try_remove(&from, place, SYS_CAP_REVOKE);
	}
}

/* -- Start. ----------------------------------------------------------------------------- */

/* Leaves each process `slots` free slots, from 1 on. */
static void prepare(void)
{
	cap_t origin = make(CAP_NOTIFICATION, 0);
	slot_at_place[ORIGIN] = slot_of(bench.root, origin);
	for (uint32_t s = 0; s < SPACES; s++)
		process[s] = process_make(PRIORITY_MAX);
	for (uint32_t s = 0; s < SPACES; s++) {
		cspace_t *cspace = thread_cspace(process[s].tcb);
		for (uint32_t i = 1; i <= slots; i++)
			slot_at_place[(i - 1) * SPACES + s] = cspace_take(cspace);
		slot_t *last = cspace_take(cspace);
		slot_derive(last, slot_of(bench.root, process[1 - s].cspace), RIGHT_WRITE, 0,
			    0);
		other[s] = cspace_handle(cspace, last);
		while (cspace_take(cspace))
			continue;
		list_free(s);
	}
	cspace_take(thread_cspace(process[0].tcb));
	slot_derive(slot_at_place[0], slot_at_place[ORIGIN], RW, 0, 0);
	ghost[0] = ORIGIN;
	ghost_rights[0] = RW;
}

static void search(void)
{
	uint32_t bits = 1;
	state_count = 0;
	transitions = 0;
	memset(slot_at_place, 0, sizeof(slot_at_place));
	memset(ghost_rights, 0, sizeof(ghost_rights));
	while (1u << bits < 2 * most_states)
		bits++;
	hash_mask = (1u << bits) - 1;
	states = calloc(most_states + 1, sizeof(*states));
	hash = calloc(1u << bits, sizeof(*hash));
	assert_true(states && hash && slots >= 1 && slots <= SLOTS_MAX);
	prepare();
	remember();
	for (uint32_t i = 0; i < state_count; i++)
		try_all(i);
	print_message("%u slots: %u states, %llu steps\n", SPACES * slots, state_count,
		      (unsigned long long)transitions);
	assert_true(state_count > 100);
	free(states);
	free(hash);
}

static void no_capability_outlives_its_ancestor_or_dies_with_a_stranger(void **state)
{
	(void)state;
	/* With one set of rights: the shape of the tree is what counts. */
	slots = wanted_slots;
	other_rights = RW | RIGHT_EXEC;
	search();
}

static void no_right_grows(void **state)
{
	(void)state;
	slots = 2;
	other_rights = RIGHT_READ;
	search();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(no_right_grows, bench_setup),
	    cmocka_unit_test_setup(no_capability_outlives_its_ancestor_or_dies_with_a_stranger,
				   bench_setup),
	};
	if (argc > 1)
		wanted_slots = (uint32_t)strtoul(argv[1], NULL, 0);
	if (argc > 2)
		most_states = (uint32_t)strtoul(argv[2], NULL, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
