/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of cap/report.h. */
#include "cap/report.h"

#include "cap/format.h"
#include "cap/string.h"

const char *report_state(uint32_t state)
{
#define STATE_TEXT(name, value, text) [value] = (text),
	static const char *const states[STATE_COUNT] = {MANAGER_STATES(STATE_TEXT)};
#undef STATE_TEXT
	return state < STATE_COUNT && states[state] ? states[state] : "?";
}

bool report_is_live(uint32_t state)
{
	return state == STATE_PROBING || state == STATE_INITIALISING ||
	       state == STATE_RUNNING || state == STATE_QUIESCING || state == STATE_QUIESCED ||
	       state == STATE_STOPPING;
}

uint32_t report_width(const manager_status_t *drivers, uint32_t count, uint32_t least)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t length = (uint32_t)strlen(drivers[i].name);
		if (length > least)
			least = length;
	}
	return least;
}

/* It was looked at so often: what is below says nothing. */
static uint32_t age_of(const manager_status_t *status)
{
	return status->beat_age_ms - status->beat_age_ms % REPORT_LOOK_MS;
}

bool report_is_same(const manager_status_t *status, const manager_status_t *other)
{
	return !strcmp(status->name, other->name) && status->state == other->state &&
	       status->generation == other->generation && status->restarts == other->restarts &&
	       age_of(status) == age_of(other);
}

void report_header(uint32_t width, char *text, size_t size)
{
	format(text, size, "%-*s %-12s %10s %8s %9s", (int)width, "NAME", "STATE", "GENERATION",
	       "RESTARTS", "HEARTBEAT");
}

void report_row(const manager_status_t *status, uint32_t width, const char *why, char *text,
		size_t size)
{
	size_t length = format(text, size, "%-*.31s %-12s %10u %8u ", (int)width, status->name,
			       report_state(status->state), (unsigned)status->generation,
			       (unsigned)status->restarts);
	if (report_is_live(status->state))
		length += format(text + length, size - length, "%9u", (unsigned)age_of(status));
	else
		length += format(text + length, size - length, "%9s", "-");
	if (*why)
		format(text + length, size - length, "  %s", why);
}

#define ERROR_END "error"

static bool ends_in_error(const char *name)
{
	size_t length = strlen(name), tail = strlen(ERROR_END);
	return length >= tail && !strcmp(name + length - tail, ERROR_END);
}

void report_stat(const driver_stat_t *row, char *text, size_t size)
{
	char name[sizeof(row->name)] = "";
	err_t error = (err_t)row->value;
	for (size_t i = 0; i < sizeof(name) - 1 && row->name[i]; i++)
		name[i] = row->name[i] > ' ' && row->name[i] <= '~' ? row->name[i] : '?';
	if (ends_in_error(name) && error <= DRV_OK && error >= DRV_ERROR_LAST)
		format(text, size, "stats: %s %s", name, error_name(error));
	else
		format(text, size, "stats: %s %u", name, (unsigned)row->value);
}

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

static const char *type_name(uint32_t type)
{
#define TYPE_TEXT(name, value, text, rights) [value] = (text),
	static const char *const names[CAP_TYPE_COUNT] = {CAP_TYPES(TYPE_TEXT)};
#undef TYPE_TEXT
	return names[type];
}

bool report_audit(const audit_report_t *audit, uint32_t index, char *text, size_t size)
{
	if (index < COUNTERS) {
		const counter_t *row = &counters[index];
		const char *at = (const char *)audit + row->offset;
		size_t length = format(text, size, "audit: %s ", row->name);
		row->write(*(const uint32_t *)(const void *)at, text + length, size - length);
		return true;
	}
	index -= (uint32_t)COUNTERS;
	uint32_t type = type_at(CAP_MASK, &index);
	bool is_cap = type != CAP_NONE;
	if (!is_cap)
		type = type_at(AUDIT_COUNTED, &index);
	if (type == CAP_NONE)
		return false;
	format(text, size, "audit: %s.%s %u", is_cap ? "caps" : "objects", type_name(type),
	       (unsigned)(is_cap ? audit->caps : audit->objects)[type]);
	return true;
}
