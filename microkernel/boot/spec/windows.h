/* SPDX-License-Identifier: BSD-2-Clause */
/* What boot/windows.h promises, for the proofs (docs/proof.md); nothing of it is compiled. */
#ifndef BOOT_SPEC_WINDOWS_H
#define BOOT_SPEC_WINDOWS_H

#include "abi/ports.h"
#include "boot/spec/physical.h"
#include "boot/windows.h"

/*@ predicate free{L}(physical_t *m, pages_t p) =
      \forall integer page; p.first <= page < p.end ==> !named(m, page);
    predicate in_isa(pages_t p) =
      ISA_WINDOW_FIRST <= p.first * PAGE_SIZE && p.end * PAGE_SIZE <= ISA_WINDOW_LAST + 1;
    predicate in_bus{L}(physical_t *m, pages_t p) =
      0x100000 <= p.first * PAGE_SIZE && p.end * PAGE_SIZE <= BUS_WINDOW_LAST + 1 &&
      \forall integer i; 0 <= i < m->count && m->spans[i].kind != SPAN_OTHER ==>
	m->spans[i].pages.end <= p.first; */

/*@ requires \valid_read(map) && map_good(map) && \valid(page) && \valid(piece);
    requires \separated(map, page, piece);
    assigns *page, *piece;
    ensures where: \result ==> in_isa(*piece) || in_bus{Pre}(map, *piece);
    ensures free: \result ==> free(map, *piece);
    ensures ascends: \result ==> \old(*page) <= piece->first < piece->end == *page; */
bool windows_next(const physical_t *map, uint32_t *page, pages_t *piece);

#endif
