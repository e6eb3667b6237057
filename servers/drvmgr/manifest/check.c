/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks of a manifest that no single field can make: ranges, what can never be granted,
 * overlaps inside the manifest, names and the restart policy. Compares no two manifests. */
#include "manifest/reader.h"

#include "cap/format.h"
#include "cap/string.h"

typedef struct forbidden {
	uint32_t first, last; /* inclusive */
	const char *why;
} forbidden_t;

/* IBM PC/AT ports: Intel 8259A and 8254, EISA edge/level control (ICH data sheet, section
 * "Fixed I/O Address Ranges"), PCI configuration mechanism #1 (PCI 3.0, section 3.2.2.3.2).
 * The 8237s, their pages, the addresses where they answer a second time (but 0x80 and 0x90,
 * which are nobody's) and port 0x92: Intel 82371SB (PIIX3) data sheet, section 2.0, table 2.
 * Port 0, the first of an 8237, is one that no capability can name alone (abi/cap.h). */
static const forbidden_t forbidden_ports[] = {
    {0x20, 0x21, "the interrupt controller's"},
    {0xa0, 0xa1, "the interrupt controller's"},
    {0x40, 0x43, "the kernel timer's"},
    {0x4d0, 0x4d1, "the interrupt controller's"},
    /* Chipsets like the ICH decode both again there. */
    {0x22, 0x2d, "the interrupt controller's once more"},
    {0x30, 0x3d, "the interrupt controller's once more"},
    {0xa2, 0xbd, "the interrupt controller's once more"},
    {0x50, 0x53, "the kernel timer's once more"},
    {0xcf8, 0xcff, "PCI configuration's"},
    {0x00, 0x1f, "the first DMA controller's"},
    {0x81, 0x8f, "the DMA page registers'"},
    {0x91, 0x91, "the DMA page registers'"},
    {0x92, 0x92, "system control port A's (processor reset, address line 20)"},
    {0x93, 0x9f, "the DMA page registers'"},
    {0xc0, 0xdf, "the second DMA controller's"},
};

static const forbidden_t forbidden_lines[] = {
    {0, 0, "the kernel timer's"},
    {2, 2, "the interrupt controller's own cascade"},
};

