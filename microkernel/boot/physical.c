/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory map as a list of spans, and four questions to it. The list is short and read only
 * at boot, so each question looks through all of it: an order would be one thing more to get
 * wrong. */
#include "boot/physical.h"

#define LIMIT 0x100000000u /* 4 GiB: above is left out */

/*@ requires \valid(map) && map_good(map);
    requires kind_good(kind);
    requires first <= end <= PHYSICAL_PAGES;
    assigns map->count, map->spans[0 .. PHYSICAL_SPANS - 1];
    ensures good: map_good(map);
    ensures extends: extends{Pre, Post}(map);
    ensures named: \result ==> \forall integer page; first <= page < end ==> named(map, page);
    ensures kept: \forall integer page; named{Pre}(map, page) ==> named{Post}(map, page);
    ensures room: \result <==> first == end || \old(map->count) < PHYSICAL_SPANS;
    ensures count: map->count == \old(map->count) + (first < end && \result ? 1 : 0);
    ensures what: first < end && \result ==> \let i = \old(map->count);
      map->spans[i].pages.first == first && map->spans[i].pages.end == end &&
      map->spans[i].kind == kind;
    ensures within: \forall integer from, to;
      kind != SPAN_USABLE || from <= first && end <= to ==>
      added_within{Pre, Post}(map, from, to); */
static bool add(physical_t *map, uint32_t first, uint32_t end, uint32_t kind)
{
	if (first == end)
		return true;
	if (map->count == PHYSICAL_SPANS)
		return false;
	map->spans[map->count++] = (span_t){{first, end}, kind};
	/*@ assert \forall integer i, page; 0 <= i < \at(map->count, Pre) &&
	      holds{Pre}(map, i, page) ==> holds(map, i, page); */
	/*@ assert \forall integer page; first <= page < end ==>
	      holds(map, map->count - 1, page); */
	return true;
}

/* RAM in the pages [first, end). Only those are to be used that are RAM whole, if there are
 * any: [whole, whole_end). */
/*@ requires \valid(map) && map_good(map);
    requires first <= whole && whole_end <= end <= PHYSICAL_PAGES && first <= end;
    assigns map->count, map->spans[0 .. PHYSICAL_SPANS - 1];
    ensures good: map_good(map);
    ensures extends: extends{Pre, Post}(map);
    ensures kept: \forall integer page; named{Pre}(map, page) ==> named{Post}(map, page);
    ensures named: \result ==> \forall integer page; first <= page < end ==> named(map, page);
    ensures usable: added_within{Pre, Post}(map, whole, whole_end);
    ensures few: map->count <= \old(map->count) + 3;
    ensures room: \old(map->count) + 3 <= PHYSICAL_SPANS ==> \result; */
static bool add_ram(physical_t *map, uint32_t first, uint32_t whole, uint32_t whole_end,
		    uint32_t end)
{
	if (whole >= whole_end)
		return add(map, first, end, SPAN_MEMORY);
	if (!add(map, first, whole, SPAN_MEMORY))
		return false;
	if (!add(map, whole, whole_end, SPAN_USABLE))
		return false;
	/*@ assert inner: extends{Pre, Here}(map) &&
	      added_within{Pre, Here}(map, whole, whole_end); */
	return add(map, whole_end, end, SPAN_MEMORY);
}

/*@ requires \valid(map) && map_good(map);
    requires length >= 1 && base + length <= LIMIT;
    assigns map->count, map->spans[0 .. PHYSICAL_SPANS - 1];
    ensures good: map_good(map);
    ensures extends: extends{Pre, Post}(map);
    ensures kept: \forall integer page; named{Pre}(map, page) ==> named{Post}(map, page);
    ensures named: \result ==>
      \forall integer page; page_in(page, base, length) ==> named(map, page);
    ensures added: added{Pre, Post}(map, base, length, SPAN_USABLE);
    ensures few: map->count <= \old(map->count) + 3;
    ensures room: \old(map->count) + 3 <= PHYSICAL_SPANS ==> \result; */
