/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks of `safe_state`: each operation names one register, and one range of the manifest's
 * own caps has it, with the width and the directions that the operation takes. */
#include "claims/reader.h"

#include "cap/format.h"

#define WHAT_SIZE 96u

static void report(manifest_reader_t *reader, uint32_t index, const char *text, ...)
    __attribute__((format(printf, 3, 4)));
static void report(manifest_reader_t *reader, uint32_t index, const char *text, ...)
{
	char what[WHAT_SIZE];
	va_list args;
	va_start(args, text);
	format_v(what, sizeof(what), text, args);
	va_end(args);
	manifest_error(reader->errors, reader->file,
		       reader->draft.safe_state.items[index].place, "safe_state[%u]: %s", index,
		       what);
}

/* The directions that an operation takes: to keep some bits they must be read. */
static uint32_t rights_of(const safe_op_t *op)
{
	if (op->kind == SAFE_WAIT)
		return RIGHT_READ;
	return op->mask == safe_bits(op->width) ? RIGHT_WRITE : RIGHT_READ | RIGHT_WRITE;
}

static const char *port_problem(const caps_t *caps, const safe_op_t *op)
{
	span_t asked = {op->port, op->port + op->width - 1};
	for (uint32_t i = 0; i < caps->pio.count; i++) {
		const pio_range_t *range = &caps->pio.items[i];
		if (!was_read(range->place) || !span_inside(asked, pio_span(range)))
			continue;
		if (!(range->widths & op->width))
			return "has not this width in caps.pio";
		return rights_of(op) & ~range->rights ? "has not this mode in caps.pio" : NULL;
	}
	return "is in no range of caps.pio";
}

static const char *memory_problem(const caps_t *caps, const safe_op_t *op)
{
	if (op->address % op->width != 0)
		return "is no multiple of the width";
	span_t asked = {op->address, op->address + (op->width - 1)};
	for (uint32_t i = 0; i < caps->mmio.count; i++)
		if (was_read(caps->mmio.items[i].place) &&
		    span_inside(asked, mmio_span(&caps->mmio.items[i])))
			return NULL;
	return "is in no range of caps.mmio";
}

static void check_register(manifest_reader_t *reader, const safe_op_t *op, uint32_t index)
{
	const caps_t *caps = &reader->draft.caps;
	const char *problem = op->port ? port_problem(caps, op) : memory_problem(caps, op);
	if (problem)
		report(reader, index, op->hex ? "%s 0x%x %s" : "%s %u %s",
		       op->port ? "port" : "address", op->port ? op->port : op->address,
		       problem);
}

static void check_op(manifest_reader_t *reader, safe_op_t *op, uint32_t index)
{
	uint32_t bits = safe_bits(op->width);
	if (!op->port == !op->address) {
		report(reader, index, "a port or an address is expected, not 0, not both");
		return;
	}
	if (op->mask == UINT32_MAX)
		op->mask = bits;
	if (op->mask & ~bits)
		report(reader, index, "mask 0x%x has bits beyond a width of %u", op->mask,
		       op->width * 8);
	else if (op->value & ~op->mask)
		report(reader, index, "value 0x%x has bits outside mask 0x%x", op->value,
		       op->mask);
	check_register(reader, op, index);
}

void check_safe_state(manifest_reader_t *reader)
{
	safe_list_t *list = &reader->draft.safe_state;
	for (uint32_t i = 0; i < list->count; i++)
		if (was_read(list->items[i].place))
			check_op(reader, &list->items[i], i);
}