/* Default addresses of I/O APIC and local APIC (Intel SDM 3A, section 10.4.1; 82093AA). */
static const forbidden_t forbidden_memory[] = {
    {0, 0x9ffff, "RAM"},
    {0xfec00000, 0xfec00fff, "the I/O APIC's"},
    {0xfee00000, 0xfee00fff, "the local APIC's"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool overlap(uint32_t first, uint32_t last, uint32_t other_first, uint32_t other_last)
{
	return first <= other_last && other_first <= last;
}

static bool was_read(place_t place)
{
	return place.line != 0;
}

/* The first row that the range touches, or a null pointer. */
static const forbidden_t *find_forbidden(const forbidden_t *rows, size_t count, uint32_t first,
					 uint32_t last)
{
	for (size_t i = 0; i < count; i++)
		if (overlap(first, last, rows[i].first, rows[i].last))
			return &rows[i];
	return NULL;
}

static void check_pio_overlap(manifest_reader_t *reader, const pio_list_t *list, uint32_t index)
{
	const pio_range_t *range = &list->items[index];
	for (uint32_t i = 0; i < index; i++) {
		const pio_range_t *other = &list->items[i];
		if (was_read(other->place) &&
		    overlap(range->start, range->end, other->start, other->end))
			manifest_error(reader->errors, reader->file, range->place,
				       "caps.pio[%u]: overlaps caps.pio[%u]", index, i);
	}
}

static void check_pio(manifest_reader_t *reader, const pio_list_t *list, uint32_t index)
{
	const pio_range_t *range = &list->items[index];
	if (range->end < range->start) {
		manifest_error(reader->errors, reader->file, range->place,
			       "caps.pio[%u]: end %u is below start %u", index, range->end,
			       range->start);
		return;
	}
	const forbidden_t *row =
	    find_forbidden(forbidden_ports, COUNT(forbidden_ports), range->start, range->end);
	if (row && row->first == row->last)
		manifest_error(reader->errors, reader->file, range->place,
			       "caps.pio[%u]: port 0x%x is %s and never granted", index,
			       row->first, row->why);
	else if (row)
		manifest_error(reader->errors, reader->file, range->place,
			       "caps.pio[%u]: ports 0x%x-0x%x are %s and never granted", index,
			       row->first, row->last, row->why);
	check_pio_overlap(reader, list, index);
}

static void check_irq(manifest_reader_t *reader, const irq_list_t *list, uint32_t index)
{
	const irq_line_t *irq = &list->items[index];
	const forbidden_t *row =
	    find_forbidden(forbidden_lines, COUNT(forbidden_lines), irq->line, irq->line);
	if (row)
		manifest_error(reader->errors, reader->file, irq->place,
			       "caps.irq[%u]: line %u is %s and never granted", index,
			       irq->line, row->why);
	for (uint32_t i = 0; i < index; i++)
		if (was_read(list->items[i].place) && list->items[i].line == irq->line)
			manifest_error(reader->errors, reader->file, irq->place,
				       "caps.irq[%u]: the same line as caps.irq[%u]", index, i);
}

static void check_mmio_use(manifest_reader_t *reader, const mmio_list_t *list, uint32_t index)
{
	const mmio_range_t *range = &list->items[index];
	uint32_t last = range->base + (range->size - 1);
	const forbidden_t *row =
	    find_forbidden(forbidden_memory, COUNT(forbidden_memory), range->base, last);
	if (row)
		manifest_error(reader->errors, reader->file, range->place,
			       "caps.mmio[%u]: 0x%x-0x%x is %s and never granted", index,
			       row->first, row->last, row->why);
	for (uint32_t i = 0; i < reader->ram_count; i++) {
		memory_range_t ram = reader->ram[i];
		if (overlap(range->base, last, ram.base, ram.base + (ram.size - 1)))
			manifest_error(reader->errors, reader->file, range->place,
				       "caps.mmio[%u]: 0x%x-0x%x is RAM and never granted",
				       index, ram.base, ram.base + (ram.size - 1));
	}
	for (uint32_t i = 0; i < index; i++) {
		const mmio_range_t *other = &list->items[i];
		if (was_read(other->place) &&
		    overlap(range->base, last, other->base, other->base + (other->size - 1)))
			manifest_error(reader->errors, reader->file, range->place,
				       "caps.mmio[%u]: overlaps caps.mmio[%u]", index, i);
	}
}

static void check_mmio(manifest_reader_t *reader, mmio_list_t *list, uint32_t index)
{
	mmio_range_t *range = &list->items[index];
	const char *problem = NULL;
	if ((range->base | range->size) % PAGE_SIZE != 0)
		problem = "base and size must be multiples of 4096";
	else if (range->size - 1 > UINT32_MAX - range->base)
		problem = "base + size is beyond 4 GiB";
	if (!problem) {
		check_mmio_use(reader, list, index);
		return;
	}
	manifest_error(reader->errors, reader->file, range->place, "caps.mmio[%u]: %s", index,
		       problem);
	range->place.line = 0; /* later ranges must not be compared with it */
}

static void check_caps(manifest_reader_t *reader)
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

/* A bare number is both ends. */
static void check_abi(manifest_reader_t *reader)
{
	abi_range_t *abi = &reader->draft.abi;
	if (!was_read(abi->place))
		return;
	if (abi->max == 0)
		abi->max = abi->min;
	if (abi->max < abi->min)
		manifest_error(reader->errors, reader->file, abi->place,
			       "abi: max %u is below min %u", abi->max, abi->min);
	else if (manifest_abi(&reader->draft, abi->min, abi->max) == 0)
		manifest_error(reader->errors, reader->file, abi->place,
			       "abi: %u..%u has nothing in common with this manager's %u..%u",
			       abi->min, abi->max, DRIVER_ABI_MIN, DRIVER_ABI_MAX);
}

static void check_names(manifest_reader_t *reader)
{
	const manifest_t *draft = &reader->draft;
	if (draft->name[0] == '\0')
		return;
	if (was_read(draft->needs.place) && manifest_lists(&draft->needs, draft->name))
		manifest_error(reader->errors, reader->file, draft->needs.place,
			       "requires: \"%s\" cannot require itself", draft->name);
	if (was_read(draft->provides.place) && manifest_lists(&draft->provides, draft->name))
		manifest_error(reader->errors, reader->file, draft->provides.place,
			       "provides: \"%s\" is the driver's own name", draft->name);
	for (uint32_t i = 0; i < draft->needs.count; i++)
		if (was_read(draft->needs.place) &&
		    manifest_lists(&draft->provides, draft->needs.items[i]))
			manifest_error(reader->errors, reader->file, draft->needs.place,
				       "requires: \"%s\" is what the driver itself provides",
				       draft->needs.items[i]);
}

static void check_cpu(manifest_reader_t *reader)
{
	const cpu_share_t *cpu = &reader->draft.cpu;
	if (was_read(cpu->place) && cpu->budget_us / 1000 >= cpu->period_us / 1000)
		manifest_error(reader->errors, reader->file, cpu->place,
			       "cpu: budget_us %u is not below period_us %u", cpu->budget_us,
			       cpu->period_us);
}

void check_run(manifest_reader_t *reader)
{
	manifest_t *draft = &reader->draft;
	check_abi(reader);
	check_caps(reader);
	check_names(reader);
	check_cpu(reader);
	const char *problem = policy_problem(&draft->restart.policy);
	if (was_read(draft->restart.place) && problem)
		manifest_error(reader->errors, reader->file, draft->restart.place,
			       "restart: %s", problem);
	if (draft->image[0] == '\0')
		format(draft->image, sizeof(draft->image), "%s.elf", draft->name);
}
