/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks of the hardware that a manifest asks for: only what can be granted (grantable.h), and
 * nothing twice. Numbers in errors are written as they are in the manifest. */
#include "claims/grantable.h"
#include "claims/reader.h"

static const struct forbidden_line {
	uint32_t line;
	const char *why;
} forbidden_lines[] = {
    {0, "the kernel timer's"},
    {2, "the interrupt controller's own cascade"},
};
#define FORBIDDEN_LINES (sizeof(forbidden_lines) / sizeof(forbidden_lines[0]))

/* Lines whose bits of the edge/level registers are reserved, so that they are edge triggered
 * for good: timer, keyboard, cascade, clock and coprocessor (Intel PIIX3 data sheet, 2.5.3).
 * The kernel refuses another trigger for them. */
#define EDGE_LINES (1u << 0 | 1u << 1 | 1u << 2 | 1u << 8 | 1u << 13)

/* -- Ports. ------------------------------------------------------------------------------ */

/* Says which ports, whose they are if that is known, and what there is instead. */
static void report_withheld(manifest_reader_t *reader, const pio_range_t *range, uint32_t index,
			    span_t withheld)
{
	char ports[SPAN_SHOWN], nearest[SPAN_SHOWN];
	const port_row_t *row = port_row_of(withheld.first);
	manifest_error(reader->errors, reader->file, range->place,
		       "caps.pio[%u]: %s%s%s%s can be granted to no driver; abi/ports.h lists "
		       "the ports that can, the nearest are %s",
		       index, span_show(withheld, range->hex, ports), row ? " (" : "",
		       row ? row->reason : "", row ? ")" : "",
		       span_show(ports_nearest(withheld.first), range->hex, nearest));
}

/* The widths that fit into so many ports. */
static uint32_t fitting_widths(uint32_t ports)
{
	if (ports >= 4)
		return PIO_WIDTH_ALL;
	return ports >= 2 ? PIO_WIDTH_8 | PIO_WIDTH_16 : PIO_WIDTH_8;
}

/* Whoever names no width gets those that fit. Who has all of these has the others as well: no
 * such access lies inside the range, and only a range of all widths can be opened for native
 * access (SYS_CAP_PIO_MAP). */
static void check_widths(manifest_reader_t *reader, pio_range_t *range, uint32_t index)
{
	uint32_t ports = range->end - range->start + 1;
	uint32_t fitting = fitting_widths(ports);
	if (range->widths == 0)
		range->widths = fitting;
	if (range->widths & ~fitting)
		manifest_error(reader->errors, reader->file, range->place,
			       "caps.pio[%u]: width %u does not fit into %u port%s", index,
			       range->widths & ~fitting & PIO_WIDTH_32 ? 32 : 16, ports,
			       ports == 1 ? "" : "s");
	else if (range->widths == fitting)
		range->widths = PIO_WIDTH_ALL;
}

static void check_pio(manifest_reader_t *reader, pio_list_t *list, uint32_t index)
{
	pio_range_t *range = &list->items[index];
	char end[SPAN_SHOWN], start[SPAN_SHOWN];
	span_t withheld;
	if (range->end < range->start) {
		manifest_error(
		    reader->errors, reader->file, range->place,
		    "caps.pio[%u]: end %s is below start %s", index,
		    span_show((span_t){range->end, range->end}, range->hex, end),
		    span_show((span_t){range->start, range->start}, range->hex, start));
		return;
	}
	check_widths(reader, range, index);
	if (ports_withheld(pio_span(range), &withheld))
		report_withheld(reader, range, index, withheld);
	for (uint32_t i = 0; i < index; i++)
		if (was_read(list->items[i].place) &&
		    span_overlap(pio_span(range), pio_span(&list->items[i])))
			manifest_error(reader->errors, reader->file, range->place,
				       "caps.pio[%u]: overlaps caps.pio[%u]", index, i);
}

/* -- Interrupts. ------------------------------------------------------------------------- */

