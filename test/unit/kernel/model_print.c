/* SPDX-License-Identifier: BSD-2-Clause */
/* Operations as text for a reader. */
#include "sequence.h"

#define NAME_ROW(number, NAME, handler, args, result) [number] = #NAME,
static const char *const calls[SYS_COUNT] = {SYSCALLS(NAME_ROW)};
#undef NAME_ROW

static void print_name(FILE *file, uint32_t name)
{
	static const char *const boot[] = {"none", "cspace", "vspace",	"thread", "irq",
					   "pio",  "mmio",   "untyped", "audit",  "spare"};
	if (name < NAME(1))
		fprintf(file, "%s%s", name ? "root." : "", boot[name]);
	else if (name % NAMES)
		fprintf(file, "c%u.%u", name / NAMES, name % NAMES);
	else
		fprintf(file, "c%u", name / NAMES);
}

static void print_buffer(FILE *file, const op_t *op)
{
	if (op->timeout_ms)
		fprintf(file, ", timeout %d", (int)op->timeout_ms);
	if (op->accept)
		fprintf(file, ", accepts %u", op->accept);
	if (op->reply) {
		fprintf(file, ", reply ");
		print_name(file, op->reply);
	}
	for (uint32_t i = 0; i < MSG_CAPS; i++)
		if (op->caps[i]) {
			fprintf(file, ", caps[%u] ", i);
			print_name(file, op->caps[i]);
		}
}

static void print_call(FILE *file, const op_t *op)
{
	if (op->number < SYS_COUNT)
		fprintf(file, "c%u = %s(", op->id, calls[op->number]);
	else
		fprintf(file, "c%u = call %u(", op->id, op->number);
	for (uint32_t i = 0; i < 4; i++) {
		fprintf(file, i ? ", " : "");
		if (op->named >> i & 1)
			print_name(file, op->arg[i]);
		else
			fprintf(file, "0x%x", op->arg[i]);
	}
	fprintf(file, ")");
	print_buffer(file, op);
}

void op_print(FILE *file, const op_t *op)
{
	if (op->kind == OP_TICKS) {
		fprintf(file, "  %u ms pass", op->arg[0]);
	} else if (op->kind == OP_INTERRUPT) {
		fprintf(file, "  line %u fires", op->arg[0]);
	} else {
		fprintf(file, op->actor ? "  thread %u: " : "  root: ", op->actor / NAMES);
		if (op->kind == OP_CALL)
			print_call(file, op);
		else
			fprintf(file, "fault 0x%x at 0x%x, code 0x%x", op->arg[0], op->arg[1],
				op->arg[2]);
	}
	fprintf(file, "\n");
}
