/* SPDX-License-Identifier: BSD-2-Clause */
/* What boot/physical.h promises, for the proofs: docs/proof.md. Nothing is compiled
 * from here. */
#ifndef BOOT_SPEC_PHYSICAL_H
#define BOOT_SPEC_PHYSICAL_H

#include "boot/physical.h"

/*@ predicate span_good(span_t s) = s.pages.first < s.pages.end <= PHYSICAL_PAGES &&
      (s.kind == SPAN_USABLE || s.kind == SPAN_MEMORY || s.kind == SPAN_OTHER);
    predicate map_good(physical_t m) = m.count <= PHYSICAL_SPANS &&
      \forall integer i; 0 <= i < m.count ==> span_good(m.spans[i]);
    predicate holds(span_t s, integer page) = s.pages.first <= page < s.pages.end;
    // Is the page in a span?
    predicate named(physical_t m, integer page) =
      \exists integer i; 0 <= i < m.count && holds(m.spans[i], page);
    predicate apart(span_t s, pages_t p) = p.end <= s.pages.first || s.pages.end <= p.first;
    // RAM to be used: in a span for it, and apart from all others.
    predicate ram(physical_t m, pages_t p) =
      (\exists integer i; 0 <= i < m.count && m.spans[i].kind == SPAN_USABLE &&
	m.spans[i].pages.first <= p.first && p.end <= m.spans[i].pages.end) &&
      \forall integer i; 0 <= i < m.count && m.spans[i].kind != SPAN_USABLE ==>
	apart(m.spans[i], p);
    predicate extends(physical_t m, physical_t n) = m.count <= n.count &&
      \forall integer i; 0 <= i < m.count ==> m.spans[i] == n.spans[i];
    predicate page_in(integer page, integer base, integer length) =
      0 <= page < PHYSICAL_PAGES && base <= page * PAGE_SIZE + PAGE_SIZE - 1 &&
      page * PAGE_SIZE < base + length;
    predicate whole_page_in(integer page, integer base, integer length) =
      base <= page * PAGE_SIZE && page * PAGE_SIZE + PAGE_SIZE <= base + length;
    // What is added is as it must be: RAM lies whole in the bytes.
    predicate added(physical_t m, physical_t n, integer base, integer length, integer kind) =
      \forall integer i; m.count <= i < n.count && n.spans[i].kind == SPAN_USABLE ==>
	kind == SPAN_USABLE && \forall integer page; holds(n.spans[i], page) ==>
	  whole_page_in(page, base, length);
 */

#endif
