/* SPDX-License-Identifier: BSD-2-Clause */
/* Claims and who has them (claims.h). Spans are inclusive, so no sum can wrap. */
#include "claims/claims.h"

#include "cap/format.h"
#include "cap/string.h"

#define FILE_SHOWN 48 /* characters of a file's name in a message */

_Static_assert(REGISTRY_MAX == 32, "an entry is a bit of a word");
_Static_assert(IRQ_LINES <= 32, "a line is one, too");

static uint32_t count_of(const manifest_t *manifest, claim_kind_t kind)
{
	switch (kind) {
	case CLAIM_PORTS:
		return manifest->caps.pio.count;
	case CLAIM_LINE:
		return manifest->caps.irq.count;
	case CLAIM_MEMORY:
		return manifest->caps.mmio.count;
	default:
		return manifest->provides.count;
	}
}

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

static claim_t claim_of(const manifest_t *manifest, claim_kind_t kind, uint32_t index)
{
	switch (kind) {
	case CLAIM_PORTS:
		return of_ports(&manifest->caps, index);
	case CLAIM_LINE:
		return of_line(&manifest->caps, index);
	case CLAIM_MEMORY:
		return of_memory(&manifest->caps, index);
	default:
		return of_service(&manifest->provides, index);
	}
}

bool claim_at(const manifest_t *manifest, uint32_t n, claim_t *claim)
{
	uint32_t kind = 0;
	while (kind < CLAIM_KINDS && n >= count_of(manifest, kind))
		n -= count_of(manifest, kind++);
	if (kind == CLAIM_KINDS)
		return false;
	*claim = claim_of(manifest, kind, n);
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

static void add_span(spans_t *spans, span_t span)
{
	uint32_t at = spans->count++;
	for (; at > 0 && spans->items[at - 1].first > span.first; at--)
		spans->items[at] = spans->items[at - 1];
	spans->items[at] = span;
}

hardware_t claims_hardware(const manifest_t *manifest)
{
	const caps_t *caps = &manifest->caps;
	hardware_t hardware = {0};
	for (uint32_t i = 0; i < caps->pio.count; i++)
		add_span(&hardware.ports, pio_span(&caps->pio.items[i]));
	for (uint32_t i = 0; i < caps->mmio.count; i++)
		add_span(&hardware.memory, mmio_span(&caps->mmio.items[i]));
	for (uint32_t i = 0; i < caps->irq.count; i++) {
		hardware.lines |= 1u << caps->irq.items[i].line;
		if (caps->irq.items[i].shared)
			hardware.shared |= 1u << caps->irq.items[i].line;
	}
	return hardware;
}

/* Those of one manifest do not overlap: the last that begins before the end is the only one
 * that may reach into it. */
static bool spans_meet(const spans_t *spans, span_t span)
{
	uint32_t first = 0, end = spans->count;
	while (first < end) {
		uint32_t half = (first + end) / 2;
		if (spans->items[half].first <= span.last)
			first = half + 1;
		else
			end = half;
	}
	return first > 0 && spans->items[first - 1].last >= span.first;
}

bool claims_meet(const hardware_t *mine, const manifest_t *theirs)
{
	const caps_t *caps = &theirs->caps;
	for (uint32_t i = 0; i < caps->irq.count; i++) {
		const irq_line_t *irq = &caps->irq.items[i];
		uint32_t mine_alone = irq->shared ? ~mine->shared : UINT32_MAX;
		if ((mine->lines & mine_alone) >> irq->line & 1)
			return true;
	}
	for (uint32_t i = 0; mine->ports.count && i < caps->pio.count; i++)
		if (spans_meet(&mine->ports, pio_span(&caps->pio.items[i])))
			return true;
	for (uint32_t i = 0; mine->memory.count && i < caps->mmio.count; i++)
		if (spans_meet(&mine->memory, mmio_span(&caps->mmio.items[i])))
			return true;
	return false;
}

/* The first claims of two rivals that meet. */
static void find_meeting(const manifest_t *mine, const manifest_t *theirs,
			 claim_conflict_t *found)
{
	for (uint32_t kind = 0; kind < CLAIM_KINDS; kind++)
		for (uint32_t i = 0; i < count_of(mine, kind); i++) {
			found->mine = claim_of(mine, kind, i);
			for (uint32_t j = 0; j < count_of(theirs, kind); j++) {
				found->theirs = claim_of(theirs, kind, j);
				if (claim_meets(&found->mine, &found->theirs))
					return;
			}
		}
}

bool claims_check(const registry_t *registry, uint32_t wants, uint32_t holders,
		  claim_conflict_t *conflict)
{
	uint32_t found = registry->entries[wants].rivals & holders;
	if (!found)
		return false;
	conflict->holder = (uint32_t)__builtin_ctz(found);
	find_meeting(registry->entries[wants].manifest,
		     registry->entries[conflict->holder].manifest, conflict);
	return true;
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
