/* SPDX-License-Identifier: BSD-2-Clause */
/* The page of kept.h. A death between two stores of the log's position is found: both words
 * must fit.
 *
 * A line of the trace is out before the state is kept behind the event: an instance that ends
 * between the two would write it twice. So the number that the next line has is kept before the
 * first of them, with the position of the event that it is about, and a new instance knows how
 * many lines came since from the number that its own begin with (driver_line()). */
#include "kept.h"

#include "cap/driver.h"
#include "cap/keep.h"
#include "cap/string.h"

#define MAGIC	  0x6c6f6743u
#define VERSION	  5u
#define LINES_MAX 1024u /* more cannot be about events that were read and not kept */

typedef struct page {
	uint32_t magic, log, inverse;
	uint32_t line, position, is_about; /* the line; is_about: ~position if it is valid */
	uint32_t gap, gap_known, is_found; /* of `place`; is_found: ~gap if that is valid */
	place_t place;
	uint32_t pair[KEEP_PAIR_BYTES(sizeof(desk_t)) / 4];
	uint32_t typed[KEEP_PAIR_BYTES(sizeof(typed_t)) / 4];
	recall_t recall;
	draft_t draft; /* of the serial line */
	desk_side_t side;
} page_t;
ABI_ASSERT(sizeof(page_t) <= PAGE_SIZE, "all of it is in one page");

static keep_pair_t pair, typed;
static desk_around_t around;
static uint32_t lines_out; /* that are not to be written again */

static page_t *page(void)
{
	return (page_t *)(uintptr_t)driver_context()->shared_cfg;
}

static bool has_lines(uint32_t position)
{
	return page()->position == position && page()->is_about == ~position;
}

err_t kept_open(void)
{
	err_t err =
	    keep_open(&pair, driver_context(), offsetof(page_t, pair), VERSION, sizeof(desk_t));
	if (err && err != DRV_ENOENT)
		return err;
	err_t typed_err = keep_open(&typed, driver_context(), offsetof(page_t, typed), VERSION,
				    sizeof(typed_t));
	if (typed_err && typed_err != DRV_ENOENT)
		return typed_err;
	around.side = &page()->side;
	around.edit.recall = &page()->recall;
	around.edit.drafts = page()->side.drafts;
	/* Of another version nothing beside it is known either. */
	if (err == DRV_ENOENT && typed_err == DRV_ENOENT) {
		memset(&page()->recall, 0, sizeof(page()->recall));
		memset(&page()->side, 0, sizeof(page()->side));
	}
	uint32_t lines = driver_line() - page()->line;
	lines_out = !err && has_lines(kept_desk()->position) && lines < LINES_MAX ? lines : 0;
	return DRV_OK;
}

uint32_t kept_position(void)
{
	const page_t *from = page();
	return from->magic == MAGIC && from->inverse == ~from->log ? from->log : 0;
}

void kept_save(uint32_t position)
{
	page()->magic = MAGIC;
	page()->log = position;
	page()->inverse = ~position;
}

const desk_t *kept_desk(void)
{
	static const desk_t none;
	const desk_t *live = keep_live(&pair);
	return live ? live : &none;
}

desk_side_t *kept_side(void)
{
	return around.side;
}

const desk_around_t *kept_around(void)
{
	around.edit.free = kept_desk()->line.drafted == 1;
	return &around;
}

void kept_names(const manager_status_t *drivers, uint32_t count)
{
	around.edit.drivers = drivers;
	around.edit.count = count;
}

/* In this order: a death between the stores leaves lines that are about nothing. What another
 * instance has begun is told already, and stays told. */
desk_t *kept_next(void)
{
	uint32_t position = kept_desk()->position;
	if (has_lines(position) && page()->line == driver_line() - lines_out)
		return keep_next(&pair);
	__atomic_store_n(&page()->is_about, position, __ATOMIC_RELEASE);
	__atomic_store_n(&page()->line, driver_line() - lines_out, __ATOMIC_RELEASE);
	__atomic_store_n(&page()->position, position, __ATOMIC_RELEASE);
	__atomic_store_n(&page()->is_about, ~position, __ATOMIC_RELEASE);
	return keep_next(&pair);
}

void kept_commit(void)
{
	keep_commit(&pair);
	page()->is_about = page()->position;
}

const typed_t *kept_typed(void)
{
	static const typed_t none;
	const typed_t *live = keep_live(&typed);
	return live ? live : &none;
}

typed_t *kept_next_typed(void)
{
	return keep_next(&typed);
}

void kept_commit_typed(void)
{
	keep_commit(&typed);
}

edit_side_t kept_typed_side(void)
{
	edit_side_t side = around.edit;
	side.recall = &page()->recall;
	side.drafts = &page()->draft;
	side.free = 0;
	return side;
}

bool kept_is_new_line(void)
{
	if (!lines_out)
		return true;
	lines_out--;
	return false;
}

/* What is stored before is there before what is stored behind. */
static void in_order(void)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

void kept_found(const place_t *place)
{
	page_t *to = page();
	uint32_t gap = kept_desk()->position;
	to->is_found = gap; /* none is valid */
	to->is_about = to->position;
	lines_out = 0;
	in_order();
	to->gap = gap;
	to->gap_known = kept_desk()->known;
	to->place = *place;
	in_order();
	to->is_found = ~gap;
}

const place_t *kept_place(const desk_t *desk)
{
	const page_t *from = page();
	bool is = from->gap == desk->position && from->gap_known == desk->known &&
		  from->is_found == ~from->gap;
	return is ? &from->place : NULL;
}