static void check_irq(manifest_reader_t *reader, const irq_list_t *list, uint32_t index)
{
	const irq_line_t *irq = &list->items[index];
	for (size_t i = 0; i < FORBIDDEN_LINES; i++)
		if (forbidden_lines[i].line == irq->line)
			manifest_error(reader->errors, reader->file, irq->place,
				       "caps.irq[%u]: line %u is %s and never granted", index,
				       irq->line, forbidden_lines[i].why);
	if (irq->trigger == IRQ_LEVEL && EDGE_LINES >> irq->line & 1)
		manifest_error(reader->errors, reader->file, irq->place,
			       "caps.irq[%u]: line %u is edge triggered on every machine",
			       index, irq->line);
	if (irq->shared && irq->trigger != IRQ_LEVEL)
		manifest_error(reader->errors, reader->file, irq->place,
			       "caps.irq[%u]: share needs \"trigger\": \"level\"", index);
	for (uint32_t i = 0; i < index; i++)
		if (was_read(list->items[i].place) && list->items[i].line == irq->line)
			manifest_error(reader->errors, reader->file, irq->place,
				       "caps.irq[%u]: the same line as caps.irq[%u]", index, i);
}

/* -- Memory. ----------------------------------------------------------------------------- */

/* Whether this machine, if there is one, has all of `asked` to give. */
static bool is_there(const manifest_reader_t *reader, span_t asked)
{
	if (!reader->windows)
		return true;
	for (uint32_t i = 0; i < reader->window_count; i++)
		if (span_inside(asked, reader->windows[i]))
			return true;
	return false;
}

static void check_window(manifest_reader_t *reader, const mmio_range_t *range, uint32_t index)
{
	char asked[SPAN_SHOWN], window[SPAN_SHOWN];
	span_t span = mmio_span(range);
	span_show(span, range->hex, asked);
	span_show(memory_window(), range->hex, window);
	if (!span_inside(span, memory_window()))
		manifest_error(reader->errors, reader->file, range->place,
			       "caps.mmio[%u]: %s is not inside the ISA window %s; other "
			       "memory can be granted to no driver",
			       index, asked, window);
	else if (!is_there(reader, span))
		manifest_error(reader->errors, reader->file, range->place,
			       "caps.mmio[%u]: of %s this machine's memory map names a part, "
			       "which is granted to nobody then",
			       index, asked);
}

static void check_mmio(manifest_reader_t *reader, mmio_list_t *list, uint32_t index)
{
	mmio_range_t *range = &list->items[index];
	const char *problem = NULL;
	if ((range->base | range->size) % PAGE_SIZE != 0)
		problem = "base and size must be multiples of 4096";
	else if (range->size - 1 > UINT32_MAX - range->base)
		problem = "base + size is beyond 4 GiB";
	if (problem) {
		manifest_error(reader->errors, reader->file, range->place, "caps.mmio[%u]: %s",
			       index, problem);
		range->place.line = 0; /* later ranges must not be compared with it */
		return;
	}
	check_window(reader, range, index);
	for (uint32_t i = 0; i < index; i++)
		if (was_read(list->items[i].place) &&
		    span_overlap(mmio_span(range), mmio_span(&list->items[i])))
			manifest_error(reader->errors, reader->file, range->place,
				       "caps.mmio[%u]: overlaps caps.mmio[%u]", index, i);
}

void check_caps(manifest_reader_t *reader)
{
	caps_t *caps = &reader->draft.caps;
	for (uint32_t i = 0; i < caps->pio.count; i++)
		if (was_read(caps->pio.items[i].place))
			check_pio(reader, &caps->pio, i);
	for (uint32_t i = 0; i < caps->irq.count; i++)
		if (was_read(caps->irq.items[i].place))
			check_irq(reader, &caps->irq, i);
	for (uint32_t i = 0; i < caps->mmio.count; i++)
		if (was_read(caps->mmio.items[i].place))
			check_mmio(reader, &caps->mmio, i);
}
