/* SPDX-License-Identifier: BSD-2-Clause */
/* The gaps of the memory map that are handed over. */
#include "boot/windows.h"

#include "abi/ports.h"

#define ISA_FIRST (ISA_WINDOW_FIRST / PAGE_SIZE)
#define ISA_END	  (ISA_WINDOW_LAST / PAGE_SIZE + 1)
#define BUS_END	  (BUS_WINDOW_LAST / PAGE_SIZE + 1)
#define HIGH	  (MEGABYTE / PAGE_SIZE)

/* The next piece from `first` on, or from where the last one ended. */
/*@ requires \valid_read(map) && map_good(map) && \valid(page) && \valid(piece);
    requires \separated(map, page, piece) && end <= PHYSICAL_PAGES;
    assigns *page, *piece;
    ensures inside: \result ==> first <= piece->first && piece->end <= end;
    ensures free: \result ==> free(map, *piece);
    ensures ascends: \result ==> \old(*page) <= piece->first < piece->end == *page;
    ensures begins: !\result ==> *page == (\old(*page) < first ? first : \old(*page)); */
static bool next_in(const physical_t *map, uint32_t first, uint32_t end, uint32_t *page,
		    pages_t *piece)
{
	if (*page < first)
		*page = first;
	if (!physical_gap(map, *page, end, piece))
		return false;
	//@ ghost Found: ;
	*page = piece->end;
	/*@ assert \forall integer i, page; 0 <= i < map->count && holds(map, i, page) ==>
	      holds{Found}(map, i, page); */
	/*@ assert \forall integer page; named(map, page) ==> named{Found}(map, page); */
	return true;
}

bool windows_next(const physical_t *map, uint32_t *page, pages_t *piece)
{
	uint32_t bus = physical_bus_first(map);
	if (*page < ISA_END && next_in(map, ISA_FIRST, ISA_END, page, piece))
		return true;
	return next_in(map, bus > HIGH ? bus : HIGH, BUS_END, page, piece);
}
