/* SPDX-License-Identifier: BSD-2-Clause */
/* The iterator of safe_state.h. Relies on what check_safe.c has checked (invariant M4). */
#include "claims/safe_state.h"

static void place_port(const pio_list_t *list, const safe_op_t *op, safe_access_t *access)
{
	while (access->index + 1 < list->count &&
	       !(list->items[access->index].start <= op->port &&
		 op->port + (op->width - 1) <= list->items[access->index].end))
		access->index++;
	access->where = op->port;
}

static void place_memory(const mmio_list_t *list, const safe_op_t *op, safe_access_t *access)
{
	span_t asked = {op->address, op->address + (op->width - 1)};
	while (access->index + 1 < list->count &&
	       !span_inside(asked, mmio_span(&list->items[access->index])))
		access->index++;
	access->where = op->address - list->items[access->index].base;
}

static void place(const caps_t *caps, const safe_op_t *op, safe_access_t *access)
{
	*access = (safe_access_t){.memory = op->port == 0, .width = op->width};
	if (access->memory)
		place_memory(&caps->mmio, op, access);
	else
		place_port(&caps->pio, op, access);
}

/* Whether the operation needs a read next. */
static bool wants_read(const safe_op_t *op, const safe_run_t *run, uint32_t read)
{
	if (op->kind == SAFE_WRITE)
		return run->reads == 0 && op->mask != safe_bits(op->width);
	return run->reads == 0 || ((read & op->mask) != op->value && run->reads < op->tries);
}

static void next_op(safe_run_t *run)
{
	run->at++;
	run->reads = 0;
}

bool safe_next(const manifest_t *manifest, safe_run_t *run, uint32_t read,
	       safe_access_t *access)
{
	for (; run->at < manifest->safe_state.count; next_op(run)) {
		const safe_op_t *op = &manifest->safe_state.items[run->at];
		if (wants_read(op, run, read)) {
			run->reads++;
			place(&manifest->caps, op, access);
			return true;
		}
		if (op->kind == SAFE_WAIT) {
			run->missed += (read & op->mask) != op->value;
			continue;
		}
		place(&manifest->caps, op, access);
		access->write = true;
		access->value = run->reads ? (read & ~op->mask) | op->value : op->value;
		next_op(run);
		return true;
	}
	return false;
}
