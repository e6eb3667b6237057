/* SPDX-License-Identifier: BSD-2-Clause */
/* Claims and who has them (claims.h). Spans are inclusive, so no sum can wrap. */
#include "claims/claims.h"

#include "cap/format.h"
#include "cap/string.h"

#define FILE_SHOWN 48 /* characters of a file's name in a message */

_Static_assert(REGISTRY_MAX == 32, "an entry is a bit of a word");

static claim_t of_ports(const caps_t *caps, uint32_t index)
{
	const pio_range_t *range = &caps->pio.items[index];
	return (claim_t){.kind = CLAIM_PORTS,
			 .span = pio_span(range),
			 .hex = range->hex,
			 .index = index,
			 .place = range->place};
}

static claim_t of_line(const caps_t *caps, uint32_t index)
{
	const irq_line_t *irq = &caps->irq.items[index];
	return (claim_t){.kind = CLAIM_LINE,
			 .span = {irq->line, irq->line},
			 .shared = irq->shared,
			 .index = index,
			 .place = irq->place};
}

static claim_t of_memory(const caps_t *caps, uint32_t index)
{
	const mmio_range_t *range = &caps->mmio.items[index];
	return (claim_t){.kind = CLAIM_MEMORY,
			 .span = mmio_span(range),
			 .hex = range->hex,
			 .index = index,
			 .place = range->place};
}

static claim_t of_service(const name_list_t *provides, uint32_t index)
{
	return (claim_t){.kind = CLAIM_SERVICE,
			 .service = provides->items[index],
			 .index = index,
			 .place = provides->place};
}

bool claim_at(const manifest_t *manifest, uint32_t n, claim_t *claim)
{
	const caps_t *caps = &manifest->caps;
	if (n < caps->pio.count) {
		*claim = of_ports(caps, n);
		return true;
	}
	n -= caps->pio.count;
	if (n < caps->irq.count) {
		*claim = of_line(caps, n);
		return true;
	}
	n -= caps->irq.count;
	if (n < caps->mmio.count) {
		*claim = of_memory(caps, n);
		return true;
	}
	n -= caps->mmio.count;
	if (n >= manifest->provides.count)
		return false;
	*claim = of_service(&manifest->provides, n);
	return true;
}

bool claim_meets(const claim_t *a, const claim_t *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == CLAIM_SERVICE)
		return strcmp(a->service, b->service) == 0;
	return span_overlap(a->span, b->span) && !(a->shared && b->shared);
}

bool claims_want(const manifest_t *manifest, claim_kind_t kind, span_t span)
{
	claim_t asked = {.kind = kind, .service = "", .span = span}, claim;
	for (uint32_t n = 0; claim_at(manifest, n, &claim); n++)
		if (claim_meets(&claim, &asked))
			return true;
	return false;
}

const char *claim_show(const claim_t *claim, char shown[CLAIM_SHOWN])
{
	static const char *const one[CLAIM_SERVICE] = {"port", "line", "memory"};
	static const char *const many[CLAIM_SERVICE] = {"ports", "lines", "memory"};
	bool single = claim->span.first == claim->span.last;
	char span[SPAN_SHOWN];
	if (claim->kind == CLAIM_SERVICE) {
		format(shown, CLAIM_SHOWN, "service %s", claim->service);
		return shown;
	}
	format(shown, CLAIM_SHOWN, "%s %s", single ? one[claim->kind] : many[claim->kind],
	       span_show(claim->span, claim->hex, span));
	return shown;
}

/* The first claims of the two that meet. */
static bool find_meeting(const manifest_t *mine, const manifest_t *theirs,
			 claim_conflict_t *found)
{
	for (uint32_t i = 0; claim_at(mine, i, &found->mine); i++)
		for (uint32_t j = 0; claim_at(theirs, j, &found->theirs); j++)
			if (claim_meets(&found->mine, &found->theirs))
				return true;
	return false;
}

/* All entries of the registry but this one, a bit each. */
static uint32_t others(const registry_t *registry, uint32_t entry)
{
	uint32_t all =
	    registry->count < REGISTRY_MAX ? (1u << registry->count) - 1 : UINT32_MAX;
	return all & ~(1u << entry);
}

bool claims_check(const registry_t *registry, uint32_t wants, uint32_t holders,
		  claim_conflict_t *conflict)
{
	const manifest_t *mine = registry->entries[wants].manifest;
	claim_conflict_t found;
	uint32_t left = claim_at(mine, 0, &found.mine) ? holders & others(registry, wants) : 0;
	for (; left; left &= left - 1) {
		found.holder = (uint32_t)__builtin_ctz(left);
		if (!find_meeting(mine, registry->entries[found.holder].manifest, &found))
			continue;
		*conflict = found;
		return true;
	}
	return false;
}

uint32_t claims_rivals(const registry_t *registry, uint32_t wants)
{
	claim_conflict_t conflict;
	uint32_t rivals = 0;
	while (claims_check(registry, wants, ~rivals, &conflict))
		rivals |= 1u << conflict.holder;
	return rivals;
}

size_t claims_tell(const registry_t *registry, uint32_t wants, const claim_conflict_t *conflict,
		   bool has, char *text, size_t size)
{
	const struct registry_entry *mine = &registry->entries[wants];
	const struct registry_entry *holder = &registry->entries[conflict->holder];
	char shown[CLAIM_SHOWN];
	return format(text, size, "waits for %s: %s (%.*s:%u:%u), which it %s (%.*s:%u:%u)",
		      holder->manifest->name, claim_show(&conflict->mine, shown), FILE_SHOWN,
		      mine->file, conflict->mine.place.line, conflict->mine.place.column,
		      has ? "has" : "gets first", FILE_SHOWN, holder->file,
		      conflict->theirs.place.line, conflict->theirs.place.column);
}