static bool note_ram(physical_t *map, uint64_t base, uint64_t length)
{
	uint32_t first = (uint32_t)(base / PAGE_SIZE);
	uint32_t end = (uint32_t)((base + length - 1) / PAGE_SIZE) + 1;
	uint32_t whole = (uint32_t)((base + PAGE_SIZE - 1) / PAGE_SIZE);
	uint32_t whole_end = (uint32_t)((base + length) / PAGE_SIZE);
	//@ assert first_page: first * PAGE_SIZE <= base < first * PAGE_SIZE + PAGE_SIZE;
	//@ assert end_page: (end - 1) * PAGE_SIZE < base + length <= end * PAGE_SIZE;
	//@ assert first_whole: base <= whole * PAGE_SIZE && first <= whole <= first + 1;
	/*@ assert end_whole: whole_end * PAGE_SIZE <= base + length &&
	      end - 1 <= whole_end <= end; */
	/*@ assert touched: \forall integer page; page_in(page, base, length) ==>
	      first <= page < end; */
	return add_ram(map, first, whole, whole_end, end);
}

bool physical_note(physical_t *map, uint64_t base, uint64_t length, uint32_t kind)
{
	if (length == 0 || base >= LIMIT)
		return true;
	bool wraps = length > UINT64_MAX - base;
	uint64_t below = length < LIMIT - base ? length : LIMIT - base;
	if (kind == SPAN_USABLE && !wraps)
		return note_ram(map, base, below);
	return add(map, (uint32_t)(base / PAGE_SIZE),
		   (uint32_t)((base + below - 1) / PAGE_SIZE) + 1,
		   kind == SPAN_USABLE ? SPAN_OTHER : kind);
}

/* The end of a span of one of these kinds that has the page; 0: none has. */
/*@ requires \valid_read(map) && map_good(map);
    assigns \nothing;
    ensures none: \result == 0 ==> \forall integer i; 0 <= i < map->count &&
      (is_usable(map, i) <==> usable) ==> !holds(map, i, page);
    ensures some: \result != 0 ==> page < \result <= PHYSICAL_PAGES &&
      \exists integer i; 0 <= i < map->count && map->spans[i].pages.end == \result &&
	holds(map, i, page) && (is_usable(map, i) <==> usable); */
static uint32_t end_around(const physical_t *map, uint32_t page, bool usable)
{
	/*@ loop invariant 0 <= i <= map->count;
	    loop invariant \forall integer j; 0 <= j < i &&
	      (is_usable(map, j) <==> usable) ==>
	      !holds(map, j, page);
	    loop assigns i;
	    loop variant map->count - i; */
	for (uint32_t i = 0; i < map->count; i++) {
		const span_t *span = &map->spans[i];
		if ((span->kind == SPAN_USABLE) == usable && span->pages.first <= page &&
		    page < span->pages.end)
			return span->pages.end;
	}
	return 0;
}

/* Where the next span of that kind above the page begins, at most `limit`. */
/*@ requires \valid_read(map) && map_good(map) && page < limit <= PHYSICAL_PAGES;
    assigns \nothing;
    ensures page < \result <= limit;
    ensures \forall integer i; 0 <= i < map->count &&
      (is_usable(map, i) <==> usable) ==>
      map->spans[i].pages.first <= page || \result <= map->spans[i].pages.first; */
static uint32_t next_above(const physical_t *map, uint32_t page, uint32_t limit, bool usable)
{
	/*@ loop invariant 0 <= i <= map->count;
	    loop invariant page < limit <= \at(limit, Pre);
	    loop invariant \forall integer j; 0 <= j < i &&
	      (is_usable(map, j) <==> usable) ==>
	      map->spans[j].pages.first <= page || limit <= map->spans[j].pages.first;
	    loop assigns i, limit;
	    loop variant map->count - i; */
	for (uint32_t i = 0; i < map->count; i++) {
		const span_t *span = &map->spans[i];
		if ((span->kind == SPAN_USABLE) == usable && span->pages.first > page &&
		    span->pages.first < limit)
			limit = span->pages.first;
	}
	return limit;
}

