/* SPDX-License-Identifier: BSD-2-Clause */
/* The comparison of one manifest with all that are registered (registry.h). Ranges are
 * inclusive here, so no sum can wrap. Changes nothing but the list of errors. */
#include "claims/registry.h"

#include "cap/format.h"
#include "cap/string.h"

#define FILE_SHOWN 48 /* characters of the other file's name in an error */
#define WHAT_SIZE  96u

typedef struct registry_entry entry_t;

/* One comparison under way. */
typedef struct conflict {
	const entry_t *mine, *other;
	manifest_errors_t *errors;
	bool name_taken, resource_taken;
} conflict_t;

/* "MINE: text, which OTHER has (FILE:LINE:COLUMN)". */
static void report(conflict_t *conflict, place_t mine, place_t other, const char *text, ...)
    __attribute__((format(printf, 4, 5)));
static void report(conflict_t *conflict, place_t mine, place_t other, const char *text, ...)
{
	char what[WHAT_SIZE];
	va_list args;
	va_start(args, text);
	format_v(what, sizeof(what), text, args);
	va_end(args);
	manifest_error(conflict->errors, conflict->mine->file, mine,
		       "%s, which %s has (%.*s:%u:%u)", what, conflict->other->manifest->name,
		       FILE_SHOWN, conflict->other->file, other.line, other.column);
}

/* Two ranges of caps.KIND; how mine is written decides how both are shown. */
static void compare_spans(conflict_t *conflict, const char *kind, uint32_t index, span_t mine,
			  place_t place, bool hex, span_t other, place_t other_place)
{
	char shown[SPAN_SHOWN], other_shown[SPAN_SHOWN];
	if (!span_overlap(mine, other))
		return;
	report(conflict, place, other_place, "caps.%s[%u]: %s overlaps %s", kind, index,
	       span_show(mine, hex, shown), span_show(other, hex, other_shown));
	conflict->resource_taken = true;
}

static void compare_pio(conflict_t *conflict, uint32_t index)
{
	const pio_range_t *mine = &conflict->mine->manifest->caps.pio.items[index];
	const pio_list_t *others = &conflict->other->manifest->caps.pio;
	for (uint32_t i = 0; i < others->count; i++)
		compare_spans(conflict, "pio", index, pio_span(mine), mine->place, mine->hex,
			      pio_span(&others->items[i]), others->items[i].place);
}

static void compare_irq(conflict_t *conflict, uint32_t index)
{
	const irq_line_t *mine = &conflict->mine->manifest->caps.irq.items[index];
	const irq_list_t *others = &conflict->other->manifest->caps.irq;
	for (uint32_t i = 0; i < others->count; i++) {
		const irq_line_t *other = &others->items[i];
		if (mine->line != other->line)
			continue;
		report(conflict, mine->place, other->place,
		       "caps.irq[%u]: line %u is exclusive", index, mine->line);
		conflict->resource_taken = true;
	}
}

static void compare_mmio(conflict_t *conflict, uint32_t index)
{
	const mmio_range_t *mine = &conflict->mine->manifest->caps.mmio.items[index];
	const mmio_list_t *others = &conflict->other->manifest->caps.mmio;
	for (uint32_t i = 0; i < others->count; i++)
		compare_spans(conflict, "mmio", index, mmio_span(mine), mine->place, mine->hex,
			      mmio_span(&others->items[i]), others->items[i].place);
}

/* Names and services are one set: whoever asks for one must find one driver. */
static void compare_name(conflict_t *conflict, const char *what, const char *name,
			 place_t place)
{
	const manifest_t *other = conflict->other->manifest;
	bool is_name = strcmp(name, other->name) == 0;
	if (!is_name && !manifest_lists(&other->provides, name))
		return;
	report(conflict, place, is_name ? other->place : other->provides.place,
	       "%s: \"%s\" is a %s", what, name, is_name ? "name" : "service");
	conflict->name_taken = true;
}

static void compare_with(conflict_t *conflict)
{
	const manifest_t *mine = conflict->mine->manifest;
	compare_name(conflict, "name", mine->name, mine->place);
	for (uint32_t i = 0; i < mine->provides.count; i++)
		compare_name(conflict, "provides", mine->provides.items[i],
			     mine->provides.place);
	for (uint32_t i = 0; i < mine->caps.pio.count; i++)
		compare_pio(conflict, i);
	for (uint32_t i = 0; i < mine->caps.irq.count; i++)
		compare_irq(conflict, i);
	for (uint32_t i = 0; i < mine->caps.mmio.count; i++)
		compare_mmio(conflict, i);
}

err_t registry_check(const registry_t *registry, const char *file, const manifest_t *manifest,
		     manifest_errors_t *errors)
{
	entry_t mine = {.file = file, .manifest = manifest};
	conflict_t conflict = {.mine = &mine, .errors = errors};
	for (uint32_t i = 0; i < registry->count; i++) {
		conflict.other = &registry->entries[i];
		compare_with(&conflict);
	}
	if (conflict.name_taken)
		return DRV_EEXIST;
	return conflict.resource_taken ? DRV_EBUSY : DRV_OK;
}
