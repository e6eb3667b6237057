/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's counters as records. */
#include "cap/format.h"
#include "cap/type.h"
#include "make.h"

typedef struct counter {
	const char *name;
	size_t offset;
	void (*write)(uint32_t value, char *text, size_t size);
} counter_t;

static void write_number(uint32_t value, char *text, size_t size)
{
	format(text, size, "%u", (unsigned)value);
}

static void write_version(uint32_t value, char *text, size_t size)
{
	format(text, size, "%u.%u", (unsigned)(value >> 16), (unsigned)(value & 0xffffu));
}

/* Bit n: line n. "1, 4" */
static void write_lines(uint32_t value, char *text, size_t size)
{
	size_t length = format(text, size, "%s", value ? "" : "none");
	for (unsigned line = 0; line < 32; line++)
		if (value >> line & 1)
			length += format(text + length, size - length, "%s%u",
					 length ? ", " : "", line);
}

#define COUNTER(member, write)                                                                 \
	{                                                                                      \
#member, offsetof(audit_report_t, member), (write)                             \
	}
static const counter_t counters[] = {
    COUNTER(abi_version, write_version), COUNTER(flags, write_number),
    COUNTER(ram_bytes, write_number),	 COUNTER(free_bytes, write_number),
    COUNTER(irq_bound, write_lines),	 COUNTER(irq_unmasked, write_lines),
    COUNTER(mmio_pages, write_number),	 COUNTER(timers, write_number),
    COUNTER(spurious, write_number),
};
#define COUNTERS (sizeof(counters) / sizeof(counters[0]))

/* All types but CAP_NONE have capabilities. */
#define CAP_MASK (((1u << CAP_TYPE_COUNT) - 1) & ~(1u << CAP_NONE))

/* The type of the `index`-th bit of `mask`, which is reduced by their number if there are not
 * so many; CAP_NONE then. */
static uint32_t type_at(uint32_t mask, uint32_t *index)
{
	for (uint32_t type = 0; type < CAP_TYPE_COUNT; type++)
		if (mask >> type & 1 && (*index)-- == 0)
			return type;
	return CAP_NONE;
}

bool make_audit(const audit_report_t *audit, uint32_t index, scratch_t *scratch,
		operator_audit_t *record)
{
	char *name = scratch->text[0], *text = scratch->text[1];
	uint32_t value;
	if (index < COUNTERS) {
		const counter_t *row = &counters[index];
		const char *at = (const char *)audit + row->offset;
		value = *(const uint32_t *)(const void *)at;
		format(name, sizeof(scratch->text[0]), "%s", row->name);
		row->write(value, text, sizeof(scratch->text[1]));
	} else {
		index -= (uint32_t)COUNTERS;
		uint32_t type = type_at(CAP_MASK, &index);
		bool is_cap = type != CAP_NONE;
		if (!is_cap)
			type = type_at(AUDIT_COUNTED, &index);
		if (type == CAP_NONE)
			return false;
		value = (is_cap ? audit->caps : audit->objects)[type];
		format(name, sizeof(scratch->text[0]), "%s.%s", is_cap ? "caps" : "objects",
		       type_text(type));
		write_number(value, text, sizeof(scratch->text[1]));
	}
	*record = (operator_audit_t){0};
	ANSWER_SET(record, audit, name, name);
	ANSWER_SET(record, audit, value, value);
	ANSWER_SET(record, audit, text, text);
	return true;
}
