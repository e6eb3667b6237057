/* SPDX-License-Identifier: BSD-2-Clause */
/* The places of store.h. Whatever is read as an index or a count is checked where it is read: a
 * manager that runs wild may have written here. */
#include "report/store.h"

#include "cap/string.h"

/* What was stored before is there before what is stored behind. */
static void put(uint32_t *to, uint32_t value)
{
	__atomic_store_n(to, value, __ATOMIC_RELEASE);
}

static bool is_older(uint32_t number, uint32_t than)
{
	return (int32_t)(number - than) < 0;
}

/* Bit i: place i has its driver's last report. */
static uint64_t last_reports(const store_t *store)
{
	uint8_t last[REGISTRY_MAX]; /* place + 1 */
	uint64_t found = 0;
	memset(last, 0, sizeof(last));
	for (uint32_t i = 0; i < STORE_PLACES; i++) {
		const store_place_t *place = &store->places[i];
		if (!place->number || place->index >= REGISTRY_MAX)
			continue;
		uint8_t *of = &last[place->index];
		if (!*of || is_older(store->places[*of - 1].number, place->number))
			*of = (uint8_t)(i + 1);
	}
	for (uint32_t index = 0; index < REGISTRY_MAX; index++)
		if (last[index])
			found |= 1ull << (last[index] - 1);
	return found;
}
_Static_assert(STORE_PLACES <= 64, "a bit for each place");

/* An empty place, or the one with the oldest report that is not its driver's last: there are
 * more places than drivers. */
static store_place_t *oldest(store_t *store)
{
	uint64_t lasts = last_reports(store);
	store_place_t *found = NULL;
	for (uint32_t i = 0; i < STORE_PLACES; i++) {
		store_place_t *place = &store->places[i];
		if (!place->number)
			return place;
		if (!(lasts >> i & 1) && (!found || is_older(place->number, found->number)))
			found = place;
	}
	return found;
}

store_place_t *store_open(store_t *store, uint32_t index)
{
	store_place_t *place = oldest(store);
	put(&place->number, 0);
	if (++store->last == 0)
		store->last = 1;
	memset(&place->facts, 0, sizeof(place->facts));
	place->index = index;
	place->facts.number = store->last;
	place->facts.index = index;
	return place;
}

/* The line of the driver's that is empty or the oldest. */
static death_line_t *oldest_line(store_t *store, uint32_t index)
{
	death_line_t *lines = store->lines[index], *found = lines;
	for (uint32_t i = 1; i < DEATH_LINES && found->number; i++)
		if (!lines[i].number || is_older(lines[i].number, found->number))
			found = &lines[i];
	return found;
}

static void add_line(store_t *store, const death_facts_t *facts)
{
	death_line_t *line = oldest_line(store, facts->index);
	put(&line->number, 0);
	line->generation = facts->generation;
	line->kind = facts->kind;
	line->verdict = facts->verdict;
	line->state = facts->state;
	line->error = facts->error;
	line->at_ms = facts->at_ms;
	line->eip = facts->registers.eip;
	line->address = facts->address;
	line->decided = line->restart = line->delay_ms = 0;
	put(&line->number, facts->number);
}

void store_seal(store_t *store, store_place_t *place)
{
	add_line(store, &place->facts);
	put(&place->number, place->facts.number);
}

const store_place_t *store_find(const store_t *store, uint32_t index, uint32_t report)
{
	uint32_t below = store->last + 1;
	for (uint32_t n = 0;; n++) {
		const store_place_t *found = NULL;
		for (uint32_t i = 0; i < STORE_PLACES; i++) {
			const store_place_t *place = &store->places[i];
			if (place->number && place->index == index &&
			    is_older(place->number, below) &&
			    (!found || is_older(found->number, place->number)))
				found = place;
		}
		if (!found || n == report)
			return found;
		below = found->number;
	}
}

static death_line_t *last_line(store_t *store, uint32_t index)
{
	death_line_t *lines = store->lines[index], *found = lines;
	for (uint32_t i = 1; i < DEATH_LINES; i++)
		if (lines[i].number &&
		    (!found->number || is_older(found->number, lines[i].number)))
			found = &lines[i];
	return found->number ? found : NULL;
}

static store_place_t *last_place(store_t *store, uint32_t index)
{
	const store_place_t *place = store_find(store, index, 0);
	return place ? &store->places[place - store->places] : NULL;
}

/* What was decided is stored last: it says that the other two are there. */
void store_decide(store_t *store, uint32_t index, manager_decision_t decided, uint32_t restart,
		  uint32_t delay_ms)
{
	store_place_t *place = last_place(store, index);
	death_line_t *line = last_line(store, index);
	if (place) {
		place->facts.restart = restart;
		place->facts.delay_ms = delay_ms;
		put(&place->facts.decided, decided);
	}
	if (line) {
		line->restart = restart;
		line->delay_ms = delay_ms;
		put(&line->decided, decided);
	}
}

void store_forgot(store_t *store, uint32_t index)
{
	store_place_t *place = last_place(store, index);
	if (place)
		place->facts.forgot = 1;
}

uint32_t store_lines(const store_t *store, uint32_t index, death_line_t lines[DEATH_LINES])
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < DEATH_LINES; i++) {
		const death_line_t *line = &store->lines[index][i];
		uint32_t at = count;
		if (!line->number)
			continue;
		for (; at > 0 && is_older(lines[at - 1].number, line->number); at--)
			lines[at] = lines[at - 1];
		lines[at] = *line;
		count++;
	}
	return count;
}

void store_drop(store_t *store, uint32_t index)
{
	memset(store->lines[index], 0, sizeof(store->lines[index]));
	for (uint32_t i = 0; i < STORE_PLACES; i++)
		if (store->places[i].index == index)
			store->places[i].number = 0;
}
