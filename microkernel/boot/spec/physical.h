/* SPDX-License-Identifier: BSD-2-Clause */
/* What boot/physical.h promises, for the proofs (docs/proof.md); nothing of it is compiled. */
#ifndef BOOT_SPEC_PHYSICAL_H
#define BOOT_SPEC_PHYSICAL_H

#include "boot/physical.h"

/*@ predicate kind_good(integer kind) =
      kind == SPAN_USABLE || kind == SPAN_MEMORY || kind == SPAN_OTHER;
    predicate span_good(physical_t *m, integer i) = kind_good(m->spans[i].kind) &&
      m->spans[i].pages.first < m->spans[i].pages.end <= PHYSICAL_PAGES;
    predicate map_good(physical_t *m) = m->count <= PHYSICAL_SPANS &&
      \forall integer i; 0 <= i < m->count ==> span_good(m, i);
    predicate is_usable(physical_t *m, integer i) = m->spans[i].kind == SPAN_USABLE;
    predicate holds(physical_t *m, integer i, integer page) =
      m->spans[i].pages.first <= page < m->spans[i].pages.end;
    // Is the page in a span?
    predicate named(physical_t *m, integer page) =
      \exists integer i; 0 <= i < m->count && holds(m, i, page);
    predicate apart(physical_t *m, integer i, integer first, integer end) =
      end <= m->spans[i].pages.first || m->spans[i].pages.end <= first;
    // RAM to be used: in a span for it, and apart from all others.
    predicate ram(physical_t *m, integer first, integer end) =
      (\exists integer i; 0 <= i < m->count && is_usable(m, i) &&
	m->spans[i].pages.first <= first && end <= m->spans[i].pages.end) &&
      \forall integer i; 0 <= i < m->count && !is_usable(m, i) ==> apart(m, i, first, end);
    lemma ram_named: \forall physical_t *m, integer first, end, page;
      ram(m, first, end) && first <= page < end ==> named(m, page);
    predicate extends{L, M}(physical_t *m) = \at(m->count, L) <= \at(m->count, M) &&
      \forall integer i; 0 <= i < \at(m->count, L) ==>
	\at(m->spans[i].pages.first, M) == \at(m->spans[i].pages.first, L) &&
	\at(m->spans[i].pages.end, M) == \at(m->spans[i].pages.end, L) &&
	\at(m->spans[i].kind, M) == \at(m->spans[i].kind, L);
    predicate page_in(integer page, integer base, integer length) =
      0 <= page < PHYSICAL_PAGES && length > 0 && base <= page * PAGE_SIZE + PAGE_SIZE - 1 &&
      page * PAGE_SIZE < base + length;
    predicate whole_page_in(integer page, integer base, integer length) =
      base <= page * PAGE_SIZE && page * PAGE_SIZE + PAGE_SIZE <= base + length;
    // What is added to be used is within these pages.
    predicate added_within{L, M}(physical_t *m, integer first, integer end) =
      \forall integer i; \at(m->count, L) <= i < \at(m->count, M) &&
	\at(m->spans[i].kind, M) == SPAN_USABLE ==>
	first <= \at(m->spans[i].pages.first, M) && \at(m->spans[i].pages.end, M) <= end;
    // What is added is as it must be: RAM lies whole in the bytes.
    predicate added{L, M}(physical_t *m, integer base, integer length, integer kind) =
      \forall integer i; \at(m->count, L) <= i < \at(m->count, M) &&
	\at(m->spans[i].kind, M) == SPAN_USABLE ==> kind == SPAN_USABLE &&
	  base <= \at(m->spans[i].pages.first, M) * PAGE_SIZE &&
	  \at(m->spans[i].pages.end, M) * PAGE_SIZE <= base + length; */

/*@ requires \valid(map) && map_good(map) && kind_good(kind);
    assigns map->count, map->spans[0 .. PHYSICAL_SPANS - 1];
    ensures good: map_good(map);
    ensures extends: extends{Pre, Post}(map);
    ensures kept: \forall integer page; named{Pre}(map, page) ==> named{Post}(map, page);
    ensures named: \result ==>
      \forall integer page; page_in(page, base, length) ==> named(map, page);
    ensures added: added{Pre, Post}(map, base, length, kind);
    ensures few: map->count <= \old(map->count) + 3;
    ensures room: \old(map->count) + 3 <= PHYSICAL_SPANS ==> \result; */
bool physical_note(physical_t *map, uint64_t base, uint64_t length, uint32_t kind);

/*@ requires \valid_read(map) && \valid(gap) && \separated(map, gap);
    requires map_good(map) && limit <= PHYSICAL_PAGES;
    assigns *gap;
    ensures inside: \result ==> from <= gap->first < gap->end <= limit;
    ensures apart: \result ==>
      \forall integer i; 0 <= i < map->count ==> apart(map, i, gap->first, gap->end);
    ensures unnamed: \result ==>
      \forall integer page; gap->first <= page < gap->end ==> !named(map, page); */
bool physical_gap(const physical_t *map, uint32_t from, uint32_t limit, pages_t *gap);

/*@ requires \valid_read(map) && \valid(run) && \separated(map, run);
    requires map_good(map) && limit <= PHYSICAL_PAGES;
    assigns *run;
    ensures inside: \result ==> from <= run->first < run->end <= limit;
    ensures ram: \result ==> ram(map, run->first, run->end); */
bool physical_ram(const physical_t *map, uint32_t from, uint32_t limit, pages_t *run);

/*@ requires \valid_read(map) && map_good(map) && pages.end <= PHYSICAL_PAGES;
    assigns \nothing;
    ensures ram: \result ==> \forall integer i; 0 <= i < map->count && !is_usable(map, i) &&
      pages.first < pages.end ==> apart(map, i, pages.first, pages.end);
    ensures named: \result ==>
      \forall integer page; pages.first <= page < pages.end ==> named(map, page); */
bool physical_is_ram(const physical_t *map, pages_t pages);

/*@ requires \valid_read(map) && map_good(map);
    assigns \nothing;
    ensures limit: \result <= PHYSICAL_PAGES;
    ensures above: \forall integer i; 0 <= i < map->count &&
      map->spans[i].kind != SPAN_OTHER ==> map->spans[i].pages.end <= \result;
    ensures near: \forall integer i; 0 <= i < map->count &&
      map->spans[i].pages.first <= \result + PHYSICAL_NEAR ==>
      map->spans[i].pages.end <= \result; */
uint32_t physical_bus_first(const physical_t *map);

#endif