bool physical_gap(const physical_t *map, uint32_t from, uint32_t limit, pages_t *gap)
{
	/*@ loop invariant \at(from, Pre) <= from;
	    loop assigns from;
	    loop variant limit - from; */
	while (from < limit) {
		uint32_t end = end_around(map, from, true);
		if (!end)
			end = end_around(map, from, false);
		if (!end) {
			limit = next_above(map, from, limit, true);
			*gap = (pages_t){from, next_above(map, from, limit, false)};
			return true;
		}
		from = end;
	}
	return false;
}

bool physical_ram(const physical_t *map, uint32_t from, uint32_t limit, pages_t *run)
{
	/*@ loop invariant \at(from, Pre) <= from;
	    loop assigns from;
	    loop variant limit - from; */
	while (from < limit) {
		uint32_t end = end_around(map, from, false);
		if (!end) {
			end = end_around(map, from, true);
			if (end) {
				if (end > limit)
					end = limit;
				*run = (pages_t){from, next_above(map, from, end, false)};
				return true;
			}
			end = next_above(map, from, limit, true);
		}
		from = end;
	}
	return false;
}

bool physical_is_ram(const physical_t *map, pages_t pages)
{
	pages_t run;
	/*@ loop invariant \at(pages.first, Pre) <= pages.first;
	    loop invariant \forall integer i; 0 <= i < map->count && !is_usable(map, i) &&
	      \at(pages.first, Pre) < pages.first ==>
	      apart(map, i, \at(pages.first, Pre), pages.first);
	    loop invariant \forall integer page; \at(pages.first, Pre) <= page < pages.first ==>
	      named(map, page);
	    loop assigns pages.first, run;
	    loop variant pages.end - pages.first; */
	while (pages.first < pages.end) {
		if (!physical_ram(map, pages.first, pages.end, &run) ||
		    run.first != pages.first)
			return false;
		/*@ assert \forall integer page; run.first <= page < run.end ==>
		      named(map, page); */
		pages.first = run.end;
	}
	return true;
}

/* The end of a span that belongs to what ends at `end`, and ends above it; 0: there is none. */
/*@ requires \valid_read(map) && map_good(map) && end <= PHYSICAL_PAGES;
    assigns \nothing;
    ensures some: \result != 0 ==> end < \result <= PHYSICAL_PAGES;
    ensures none: \result == 0 ==> \forall integer i; 0 <= i < map->count ==>
      map->spans[i].pages.end <= end || (map->spans[i].kind == SPAN_OTHER &&
	map->spans[i].pages.first > end + PHYSICAL_NEAR); */
static uint32_t end_beyond(const physical_t *map, uint32_t end)
{
	/*@ loop invariant 0 <= i <= map->count;
	    loop invariant \forall integer j; 0 <= j < i ==>
	      map->spans[j].pages.end <= end || (map->spans[j].kind == SPAN_OTHER &&
		map->spans[j].pages.first > end + PHYSICAL_NEAR);
	    loop assigns i;
	    loop variant map->count - i; */
	for (uint32_t i = 0; i < map->count; i++) {
		const span_t *span = &map->spans[i];
		if (span->pages.end > end &&
		    (span->kind != SPAN_OTHER || span->pages.first <= end + PHYSICAL_NEAR))
			return span->pages.end;
	}
	return 0;
}

uint32_t physical_bus_first(const physical_t *map)
{
	uint32_t end = 0, next;
	/*@ loop invariant end <= PHYSICAL_PAGES;
	    loop assigns end, next;
	    loop variant PHYSICAL_PAGES - end; */
	while ((next = end_beyond(map, end)) != 0)
		end = next;
	return end;
}
